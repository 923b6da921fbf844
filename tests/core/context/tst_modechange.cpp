#include "core/context/modechange.h"

#include <QTest>

using namespace cooperage::context;
using namespace Qt::StringLiterals;

class TestModeChange : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void applies_data();
    void applies();
    void refuses_data();
    void refuses();
};

void TestModeChange::applies_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<uint>("before");
    QTest::addColumn<uint>("file");
    QTest::addColumn<uint>("folder");
    QTest::newRow("octal") << u"755"_s << 0600U << 0755U << 0755U;
    QTest::newRow("octal with special bits") << u"04755"_s << 0600U << 04755U << 04755U;
    QTest::newRow("add") << u"u+x"_s << 0644U << 0744U << 0744U;
    QTest::newRow("remove") << u"go-rwx"_s << 0755U << 0700U << 0700U;
    QTest::newRow("set") << u"u=rwX,go=rX"_s << 0600U << 0644U << 0755U;
    QTest::newRow("X of what is executable") << u"a+X"_s << 0744U << 0755U << 0755U;
    QTest::newRow("X of what is not") << u"a+X"_s << 0644U << 0644U << 0755U;
    QTest::newRow("nobody named is everybody") << u"+w"_s << 0444U << 0666U << 0666U;
    QTest::newRow("copy of the user") << u"g=u"_s << 0741U << 0771U << 0771U;
    QTest::newRow("copy of the group") << u"o=g"_s << 0750U << 0755U << 0755U;
    QTest::newRow("copy of others") << u"u+o"_s << 0417U << 0717U << 0717U;
    QTest::newRow("several operations") << u"u=r+w-r"_s << 0700U << 0200U << 0200U;
    QTest::newRow("clauses in turn") << u"a=,u=rw,g=u"_s << 0777U << 0660U << 0660U;
    QTest::newRow("set user id") << u"u+s"_s << 0755U << 04755U << 04755U;
    QTest::newRow("set group id") << u"g+s"_s << 0755U << 02755U << 02755U;
    QTest::newRow("others have no ids") << u"o+s"_s << 0755U << 0755U << 0755U;
    QTest::newRow("sticky") << u"+t"_s << 0777U << 01777U << 01777U;
    QTest::newRow("set clears the ids") << u"a=rx"_s << 06755U << 0555U << 0555U;
    QTest::newRow("nothing after the sign") << u"go="_s << 0755U << 0700U << 0700U;
}

void TestModeChange::applies()
{
    QFETCH(QString, text);
    QFETCH(uint, before);
    const auto change = ModeChange::parse(text);
    QVERIFY(change);
    QTEST(change->apply(before, false), "file");
    QTEST(change->apply(before, true), "folder");
}

void TestModeChange::refuses_data()
{
    QTest::addColumn<QString>("text");
    for (const QString &text : {u"64a"_s, u"8"_s, u"10000"_s, u"u"_s, u"u+q"_s, u"x+u"_s, u"u+r,"_s,
                                u",u+r"_s, u"u +r"_s, u"-1"_s, u"+7"_s, u"hello"_s})
        QTest::newRow(qPrintable(text)) << text;
}

void TestModeChange::refuses()
{
    QFETCH(QString, text);
    QVERIFY(!ModeChange::parse(text));
}

QTEST_APPLESS_MAIN(TestModeChange)
#include "tst_modechange.moc"
