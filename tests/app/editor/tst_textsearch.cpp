#include "app/editor/textsearch.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace cooperage;
using gui::SearchMatch;
using gui::SearchQuery;

class TextSearchTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsAll_data();
    void findsAll();
    void replacementsOfExpressionsUseTheirGroups();
    void whatIsNoExpressionIsSaid();
    void endlessExpressionsEnd();
};

void TextSearchTest::findsAll_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<SearchQuery>("query");
    QTest::addColumn<QList<qsizetype>>("positions");
    using Positions = QList<qsizetype>;
    QTest::newRow("any case") << u"RUN run"_s << SearchQuery{u"run"_s} << Positions{0, 4};
    QTest::newRow("this case") << u"RUN run"_s << SearchQuery{.text = u"run"_s, .matchCase = true}
                               << Positions{4};
    QTest::newRow("words") << u"run runs"_s << SearchQuery{.text = u"run"_s, .wholeWords = true}
                           << Positions{0};
    QTest::newRow("words of signs") << u"a $X $XY"_s << SearchQuery{.text = u"$X"_s, .wholeWords = true}
                                    << Positions{2};
    QTest::newRow("signs as they are") << u"a.b axb"_s << SearchQuery{u"a.b"_s} << Positions{0};
    QTest::newRow("expression") << u"a.b axb"_s << SearchQuery{.text = u"a.b"_s, .regularExpression = true}
                                << Positions{0, 4};
    QTest::newRow("line's beginning")
        << u"RUN a\nRUN b"_s << SearchQuery{.text = u"^RUN"_s, .regularExpression = true} << Positions{0, 6};
    QTest::newRow("nothing is no match")
        << u"aaa"_s << SearchQuery{.text = u"b*"_s, .regularExpression = true} << Positions{};
    QTest::newRow("no text") << u"aaa"_s << SearchQuery{} << Positions{};
    QTest::newRow("letters beyond ASCII") << u"Über über"_s << SearchQuery{u"ÜBER"_s} << Positions{0, 5};
}

void TextSearchTest::findsAll()
{
    QFETCH(QString, text);
    QFETCH(SearchQuery, query);
    const auto found = gui::findAll(text, query);
    QVERIFY(found);
    QList<qsizetype> positions;
    for (const SearchMatch &match : *found)
        positions << match.position;
    QTEST(positions, "positions");
}

void TextSearchTest::replacementsOfExpressionsUseTheirGroups()
{
    const SearchQuery expression{.text = u"(\\w+)=(\\w+)"_s, .regularExpression = true};
    const auto found = gui::findAll(u"a=b"_s, expression, u"\\2\\t\\1 \\0 \\\\"_s);
    QVERIFY(found);
    QCOMPARE(*found, (QList<SearchMatch>{{0, 3, u"b\ta a=b \\"_s}}));
    QCOMPARE(gui::findAll(u"a"_s, {u"a"_s}, u"\\1"_s)->first().replacement, u"\\1"_s);
}

void TextSearchTest::whatIsNoExpressionIsSaid()
{
    const auto found = gui::findAll(u"a"_s, {.text = u"a("_s, .regularExpression = true});
    QVERIFY(!found);
    QVERIFY(found.error().text().contains(u"character 3"_s));
}

void TextSearchTest::endlessExpressionsEnd()
{
    const auto found =
        gui::findAll(QString(40, u'a') + u'b', {.text = u"(a|aa)+$"_s, .regularExpression = true});
    QVERIFY(!found);
    QVERIFY(found.error().text().contains(u"too long"_s));
}

QTEST_GUILESS_MAIN(TextSearchTest)
#include "tst_textsearch.moc"
