#include "contexttree.h"

#include <QTest>

#include <unistd.h>

using namespace cooperage;
using namespace cooperage::context;
using namespace Qt::StringLiterals;

class TestCopyLinks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void linksAreFollowedInside();
    void linksNeverLeadOutside();
    void linksInATreeStayLinks();
    void linksInACircleEnd();
    void aLinkToSomethingIgnoredIsIgnored();
};

void TestCopyLinks::linksAreFollowedInside()
{
    const ContextTree tree;
    QVERIFY(tree.files({u"real/deep/f"_s}));
    QVERIFY(::symlink("real/deep", tree.at(u"middle"_s).toUtf8().constData()) == 0);
    QVERIFY(::symlink("/real/deep/f", tree.at(u"absolute"_s).toUtf8().constData()) == 0);
    const auto file = resolved(tree, u"absolute"_s);
    QVERIFY2(file, qPrintable(file ? QString() : file.error().text()));
    QCOMPARE(firstMatch(file).baseName, u"absolute"_s);
    QCOMPARE(firstMatch(file).items[0].type, EntryType::File);
    QCOMPARE(firstMatch(file).items[0].hostPath, tree.at(u"real/deep/f"_s));
    QCOMPARE(firstMatch(file).items[0].contextPath, u"absolute"_s);
    QCOMPARE(firstMatch(resolved(tree, u"middle/f"_s)).items[0].hostPath, tree.at(u"real/deep/f"_s));
    const auto folder = resolved(tree, u"middle"_s);
    QCOMPARE(targets(folder), QStringList({u"f"_s}));
    QCOMPARE(firstMatch(folder).items[0].contextPath, u"middle/f"_s);
    QCOMPARE(targets(resolved(tree, u"m*/?"_s)), QStringList({u""_s}));
}

void TestCopyLinks::linksNeverLeadOutside()
{
    const ContextTree tree;
    QVERIFY(tree.file(u"../secret"_s, "outside") && tree.file(u"../dir/secret"_s));
    QVERIFY(::symlink("../secret", tree.at(u"up"_s).toUtf8().constData()) == 0);
    QVERIFY(::symlink("../dir", tree.at(u"updir"_s).toUtf8().constData()) == 0);
    QVERIFY(::symlink("/etc/passwd", tree.at(u"passwd"_s).toUtf8().constData()) == 0);
    for (const QString &source :
         {u"up"_s, u"updir"_s, u"updir/secret"_s, u"passwd"_s, u"../secret"_s, u"/etc/passwd"_s}) {
        const auto outside = resolved(tree, source);
        QVERIFY(!outside);
        QCOMPARE(outside.error().kind, ErrorKind::NotFound);
    }
    QCOMPARE(targets(resolved(tree, u"up*"_s)), QStringList());
    QVERIFY(tree.file(u"secret"_s, "in"));
    QCOMPARE(firstMatch(resolved(tree, u"up"_s)).items[0].hostPath, tree.at(u"secret"_s));
}

void TestCopyLinks::linksInATreeStayLinks()
{
    const ContextTree tree;
    QVERIFY(tree.folder(u"d"_s) && ::symlink("../nowhere", tree.at(u"d/l"_s).toUtf8().constData()) == 0);
    const auto folder = resolved(tree, u"d"_s);
    QCOMPARE(targets(folder), QStringList({u"l"_s}));
    QCOMPARE(firstMatch(folder).items[0].type, EntryType::Symlink);
    QCOMPARE(firstMatch(folder).items[0].linkTarget, u"../nowhere"_s);
}

void TestCopyLinks::linksInACircleEnd()
{
    const ContextTree tree;
    QVERIFY(::symlink("b", tree.at(u"a"_s).toUtf8().constData()) == 0 &&
            ::symlink("a", tree.at(u"b"_s).toUtf8().constData()) == 0);
    QVERIFY(!resolved(tree, u"a"_s));
    QVERIFY(!resolved(tree, u"a/x"_s));
}

void TestCopyLinks::aLinkToSomethingIgnoredIsIgnored()
{
    const ContextTree tree;
    QVERIFY(tree.file(u"dist/a"_s) && ::symlink("dist/a", tree.at(u"l"_s).toUtf8().constData()) == 0);
    const auto link = resolved(tree, u"l"_s);
    QVERIFY(!link);
    QVERIFY(link.error().what.startsWith(u"\"dist/a\" is excluded"_s));
}

QTEST_GUILESS_MAIN(TestCopyLinks)
#include "tst_copylinks.moc"
