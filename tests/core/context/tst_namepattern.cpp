#include "core/context/namepattern.h"

#include <QTest>

using namespace cooperage::context;
using namespace Qt::StringLiterals;

class TestNamePattern : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void pathsAreChosen_data();
    void pathsAreChosen();
    void malformedGlobsAreRefused();
};

void TestNamePattern::pathsAreChosen_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<bool>("caseSensitive");
    QTest::addColumn<QString>("path");
    QTest::addColumn<bool>("matches");
    const auto row = [](const char *name, const char *pattern, bool caseSensitive, const char *path,
                        bool matches) {
        QTest::newRow(name) << QString::fromUtf8(pattern) << caseSensitive << QString::fromUtf8(path)
                            << matches;
    };
    row("part of the name", "asswor", false, "/etc/Passwords", true);
    row("part of the name, in its case", "asswor", true, "/etc/PASSWORDS", false);
    row("a part is of the name alone", "etc", false, "/etc/passwd", false);
    row("part of the path", "etc/pass", false, "/a/etc/passwd", true);
    row("glob of the whole name", "*.conf", false, "/etc/x.conf", true);
    row("glob of the whole name, no more", "*.conf", false, "/etc/x.conf.d", false);
    row("glob of the name anywhere", "mo?d", false, "/etc/deep/motd", true);
    row("class", "[a-c]x", false, "/BX", true);
    row("class, in its case", "[a-c]x", true, "/BX", false);
    row("glob of the path", "/etc/*.conf", false, "/etc/x.conf", true);
    row("a star ends at a slash", "/etc/*.conf", false, "/etc/deep/x.conf", false);
    row("glob of the path without its first slash", "etc/*", false, "/etc/x", true);
    row("umlauts", "ÄRGER", false, "/ärger", true);
    row("a dot is no wildcard", "a.c", false, "/abc", false);
}

void TestNamePattern::pathsAreChosen()
{
    QFETCH(QString, pattern);
    QFETCH(bool, caseSensitive);
    QFETCH(QString, path);
    const auto compiled = NamePattern::compile(pattern, caseSensitive);
    QVERIFY(compiled);
    QTEST(compiled->matches(path), "matches");
}

void TestNamePattern::malformedGlobsAreRefused()
{
    QVERIFY(!NamePattern::compile(u"[a"_s, false));
    QVERIFY(!NamePattern::compile(u"/etc/*\\"_s, true));
    QVERIFY2(NamePattern::compile(u"a]"_s, true), "that is no glob");
}

QTEST_GUILESS_MAIN(TestNamePattern)
#include "tst_namepattern.moc"
