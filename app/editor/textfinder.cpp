#include "app/editor/textfinder.h"

#include "app/background.h"

#include <QPlainTextEdit>

#include <algorithm>
#include <utility>

namespace cooperage::gui {

static constexpr int typingDelayMs = 120;

TextFinder::TextFinder(QPlainTextEdit *editor) : QObject(editor), m_editor(editor)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &TextFinder::search);
    connect(editor->document(), &QTextDocument::contentsChange, this, [this](int, int removed, int added) {
        if (!m_query.text.isEmpty() && (removed > 0 || added > 0))
            schedule(m_then, typingDelayMs);
    });
    connect(editor, &QPlainTextEdit::selectionChanged, this, &TextFinder::changed);
}

void TextFinder::schedule(Then then, int delayMs)
{
    ++m_generation;
    m_then = then;
    m_searching = true;
    m_timer.start(delayMs);
}

void TextFinder::setQuery(const SearchQuery &query, bool follow)
{
    if (query == m_query)
        return;
    m_query = query;
    schedule(follow ? Then::Follow : Then::Nothing, query.text.isEmpty() ? 0 : typingDelayMs);
}

void TextFinder::setReplacement(const QString &replacement)
{
    if (std::exchange(m_replacement, replacement) != replacement && !m_query.text.isEmpty())
        schedule(m_then, typingDelayMs);
}

void TextFinder::search()
{
    inBackground(
        this,
        [text = m_editor->document()->toRawText(), query = m_query, replacement = m_replacement] {
            // Lines end with paragraph separators in there: an expression knows line feeds.
            QString lines = text;
            lines.replace(QChar::ParagraphSeparator, u'\n');
            return findAll(lines, query, replacement);
        },
        [this, generation = m_generation](const Result<QList<SearchMatch>> &found) {
            if (generation != m_generation)
                return;
            m_searching = false;
            m_problem = found ? QString() : found.error().text();
            m_matches = found.value_or(QList<SearchMatch>());
            carryOut(std::exchange(m_then, Then::Nothing));
            Q_EMIT changed();
        });
}

QList<SearchMatch>::const_iterator TextFinder::firstFrom(qsizetype position) const
{
    return std::ranges::lower_bound(m_matches, position, {}, &SearchMatch::position);
}

std::optional<qsizetype> TextFinder::current() const
{
    const QTextCursor cursor = m_editor->textCursor();
    const auto found =
        std::ranges::lower_bound(m_matches, qsizetype(cursor.selectionStart()), {}, &SearchMatch::position);
    if (found == m_matches.cend() || found->position != cursor.selectionStart() ||
        found->length != cursor.selectionEnd() - cursor.selectionStart())
        return std::nullopt;
    return found - m_matches.cbegin();
}

void TextFinder::carryOut(Then then)
{
    if (m_matches.isEmpty()) {
        if (then == Then::ReplaceAll)
            Q_EMIT replaced(0);
        return;
    }
    switch (then) {
    case Then::Nothing:
        return;
    case Then::Follow: {
        const auto at = firstFrom(m_editor->textCursor().selectionStart());
        select(at == m_matches.cend() ? m_matches.constFirst() : *at);
        return;
    }
    case Then::Next:
        return next();
    case Then::Previous:
        return previous();
    case Then::Replace:
        return replace();
    case Then::ReplaceAll:
        return replaceAll();
    }
}

void TextFinder::select(const SearchMatch &match)
{
    QTextCursor cursor = m_editor->textCursor();
    cursor.setPosition(int(match.position));
    cursor.setPosition(int(match.position + match.length), QTextCursor::KeepAnchor);
    m_editor->setTextCursor(cursor);
    m_editor->ensureCursorVisible();
}

void TextFinder::next()
{
    if (m_searching) {
        m_then = Then::Next;
        return;
    }
    if (m_matches.isEmpty())
        return;
    const auto at = firstFrom(m_editor->textCursor().selectionEnd());
    select(at == m_matches.cend() ? m_matches.constFirst() : *at);
}

void TextFinder::previous()
{
    if (m_searching) {
        m_then = Then::Previous;
        return;
    }
    if (m_matches.isEmpty())
        return;
    const auto at = firstFrom(m_editor->textCursor().selectionStart());
    select(at == m_matches.cbegin() ? m_matches.constLast() : *std::prev(at));
}

void TextFinder::replaceNow(const SearchMatch &match)
{
    QTextCursor cursor(m_editor->document());
    cursor.setPosition(int(match.position));
    cursor.setPosition(int(match.position + match.length), QTextCursor::KeepAnchor);
    cursor.insertText(match.replacement);
}

void TextFinder::replace()
{
    if (m_editor->isReadOnly())
        return;
    if (m_searching) {
        m_then = Then::Replace;
        return;
    }
    const auto at = current();
    if (!at)
        return next();
    const SearchMatch match = m_matches[*at];
    replaceNow(match);
    m_editor->setTextCursor([&] {
        QTextCursor behind(m_editor->document());
        behind.setPosition(int(match.position + match.replacement.size()));
        return behind;
    }());
    schedule(Then::Next, 0);
}

void TextFinder::replaceAll()
{
    if (m_editor->isReadOnly())
        return;
    if (m_searching) {
        m_then = Then::ReplaceAll;
        return;
    }
    const QList<SearchMatch> matches = m_matches;
    QTextCursor all(m_editor->document());
    all.beginEditBlock();
    for (auto match = matches.rbegin(); match != matches.rend();
         ++match) // From the end: positions before stay.
        replaceNow(*match);
    all.endEditBlock();
    Q_EMIT replaced(int(matches.size()));
}

} // namespace cooperage::gui
