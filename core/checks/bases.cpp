#include "core/checks/checkfile.h"
#include "core/checks/linechecks.h"
#include "core/checks/suggestions.h"
#include "core/dockerfile/expansion.h"
#include "core/dockerfile/goquote.h"
#include "core/images/reference.h"

#include <QCoreApplication>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

// What FROM names.
namespace cooperage::checks {

static QString tr(const char *text)
{
    return QCoreApplication::translate("Checks", text);
}

using Values = QHash<QString, QString>;

static dockerfile::VariableLookup lookupIn(const Values &values)
{
    return [&values](const QString &name) -> std::optional<QString> {
        const auto known = values.constFind(name);
        return known == values.constEnd() ? std::nullopt : std::optional(*known);
    };
}

/// Global ARGs as if no --build-arg were given.
static Values defaultGlobals(const CheckFile &file)
{
    Values values;
    for (const auto &[name, value] : file.settings.platform.asKeyValueRange())
        values.insert(name, value);
    for (const qsizetype line : file.globalArgs) {
        for (const dockerfile::Word &word : file.instruction(line).words) {
            const qsizetype equals = word.text.indexOf(u'=');
            if (equals < 0)
                continue;
            const auto value = dockerfile::expand(word.text.sliced(equals + 1), lookupIn(values),
                                                  {.escape = file.directives.escape});
            values.insert(word.text.first(equals), value ? value->text : QString());
        }
    }
    return values;
}

static void checkUndeclared(const CheckFile &file, qsizetype line, const dockerfile::Word &word,
                            const QStringList &declared, Suggestions &suggestions, Findings &findings)
{
    if (!word.text.contains(u'$'))
        return;
    const auto used =
        dockerfile::expand(word.text, lookupIn(file.globals), {.escape = file.directives.escape});
    if (!used)
        return;
    QStringList names(used->unmatched.begin(), used->unmatched.end());
    names.sort();
    for (const QString &name : std::as_const(names)) {
        if (file.globalNames.contains(name))
            continue;
        const QString meant = suggestions.nearest(name, declared.size(), [&declared] { return declared; });
        const SourceRange range = variableRange(word, name);
        const QList<Fix> fixes = renamed(range, name, meant);
        findings.add(line, u"UndefinedArgInFrom"_s, range,
                     u"FROM argument '%1' is not declared"_s.arg(name) +
                         (meant.isEmpty() ? QString() : u" (did you mean %1?)"_s.arg(meant)),
                     fixes);
    }
}

static void checkConstPlatform(const CheckedStage &stage, const dockerfile::Flag &flag, Findings &findings)
{
    static const QRegularExpression platform(u"^[a-z0-9]+(\\([^)]*\\))?(/[a-z0-9_]+){0,2}$"_s,
                                             QRegularExpression::CaseInsensitiveOption);
    const QString value = *flag.value;
    if (value.contains(u'$') || !platform.match(value).hasMatch())
        return;
    for (const QString &part :
         value.toLower().split(u'/').first(std::min<qsizetype>(2, value.count(u'/') + 1))) {
        if (stage.name.contains(part))
            return;
    }
    findings.add(stage.from, u"FromPlatformFlagConstDisallowed"_s, flag.range,
                 u"FROM --platform flag should not use constant value "_s + dockerfile::goQuoted(value),
                 {replacement(tr("Use $BUILDPLATFORM"), flag.range, u"--platform=$BUILDPLATFORM"_s)});
}

static void checkBasePlatform(const CheckFile &file, const CheckedStage &stage, Findings &findings)
{
    if (stage.base >= 0 || !file.settings.image || stage.baseName.isEmpty() || !stage.reached)
        return;
    const auto image = file.settings.image(stage.baseName);
    const Instruction &from = file.instruction(stage.from);
    QString expected = file.globals.value(u"TARGETPLATFORM"_s);
    if (const auto asked = from.flag(u"platform")) {
        const auto value =
            dockerfile::expand(*asked, lookupIn(file.globals), {.escape = file.directives.escape});
        expected = value ? value->text : QString();
    }
    if (!image || image->platform.isEmpty() || expected.isEmpty() || image->platform == expected)
        return;
    findings.add(stage.from, u"InvalidBaseImagePlatform"_s, from.words.first().range,
                 u"Base image %1 was pulled with platform %2, expected %3 for current build"_s.arg(
                     stage.baseName, dockerfile::goQuoted(image->platform), dockerfile::goQuoted(expected)));
}

/// hadolint's: the version of the image.
static void checkVersion(const CheckFile &file, const CheckedStage &stage, Findings &findings)
{
    const dockerfile::Word &word = file.instruction(stage.from).words.first();
    const QString &text = word.text;
    if (text == "scratch"_L1 || stage.base >= 0 || text.startsWith(u'$') || text.contains(u'@') ||
        images::isUuid(text))
        return;
    const QString last = text.section(u'/', -1);
    const qsizetype colon = last.indexOf(u':');
    if (colon < 0)
        findings.add(stage.from, u"DL3006"_s, word.range,
                     tr("\"%1\" is whatever image has that name today; add a tag or a digest").arg(text));
    else if (last.sliced(colon + 1) == "latest"_L1)
        findings.add(stage.from, u"DL3007"_s, word.range,
                     tr("The tag latest is another image after every release; name the version"));
}

void checkBases(const CheckFile &file, Findings &findings)
{
    const Values defaults = defaultGlobals(file);
    QStringList names(file.globalNames.begin(), file.globalNames.end());
    names.sort();
    Suggestions suggestions;
    for (const CheckedStage &stage : file.stages) {
        const Instruction &from = file.instruction(stage.from);
        const dockerfile::Word &base = from.words.first();
        checkUndeclared(file, stage.from, base, names, suggestions, findings);
        for (const dockerfile::Flag &flag : from.flags) {
            if (flag.name != "platform"_L1 || !flag.value)
                continue;
            checkUndeclared(file, stage.from, {*flag.value, flag.range}, names, suggestions, findings);
            checkConstPlatform(stage, flag, findings);
        }
        const auto name = base.text.contains(u'$') ? dockerfile::expand(base.text, lookupIn(defaults),
                                                                        {.escape = file.directives.escape})
                                                   : Result<dockerfile::Expansion>();
        if (base.text.contains(u'$') && name && !images::Reference::parse(name->text))
            findings.add(
                stage.from, u"InvalidDefaultArgInFrom"_s, base.range,
                u"Default value for ARG %1 results in empty or invalid base image name"_s.arg(base.text));
        checkBasePlatform(file, stage, findings);
        checkVersion(file, stage, findings);
    }
}

} // namespace cooperage::checks
