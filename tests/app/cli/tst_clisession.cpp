#include "tests/app/cli/program.h"
#include "tests/support/processes.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <csignal>

using namespace cooperage;
using namespace cooperage::test;
using namespace Qt::StringLiterals;

/// `cooperage session`, `show` and `kill` against the real engine, which brings the image busybox:latest.
class CliSessionTest : public QObject
{
    Q_OBJECT

    PrivateHome m_home;

    [[nodiscard]] static Outcome session(const QStringList &arguments)
    {
        return run(QStringList{u"session"_s} + arguments);
    }
    /// Must go well; returns what was printed.
    [[nodiscard]] static QString done(const QStringList &arguments)
    {
        const Outcome outcome = session(arguments);
        if (outcome.exitCode != 0)
            qWarning("%s: %s", qPrintable(arguments.join(u' ')), qPrintable(outcome.errors));
        return outcome.exitCode == 0 ? outcome.output : u"(failed)"_s;
    }
    [[nodiscard]] static QJsonObject shown(const QString &name = {})
    {
        QStringList arguments{u"show"_s, u"--format"_s, u"json"_s};
        if (!name.isEmpty())
            arguments.append(name);
        return QJsonDocument::fromJson(done(arguments).toUtf8()).object();
    }
    [[nodiscard]] static QStringList listed(const QStringList &options = {})
    {
        QStringList names;
        const QString text = done(QStringList{u"list"_s, u"--format"_s, u"json"_s} + options);
        for (const QJsonValue &value : QJsonDocument::fromJson(text.toUtf8()).array())
            names.append(value["session"_L1].toString());
        return names;
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (!findPrograms())
            QSKIP("cooperage or cooperage-engine is not built: whole program skipped");
        const Outcome started = run({u"engine"_s, u"start"_s});
        QVERIFY2(started.exitCode == 0, qPrintable(started.errors));
    }
    void init()
    {
        qputenv("COOPERAGE_SESSION", QTest::currentTestFunction());
        if (qstrcmp(QTest::currentTestFunction(), "initTestCase") != 0)
            (void)session({u"use"_s, u"busybox:latest"_s});
    }
    void cleanup() { qunsetenv("COOPERAGE_SESSION"); }
    void cleanupTestCase() { QCOMPARE(run({u"engine"_s, u"stop"_s}).exitCode, 0); }

    void stepsBuildOnEachOther()
    {
        QCOMPARE(done({u"run"_s, u"--"_s, u"sh"_s, u"-c"_s, u"echo one > /kept"_s}), QString());
        QCOMPARE(done({u"run"_s, u"--"_s, u"cat"_s, u"/kept"_s}), u"one\n"_s);
        QCOMPARE(done({u"run"_s, u"--disposable"_s, u"--"_s, u"sh"_s, u"-c"_s, u"echo two > /kept"_s}),
                 QString());
        QCOMPARE(done({u"run"_s, u"--"_s, u"cat"_s, u"/kept"_s}), u"one\n"_s);
        const QJsonObject state = shown();
        QCOMPARE(state["branch"_L1].toString(), u"main"_s);
        QCOMPARE(state["history"_L1].toArray().size(), 5);
        QCOMPARE(state["history"_L1][0]["title"_L1].toString(), u"cat /kept"_s);
        QCOMPARE(state["history"_L1][4]["kind"_L1].toString(), u"use"_s);
        QCOMPARE(state["branches"_L1].toObject().size(), 2); // The disposable run's beside main.
    }

    void aFailedCommandMovesOnAndRollsBack()
    {
        const Outcome failed = session({u"run"_s, u"--"_s, u"sh"_s, u"-c"_s, u"echo x > /x; exit 3"_s});
        QCOMPARE(failed.exitCode, 3);
        QCOMPARE(shown()["history"_L1][0]["exit_code"_L1].toInt(), 3);
        QCOMPARE(done({u"run"_s, u"--disposable"_s, u"--"_s, u"cat"_s, u"/x"_s}), u"x\n"_s);
        QVERIFY(done({u"rollback"_s, u"-1"_s}) != u"(failed)"_s);
        QCOMPARE(session({u"run"_s, u"--disposable"_s, u"--"_s, u"cat"_s, u"/x"_s}).exitCode, 1);
        const Outcome tooFar = session({u"rollback"_s, u"-9"_s});
        QCOMPARE(tooFar.exitCode, 1);
        QVERIFY(!tooFar.errors.isEmpty());
    }

    void folderAndVariablesStay()
    {
        QVERIFY(done({u"cd"_s, u"/etc"_s}) != u"(failed)"_s);
        QVERIFY(done({u"cd"_s, u"../bin/."_s}) != u"(failed)"_s);
        QCOMPARE(done({u"cd"_s}), u"/bin\n"_s);
        QCOMPARE(session({u"cd"_s, u"/nowhere"_s}).exitCode, 1);
        QVERIFY(done({u"env"_s, u"A=p q"_s, u"B=x"_s}) != u"(failed)"_s);
        QVERIFY(done({u"env"_s, u"--unset"_s, u"B"_s}) != u"(failed)"_s);
        QCOMPARE(done({u"env"_s}), u"A=p q\n"_s);
        QCOMPARE(
            done({u"run"_s, u"--env"_s, u"C=c"_s, u"--"_s, u"sh"_s, u"-c"_s, u"pwd; echo \"$A-$B-$C\""_s}),
            u"/bin\np q--c\n"_s);
        QCOMPARE(done({u"run"_s, u"--"_s, u"sh"_s, u"-c"_s, u"echo \"$A-$C\""_s}), u"p q-\n"_s);
        QVERIFY(!done({u"show"_s}).contains("p q"_L1)); // Names, no values.
    }

    void addedFilesAreInTheNextRun()
    {
        QVERIFY(QDir().mkpath(m_home.path(u"src/sub"_s)));
        for (const auto &[name, text] :
             {std::pair{u"src/a"_s, "first"}, std::pair{u"src/sub/b"_s, "second"}}) {
            QFile file(m_home.path(name));
            QVERIFY(file.open(QFile::WriteOnly));
            file.write(text);
        }
        QFile::setPermissions(m_home.path(u"src/a"_s), QFile::ReadOwner | QFile::ExeOwner);
        QVERIFY(done({u"add"_s, m_home.path(u"src"_s), u"/srv"_s}) != u"(failed)"_s);
        QVERIFY(done({u"add"_s, m_home.path(u"src/a"_s), u"/opt/"_s}) != u"(failed)"_s);
        QCOMPARE(shown()["files"_L1].toArray().size(), 3);
        QFile::remove(m_home.path(u"src/a"_s)); // The engine has it already.
        QCOMPARE(
            done({u"run"_s, u"--"_s, u"sh"_s, u"-c"_s, u"cat /srv/a /srv/sub/b /opt/a; stat -c %a /opt/a"_s}),
            u"firstsecondfirst500\n"_s);
        QCOMPARE(shown()["files"_L1].toArray().size(), 0);
        QCOMPARE(done({u"run"_s, u"--"_s, u"cat"_s, u"/opt/a"_s}), u"first"_s);
        QCOMPARE(session({u"add"_s, m_home.path(u"none"_s), u"/x"_s}).exitCode, 1);
    }

    void branchesAreLeftAndComeBackTo()
    {
        QVERIFY(done({u"run"_s, u"--"_s, u"touch"_s, u"/main"_s}) != u"(failed)"_s);
        QCOMPARE(done({u"branch"_s, u"try"_s, u"--at"_s, u"HEAD~1"_s}), QString());
        QCOMPARE(done({u"checkout"_s, u"try"_s}), QString());
        QCOMPARE(session({u"run"_s, u"--"_s, u"ls"_s, u"/main"_s}).exitCode, 1);
        QVERIFY(done({u"branch"_s}).contains("* "_L1));
        QCOMPARE(done({u"checkout"_s, u"main"_s}), QString());
        QCOMPARE(done({u"run"_s, u"--"_s, u"ls"_s, u"/main"_s}), u"/main\n"_s);
        QCOMPARE(session({u"checkout"_s, u"none"_s}).exitCode, 1);
    }

    void sessionsAreRenamedDeletedAndRestored()
    {
        const QString name = QString::fromLatin1(QTest::currentTestFunction());
        QCOMPARE(done({u"rename"_s, u"other"_s}), QString());
        QVERIFY(listed().contains(u"other"_s) && !listed().contains(name));
        QCOMPARE(done({u"delete"_s, u"other"_s}), QString());
        QVERIFY(!listed().contains(u"other"_s));
        QVERIFY(listed({u"--deleted"_s}).contains(u"other"_s));
        QCOMPARE(done({u"restore"_s, u"other"_s}), QString());
        QCOMPARE(shown(u"other"_s)["history"_L1].toArray().size(), 1);
        QCOMPARE(session({u"restore"_s, u"other"_s}).exitCode, 1);
        QCOMPARE(session({u"rename"_s, u"-S"_s, u"other"_s, u"build:x"_s}).exitCode, 1);
    }

    void buildsAreListedAndLookedAt()
    {
        QVERIFY(QDir().mkpath(m_home.path(u"context"_s)));
        QFile file(m_home.path(u"context/Dockerfile"_s));
        QVERIFY(file.open(QFile::WriteOnly));
        file.write("FROM busybox:latest\nRUN echo built > /built\n");
        file.close();
        const Outcome built = run({u"build"_s, m_home.path(u"context"_s), u"-t"_s, u"built:1"_s});
        QVERIFY2(built.exitCode == 0, qPrintable(built.errors));
        const QStringList builds = listed({u"--filter"_s, u"build:"_s});
        QCOMPARE(builds.size(), 1);
        const QJsonObject state = shown(builds.first());
        QVERIFY(state["branches"_L1].toObject().keys().first().startsWith("layer:"_L1));
        const Outcome refused = session({u"run"_s, u"-S"_s, builds.first(), u"--"_s, u"true"_s});
        QCOMPARE(refused.exitCode, 1);
        QVERIFY(refused.errors.contains("Start a session of your own"_L1));
        QVERIFY(done({u"use"_s, state["history"_L1][0]["image"_L1].toString()}) != u"(failed)"_s);
        QCOMPARE(done({u"run"_s, u"--"_s, u"cat"_s, u"/built"_s}), u"built\n"_s);
    }

    void wrongUseIsRefused_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("exitCode");
        QTest::newRow("nothing") << QStringList{} << 2;
        QTest::newRow("no such command") << QStringList{u"explode"_s} << 2;
        QTest::newRow("format") << QStringList{u"list"_s, u"--format"_s, u"xml"_s} << 2;
        QTest::newRow("limit") << QStringList{u"show"_s, u"--limit"_s, u"x"_s} << 2;
        QTest::newRow("variable") << QStringList{u"env"_s, u"=x"_s} << 2;
        QTest::newRow("no command") << QStringList{u"run"_s} << 2;
        QTest::newRow("no session") << QStringList{u"show"_s, u"none"_s} << 1;
        QTest::newRow("no image") << QStringList{u"use"_s, u"none:1"_s} << 1;
        QTest::newRow("bad name") << QStringList{u"use"_s, u"-S"_s, u"a b"_s, u"busybox:latest"_s} << 1;
        QTest::newRow("place") << QStringList{u"rollback"_s, u"yesterday"_s} << 1;
    }
    void wrongUseIsRefused()
    {
        QFETCH(const QStringList, arguments);
        const Outcome outcome = session(arguments);
        QTEST(outcome.exitCode, "exitCode");
        QVERIFY(outcome.output.isEmpty());
        QVERIFY2(outcome.errors.startsWith("cooperage"_L1), qPrintable(outcome.errors));
    }

    void everyCommandExplainsItself()
    {
        const Outcome overview = run({u"session"_s, u"--help"_s});
        QCOMPARE(overview.exitCode, 0);
        for (const QString &name :
             {u"list"_s, u"show"_s, u"use"_s, u"run"_s, u"cd"_s, u"env"_s, u"add"_s, u"branch"_s,
              u"checkout"_s, u"rollback"_s, u"rename"_s, u"delete"_s, u"restore"_s}) {
            QVERIFY2(overview.output.contains(u"\n  "_s + name), qPrintable(name));
            const Outcome help = session({name, u"--help"_s});
            QCOMPARE(help.exitCode, 0);
            QVERIFY(help.output.contains(u"Examples:\n  cooperage session "_s + name));
        }
    }

    void operationsAreShown()
    {
        QCOMPARE(session({u"run"_s, u"--"_s, u"sh"_s, u"-c"_s, u"echo out; echo err >&2; exit 5"_s}).exitCode,
                 5);
        const QString operation = shown()["history"_L1][0]["operation"_L1].toString();
        const Outcome plain = run({u"show"_s, operation});
        QVERIFY2(plain.exitCode == 0, qPrintable(plain.errors));
        QVERIFY(plain.output.contains("exit code  5"_L1) && plain.output.endsWith("out\n"_L1));
        QCOMPARE(plain.errors, u"err\n"_s);
        const Outcome json = run({u"show"_s, u"--format"_s, u"json"_s, operation});
        const QJsonObject object = QJsonDocument::fromJson(json.output.toUtf8()).object();
        QCOMPARE(object["exit_code"_L1].toInt(), 5);
        QCOMPARE(object["stderr"_L1].toString(), u"err\n"_s);
        QCOMPARE(run({u"show"_s, u"00000000-0000-7000-8000-000000000000"_s}).exitCode, 1);
    }

    void killEndsWhatRuns()
    {
        QProcess process;
        process.start(program,
                      {u"session"_s, u"run"_s, u"--"_s, u"sh"_s, u"-c"_s, u"echo begun; sleep 1000"_s});
        QByteArray output;
        QTRY_VERIFY_WITH_TIMEOUT((output += process.readAllStandardOutput()).contains("begun"), 20'000);
        const Outcome killed = run({u"kill"_s, u"--all"_s});
        QCOMPARE(killed.exitCode, 0);
        QCOMPARE(killed.output.count(u'\n'), 1);
        QCOMPARE(finish(process).exitCode, 1);
        QCOMPARE(shown()["history"_L1].toArray().size(), 1);             // Nothing came of it.
        QCOMPARE(run({u"kill"_s, killed.output.trimmed()}).exitCode, 0); // Ended already.
        QCOMPARE(run({u"kill"_s}).exitCode, 2);
        QCOMPARE(run({u"kill"_s, u"00000000-0000-7000-8000-000000000000"_s}).exitCode, 1);
    }
};

QTEST_GUILESS_MAIN(CliSessionTest)
#include "tst_clisession.moc"
