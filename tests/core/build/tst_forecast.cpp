#include "core/build/forecast.h"
#include "core/build/stagewalk.h"
#include "core/dockerfile/parser.h"
#include "core/sessions/sessionstore.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>
#include <QUuid>

using namespace Qt::StringLiterals;
using namespace cooperage;
using namespace cooperage::build;

using State = StepForecast::State;

static QString newUuid()
{
    return QUuid::createUuid().toString(QUuid::WithoutBraces);
}

// Stands for a build that has just made every layer.
class MadeStages : public Surroundings
{
public:
    explicit MadeStages(QString base) : m_base(std::move(base)) {}

    engine::Task<StageEnd> stage(int fileIndex) override { co_return ends.value(fileIndex); }
    engine::Task<BaseImage> base(QString, PlannedStep) override
    {
        co_return BaseImage{m_base, QJsonObject()};
    }
    engine::Task<QString> commit(context::GitSource source, PlannedStep) override
    {
        co_return source.knownCommit();
    }
    engine::Task<AddedUrl> url(QString, QByteArray, PlannedStep) override
    {
        co_return failure(ErrorKind::Failed, u"no network"_s);
    }

    QHash<int, StageEnd> ends;

private:
    QString m_base;
};

class TestForecast : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();

    void nothingIsKnownOfABaseThatWasNeverUsed();
    void firstStepThatWasNeverBuiltRunsAndAllAfterIt();
    void everythingIsCachedAfterABuild();
    void editedFileRunsItsCopyAndLaterSteps();
    void touchedFileStaysCached();
    void buildArgOnlyReachesTheStepsBehindIt();
    void changedStageReachesTheStagesThatCopyFromIt();
    void urlThatWasNeverFetchedRuns();
    void urlWithItsDigestIsKnown();
    void gitNamesAreUnknownAndCommitsAreNot();
    void metadataOfFilesEntersButTimesDoNot();
    void missingSourceIsSaid();
    void filesStagedForARunThatIsMissingAreStagedAgain();

private:
    void write(const QString &path, const QByteArray &text);
    [[nodiscard]] BuildPlan plan(const QString &text, const VariableMap &args = {}) const;
    void pretendToBuild(const BuildPlan &plan, bool commits = true);
    [[nodiscard]] QList<StepForecast> forecast(const BuildPlan &plan, bool commits = true);
    [[nodiscard]] QString states(const BuildPlan &plan, bool commits = true);

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<sessions::SessionStore> m_sessions;
    std::shared_ptr<const context::FolderContext> m_context;
    QString m_base;
};

void TestForecast::initTestCase()
{
    m_base = newUuid();
}

void TestForecast::init()
{
    m_context.reset();
    m_sessions.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(QDir(m_folder->path()).mkpath(u"context"_s));
    auto store = sessions::SessionStore::open(m_folder->filePath(u"sessions.db"_s), u"test"_s);
    QVERIFY(store);
    m_sessions = std::move(*store);
    auto context = context::FolderContext::open(m_folder->filePath(u"context"_s));
    QVERIFY(context);
    m_context = std::move(*context);
    QVERIFY(m_sessions->rememberBaseImage(u"base"_s, m_base));
    ImageConfigs(m_folder->filePath(u"configs"_s)).remember(m_base, QJsonObject());
    write(u"a.txt"_s, "a");
    write(u"b.txt"_s, "b");
}

void TestForecast::write(const QString &path, const QByteArray &text)
{
    QFile file(m_folder->filePath(u"context/"_s + path));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
}

BuildPlan TestForecast::plan(const QString &text, const VariableMap &args) const
{
    const auto made = makePlan(dockerfile::parse(text), {.buildArgs = args});
    if (!made)
        qFatal("%s", qPrintable(made.error().text()));
    return *made;
}

// Remembers every layer that the plan has, as a build does.
void TestForecast::pretendToBuild(const BuildPlan &plan, bool commits)
{
    MadeStages made(m_base);
    const Preparation preparation{&plan, m_context, &made, commits};
    const QString session = sessions::buildSessionName(m_context->root());
    const LayerLookup remember = [&](const QByteArray &key) -> std::optional<QString> {
        const QString image =
            m_sessions->layer(session, key).value_or(sessions::CachedLayer{key, newUuid()}).image;
        const bool done = m_sessions->rememberLayer(session, {key, image}).has_value();
        return done ? std::optional(image) : std::nullopt;
    };
    for (const PlannedStage &stage : plan.stages) {
        const auto opened = QCoro::waitFor(openStage(&preparation, stage));
        QVERIFY(opened);
        const CachedWalk walk = QCoro::waitFor(walkCached(&preparation, stage, *opened, remember));
        QVERIFY(walk.complete);
        const StepPosition end = walk.steps.isEmpty() ? opened->position : walk.steps.last().after;
        made.ends[stage.index] = {end.state, end.key, newUuid()};
        QVERIFY(remember(finalKey(end)));
    }
}

QList<StepForecast> TestForecast::forecast(const BuildPlan &plan, bool commits)
{
    ForecastOptions options;
    options.commits = commits;
    options.configs = ImageConfigs(m_folder->filePath(u"configs"_s));
    return QCoro::waitFor(predict(&plan, m_context, m_sessions.get(), options));
}

// One letter per step: Cached, Run, Unknown.
QString TestForecast::states(const BuildPlan &plan, bool commits)
{
    QString result;
    for (const StepForecast &step : forecast(plan, commits))
        result += step.state == State::Cached ? u'C' : step.state == State::WillRun ? u'R' : u'U';
    return result;
}

void TestForecast::nothingIsKnownOfABaseThatWasNeverUsed()
{
    const auto result = forecast(plan(u"FROM other\nRUN x\n"_s));
    QCOMPARE(result.size(), 2);
    QCOMPARE(result[0].state, State::Unknown);
    QVERIFY(result[0].reason.contains(u"other"_s));
    QCOMPARE(result[1].state, State::Unknown);
}

void TestForecast::firstStepThatWasNeverBuiltRunsAndAllAfterIt()
{
    const auto result = forecast(plan(u"FROM base\nENV A=1\nRUN x\nRUN y\n"_s));
    QCOMPARE(result[0].state, State::Cached);
    QCOMPARE(result[1].state, State::Cached);
    QCOMPARE(result[2], (StepForecast{State::WillRun, u"never built"_s}));
    QCOMPARE(result[3], (StepForecast{State::WillRun, u"an earlier step runs"_s}));
}

void TestForecast::everythingIsCachedAfterABuild()
{
    const auto built = plan(u"FROM base AS one\nRUN x\nFROM base\nWORKDIR /w\nCOPY a.txt b.txt ./\n"
                            "COPY --from=one /x /x\nRUN y\nCMD z\n"_s);
    pretendToBuild(built);
    QCOMPARE(states(built), u"CCCCCCCC"_s);
}

void TestForecast::editedFileRunsItsCopyAndLaterSteps()
{
    const auto built = plan(u"FROM base\nCOPY a.txt /\nRUN x\nCOPY b.txt /\nRUN y\n"_s);
    pretendToBuild(built);
    write(u"b.txt"_s, "changed");
    QCOMPARE(states(built), u"CCCRR"_s);
}

void TestForecast::touchedFileStaysCached()
{
    const auto built = plan(u"FROM base\nCOPY a.txt /\n"_s);
    pretendToBuild(built);
    QFile file(m_folder->filePath(u"context/a.txt"_s));
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(
        file.setFileTime(QDateTime::fromSecsSinceEpoch(1'000'000'000), QFileDevice::FileModificationTime));
    file.close();
    QCOMPARE(states(built), u"CC"_s);
}

void TestForecast::buildArgOnlyReachesTheStepsBehindIt()
{
    const QString text = u"FROM base\nRUN x\nARG V=1\nCOPY a.txt /\nRUN y\n"_s;
    pretendToBuild(plan(text));
    QCOMPARE(states(plan(text, {{u"V"_s, u"2"_s}})), u"CCCCR"_s);
    QCOMPARE(states(plan(text, {{u"W"_s, u"2"_s}})), u"CCCCC"_s);
}

void TestForecast::changedStageReachesTheStagesThatCopyFromIt()
{
    const QString rest = u"FROM base\nRUN z\nCOPY --from=one /x /x\nRUN y\n"_s;
    pretendToBuild(plan(u"FROM base AS one\nRUN x\n"_s + rest));
    QCOMPARE(states(plan(u"FROM base AS one\nRUN changed\n"_s + rest)), u"CRCCRR"_s);
}

void TestForecast::urlThatWasNeverFetchedRuns()
{
    const auto result = forecast(plan(u"FROM base\nADD https://example.org/x /x\n"_s));
    QCOMPARE(result[1].state, State::WillRun);
    QVERIFY(result[1].reason.contains(u"never fetched"_s));
}

void TestForecast::urlWithItsDigestIsKnown()
{
    const auto result = forecast(
        plan(u"FROM base\nADD --checksum=sha256:%1 https://example.org/x /x\n"_s.arg(QString(64, u'a'))));
    QCOMPARE(result[1], (StepForecast{State::WillRun, u"never built"_s}));
}

void TestForecast::gitNamesAreUnknownAndCommitsAreNot()
{
    const auto name = forecast(plan(u"FROM base\nADD https://example.org/x.git#main /x\nRUN y\n"_s));
    QCOMPARE(name[1].state, State::Unknown);
    QVERIFY2(name[1].reason.contains(u"\"main\""_s), qPrintable(name[1].reason));
    QCOMPARE(name[2].state, State::Unknown);
    const QString id(40, u'a');
    const auto built = plan(u"FROM base\nADD https://example.org/x.git#%1 /x\n"_s.arg(id));
    QCOMPARE(forecast(built)[1], (StepForecast{State::WillRun, u"never built"_s}));
    pretendToBuild(built);
    QCOMPARE(states(built), u"CC"_s);
    // The same commit by another name, and the same name with another folder.
    QCOMPARE(states(plan(u"FROM base\nADD https://example.org/x.git?checksum=%1#main /x\n"_s.arg(id))),
             u"CC"_s);
    QCOMPARE(states(plan(u"FROM base\nADD https://example.org/x.git#%1:d /x\n"_s.arg(id))), u"CR"_s);
    QCOMPARE(states(plan(u"FROM base\nADD --keep-git-dir https://example.org/x.git#%1 /x\n"_s.arg(id))),
             u"CR"_s);
}

void TestForecast::metadataOfFilesEntersButTimesDoNot()
{
    const auto built = plan(u"FROM base\nCOPY a.txt /\n"_s);
    pretendToBuild(built);
    QVERIFY(QFile::setPermissions(m_folder->filePath(u"context/a.txt"_s), QFile::ReadOwner));
    QCOMPARE(states(built), u"CR"_s);
    for (const QString &flags : {u"--chmod=go+w"_s, u"--chown=7"_s, u"--link"_s, u"--parents"_s})
        QCOMPARE(states(plan(u"FROM base\nCOPY %1 a.txt /\n"_s.arg(flags))), u"CR"_s);
}

void TestForecast::missingSourceIsSaid()
{
    const auto result = forecast(plan(u"FROM base\nCOPY nothing /\nRUN x\n"_s));
    QCOMPARE(result[1].state, State::Unknown);
    QVERIFY2(result[1].reason.contains(u"nothing"_s), qPrintable(result[1].reason));
    QCOMPARE(result[2].state, State::Unknown);
}

void TestForecast::filesStagedForARunThatIsMissingAreStagedAgain()
{
    const auto built = plan(u"FROM base\nRUN x\nCOPY a.txt /\nENV A=1\nRUN y\nCOPY b.txt /\n"_s);
    QCOMPARE(states(built, false), u"CRRRRR"_s);
    pretendToBuild(built, false);
    QCOMPARE(states(built, false), u"CCCCCC"_s);
    write(u"a.txt"_s, "changed");
    QCOMPARE(states(built, false), u"CCRRRR"_s);
}

QTEST_GUILESS_MAIN(TestForecast)
#include "tst_forecast.moc"
