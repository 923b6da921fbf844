#include "core/context/glob.h"

#include <QString>

#include <algorithm>

namespace cooperage::context {

// One end of a range. Something has to follow it: the class is not closed otherwise.
std::optional<uint> Glob::readClassMember(const QList<uint> &pattern, qsizetype &at)
{
    if (at >= pattern.size() || pattern[at] == u'-' || pattern[at] == u']')
        return std::nullopt;
    if (pattern[at] == u'\\')
        ++at;
    if (at + 1 >= pattern.size())
        return std::nullopt;
    return pattern[at++];
}

// `at` stands behind the '[' and ends behind the ']'. The first member cannot be ']'.
std::optional<Glob::Token> Glob::readClass(const QList<uint> &pattern, qsizetype &at)
{
    Token token{.kind = Kind::Class};
    if (at < pattern.size() && pattern[at] == u'^') {
        token.negated = true;
        ++at;
    }
    do {
        const std::optional<uint> low = readClassMember(pattern, at);
        if (!low)
            return std::nullopt;
        std::optional<uint> high = low;
        if (pattern[at] == u'-')
            high = readClassMember(pattern, ++at);
        if (!high)
            return std::nullopt;
        token.ranges.emplaceBack(*low, *high);
    } while (pattern[at] != u']');
    ++at;
    return token;
}

std::optional<Glob> Glob::compile(QStringView text)
{
    const QList<uint> pattern = text.toUcs4();
    Glob glob;
    for (qsizetype at = 0; at < pattern.size();) {
        uint c = pattern[at++];
        if (c == u'*') {
            glob.m_tokens.append({.kind = Kind::AnyRun});
        } else if (c == u'?') {
            glob.m_tokens.append({.kind = Kind::AnyCharacter});
        } else if (c == u'[') {
            std::optional<Token> token = readClass(pattern, at);
            if (!token)
                return std::nullopt;
            glob.m_tokens.append(*std::move(token));
        } else {
            if (c == u'\\') {
                if (at == pattern.size())
                    return std::nullopt;
                c = pattern[at++];
            }
            glob.m_tokens.append({.kind = Kind::Literal, .character = c});
        }
    }
    return glob;
}

bool Glob::hasWildcards(QStringView pattern)
{
    for (qsizetype at = 0; at < pattern.size(); ++at) {
        const QChar c = pattern[at];
        if (c == u'\\')
            ++at;
        else if (c == u'*' || c == u'?' || c == u'[')
            return true;
    }
    return false;
}

QString Glob::unescaped(QStringView pattern)
{
    QString result;
    for (qsizetype at = 0; at < pattern.size(); ++at) {
        if (pattern[at] == u'\\' && at + 1 < pattern.size())
            ++at;
        result += pattern[at];
    }
    return result;
}

bool Glob::Token::accepts(uint c) const
{
    switch (kind) {
    case Kind::Literal:
        return c == character;
    case Kind::AnyCharacter:
    case Kind::AnyRun:
        return c != u'/';
    case Kind::Class:
        break;
    }
    const bool inside =
        std::ranges::any_of(ranges, [c](const auto &r) { return r.first <= c && c <= r.second; });
    return inside != negated;
}

// After a mismatch only the last `*` need take one character more: an earlier one could gain nothing by it.
bool Glob::matches(QStringView view) const
{
    const QList<uint> text = view.toUcs4();
    qsizetype at = 0;
    qsizetype token = 0;
    qsizetype lastRun = -1;
    qsizetype runEnd = 0;
    while (at < text.size() || token < m_tokens.size()) {
        if (token < m_tokens.size() && m_tokens[token].kind == Kind::AnyRun) {
            lastRun = token++;
            runEnd = at;
        } else if (token < m_tokens.size() && at < text.size() && m_tokens[token].accepts(text[at])) {
            ++token;
            ++at;
        } else if (lastRun >= 0 && runEnd < text.size() && m_tokens[lastRun].accepts(text[runEnd])) {
            at = ++runEnd;
            token = lastRun + 1;
        } else {
            return false;
        }
    }
    return true;
}

} // namespace cooperage::context
