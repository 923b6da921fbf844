#include "app/cli/cli.h"
#include "app/cli/runoutput.h"
#include "app/cli/sessioncommand.h"
#include "app/cli/support.h"
#include "app/cli/table.h"
#include "app/cli/verbs.h"
#include "core/sessions/sessionrunner.h"

#include <QCoreApplication>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace cooperage::cli {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(Cli)
};

} // namespace

static int reportEntry(const Result<sessions::HistoryEntry> &entry)
{
    if (!entry)
        return fail(entry.error());
    print(QString::number(entry->id));
    return Success;
}

int sessionUse(const SessionContext &context)
{
    const auto engine = openEngine();
    const auto entry = await(sessions::SessionRunner(engine.get(), context.store)
                                 .use(context.session, context.words.first(), interrupted()));
    if (!entry)
        return fail(entry.error());
    printError(Texts::tr("session: %1").arg(printable(context.session)));
    print(entry->image);
    return Success;
}

int sessionRun(const SessionContext &context)
{
    const QString name = verb::session + u" run"_s;
    const auto timeout = context.parser->seconds(u"timeout"_s);
    if (!timeout)
        return Usage;
    const auto environment = variables(context.parser->values(u"env"_s));
    if (!environment)
        return usageError(name, environment.error().text());
    sessions::SessionCommand command{.command = context.words.first(),
                                     .args = context.words.sliced(1),
                                     .variables = *environment,
                                     .disposable = context.parser->isSet(u"disposable"_s),
                                     .timeoutSeconds = *timeout};
    const auto engine = openEngine();
    const auto run = await(sessions::SessionRunner(engine.get(), context.store)
                               .run(context.session, command, writeRaw, interrupted()));
    if (!run)
        return fail(run.error());
    if (run->outcome.outputTruncated)
        printError(Texts::tr("cooperage: the output was too long; the engine kept only part of it"));
    return exitCodeOf(run->outcome);
}

int sessionFolder(const SessionContext &context)
{
    if (context.words.isEmpty()) {
        const auto state = sessions::FreeSessions(*context.store).working(context.session);
        if (!state)
            return fail(state.error());
        print(printable(state->cwd.isEmpty() ? Texts::tr("(the image's)") : state->cwd));
        return Success;
    }
    const auto engine = openEngine();
    return reportEntry(await(sessions::SessionRunner(engine.get(), context.store)
                                 .changeFolder(context.session, context.words.first(), interrupted())));
}

static int printVariables(const SessionContext &context)
{
    const auto state = sessions::FreeSessions(*context.store).working(context.session);
    if (!state)
        return fail(state.error());
    QJsonObject object;
    QStringList lines;
    for (const auto &[name, value] : state->variables.asKeyValueRange()) {
        object.insert(name, value);
        lines.append(printable(name + u'=' + value));
    }
    if (context.json())
        print(QString::fromUtf8(QJsonDocument(object).toJson()).trimmed());
    else if (!lines.isEmpty())
        print(lines.join(u'\n'));
    return Success;
}

int sessionEnvironment(const SessionContext &context)
{
    const QStringList unset = context.parser->values(u"unset"_s);
    if (context.words.isEmpty() && unset.isEmpty())
        return printVariables(context);
    const auto given = variables(context.words);
    if (!given)
        return usageError(verb::session + u" env"_s, given.error().text());
    QMap<QString, std::optional<QString>> changes;
    for (const QString &name : unset)
        changes.insert(name, std::nullopt);
    for (const auto &[name, value] : given->asKeyValueRange())
        changes.insert(name, value);
    return reportEntry(sessions::FreeSessions(*context.store).changeVariables(context.session, changes));
}

int sessionAdd(const SessionContext &context)
{
    const auto engine = openEngine();
    return reportEntry(await(sessions::SessionRunner(engine.get(), context.store)
                                 .addFiles(context.session, context.words.first(context.words.size() - 1),
                                           context.words.last(), interrupted())));
}

} // namespace cooperage::cli
