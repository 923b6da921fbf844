#include "app/cli/cli.h"
#include "app/cli/sessioncommand.h"
#include "app/cli/support.h"
#include "app/cli/table.h"
#include "app/cli/verbs.h"
#include "core/sessions/branches.h"
#include "core/sessions/freesessions.h"
#include "core/sessions/sessionlist.h"
#include "core/sessions/sessionnames.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <ranges>

using namespace Qt::StringLiterals;

namespace cooperage::cli {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(Cli)
};

} // namespace

static QString timeText(const QDateTime &time)
{
    return time.toLocalTime().toString(u"yyyy-MM-dd hh:mm:ss"_s);
}

static QJsonValue orNull(const QString &text)
{
    return text.isEmpty() ? QJsonValue() : QJsonValue(text);
}

static QJsonObject toJson(const sessions::SessionSummary &summary)
{
    QJsonObject object{{u"session"_s, summary.name},
                       {u"branch"_s, summary.activeBranch},
                       {u"image"_s, orNull(summary.image)},
                       {u"entries"_s, summary.entries},
                       {u"branches"_s, summary.branches},
                       {u"updated_at"_s, summary.updatedAt.toString(Qt::ISODateWithMs)}};
    if (summary.deletedAt.isValid())
        object.insert(u"deleted_at"_s, summary.deletedAt.toString(Qt::ISODateWithMs));
    return object;
}

int sessionList(const SessionContext &context)
{
    sessions::SessionList list(*context.store);
    const auto found =
        context.parser->isSet(u"deleted"_s) ? list.deleted() : list.list(context.parser->value(u"filter"_s));
    if (!found)
        return fail(found.error());
    if (context.json()) {
        QJsonArray array;
        for (const sessions::SessionSummary &summary : *found)
            array.append(toJson(summary));
        print(QString::fromUtf8(QJsonDocument(array).toJson()).trimmed());
        return Success;
    }
    QList<QStringList> rows{{u""_s, Texts::tr("SESSION"), Texts::tr("BRANCH"), Texts::tr("IMAGE"),
                             Texts::tr("ENTRIES"), Texts::tr("BRANCHES"), Texts::tr("USED")}};
    for (const sessions::SessionSummary &summary : *found)
        rows.append({summary.name == context.session ? u"*"_s : u""_s, summary.name, summary.activeBranch,
                     summary.image, QString::number(summary.entries), QString::number(summary.branches),
                     timeText(summary.updatedAt)});
    print(tableText(rows, {4, 5}));
    return Success;
}

// Of a build's session there is no working state.
static std::optional<sessions::WorkingState> workingIn(const SessionContext &context, const QString &name)
{
    const auto state = sessions::FreeSessions(*context.store).working(name);
    return state ? std::optional(*state) : std::nullopt;
}

static QStringList branchesAt(const sessions::SessionView &view, qint64 entry)
{
    QStringList names;
    for (const sessions::Branch &branch : view.branches) {
        if (branch.tip == entry)
            names.append(branch.name == view.activeBranch ? branch.name + u" (HEAD)"_s : branch.name);
    }
    return names;
}

static QJsonObject toJson(const sessions::SessionView &view,
                          const std::optional<sessions::WorkingState> &state, qsizetype limit)
{
    QJsonArray entries;
    for (const sessions::HistoryEntry &entry : view.entries | std::views::reverse | std::views::take(limit))
        entries.append(
            QJsonObject{{u"id"_s, entry.id},
                        {u"parent"_s, entry.parent ? QJsonValue(entry.parent) : QJsonValue()},
                        {u"kind"_s, entry.kind},
                        {u"title"_s, entry.title},
                        {u"image"_s, entry.image},
                        {u"operation"_s, orNull(entry.operation)},
                        {u"exit_code"_s, entry.exitCode ? QJsonValue(*entry.exitCode) : QJsonValue()},
                        {u"created_at"_s, entry.createdAt.toString(Qt::ISODateWithMs)}});
    QJsonObject branches;
    for (const sessions::Branch &branch : view.branches)
        branches.insert(branch.name, branch.tip);
    QJsonObject object{{u"session"_s, view.name},
                       {u"branch"_s, view.activeBranch},
                       {u"head"_s, view.head() ? QJsonValue(view.head()) : QJsonValue()},
                       {u"branches"_s, branches},
                       {u"history"_s, entries}};
    if (state) {
        QJsonObject variables;
        for (const auto &[name, value] : state->variables.asKeyValueRange())
            variables.insert(name, value);
        QJsonArray files;
        for (const sessions::PendingFile &file : state->files)
            files.append(QJsonObject{{u"path"_s, file.path}, {u"size"_s, file.size}});
        object.insert(u"image"_s, state->head.image);
        object.insert(u"cwd"_s, orNull(state->cwd));
        object.insert(u"env"_s, variables);
        object.insert(u"files"_s, files);
    }
    return object;
}

static QString describe(const sessions::SessionView &view, const std::optional<sessions::WorkingState> &state)
{
    QList<QStringList> rows{{Texts::tr("session"), view.name}, {Texts::tr("branch"), view.activeBranch}};
    if (state) {
        rows.append({Texts::tr("image"), state->head.image});
        rows.append({Texts::tr("folder"), state->cwd.isEmpty() ? Texts::tr("(the image's)") : state->cwd});
        rows.append({Texts::tr("variables"), QStringList(state->variables.keys()).join(u' ')});
        for (const sessions::PendingFile &file : state->files)
            rows.append({Texts::tr("added"), file.path});
    }
    return tableText(rows);
}

int sessionShow(const SessionContext &context)
{
    const QString name = context.words.value(0, context.session);
    bool isNumber = false;
    const qsizetype limit = context.parser->value(u"limit"_s).toLongLong(&isNumber);
    if (!isNumber || limit < 0)
        return usageError(verb::session + u" show"_s, Texts::tr("--limit wants a number"));
    const auto view = sessions::Branches(*context.store).view(name);
    if (!view)
        return fail(view.error());
    const auto state = workingIn(context, name);
    if (context.json()) {
        print(QString::fromUtf8(QJsonDocument(toJson(*view, state, limit)).toJson()).trimmed());
        return Success;
    }
    QList<QStringList> rows{{Texts::tr("ENTRY"), Texts::tr("PARENT"), Texts::tr("KIND"), Texts::tr("CREATED"),
                             Texts::tr("IMAGE"), Texts::tr("EXIT"), Texts::tr("TITLE"),
                             Texts::tr("BRANCHES")}};
    for (const sessions::HistoryEntry &entry : view->entries | std::views::reverse | std::views::take(limit))
        rows.append({QString::number(entry.id), entry.parent ? QString::number(entry.parent) : QString(),
                     entry.kind, timeText(entry.createdAt), entry.image,
                     entry.exitCode ? QString::number(*entry.exitCode) : QString(), entry.title.left(60),
                     branchesAt(*view, entry.id).join(u", "_s)});
    print(describe(*view, state) + u"\n\n"_s + tableText(rows, {0, 1, 5}));
    return Success;
}

int sessionBranch(const SessionContext &context)
{
    sessions::Branches branches(*context.store);
    const auto view = branches.view(context.session);
    if (!view)
        return fail(view.error());
    if (!context.words.isEmpty()) {
        const auto made = sessions::Position::parse(context.parser->value(u"at"_s))
                              .and_then([&](const sessions::Position &position) {
                                  return position.find(view->entries, view->head());
                              })
                              .and_then([&](qint64 entry) {
                                  return branches.create(context.session, context.words.first(), entry);
                              });
        return made ? Success : fail(made.error());
    }
    if (context.json()) {
        print(QString::fromUtf8(QJsonDocument(toJson(*view, {}, 0)[u"branches"_s].toObject()).toJson())
                  .trimmed());
        return Success;
    }
    QList<QStringList> rows{{u""_s, Texts::tr("BRANCH"), Texts::tr("ENTRY")}};
    for (const sessions::Branch &branch : view->branches)
        rows.append(
            {branch.name == view->activeBranch ? u"*"_s : u""_s, branch.name, QString::number(branch.tip)});
    print(tableText(rows, {2}));
    return Success;
}

int sessionCheckout(const SessionContext &context)
{
    const auto done = sessions::Branches(*context.store).checkout(context.session, context.words.first());
    return done ? Success : fail(done.error());
}

int sessionRollback(const SessionContext &context)
{
    const auto entry =
        sessions::Position::parse(context.words.first()).and_then([&](const sessions::Position &position) {
            return sessions::Branches(*context.store).rollback(context.session, position);
        });
    if (!entry)
        return fail(entry.error());
    print(QString::number(*entry));
    return Success;
}

int sessionRename(const SessionContext &context)
{
    const auto done = sessions::SessionList(*context.store).rename(context.session, context.words.first());
    return done ? Success : fail(done.error());
}

int sessionDelete(const SessionContext &context)
{
    sessions::SessionList list(*context.store);
    const QString name = context.words.value(0, context.session);
    const auto removed = list.remove(name).and_then([&](const QString &) {
        return list.purge(QDateTime::currentDateTimeUtc().addDays(-sessions::restorableDays));
    });
    if (!removed)
        return fail(removed.error());
    printError(Texts::tr("Deleted; `cooperage session restore %1` brings it back.").arg(name));
    return Success;
}

int sessionRestore(const SessionContext &context)
{
    sessions::SessionList list(*context.store);
    const auto deleted = list.deleted();
    if (!deleted)
        return fail(deleted.error());
    const auto found = std::ranges::find(*deleted, context.words.first(), &sessions::SessionSummary::name);
    if (found == deleted->end())
        return fail({ErrorKind::NotFound, Texts::tr("No deleted session of that name can be restored"),
                     context.words.first(), Texts::tr("`cooperage session list --deleted` lists them.")});
    const auto restored = list.restore(found->key);
    return restored ? Success : fail(restored.error());
}

} // namespace cooperage::cli
