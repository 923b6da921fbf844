#include "core/checks/checker.h"
#include "core/context/gitsource.h"
#include "core/context/glob.h"
#include "core/context/ignorerules.h"
#include "core/context/modechange.h"
#include "core/dockerfile/expansion.h"
#include "core/dockerfile/parser.h"
#include "core/dockerfile/stages.h"
#include "core/images/reference.h"
#include "tests/fuzz/targets/targets.h"

using namespace Qt::StringLiterals;

namespace cooperage::fuzz {

static std::optional<QString> variable(const QString &name)
{
    if (name == "EMPTY"_L1)
        return QString();
    return name.startsWith(u'U') ? std::nullopt : std::optional(u"va*l/ue "_s + name);
}

static void checkRange(const dockerfile::SourceRange &range, qsizetype length)
{
    must(range.begin >= 0 && range.begin <= range.end && range.end <= length, "ranges lie in the text");
    must(range.firstLine <= range.lastLine, "ranges begin before they end");
}

void dockerfile(const QByteArray &bytes)
{
    const dockerfile::Dockerfile file = dockerfile::parseBytes(bytes);
    for (const dockerfile::Instruction &instruction : file.instructions) {
        checkRange(instruction.range, file.text.size());
        checkRange(instruction.keywordRange, file.text.size());
        for (const dockerfile::Word &word : instruction.words) {
            checkRange(word.range, file.text.size());
            (void)dockerfile::expand(word.text, variable, {file.directives.escape});
        }
        for (const dockerfile::Heredoc &heredoc : instruction.heredocs)
            checkRange(heredoc.bodyRange, file.text.size());
    }
    for (const dockerfile::Diagnostic &diagnostic : file.diagnostics)
        checkRange(diagnostic.range, file.text.size());
    (void)file.treeText();
    if (!file.hasErrors())
        (void)dockerfile::stagesOf(file);
}

/// The second part is a text that the first one becomes: what is kept of the lines must not show.
void checkedDockerfile(const QByteArray &bytes)
{
    const auto [before, after] = twoParts(bytes);
    checks::Checker checker;
    for (const QByteArray &part : {before, after}) {
        const QString text = QString::fromUtf8(part);
        const checks::CheckResult result = checker.check(text);
        must(result.diagnostics == checks::Checker().check(text).diagnostics,
             "a text checked again is one checked anew");
        for (const dockerfile::Diagnostic &diagnostic :
             result.diagnostics.first(std::min<qsizetype>(result.diagnostics.size(), 20))) {
            checkRange(diagnostic.range, text.size());
            for (const dockerfile::Fix &fix : diagnostic.fixes) {
                for (const dockerfile::TextEdit &edit : fix.edits)
                    checkRange({edit.begin, edit.end, 0, 0}, text.size());
                (void)checks::applied(text, fix);
            }
            (void)checks::ignoreHere(text, diagnostic.rule, diagnostic.range.begin);
            (void)checks::ignoreInFile(text, diagnostic.rule);
        }
    }
}

void expansion(const QByteArray &bytes)
{
    const QString text = QString::fromUtf8(bytes);
    for (const QChar escape : {u'\\', u'`'}) {
        for (const bool keepQuotes : {false, true}) {
            const dockerfile::ExpansionOptions options{escape, keepQuotes};
            const auto whole = dockerfile::expand(text, variable, options);
            const auto words = dockerfile::expandWords(text, variable, options);
            must(whole.has_value() == words.has_value(), "splitting changes nothing about what is valid");
        }
    }
}

void ignoreRules(const QByteArray &bytes)
{
    const auto [content, path] = twoParts(bytes);
    const auto rules = context::IgnoreRules::compile(
        context::IgnoreRules::read(QString::fromUtf8(content), u".dockerignore"_s));
    if (!rules)
        return;
    const QStringList parts = QString::fromUtf8(path).split(u'/', Qt::SkipEmptyParts);
    context::IgnoreHits hits;
    QString at;
    for (const QString &part : parts) {
        at += at.isEmpty() ? part : u'/' + part;
        context::IgnoreHits own;
        const auto quick = rules->decide(at, hits, &own);
        const auto plain = rules->decide(at);
        must(quick.has_value() == plain.has_value(), "both ways to decide fail alike");
        if (!quick)
            return;
        must(quick->ignored == plain->ignored, "both ways to decide agree");
        (void)rules->mayReincludeBelow(at);
        hits = own;
    }
}

void globPattern(const QByteArray &bytes)
{
    const auto [pattern, text] = twoParts(bytes);
    const QString words = QString::fromUtf8(pattern);
    if (const auto glob = context::Glob::compile(words); glob && !context::Glob::hasWildcards(words))
        must(glob->matches(context::Glob::unescaped(words)),
             "a pattern without wildcards matches its own text");
    else if (glob)
        (void)glob->matches(QString::fromUtf8(text));
}

void gitSource(const QByteArray &bytes)
{
    const QString text = QString::fromUtf8(bytes);
    const auto source = context::parseGitSource(text);
    if (!source || !context::isGitSource(text))
        return;
    must(!source->remote.startsWith(u'-'), "a repository is never an option of git");
    const QStringList folders = source->folder.split(u'/');
    must(!folders.contains(u".."_s), "a folder lies in the repository");
    (void)source->displayName();
    (void)source->knownCommit();
}

void modeChange(const QByteArray &bytes)
{
    const auto change = context::ModeChange::parse(QString::fromUtf8(bytes));
    for (const quint32 mode : {0U, 0644U, 0755U, 07777U})
        must(!change || change->apply(mode, false) <= 07777, "a mode has twelve bits");
}

void reference(const QByteArray &bytes)
{
    const QString text = QString::fromUtf8(bytes);
    (void)images::derivedTag(text);
    (void)images::checkTag(text);
    (void)images::isUuid(text);
    const auto parsed = images::Reference::parse(text);
    if (!parsed)
        return;
    const auto again = images::Reference::parse(parsed->toString());
    must(again && *again == *parsed, "a normalised reference is the same once more");
    (void)parsed->apiHost();
    (void)parsed->isLoopback();
}

} // namespace cooperage::fuzz
