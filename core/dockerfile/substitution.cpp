// `$name` and `${name...}` of the lexer (spec 2.3).

#include "core/dockerfile/shelllexer.h"
#include "core/dockerfile/shellpattern.h"

#include <QScopeGuard>

namespace cooperage::dockerfile {

using namespace Qt::StringLiterals;

/// Deeper than any file a person writes, and far from the end of the stack.
static constexpr int maximalDepth = 200;

using Lexed = std::expected<QString, QString>;

static std::unexpected<QString> unsupportedModifier(const QString &modifier)
{
    return std::unexpected(u"unsupported modifier ("_s + modifier + u") in substitution"_s);
}

static std::unexpected<QString> invalidPattern(const QString &pattern, const QString &reason)
{
    return std::unexpected(u"invalid pattern ("_s + pattern + u") in substitution: "_s + reason);
}

/// `${v#pat}` and its three likes; `pattern` begins with a second operator for the longest match.
static Lexed trimmed(QChar op, QString pattern, const QString &value)
{
    auto length = ShellPattern::Length::Shortest;
    if (pattern.startsWith(op)) {
        length = ShellPattern::Length::Longest;
        pattern.remove(0, 1);
    }
    const auto compiled = ShellPattern::compile(pattern);
    if (!compiled)
        return invalidPattern(pattern, compiled.error());
    return op == u'#' ? compiled->withoutPrefix(value, length) : compiled->withoutSuffix(value, length);
}

Lexed ShellLexer::readDollar()
{
    ++m_at;
    if (isNext(u'{')) {
        const auto leave = qScopeGuard([this] { --m_depth; });
        if (++m_depth > maximalDepth)
            return std::unexpected(u"syntax error: substitutions are nested too deeply"_s);
        ++m_at;
        return readSubstitution();
    }
    const QString name = readName();
    if (name.isEmpty())
        return u"$"_s;
    const std::optional<QString> value = lookUp(name);
    if (!value && m_rules.keepUnset)
        return u'$' + name;
    return value.value_or(QString());
}

Lexed ShellLexer::readSubstitution()
{
    if (atEnd())
        return std::unexpected(u"syntax error: missing '}'"_s);
    if (isNext(u'{') || isNext(u'}') || isNext(u':'))
        return std::unexpected(u"syntax error: bad substitution"_s);
    const QString name = readName();
    QString modifier = readCharacter();
    if (modifier == u'}') {
        const std::optional<QString> value = lookUp(name);
        if (!value && m_rules.keepUnset)
            return u"${"_s + name + u'}';
        return value.value_or(QString());
    }
    if (modifier == u'/')
        return readReplacement(name);
    if (modifier == u':')
        modifier += readCharacter();
    else if (!u"+-?#%"_s.contains(modifier))
        return unsupportedModifier(modifier);
    return readModified(name, modifier);
}

Lexed ShellLexer::unfinished(const Lexed &part, const QString &message) const
{
    return atEnd() ? Lexed(std::unexpected(message)) : part;
}

Lexed ShellLexer::readModified(const QString &name, const QString &modifier)
{
    const QChar op = modifier.back();
    const bool colon = modifier.size() > 1;
    const bool isPattern = op == u'#' || op == u'%';
    const Lexed word = readUntil(u'}', isPattern);
    if (!word)
        return unfinished(word, u"syntax error: missing '}'"_s);

    const std::optional<QString> value = lookUp(name);
    if (!value && m_rules.keepUnset)
        return u"${"_s + name + modifier + *word + u'}';
    const bool missing = !value || (colon && value->isEmpty());
    if (op == u'-')
        return missing ? *word : *value;
    if (op == u'+')
        return missing ? QString() : *word;
    if (op == u'?' && missing) {
        const QString reason = value ? u"is not allowed to be empty"_s : u"is not allowed to be unset"_s;
        return std::unexpected(name + u": "_s + (word->isEmpty() ? reason : *word));
    }
    if (op == u'?')
        return *value;
    if (isPattern && !colon)
        return trimmed(op, *word, value.value_or(QString()));
    return unsupportedModifier(modifier);
}

Lexed ShellLexer::readReplacement(const QString &name)
{
    const bool all = isNext(u'/');
    if (all)
        ++m_at;
    const Lexed pattern = readUntil(u'/', true);
    if (!pattern)
        return unfinished(pattern, u"syntax error: missing '/' in ${}"_s);
    const Lexed replacement = readUntil(u'}', true);
    if (!replacement)
        return unfinished(replacement, u"syntax error: missing '}'"_s);

    const std::optional<QString> value = lookUp(name);
    if (!value && m_rules.keepUnset)
        return u"${"_s + name + (all ? u"//"_s : u"/"_s) + *pattern + u'/' + *replacement + u'}';
    const auto compiled = ShellPattern::compile(*pattern);
    if (!compiled)
        return invalidPattern(*pattern, compiled.error());
    return compiled->replaced(value.value_or(QString()), *replacement, all);
}

} // namespace cooperage::dockerfile
