#include "contexttree.h"
#include "core/context/foldercontext.h"

#include <QTest>

#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

using namespace cooperage;
using namespace cooperage::context;
using namespace Qt::StringLiterals;

class TestCopySources : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aFile_data();
    void aFile();
    void aFoldersContents();
    void theWholeContext();
    void patterns_data();
    void patterns();
    void onePatternMatchIsLikeThePlainName();
    void severalMatchesComeOneAfterAnother();
    void parents_data();
    void parents();
    void missingParentsAreAnError();
    void namesOfOneFileAreTwins();
    void attributesAndPipesAreTold();
    void aBadPatternIsReported();
    void backslashesWithoutWildcards();
    void missingSourcesNameTheFolder();
    void ignoredSourcesNameTheRule();
    void ignoredFoldersGiveWhatIsReincluded();
    void excludes_data();
    void excludes();
};

void TestCopySources::aFile_data()
{
    QTest::addColumn<QString>("source");
    for (const QString &source :
         {u"src/a.txt"_s, u"/src/a.txt"_s, u"./src//a.txt/"_s, u"../../src/a.txt"_s, u"src/../src/./a.txt"_s})
        QTest::newRow(qPrintable(source)) << source;
}

void TestCopySources::aFile()
{
    QFETCH(QString, source);
    const ContextTree tree;
    QVERIFY(tree.file(u"src/a.txt"_s, "abc") &&
            ::chmod(tree.at(u"src/a.txt"_s).toUtf8().constData(), 04755) == 0);
    const auto file = resolved(tree, source);
    QVERIFY2(file, qPrintable(file ? QString() : file.error().text()));
    QVERIFY(!firstMatch(file).isFolder);
    QCOMPARE(file->source, source);
    QCOMPARE(firstMatch(file).baseName, u"a.txt"_s);
    QCOMPARE(firstMatch(file).items.size(), 1);
    const SourceItem item = firstMatch(file).items.first();
    QCOMPARE(item.hostPath, tree.at(u"src/a.txt"_s));
    QCOMPARE(item.contextPath, u"src/a.txt"_s);
    QVERIFY(item.targetPath.isEmpty());
    QCOMPARE(item.mode, 04755U);
    QCOMPARE(item.size, 3);
    QCOMPARE(item.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"_ba);
}

void TestCopySources::aFoldersContents()
{
    const ContextTree tree;
    QVERIFY(tree.files({u"d/b"_s, u"d/a/x"_s, u"d/node_modules/y"_s, u"other"_s}) &&
            tree.folder(u"d/empty"_s));
    const auto folder = resolved(tree, u"d/"_s);
    QCOMPARE(targets(folder), QStringList({u"a"_s, u"a/x"_s, u"b"_s, u"empty"_s}));
    QVERIFY(firstMatch(folder).isFolder);
    QCOMPARE(firstMatch(folder).baseName, u"d"_s);
    QCOMPARE(firstMatch(folder).items[0].type, EntryType::Folder);
    QVERIFY(firstMatch(folder).items[0].sha256.isEmpty());
    QCOMPARE(firstMatch(folder).items[1].hostPath, tree.at(u"d/a/x"_s));
    QCOMPARE(firstMatch(folder).items[1].contextPath, u"d/a/x"_s);
    QCOMPARE(firstMatch(folder).items[1].sha256.size(), 64);
}

void TestCopySources::theWholeContext()
{
    const ContextTree tree;
    QVERIFY(tree.files({u"a"_s, u".git/x"_s}));
    for (const QString &source : {u"."_s, u"/"_s, u"./"_s, u".."_s, u""_s}) {
        const auto all = resolved(tree, source);
        QCOMPARE(targets(all), QStringList({u"a"_s}));
        QVERIFY(firstMatch(all).isFolder && firstMatch(all).baseName.isEmpty());
    }
}

void TestCopySources::patterns_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QStringList>("found");
    QTest::newRow("star") << u"*.txt"_s << QStringList({u".c.txt"_s, u"a.txt"_s, u"b.txt"_s});
    QTest::newRow("question mark") << u"?.txt"_s << QStringList({u"a.txt"_s, u"b.txt"_s});
    QTest::newRow("class") << u"[a-b].t[^y]t"_s << QStringList({u"a.txt"_s, u"b.txt"_s});
    QTest::newRow("in folders") << u"s*/?.txt"_s << QStringList({u"x.txt"_s, u"y.txt"_s});
    QTest::newRow("two stars are one") << u"**/?.txt"_s << QStringList({u"x.txt"_s, u"y.txt"_s});
    QTest::newRow("no match") << u"*.none"_s << QStringList();
    QTest::newRow("no such folder") << u"none/*"_s << QStringList();
    QTest::newRow("below a file") << u"a.txt/*"_s << QStringList();
    QTest::newRow("ignored") << u"*.pyc"_s << QStringList();
    QTest::newRow("out and in") << u"../?.txt"_s << QStringList({u"a.txt"_s, u"b.txt"_s});
    QTest::newRow("escaped among wildcards") << u"sub/\\*[[]*"_s << QStringList({u""_s});
}

void TestCopySources::patterns()
{
    QFETCH(QString, pattern);
    const ContextTree tree;
    QVERIFY(tree.files(
        {u"a.txt"_s, u"b.txt"_s, u".c.txt"_s, u"sub/x.txt"_s, u"sub/y.txt"_s, u"sub/*[1]"_s, u"m.pyc"_s}));
    QTEST(targets(resolved(tree, pattern)), "found");
}

void TestCopySources::onePatternMatchIsLikeThePlainName()
{
    const ContextTree tree;
    QVERIFY(tree.files({u"only.txt"_s, u"dir/f"_s}));
    const auto file = resolved(tree, u"*.txt"_s);
    QVERIFY(file && !firstMatch(file).isFolder);
    QCOMPARE(firstMatch(file).baseName, u"only.txt"_s);
    QCOMPARE(targets(file), QStringList({u""_s}));
    const auto folder = resolved(tree, u"d*"_s);
    QVERIFY(folder && firstMatch(folder).isFolder);
    QCOMPARE(targets(folder), QStringList({u"f"_s}));
}

void TestCopySources::severalMatchesComeOneAfterAnother()
{
    const ContextTree tree;
    QVERIFY(tree.files({u"d1/a"_s, u"d1/sub/b"_s, u"d2/sub/c"_s}) && tree.file(u"d2/a"_s, "later"));
    const auto several = resolved(tree, u"d*"_s);
    QCOMPARE(targets(several), QStringList({u"a"_s, u"sub"_s, u"sub/b"_s, u"a"_s, u"sub"_s, u"sub/c"_s}));
    QVERIFY(several->matches[1].isFolder);
    QCOMPARE(several->matches[1].items[0].contextPath, u"d2/a"_s);
    QCOMPARE(several->matches[1].items[0].size, 5);
}

void TestCopySources::parents_data()
{
    QTest::addColumn<QString>("source");
    QTest::addColumn<QStringList>("patterns");
    QTest::addColumn<QStringList>("found");
    const QStringList none;
    QTest::newRow("a file with its folders")
        << u"x/y/a.txt"_s << none << QStringList({u"x"_s, u"x/y"_s, u"x/y/a.txt"_s});
    QTest::newRow("a folder with its name")
        << u"./x/y"_s << none << QStringList({u"x"_s, u"x/y"_s, u"x/y/a.txt"_s, u"x/y/b.md"_s});
    QTest::newRow("pivot") << u"x/./y/*.txt"_s << none << QStringList({u"y"_s, u"y/a.txt"_s});
    QTest::newRow("the first pivot counts")
        << u"x/./y/./a.txt"_s << none << QStringList({u"y"_s, u"y/a.txt"_s});
    QTest::newRow("any depth") << u"**/*.txt"_s << none
                               << QStringList({u"top.txt"_s, u"x"_s, u"x/y"_s, u"x/y/a.txt"_s});
    QTest::newRow("no component either")
        << u"x/**/y/b.md"_s << none << QStringList({u"x"_s, u"x/y"_s, u"x/y/b.md"_s});
    QTest::newRow("excluded") << u"x/y"_s << QStringList{u"**/*.txt"_s}
                              << QStringList({u"x"_s, u"x/y"_s, u"x/y/b.md"_s});
    QTest::newRow("all excluded") << u"x/y/a.txt"_s << QStringList{u"x"_s} << none;
    QTest::newRow("pattern without match") << u"z/*"_s << none << none;
    QTest::newRow("below the pivot") << u"x/./"_s << none << QStringList({u"y"_s, u"y/a.txt"_s, u"y/b.md"_s});
}

void TestCopySources::parents()
{
    QFETCH(QString, source);
    QFETCH(QStringList, patterns);
    const ContextTree tree;
    QVERIFY(tree.files({u"top.txt"_s, u"x/y/a.txt"_s, u"x/y/b.md"_s}));
    QTEST(targets(resolved(tree, source, patterns, true)), "found");
}

void TestCopySources::missingParentsAreAnError()
{
    const ContextTree tree;
    QVERIFY(tree.files({u"x/a"_s}));
    for (const QString &source : {u"x/b"_s, u"y/a"_s, u"x/./b"_s, u"y/./a"_s}) {
        const auto missing = resolved(tree, source, {}, true);
        QVERIFY2(!missing, qPrintable(source));
        QCOMPARE(missing.error().kind, ErrorKind::NotFound);
    }
}

void TestCopySources::namesOfOneFileAreTwins()
{
    const ContextTree tree;
    QVERIFY(tree.files({u"d/a"_s}) &&
            ::link(tree.at(u"d/a"_s).toUtf8().constData(), tree.at(u"d/b"_s).toUtf8().constData()) == 0);
    const auto items = firstMatch(resolved(tree, u"d"_s)).items;
    QCOMPARE(items.size(), 2);
    QCOMPARE(items[0].twin, QString());
    QCOMPARE(items[1].twin, u"a"_s);
    QCOMPARE(firstMatch(resolved(tree, u"d/b"_s)).items[0].twin, QString());
}

void TestCopySources::attributesAndPipesAreTold()
{
    const ContextTree tree;
    QVERIFY(tree.files({u"d/a"_s}) && ::mkfifo(tree.at(u"d/p"_s).toUtf8().constData(), 0640) == 0);
    if (::setxattr(tree.at(u"d/a"_s).toUtf8().constData(), "user.color", "red", 3, 0) != 0)
        QSKIP("no extended attributes here");
    const auto items = firstMatch(resolved(tree, u"d"_s)).items;
    QCOMPARE(items[0].xattrs.value(u"user.color"_s), QByteArray("red"));
    QCOMPARE(items[1].type, EntryType::Fifo);
    QCOMPARE(items[1].mode, 0640U);
}

void TestCopySources::aBadPatternIsReported()
{
    const ContextTree tree;
    const auto bad = resolved(tree, u"a[b"_s);
    QVERIFY(!bad);
    QCOMPARE(bad.error().kind, ErrorKind::BadInput);
    QVERIFY(!resolved(tree, u"a\0b"_s));
}

void TestCopySources::backslashesWithoutWildcards()
{
    const ContextTree tree;
    QVERIFY(tree.files({u"a*b"_s, u"c\\d"_s, u"axb"_s}));
    QCOMPARE(firstMatch(resolved(tree, u"a\\*b"_s)).items[0].hostPath, tree.at(u"a*b"_s));
    QCOMPARE(firstMatch(resolved(tree, u"c\\d"_s)).items[0].hostPath, tree.at(u"c\\d"_s));
}

void TestCopySources::missingSourcesNameTheFolder()
{
    const ContextTree tree;
    QVERIFY(tree.file(u"f"_s));
    for (const QString &source : {u"none"_s, u"f/x"_s, u"none/x"_s}) {
        const auto missing = resolved(tree, source);
        QVERIFY(!missing);
        QCOMPARE(missing.error().kind, ErrorKind::NotFound);
        QCOMPARE(missing.error().where, tree.path());
        QCOMPARE(missing.error().what, u"\"/%1\": not found"_s.arg(source));
        QVERIFY(missing.error().next.contains(u'"' + source + u'"'));
    }
    const auto climbing = resolved(tree, u"../lib/x"_s);
    QVERIFY(!climbing);
    QVERIFY(climbing.error().next.contains(u"\"lib/x\""_s));
}

void TestCopySources::ignoredSourcesNameTheRule()
{
    const ContextTree tree;
    QVERIFY(tree.files({u"dist/a"_s, u"docs/x/y"_s}) && tree.file(u".dockerignore"_s, "# c\n\n\ndocs/\n"));
    const auto builtIn = resolved(tree, u"dist"_s);
    QVERIFY(!builtIn);
    QCOMPARE(builtIn.error().kind, ErrorKind::NotFound);
    QCOMPARE(builtIn.error().what, u"\"dist\" is excluded by built-in rule \"**/dist\""_s);
    QVERIFY(builtIn.error().next.contains(u"\"!dist\""_s));
    const auto byFile = resolved(tree, u"docs/x"_s);
    QVERIFY(!byFile);
    QCOMPARE(byFile.error().what, u"\"docs/x\" is excluded by rule \"docs\" (.dockerignore:4)"_s);
    QVERIFY(!resolved(tree, u"dist/a"_s));
}

void TestCopySources::ignoredFoldersGiveWhatIsReincluded()
{
    const ContextTree tree;
    QVERIFY(tree.files({u"docs/README.md"_s, u"docs/x"_s, u"img/x"_s}));
    QVERIFY(tree.file(u".dockerignore"_s, "docs\nimg\n!docs/README.md\n!img/none\n"));
    QCOMPARE(targets(resolved(tree, u"docs"_s)), QStringList({u"README.md"_s}));
    QVERIFY(!resolved(tree, u"img"_s));
}

void TestCopySources::excludes_data()
{
    QTest::addColumn<QString>("source");
    QTest::addColumn<QStringList>("patterns");
    QTest::addColumn<QStringList>("found");
    QTest::newRow("below the source") << u"d"_s << QStringList{u"sub"_s} << QStringList({u"a.md"_s, u"b"_s});
    QTest::newRow("not from the root")
        << u"d"_s << QStringList{u"d/sub"_s} << QStringList({u"a.md"_s, u"b"_s, u"sub"_s, u"sub/c.md"_s});
    QTest::newRow("at any depth") << u"d"_s << QStringList{u"**/*.md"_s} << QStringList({u"b"_s, u"sub"_s});
    QTest::newRow("re-included") << u"d"_s << QStringList({u"**"_s, u"!sub/c.md"_s})
                                 << QStringList({u"sub"_s, u"sub/c.md"_s});
    QTest::newRow("never a file source") << u"d/b"_s << QStringList{u"b"_s} << QStringList({u""_s});
    QTest::newRow("whole context") << u"."_s << QStringList{u"d/sub"_s}
                                   << QStringList({u"d"_s, u"d/a.md"_s, u"d/b"_s});
}

void TestCopySources::excludes()
{
    QFETCH(QString, source);
    QFETCH(QStringList, patterns);
    const ContextTree tree;
    QVERIFY(tree.files({u"d/a.md"_s, u"d/b"_s, u"d/sub/c.md"_s}));
    QTEST(targets(resolved(tree, source, patterns)), "found");
}

QTEST_GUILESS_MAIN(TestCopySources)
#include "tst_copysources.moc"
