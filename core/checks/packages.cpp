#include "core/checks/linechecks.h"
#include "core/checks/runscript.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

// RUN's package managers.
namespace cooperage::checks {

static QString tr(const char *text)
{
    return QCoreApplication::translate("Checks", text);
}

/// The words behind `subcommand` that are no options, and no values of those in `valued`.
static QList<ShellWord> operands(const ShellCommand &command, QStringView subcommand,
                                 const QStringList &valued)
{
    QList<ShellWord> result;
    bool behind = false;
    for (qsizetype i = 1; i < command.words.size(); ++i) {
        const ShellWord &word = command.words[i];
        if (valued.contains(word.text))
            ++i;
        else if (word.text.startsWith(u'-'))
            continue;
        else if (behind)
            result.append(word);
        else
            behind = word.text == subcommand;
    }
    return result;
}

/// A variable may hold a version.
static bool isUnknown(const ShellWord &word)
{
    return word.text.contains(u'$') || word.text.contains(u'`');
}

static const QStringList &aptValued()
{
    static const QStringList options{u"-t"_s, u"--target-release"_s, u"-o"_s, u"--option"_s, u"-c"_s};
    return options;
}

static void checkAptInstall(const ShellCommand &command, QList<Diagnostic> &diagnostics)
{
    const ShellWord *install = command.argument(u"install");
    if (!install)
        return;
    for (const ShellWord &package : operands(command, u"install", aptValued())) {
        const bool pinned =
            package.text.contains(u'=') || package.text.contains(u'/') || package.text.endsWith(".deb"_L1);
        if (!pinned && !isUnknown(package))
            addFinding(diagnostics, u"DL3008"_s, rangeOf(package),
                       tr("No version is given for the package %1: write %1=VERSION").arg(package.text));
    }
    bool without = command.has(u"--no-install-recommends");
    for (const ShellWord &word : command.words)
        without = without || word.text.contains("APT::Install-Recommends=false"_L1) ||
                  word.text.contains("APT::Install-Recommends=0"_L1);
    if (!without)
        addFinding(diagnostics, u"DL3015"_s, rangeOf(*install),
                   tr("apt-get install brings recommended packages, too"),
                   {{tr("Add --no-install-recommends"),
                     {{install->end, install->end, u" --no-install-recommends"_s}}}});
}

static bool removesLists(const ShellCommand &command)
{
    if (command.name() != "rm"_L1)
        return false;
    return command.has(u"/var/lib/apt/lists/*") || command.has(u"/var/lib/apt/lists/") ||
           command.has(u"/var/lib/apt/lists");
}

static void checkApk(const ShellCommand &command, QList<Diagnostic> &diagnostics)
{
    static const QStringList valued{u"-t"_s,           u"--virtual"_s, u"-X"_s,
                                    u"--repository"_s, u"-p"_s,        u"--root"_s};
    if (!command.has(u"add"))
        return;
    for (const ShellWord &package : operands(command, u"add", valued)) {
        const bool pinned = package.text.contains(u'=') || package.text.contains(u'~') ||
                            package.text.contains(u'<') || package.text.contains(u'>') ||
                            package.text.endsWith(".apk"_L1);
        if (!pinned && !isUnknown(package))
            addFinding(diagnostics, u"DL3018"_s, rangeOf(package),
                       tr("No version is given for the package %1: write %1=VERSION").arg(package.text));
    }
}

void checkPackages(const Instruction &run, const RunScript &script, CheckedLine &line)
{
    bool removed = mountsOver(run, u"/var/lib/apt/lists");
    std::optional<SourceRange> update;
    for (const ShellCommand &command : script.commands) {
        const QString name = command.name();
        if (name == "apt-get"_L1)
            checkAptInstall(command, line.diagnostics);
        else if (name == "apk"_L1)
            checkApk(command, line.diagnostics);
        const bool apt = name == "apt-get"_L1 || name == "apt"_L1 || name == "aptitude"_L1;
        if (const ShellWord *word = apt ? command.argument(u"update") : nullptr; word && !update)
            update = SourceRange{command.words.first().begin, word->end, 0, 0};
        removed = removed || removesLists(command);
    }
    if (!removed)
        line.facts.aptUpdate = update;
}

/// The arguments from `install` on, where the command is pip's: `pip`, `pip3.11`, `python3 -m pip`.
static std::optional<ShellCommand> pipInstall(const ShellCommand &command)
{
    qsizetype first = 0;
    const bool python = command.name().startsWith("python"_L1) && command.words.size() > 3 &&
                        command.words[1].text == "-m"_L1;
    if (python)
        first = 2;
    const QString name = command.words.isEmpty() ? QString() : command.words[first].text;
    const bool isPip =
        name == "pip"_L1 || name == "pip2"_L1 || name == "pip3"_L1 || name.startsWith("pip3."_L1);
    if (!isPip)
        return std::nullopt;
    ShellCommand result{command.assignments, command.words.sliced(first)};
    return result.has(u"install") ? std::optional(result) : std::nullopt;
}

static bool isPinnedPip(const QString &package)
{
    static const QStringList marks{u"="_s, u"<"_s, u">"_s, u"~="_s, u"!="_s, u"@"_s, u"://"_s, u"/"_s};
    for (const QString &mark : marks) {
        if (package.contains(mark))
            return true;
    }
    return package.startsWith(u'.') || package.endsWith(".whl"_L1) || package.endsWith(".tar.gz"_L1) ||
           package.endsWith(".zip"_L1);
}

static void checkPipVersions(const ShellCommand &pip, QList<Diagnostic> &diagnostics)
{
    static const QStringList valued{u"-i"_s,
                                    u"--index-url"_s,
                                    u"--extra-index-url"_s,
                                    u"-f"_s,
                                    u"--find-links"_s,
                                    u"-t"_s,
                                    u"--target"_s,
                                    u"--prefix"_s,
                                    u"--root"_s,
                                    u"--trusted-host"_s,
                                    u"--platform"_s,
                                    u"--python-version"_s,
                                    u"-e"_s,
                                    u"--editable"_s,
                                    u"--progress-bar"_s,
                                    u"--cache-dir"_s,
                                    u"--timeout"_s,
                                    u"--retries"_s,
                                    u"--proxy"_s,
                                    u"--src"_s,
                                    u"--only-binary"_s,
                                    u"--no-binary"_s,
                                    u"--implementation"_s,
                                    u"--abi"_s,
                                    u"--log"_s};
    for (const ShellWord &word : pip.words) {
        const QString &text = word.text;
        if (text == "-r"_L1 || text.startsWith("--requirement"_L1) || text == "-c"_L1 ||
            text.startsWith("--constraint"_L1))
            return;
    }
    for (const ShellWord &package : operands(pip, u"install", valued)) {
        if (!isPinnedPip(package.text) && !isUnknown(package))
            addFinding(diagnostics, u"DL3013"_s, rangeOf(package),
                       tr("No version is given for the package %1: write %1==VERSION, or list it with its "
                          "version in a requirements file")
                           .arg(package.text));
    }
}

void checkPip(const Instruction &run, const RunScript &script, CheckedLine &line)
{
    const bool cacheIsMounted = mountsOver(run, u"/.cache/pip");
    bool switchedOff = false;
    for (const ShellCommand &command : script.commands) {
        for (const ShellWord &word : command.assignments)
            switchedOff = switchedOff || word.text.startsWith("PIP_NO_CACHE_DIR="_L1);
        if (command.name() == "export"_L1)
            switchedOff = switchedOff || std::ranges::any_of(command.words, [](const ShellWord &word) {
                              return word.text.startsWith("PIP_NO_CACHE_DIR="_L1);
                          });
        const std::optional<ShellCommand> pip = pipInstall(command);
        if (!pip)
            continue;
        checkPipVersions(*pip, line.diagnostics);
        if (!cacheIsMounted && !switchedOff && !pip->has(u"--no-cache-dir"))
            line.facts.cachingPips.append(rangeOf(*pip->argument(u"install")));
    }
}

} // namespace cooperage::checks
