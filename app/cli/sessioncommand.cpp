#include "app/cli/sessioncommand.h"

#include "app/cli/cli.h"
#include "app/cli/support.h"
#include "app/cli/verbs.h"
#include "core/sessions/sessionnames.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>
#include <limits>

using namespace Qt::StringLiterals;

namespace cooperage::cli {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(Cli)
};

constexpr qsizetype anyNumber = std::numeric_limits<qsizetype>::max();

struct SubCommand
{
    QString name;
    QString synopsis;
    const char *description;
    QStringList examples; ///< What follows `cooperage session NAME`.
    qsizetype fewest;
    qsizetype most;
    int (*run)(const SessionContext &context);
};

} // namespace

static const QList<SubCommand> &subCommands()
{
    static const QList<SubCommand> table{
        {u"list"_s,
         u""_s,
         QT_TRANSLATE_NOOP("Cli", "Lists sessions, the last used first."),
         {u""_s, u" --filter build:"_s, u" --deleted"_s},
         0,
         0,
         sessionList},
        {u"show"_s,
         u"[NAME]"_s,
         QT_TRANSLATE_NOOP("Cli", "Shows a session: where it stands, its branches and its history."),
         {u""_s, u" build:dae668e4084f07b6 --limit 5"_s},
         0,
         1,
         sessionShow},
        {u"use"_s,
         u"IMAGE"_s,
         QT_TRANSLATE_NOOP("Cli", "Starts the session from an image, or goes on with another one. Folder, "
                                  "variables and files of before no longer count then."),
         {u" busybox:latest"_s, u" -S try ubuntu:24.04"_s},
         1,
         1,
         sessionUse},
        {u"run"_s,
         u"-- COMMAND [ARGUMENT...]"_s,
         QT_TRANSLATE_NOOP("Cli",
                           "Runs a command where the session stands: with its folder, variables and added "
                           "files. The session goes on to what the command left, also where it failed; "
                           "`rollback -1` takes that back. The exit code is the command's."),
         {u" -- apt-get update"_s, u" --disposable -- ls -l"_s},
         1,
         anyNumber,
         sessionRun},
        {u"cd"_s,
         u"[FOLDER]"_s,
         QT_TRANSLATE_NOOP("Cli", "Sets the folder for later runs, or prints it."),
         {u" /srv/app"_s, u" .."_s},
         0,
         1,
         sessionFolder},
        {u"env"_s,
         u"[NAME=VALUE...]"_s,
         QT_TRANSLATE_NOOP("Cli",
                           "Sets variables for later runs, or prints them. They are kept in the session's "
                           "file: give a secret to one run by `run --env NAME`, which keeps nothing."),
         {u" DEBUG=1 LANG=C"_s, u" --unset DEBUG"_s},
         0,
         anyNumber,
         sessionEnvironment},
        {u"add"_s,
         u"SOURCE... TARGET"_s,
         QT_TRANSLATE_NOOP("Cli",
                           "Adds files and folders of this computer for the next run. TARGET is a folder "
                           "where it ends in \"/\" or there are several sources."),
         {u" main.py /srv/app/"_s, u" src /srv/app/src"_s},
         2,
         anyNumber,
         sessionAdd},
        {u"branch"_s,
         u"[NAME]"_s,
         QT_TRANSLATE_NOOP("Cli",
                           "Makes a branch where the session stands, or at another place of its history; "
                           "without a name lists the branches."),
         {u" try"_s, u" before --at HEAD~2"_s},
         0,
         1,
         sessionBranch},
        {u"checkout"_s,
         u"BRANCH"_s,
         QT_TRANSLATE_NOOP("Cli", "Makes a branch the active one."),
         {u" main"_s},
         1,
         1,
         sessionCheckout},
        {u"rollback"_s,
         u"PLACE"_s,
         QT_TRANSLATE_NOOP("Cli",
                           "Moves the active branch: -N entries back, +N forward, or to entry N. Nothing is "
                           "lost: what came after stays in the history."),
         {u" -1"_s, u" HEAD~3"_s, u" +1"_s, u" 42"_s},
         1,
         1,
         sessionRollback},
        {u"rename"_s,
         u"NAME"_s,
         QT_TRANSLATE_NOOP("Cli", "Gives the session another name."),
         {u" -S old new"_s},
         1,
         1,
         sessionRename},
        {u"delete"_s,
         u"[NAME]"_s,
         QT_TRANSLATE_NOOP("Cli", "Deletes a session; its images stay. For a week `restore` brings it back."),
         {u" try"_s},
         0,
         1,
         sessionDelete},
        {u"restore"_s,
         u"NAME"_s,
         QT_TRANSLATE_NOOP("Cli", "Brings back the session of that name deleted last."),
         {u" try"_s},
         1,
         1,
         sessionRestore},
    };
    return table;
}

static QString overview()
{
    QString lines;
    for (const SubCommand &sub : subCommands())
        lines += u"  %1 %2\n      %3\n"_s.arg(sub.name, sub.synopsis, Texts::tr(sub.description));
    return Texts::tr(
               "Usage: cooperage session COMMAND [options]\n\n"
               "Works step by step in images and keeps the history of it. Every step is an entry that can be "
               "gone back to.\n\nCommands:\n%1\n"
               "A session is named by -S NAME, else by COOPERAGE_SESSION, else by CONTREE_SESSION; without "
               "them every folder has one in each terminal.\n\n"
               "Examples:\n  cooperage session use busybox:latest\n"
               "  cooperage session run -- sh -c 'echo hello > /greeting'\n"
               "  cooperage session rollback -1")
        .arg(lines);
}

// `rollback -1`: a place, not an option.
static QStringList withPlaces(QStringList arguments)
{
    static const QRegularExpression back(u"^-[0-9]+$"_s);
    const qsizetype place = arguments.indexOf(back);
    if (place >= 0 && !arguments.first(place).contains("--"_L1)) {
        const QString text = arguments.takeAt(place);
        arguments << u"--"_s << text;
    }
    return arguments;
}

static void addOptions(VerbParser &parser, const QString &name)
{
    parser.addOptions({{{u"S"_s, u"session"_s}, Texts::tr("The session's name."), u"name"_s},
                       {u"format"_s, Texts::tr("table or json."), u"format"_s, u"table"_s}});
    if (name == "list"_L1)
        parser.addOptions({{u"filter"_s, Texts::tr("Only names that begin with <text>."), u"text"_s},
                           {u"deleted"_s, Texts::tr("Deleted sessions that can be restored.")}});
    else if (name == "show"_L1)
        parser.addOption({u"limit"_s, Texts::tr("Show the last <number> entries."), u"number"_s, u"50"_s});
    else if (name == "run"_L1)
        parser.addOptions(
            {{u"env"_s, Texts::tr("A variable for this run only; may be repeated."), u"NAME[=VALUE]"_s},
             {u"disposable"_s, Texts::tr("Keep nothing of what the command changes.")},
             {u"timeout"_s, Texts::tr("End the command after <seconds>."), u"seconds"_s, u"600"_s}});
    else if (name == "env"_L1)
        parser.addOption({u"unset"_s, Texts::tr("Take a variable away; may be repeated."), u"NAME"_s});
    else if (name == "branch"_L1)
        parser.addOption(
            {u"at"_s, Texts::tr("Where: -N, HEAD~N, or an entry's number."), u"place"_s, u"@"_s});
}

static int runSub(const SubCommand &sub, const QStringList &arguments)
{
    const QString name = verb::session + u' ' + sub.name;
    QStringList examples;
    for (const QString &example : sub.examples)
        examples.append(u"cooperage "_s + name + example);
    VerbParser parser(name, sub.synopsis, Texts::tr(sub.description), examples);
    addOptions(parser, sub.name);
    if (const auto done =
            parser.parse(sub.name == "rollback"_L1 ? withPlaces(arguments) : arguments, sub.fewest, sub.most))
        return *done;
    const QString format = parser.value(u"format"_s);
    if (format != "table"_L1 && format != "json"_L1)
        return usageError(name, Texts::tr("there is no format \"%1\"").arg(format));
    const auto store = sessions::SessionStore::open(sessions::SessionStore::defaultFile(), engineScope());
    if (!store)
        return fail(store.error());
    const QString given = parser.value(u"session"_s);
    return sub.run({.words = parser.positionalArguments(),
                    .parser = &parser,
                    .store = store->get(),
                    .session = given.isEmpty() ? sessions::defaultSessionName() : given});
}

int runSession(const QStringList &arguments)
{
    const QString name = arguments.value(0);
    if (name.isEmpty() || name == "--help"_L1 || name == "-h"_L1) {
        if (name.isEmpty())
            return usageError(verb::session, Texts::tr("a command is missing: list, show, use, run..."));
        print(overview());
        return Success;
    }
    const auto sub = std::ranges::find(subCommands(), name, &SubCommand::name);
    if (sub == subCommands().end())
        return usageError(verb::session, Texts::tr("there is no command \"%1\"").arg(name));
    return runSub(*sub, arguments.sliced(1));
}

} // namespace cooperage::cli
