#include "core/context/ignorepattern.h"

#include <algorithm>

namespace cooperage::context {

static bool isSpecial(QChar c)
{
    return QStringView(u"*?[]\\").contains(c);
}

static bool isPlain(QStringView text)
{
    return std::ranges::none_of(text, isSpecial);
}

// What is plain text in a pattern but not in a regular expression. '^' is not among them, and so it is an
// anchor.
static bool needsEscape(QChar c)
{
    return QStringView(u".+()|{}$").contains(c);
}

// A backslash before a letter has the letter's meaning in RE2; what RE2 does not know is malformed.
static bool isKnownEscape(QChar c)
{
    if (c.unicode() >= 0x80)
        return false;
    return !c.isLetterOrNumber() || QStringView(u"aftnrvdDsSwWbBAzpPxQE0").contains(c);
}

IgnorePattern::IgnorePattern(const QString &pattern)
{
    const auto firstSpecial =
        std::ranges::find_if(pattern, [](QChar c) { return isSpecial(c) || c == u'^'; });
    m_firstText = pattern.first(firstSpecial - pattern.begin());
    if (firstSpecial != pattern.end() && std::ranges::none_of(pattern, [](QChar c) { return c == u'['; }) &&
        !pattern.contains(u"**") && !pattern.contains(u'\\'))
        m_depth = pattern.count(u'/') + 1;

    const QStringView view(pattern);
    if (isPlain(view)) {
        m_text = pattern;
    } else if (view.startsWith(u"**") && isPlain(view.sliced(2))) {
        m_kind = Kind::Suffix;
        m_text = pattern.mid(2);
    } else if (view.endsWith(u"**") && isPlain(view.chopped(2))) {
        m_kind = Kind::Prefix;
        m_text = pattern.chopped(2);
    } else if (view.startsWith(u"**/*") && isPlain(view.sliced(4)) && !view.sliced(4).contains(u'/') &&
               !view.contains(u'^')) {
        m_kind = Kind::EndOfName;
        m_text = pattern.mid(4);
    } else {
        m_kind = Kind::Expression;
        translate(view);
    }
}

void IgnorePattern::translate(QStringView pattern)
{
    QString expression = QStringLiteral("^");
    for (qsizetype at = 0; at < pattern.size(); ++at) {
        const QChar c = pattern[at];
        const bool last = at + 1 == pattern.size();
        if (c == u'*' && !last && pattern[at + 1] == u'*') {
            at += pattern.sliced(at + 2).startsWith(u'/') ? 2 : 1;
            expression += at + 1 == pattern.size() ? QStringLiteral(".*") : QStringLiteral("(?:.*/)?");
        } else if (c == u'*') {
            expression += QStringLiteral("[^/]*");
        } else if (c == u'?') {
            expression += QStringLiteral("[^/]");
        } else if (c == u'\\') {
            m_malformed = m_malformed || last || !isKnownEscape(pattern[at + 1]);
            expression += last ? QString(c) : QString(c) + pattern[++at];
        } else {
            if (needsEscape(c))
                expression += u'\\';
            expression += c;
        }
    }
    m_expression.setPattern(expression + QStringLiteral("\\z"));
    m_expression.optimize();
    m_malformed = m_malformed || !m_expression.isValid();
}

std::optional<bool> IgnorePattern::matches(QStringView path) const
{
    switch (m_kind) {
    case Kind::Exact:
        return path == m_text;
    case Kind::Prefix:
        return path.startsWith(m_text);
    case Kind::Suffix:
        // "**/foo" is foo itself, too.
        return path.endsWith(m_text) || (m_text.startsWith(u'/') && path == QStringView(m_text).sliced(1));
    case Kind::EndOfName:
        return path.endsWith(m_text);
    case Kind::Expression:
        break;
    }
    if (m_malformed)
        return std::nullopt;
    const QRegularExpressionMatch match = m_expression.matchView(path);
    if (!match.isValid())
        return std::nullopt;
    return match.hasMatch();
}

bool IgnorePattern::mayMatchBelow(QStringView folder) const
{
    const QString below = folder.toString() + u'/';
    if (m_kind == Kind::Exact)
        return m_text.startsWith(below);
    if (m_depth >= 0 && m_depth <= below.count(u'/'))
        return false;
    return m_firstText.startsWith(below) || below.startsWith(m_firstText);
}

} // namespace cooperage::context
