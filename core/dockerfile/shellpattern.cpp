#include "core/dockerfile/shellpattern.h"

#include <algorithm>

namespace cooperage::dockerfile {

using namespace Qt::StringLiterals;

/// No thread is in this state.
static constexpr qsizetype nowhere = -1;

static QString textOf(const std::u32string &characters, qsizetype begin, qsizetype end)
{
    return QString::fromUcs4(characters.data() + begin, end - begin);
}

std::expected<ShellPattern, QString> ShellPattern::compile(const QString &pattern)
{
    ShellPattern result;
    const Text characters = pattern.toStdU32String();
    for (qsizetype i = 0; i < std::ssize(characters); ++i) {
        char32_t c = characters[i];
        if (c == u'*') {
            result.m_tokens.append({Kind::AnyRun});
            continue;
        }
        if (c == u'?') {
            result.m_tokens.append({Kind::AnyOne});
            continue;
        }
        if (c == u'\\') {
            c = ++i < std::ssize(characters) ? characters[i] : U'\uFFFD';
            if (c != u'*' && c != u'?' && c != u'\\' && c != u'}' && c != u'/')
                return std::unexpected(u"invalid escape '\\"_s + QString::fromUcs4(&c, 1) + u'\'');
        }
        result.m_tokens.append({Kind::Character, c});
    }
    return result;
}

/// A state is the number of tokens behind it; its value is where the earliest match that got there began. A
/// run may be empty, so being before one means being after it as well.
void ShellPattern::addThread(Threads &threads, qsizetype state, qsizetype begin) const
{
    for (;; ++state) {
        if (threads[state] == nowhere || begin < threads[state])
            threads[state] = begin;
        if (state == m_tokens.size() || m_tokens[state].kind != Kind::AnyRun)
            return;
    }
}

ShellPattern::Threads ShellPattern::step(const Threads &threads, char32_t c) const
{
    Threads next(m_tokens.size() + 1, nowhere);
    for (qsizetype state = 0; state < m_tokens.size(); ++state) {
        if (threads[state] == nowhere)
            continue;
        const Token &token = m_tokens[state];
        if (token.kind == Kind::Character ? token.character != c : c == u'\n')
            continue;
        addThread(next, token.kind == Kind::AnyRun ? state : state + 1, threads[state]);
    }
    return next;
}

/// Length of the match at the beginning of the text; `nowhere` if there is none.
qsizetype ShellPattern::prefixLength(const Text &text, Length length) const
{
    Threads threads(m_tokens.size() + 1, nowhere);
    addThread(threads, 0, 0);
    qsizetype found = nowhere;
    for (qsizetype at = 0;; ++at) {
        if (threads.last() != nowhere) {
            found = at;
            if (length == Length::Shortest)
                return found;
        }
        if (at == std::ssize(text) || std::ranges::all_of(threads, [](qsizetype t) { return t == nowhere; }))
            return found;
        threads = step(threads, text[at]);
    }
}

std::optional<ShellPattern::Match> ShellPattern::find(const Text &text, qsizetype from) const
{
    Threads threads(m_tokens.size() + 1, nowhere);
    std::optional<Match> best;
    for (qsizetype at = from;; ++at) {
        if (!best)
            addThread(threads, 0, at);
        if (const qsizetype begin = threads.last(); begin != nowhere && (!best || begin <= best->begin))
            best = Match{begin, at};
        if (best)
            std::ranges::replace_if(threads, [&](qsizetype t) { return t > best->begin; }, nowhere);
        const bool over = best && std::ranges::all_of(threads, [](qsizetype t) { return t == nowhere; });
        if (at == std::ssize(text) || over)
            return best;
        threads = step(threads, text[at]);
    }
}

QString ShellPattern::withoutPrefix(const QString &text, Length length) const
{
    const Text characters = text.toStdU32String();
    const qsizetype cut = prefixLength(characters, length);
    return cut == nowhere ? text : textOf(characters, cut, std::ssize(characters));
}

QString ShellPattern::withoutSuffix(const QString &text, Length length) const
{
    ShellPattern mirrored = *this;
    std::ranges::reverse(mirrored.m_tokens);
    Text characters = text.toStdU32String();
    std::ranges::reverse(characters);
    const qsizetype cut = mirrored.prefixLength(characters, length);
    if (cut == nowhere)
        return text;
    std::ranges::reverse(characters);
    return textOf(characters, 0, std::ssize(characters) - cut);
}

QString ShellPattern::replaced(const QString &text, const QString &replacement, bool all) const
{
    const Text characters = text.toStdU32String();
    QString result;
    qsizetype copied = 0;
    for (qsizetype from = 0; from <= std::ssize(characters);) {
        const std::optional<Match> match = find(characters, from);
        if (!match)
            break;
        result += textOf(characters, copied, match->begin);
        // An empty match right behind another match is none.
        if (match->end > copied || match->begin == 0)
            result += replacement;
        copied = match->end;
        if (!all)
            break;
        from = std::max(match->end, from + 1);
    }
    return result + textOf(characters, copied, std::ssize(characters));
}

} // namespace cooperage::dockerfile
