#include "app/buildpane/ansistripper.h"
#include "app/buildpane/logview.h"
#include "app/buildpane/steplogs.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace cooperage;
using gui::AnsiStripper;
using gui::LogView;
using gui::StepLogs;

namespace {

build::StepOutput output(int step, const QByteArray &bytes, engine::Stream stream = engine::Stream::Stdout)
{
    return {.step = step, .stream = stream, .bytes = bytes};
}

} // namespace

class StepLogsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void coloursAndReturnsAreDropped_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("text");
        QTest::newRow("plain") << QByteArray("a\tb\n") << u"a\tb\n"_s;
        QTest::newRow("colour") << QByteArray("\x1b[1;31mred\x1b[0m") << u"red"_s;
        QTest::newRow("title") << QByteArray("\x1b]0;title\x07x\x1b]8;;http://a\x1b\\link") << u"xlink"_s;
        QTest::newRow("charset") << QByteArray("\x1b(Bx") << u"x"_s;
        QTest::newRow("progress") << QByteArray("10%\r20%\r\ndone\n") << u"10%\n20%\ndone\n"_s;
        QTest::newRow("bell") << QByteArray("a\x07"
                                            "b")
                              << u"ab"_s;
        QTest::newRow("utf-8") << QByteArray("gr\xc3\xbc\xc3\x9f") << u"grüß"_s;
    }
    void coloursAndReturnsAreDropped()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, text);
        QCOMPARE(AnsiStripper().feed(bytes), text);
        AnsiStripper slow; // the same, cut at every byte
        QString pieces;
        for (const char byte : bytes)
            pieces += slow.feed(QByteArrayView(&byte, 1));
        QCOMPARE(pieces, text);
    }

    void streamsOfAStepKeepTheirOwnState()
    {
        StepLogs logs;
        logs.apply(output(1, "\xc3"));
        logs.apply(output(1, "err\n", engine::Stream::Stderr));
        logs.apply(output(1, "\xbc\n"));
        logs.apply(output(2, "other\n"));
        QCOMPARE(logs.text(1), u"err\nü\n"_s);
        QCOMPARE(logs.text(2), u"other\n"_s);
    }

    void messagesNotesAndErrorsAreInTheLog()
    {
        StepLogs logs;
        logs.apply(build::BuildMessage{
            .level = build::BuildMessage::Level::Warning, .step = 0, .text = u"careful"_s});
        logs.apply(build::StepFinished{
            .step = 0, .error = Error{.what = u"no space left"_s}, .note = u"URL cache hit"_s});
        QVERIFY(logs.text(0).contains(u"Warning: careful"_s));
        QVERIFY(logs.text(0).contains(u"URL cache hit"_s));
        QVERIFY(logs.text(0).contains(u"no space left"_s));
    }

    void lastLinesSkipEmptyOnes()
    {
        StepLogs logs;
        logs.apply(output(0, "one\ntwo\n\nthree\n\n"));
        QCOMPARE(logs.lastLines(0, 2), (QStringList{u"two"_s, u"three"_s}));
        QCOMPARE(logs.lastLines(9, 2), QStringList());
    }

    void longLogKeepsItsEndAndSaysSo()
    {
        StepLogs logs;
        const QByteArray line = QByteArray(99, 'x') + '\n';
        for (int i = 0; i < 60; ++i)
            logs.apply(output(0, line.repeated(1000)));
        logs.apply(output(0, "the end\n"));
        QVERIFY(logs.text(0).size() <= StepLogs::Limit + 200);
        QVERIFY(logs.text(0).startsWith(u'('));
        QVERIFY(logs.text(0).endsWith(u"the end\n"_s));
    }

    void viewFollowsTheShownStepOnly()
    {
        StepLogs logs;
        LogView view(&logs);
        logs.apply(output(0, "first\n"));
        view.showStep(0);
        QCOMPARE(view.toPlainText(), u"first\n"_s);
        logs.apply(output(0, "more\n"));
        logs.apply(output(1, "elsewhere\n"));
        QTRY_COMPARE(view.toPlainText(), u"first\nmore\n"_s);
        view.showStep(1);
        QCOMPARE(view.toPlainText(), u"elsewhere\n"_s);
        logs.clear();
        QCOMPARE(view.toPlainText(), QString());
    }

    void veryLongLineIsCutInTheViewOnly()
    {
        StepLogs logs;
        LogView view(&logs);
        view.showStep(0);
        logs.apply(output(0, QByteArray(100'000, 'y') + '\n'));
        QTRY_VERIFY(!view.toPlainText().isEmpty());
        QVERIFY(view.toPlainText().size() < 5'000);
        QCOMPARE(logs.text(0).size(), 100'001);
    }
};

QTEST_MAIN(StepLogsTest)
#include "tst_steplogs.moc"
