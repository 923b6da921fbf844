#include "core/build/configsteps.h"
#include "core/build/imageusers.h"
#include "core/build/platforms.h"
#include "core/build/prepare.h"
#include "core/build/stagestate.h"
#include "core/dockerfile/parser.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace cooperage;
using namespace cooperage::build;

// The state behind the lines, on a base with this config.
static Result<StageState> after(const QString &lines, const VariableMap &buildArgs = {},
                                const std::optional<QJsonObject> &base = QJsonObject())
{
    const dockerfile::Dockerfile file = dockerfile::parse(u"FROM base\n"_s + lines);
    if (file.hasErrors())
        return failure(ErrorKind::BadInput, file.diagnostics.first().message);
    VariableMap globals = platformVariables({});
    globals[u"GLOBAL"_s] = u"g"_s;
    StageState state(buildArgs, globals, file.directives.escape);
    state.startFromImage(base);
    for (const dockerfile::Instruction &instruction : file.instructions.sliced(1)) {
        if (const auto done = state.apply(instruction); !done)
            return std::unexpected(done.error());
    }
    return state;
}

static QJsonObject configOf(const QString &lines, const QJsonObject &base = {})
{
    return after(lines, {}, base)->imageConfig()[u"config"_s].toObject();
}

static QStringList historyOf(const QString &lines)
{
    QStringList result;
    for (const QJsonValue entry : after(lines)->imageConfig()[u"history"_s].toArray())
        result << entry[u"created_by"_s].toString();
    return result;
}

class TestStageState : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void variablesHaveTheirOrderOfPrecedence_data();
    void variablesHaveTheirOrderOfPrecedence();
    void oneEnvSeesTheStateBeforeIt();
    void oneArgSeesItsEarlierWords();
    void runGetsEnvAndArgValues();
    void proxiesReachRunButNoKey();
    void workdirIsJoinedAndClean();
    void baseConfigIsInherited();
    void entrypointClearsAnInheritedCommandOnly();
    void configOfEachInstruction_data();
    void configOfEachInstruction();
    void historyIsWrittenAsBuildKitDoes();
    void badValuesAreErrors_data();
    void badValuesAreErrors();
    void usersAreFoundInTheImage_data();
    void usersAreFoundInTheImage();
    void runFormsBecomeCommandLines_data();
    void runFormsBecomeCommandLines();
};

void TestStageState::variablesHaveTheirOrderOfPrecedence_data()
{
    QTest::addColumn<QString>("lines");
    QTest::addColumn<QString>("buildArg"); // Of X; "-" for none.
    QTest::addColumn<QString>("value");
    const QString none = u"-"_s;
    QTest::newRow("undeclared build-arg") << QString() << u"b"_s << QString();
    QTest::newRow("build-arg over default") << u"ARG X=d"_s << u"b"_s << u"b"_s;
    QTest::newRow("build-arg over ENV") << u"ARG X=d\nENV X=e"_s << u"b"_s << u"b"_s;
    QTest::newRow("empty build-arg") << u"ARG X=d"_s << u""_s << u""_s;
    QTest::newRow("ENV over default") << u"ENV X=e\nARG X=d"_s << none << u"e"_s;
    QTest::newRow("default") << u"ARG X=d"_s << none << u"d"_s;
    QTest::newRow("later default") << u"ARG X=d\nARG X=f"_s << none << u"f"_s;
    QTest::newRow("redeclared without one") << u"ARG X=d\nARG X"_s << none << u"d"_s;
    QTest::newRow("nothing") << QString() << none << QString();
}

void TestStageState::variablesHaveTheirOrderOfPrecedence()
{
    QFETCH(QString, lines);
    QFETCH(QString, buildArg);
    const VariableMap args = buildArg == u"-"_s ? VariableMap() : VariableMap{{u"X"_s, buildArg}};
    const auto state = after(lines, args);
    QVERIFY(state);
    QTEST(*state->expand(u"$X"_s), "value");
}

void TestStageState::oneEnvSeesTheStateBeforeIt()
{
    const auto state = after(u"ENV a=1\nENV a=2 b=$a\nARG GLOBAL\nENV c=$GLOBAL"_s);
    QCOMPARE(*state->expand(u"$a$b$c"_s), u"21g"_s);
}

void TestStageState::oneArgSeesItsEarlierWords()
{
    QCOMPARE(*after(u"ARG a=1 b=$a"_s)->expand(u"$b"_s), u"1"_s);
}

void TestStageState::runGetsEnvAndArgValues()
{
    const auto state = after(u"ENV A=1 B=2\nARG B=3\nARG C=4 D"_s);
    const VariableMap run = state->variables().runEnvironment();
    QCOMPARE(run[u"A"_s], u"1"_s);
    QCOMPARE(run[u"B"_s], u"2"_s);
    QCOMPARE(run[u"C"_s], u"4"_s);
    QVERIFY(!run.contains(u"D"_s));
    QVERIFY(run.contains(u"PATH"_s));
    QCOMPARE(state->keyState().args, (VariableMap{{u"B"_s, u"2"_s}, {u"C"_s, u"4"_s}}));
    QCOMPARE(state->variables().historyPrefix(), u"|3 B=2 C=4 D= "_s);
}

void TestStageState::proxiesReachRunButNoKey()
{
    const auto state = after(QString(), {{u"http_proxy"_s, u"http://p"_s}});
    QCOMPARE(state->variables().runEnvironment()[u"HTTP_PROXY"_s], u"http://p"_s);
    QVERIFY(state->keyState().args.isEmpty());
    QVERIFY(!state->keyState().env.contains(u"HTTP_PROXY"_s));
}

void TestStageState::workdirIsJoinedAndClean()
{
    QCOMPARE(after(u"WORKDIR a\nWORKDIR b/../c"_s)->workdir(), u"/a/c"_s);
    QCOMPARE(after(u"ENV X=/x\nWORKDIR $X/y/"_s)->workdir(), u"/x/y/"_s);
    const auto state = after(u"WORKDIR /app"_s);
    QCOMPARE(state->absolute(u"."_s), u"/app/"_s);
    QCOMPARE(state->absolute(u"x"_s), u"/app/x"_s);
    QCOMPARE(state->absolute(u"/y/"_s), u"/y/"_s);
    QCOMPARE(state->absolute(u"../../.."_s), u"/"_s);
}

void TestStageState::baseConfigIsInherited()
{
    const QJsonObject base{{u"created"_s, u"2020"_s},
                           {u"rootfs"_s, QJsonObject()},
                           {u"config"_s, QJsonObject{{u"Env"_s, QJsonArray{u"PATH=/p"_s}},
                                                     {u"WorkingDir"_s, u"/w"_s},
                                                     {u"User"_s, u"u"_s},
                                                     {u"Shell"_s, QJsonArray{u"/bin/bash"_s, u"-c"_s}},
                                                     {u"OnBuild"_s, QJsonArray{u"RUN x"_s}}}}};
    const auto state = after(QString(), {}, base);
    QCOMPARE(state->workdir(), u"/w"_s);
    QCOMPARE(state->user(), u"u"_s);
    QCOMPARE(state->shell().first(), u"/bin/bash"_s);
    QCOMPARE(*state->expand(u"$PATH"_s), u"/p"_s);
    QCOMPARE(state->inheritedTriggers().size(), 1);
    QVERIFY(!state->imageConfig().contains(u"created"_s));
    QVERIFY(!state->imageConfig().contains(u"rootfs"_s));
    QVERIFY(!state->changesConfig());
    QVERIFY(after(u"LABEL a=b"_s, {}, base)->changesConfig());
    QVERIFY(after(QString(), {}, std::nullopt)->variables().runEnvironment().isEmpty());
}

void TestStageState::entrypointClearsAnInheritedCommandOnly()
{
    const QJsonObject base{{u"config"_s, QJsonObject{{u"Cmd"_s, QJsonArray{u"sh"_s}}}}};
    QVERIFY(!configOf(u"ENTRYPOINT [\"x\"]"_s, base).contains(u"Cmd"_s));
    QVERIFY(configOf(u"CMD [\"y\"]\nENTRYPOINT [\"x\"]"_s, base).contains(u"Cmd"_s));
}

void TestStageState::configOfEachInstruction_data()
{
    QTest::addColumn<QString>("lines");
    QTest::addColumn<QString>("field");
    QTest::addColumn<QJsonValue>("value");
    const auto row = [](const char *name, const QString &lines, const QString &field,
                        const QJsonValue &value) { QTest::newRow(name) << lines << field << value; };
    row("CMD exec", u"CMD [\"a\",\"b\"]"_s, u"Cmd"_s, QJsonArray{u"a"_s, u"b"_s});
    row("CMD shell", u"CMD a $b"_s, u"Cmd"_s, QJsonArray{u"/bin/sh"_s, u"-c"_s, u"a $b"_s});
    row("CMD with SHELL", u"SHELL [\"bash\",\"-ec\"]\nCMD a"_s, u"Cmd"_s,
        QJsonArray{u"bash"_s, u"-ec"_s, u"a"_s});
    row("LABEL", u"ENV X=1\nLABEL a=$X \"b c\"=d"_s, u"Labels"_s,
        QJsonObject{{u"a"_s, u"1"_s}, {u"b c"_s, u"d"_s}});
    row("EXPOSE", u"ARG P=\"80 443/UDP\"\nEXPOSE $P 8000-8001"_s, u"ExposedPorts"_s,
        QJsonObject{{u"80/tcp"_s, QJsonObject()},
                    {u"443/udp"_s, QJsonObject()},
                    {u"8000/tcp"_s, QJsonObject()},
                    {u"8001/tcp"_s, QJsonObject()}});
    row("VOLUME", u"VOLUME /a /b"_s, u"Volumes"_s,
        QJsonObject{{u"/a"_s, QJsonObject()}, {u"/b"_s, QJsonObject()}});
    row("STOPSIGNAL", u"STOPSIGNAL sigterm"_s, u"StopSignal"_s, u"sigterm"_s);
    row("HEALTHCHECK", u"HEALTHCHECK --interval=1m30s --retries=3 CMD curl x"_s, u"Healthcheck"_s,
        QJsonObject{{u"Test"_s, QJsonArray{u"CMD-SHELL"_s, u"curl x"_s}},
                    {u"Interval"_s, qint64(90'000'000'000)},
                    {u"Retries"_s, 3}});
    row("HEALTHCHECK NONE", u"HEALTHCHECK NONE"_s, u"Healthcheck"_s,
        QJsonObject{{u"Test"_s, QJsonArray{u"NONE"_s}}});
    row("ONBUILD", u"ONBUILD RUN make"_s, u"OnBuild"_s, QJsonArray{u"RUN make"_s});
    row("USER", u"USER app:staff"_s, u"User"_s, u"app:staff"_s);
    row("WORKDIR", u"WORKDIR /a"_s, u"WorkingDir"_s, u"/a"_s);
}

void TestStageState::configOfEachInstruction()
{
    QFETCH(QString, lines);
    QFETCH(QString, field);
    const auto state = after(lines);
    QVERIFY2(state, state ? "" : qPrintable(state.error().text()));
    const QJsonValue actual = configOf(lines).value(field);
    QTEST(actual, "value");
}

void TestStageState::historyIsWrittenAsBuildKitDoes()
{
    QCOMPARE(
        historyOf(
            u"ENV A=1 B=2\nARG C=3\nLABEL d=e\nEXPOSE 80\nUSER u\nCMD [\"x\",\"y\"]\nVOLUME /v\nSTOPSIGNAL 9"_s),
        (QStringList{u"ENV A=1 B=2"_s, u"ARG C=3"_s, u"LABEL d=e"_s, u"EXPOSE map[80/tcp:{}]"_s, u"USER u"_s,
                     u"CMD [\"x\" \"y\"]"_s, u"VOLUME [/v]"_s, u"STOPSIGNAL 9"_s}));
}

void TestStageState::badValuesAreErrors_data()
{
    QTest::addColumn<QString>("lines");
    QTest::addColumn<QString>("what");
    QTest::newRow("port") << u"EXPOSE 70000"_s << u"invalid containerPort: 70000"_s;
    QTest::newRow("protocol") << u"EXPOSE 80/icmp"_s << u"invalid proto: icmp"_s;
    QTest::newRow("signal") << u"STOPSIGNAL 0"_s << u"invalid signal: 0"_s;
    QTest::newRow("variable") << u"ENV A=${X:?absent}"_s << u"absent"_s;
    QTest::newRow("quote") << u"LABEL a='b"_s << u"single-quote"_s;
}

void TestStageState::badValuesAreErrors()
{
    QFETCH(QString, lines);
    QFETCH(QString, what);
    const auto state = after(lines);
    QVERIFY(!state);
    QVERIFY2(state.error().what.contains(what), qPrintable(state.error().what));
}

void TestStageState::usersAreFoundInTheImage_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("chown");
    QTest::addColumn<QString>("ids"); // Empty: an error.
    QTest::newRow("root") << u"root"_s << false << u"0:0"_s;
    QTest::newRow("name") << u"app"_s << false << u"1000:100"_s;
    QTest::newRow("name and group") << u"app:staff"_s << false << u"1000:50"_s;
    QTest::newRow("known number") << u"1000"_s << false << u"1000:100"_s;
    QTest::newRow("unknown number") << u"7"_s << false << u"7:0"_s;
    QTest::newRow("number of --chown") << u"7"_s << true << u"7:7"_s;
    QTest::newRow("name of --chown") << u"app"_s << true << u"1000:100"_s;
    QTest::newRow("numbers") << u"7:8"_s << true << u"7:8"_s;
    QTest::newRow("unknown name") << u"nobody"_s << false << QString();
    QTest::newRow("unknown group") << u"app:x"_s << false << QString();
}

void TestStageState::usersAreFoundInTheImage()
{
    QFETCH(QString, text);
    QFETCH(bool, chown);
    QFETCH(QString, ids);
    const auto owner = ownerFrom(text, chown ? OwnerUse::Chown : OwnerUse::User,
                                 "root:x:0:0:root:/root:/bin/sh\napp:x:1000:100::/home/app:/bin/sh\n",
                                 "root:x:0:\nstaff:x:50:app\n");
    QCOMPARE(owner ? u"%1:%2"_s.arg(owner->uid).arg(owner->gid) : QString(), ids);
}

void TestStageState::runFormsBecomeCommandLines_data()
{
    QTest::addColumn<QString>("lines");
    QTest::addColumn<QStringList>("commandLine");
    const QStringList sh{u"/bin/sh"_s, u"-c"_s};
    QTest::newRow("shell") << u"RUN echo $X"_s << sh + QStringList{u"echo $X"_s};
    QTest::newRow("exec") << u"RUN [\"echo\", \"$X\"]"_s << QStringList{u"echo"_s, u"$X"_s};
    QTest::newRow("heredoc") << u"RUN <<EOF\necho a\necho $b\nEOF"_s
                             << sh + QStringList{u"echo a\necho $b\n"_s};
    QTest::newRow("heredoc for a program")
        << u"RUN python3 <<EOF\nprint(1)\nEOF"_s << sh + QStringList{u"python3 <<EOF\nprint(1)\nEOF"_s};
    QTest::newRow("two heredocs") << u"RUN cat <<A <<B\na\nA\nb\nB"_s
                                  << sh + QStringList{u"cat <<A <<B\na\nA\nb\nB"_s};
}

void TestStageState::runFormsBecomeCommandLines()
{
    QFETCH(QString, lines);
    const dockerfile::Dockerfile file = dockerfile::parse(lines.prepend(u"FROM a\n"_s));
    QVERIFY(!file.hasErrors());
    BuildPlan plan;
    plan.file = std::make_shared<const dockerfile::Dockerfile>(file);
    PlannedStep step;
    step.instruction = 1;
    QTEST(runOrder(plan, step, StageState()).commandLine, "commandLine");
}

QTEST_GUILESS_MAIN(TestStageState)
#include "tst_stagestate.moc"
