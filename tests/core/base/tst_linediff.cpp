#include "core/base/linediff.h"

#include <QTest>

#include <random>

using namespace Qt::StringLiterals;
using namespace cooperage;

class LineDiffTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsTheShortestWay();
    void bothSidesCanBeRebuilt();
    void entirelyDifferentTextsStandWhole();
    void hunksHaveContextAndTouchingOnesAreOne();
};

static QString written(const LineDiff &diff)
{
    QString text;
    for (const DiffLine &line : diff.lines)
        text += (line.kind == DiffLine::Kind::Same    ? u' '
                 : line.kind == DiffLine::Kind::Added ? u'+'
                                                      : u'-') +
                line.text;
    return text;
}

void LineDiffTest::findsTheShortestWay()
{
    // The example of Myers' paper: five differences.
    const LineDiff diff = diffLines(u"ABCABBA"_s.split(QString(), Qt::SkipEmptyParts),
                                    u"CBABAC"_s.split(QString(), Qt::SkipEmptyParts));
    QCOMPARE(diff.added + diff.removed, 5);
    QVERIFY(diff.isShortest);
    QCOMPARE(written(diffLines({u"a"_s, u"b"_s, u"c"_s}, {u"a"_s, u"x"_s, u"c"_s})), u" a-b+x c"_s);
    QCOMPARE(written(diffLines({}, {u"a"_s})), u"+a"_s);
    QCOMPARE(written(diffLines({u"a"_s}, {})), u"-a"_s);
    QVERIFY(diffLines({}, {}).lines.isEmpty());
    QVERIFY(diffLines({u"a"_s}, {}).isShortest);
}

void LineDiffTest::bothSidesCanBeRebuilt()
{
    std::mt19937 random(1);
    for (int round = 0; round < 300; ++round) {
        const auto text = [&random] {
            QStringList lines;
            for (unsigned left = random() % 40; left > 0; --left)
                lines.append(QString::number(random() % 5));
            return lines;
        };
        const QStringList before = text();
        const QStringList after = text();
        const LineDiff diff = diffLines(before, after);
        QStringList left;
        QStringList right;
        for (const DiffLine &line : diff.lines) {
            if (line.kind != DiffLine::Kind::Added) {
                left.append(line.text);
                QCOMPARE(line.before, left.size());
            }
            if (line.kind != DiffLine::Kind::Removed) {
                right.append(line.text);
                QCOMPARE(line.after, right.size());
            }
        }
        QCOMPARE(left, before);
        QCOMPARE(right, after);
    }
}

void LineDiffTest::entirelyDifferentTextsStandWhole()
{
    QStringList before;
    QStringList after;
    for (int i = 0; i < 5000; ++i) {
        before.append(u"old %1"_s.arg(i));
        after.append(u"new %1"_s.arg(i));
    }
    const LineDiff diff = diffLines(before, after);
    QVERIFY(!diff.isShortest);
    QCOMPARE(diff.added, 5000);
    QCOMPARE(diff.removed, 5000);
    QCOMPARE(diff.lines.first().kind, DiffLine::Kind::Removed);
    QCOMPARE(diff.lines.last().text, u"new 4999"_s);
}

void LineDiffTest::hunksHaveContextAndTouchingOnesAreOne()
{
    QStringList before;
    for (int i = 0; i < 30; ++i)
        before.append(QString::number(i));
    QStringList after = before;
    after[4] = u"x"_s;
    after[9] = u"y"_s;
    after[25] = u"z"_s;
    const LineDiff diff = diffLines(before, after);
    // 33 lines: each change is one removed and one added.
    QCOMPARE(hunksOf(diff), (QList<DiffHunk>{{1, 14}, {24, 8}}));
    QCOMPARE(hunksOf(diff, 0).size(), 3);
    QVERIFY(hunksOf(diffLines(before, before)).isEmpty());
}

QTEST_GUILESS_MAIN(LineDiffTest)
#include "tst_linediff.moc"
