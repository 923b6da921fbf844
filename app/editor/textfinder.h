#pragma once

#include "app/editor/textsearch.h"

#include <QObject>
#include <QTextCursor>
#include <QTimer>

#include <optional>

class QPlainTextEdit;

namespace cooperage::gui {

/// Keeps all matches of a query in an editor's text, looked for on another thread while one types, and goes
/// from one to the next and replaces them.
class TextFinder : public QObject
{
    Q_OBJECT

public:
    explicit TextFinder(QPlainTextEdit *editor);

    /// Looks anew, and with `follow` goes to the match at the cursor or the next one when it is found. An
    /// empty query ends the search.
    void setQuery(const SearchQuery &query, bool follow);
    [[nodiscard]] const SearchQuery &query() const { return m_query; }
    void setReplacement(const QString &replacement);

    [[nodiscard]] const QList<SearchMatch> &matches() const { return m_matches; }
    /// The match that is selected in the editor, from 0.
    [[nodiscard]] std::optional<qsizetype> current() const;
    [[nodiscard]] bool isSearching() const { return m_searching; }
    /// Why the query cannot be looked for; empty if it can.
    [[nodiscard]] QString problem() const { return m_problem; }

    /// To the match behind the cursor (or before it), around the end of the text.
    void next();
    void previous();
    /// Replaces the match that is selected and goes to the next; selects one first if none is.
    void replace();
    /// Replaces all as one step of undo; says how many by `replaced`.
    void replaceAll();

Q_SIGNALS:
    void changed();
    void replaced(int count);

private:
    enum class Then { Nothing, Follow, Next, Previous, Replace, ReplaceAll };
    void schedule(Then then, int delayMs);
    void search();
    void carryOut(Then then);
    [[nodiscard]] QList<SearchMatch>::const_iterator firstFrom(qsizetype position) const;
    void select(const SearchMatch &match);
    void replaceNow(const SearchMatch &match);

    QPlainTextEdit *m_editor;
    QTimer m_timer;
    SearchQuery m_query;
    QString m_replacement;
    QList<SearchMatch> m_matches;
    QString m_problem;
    quint64 m_generation = 0; ///< What is found for an earlier one is dropped.
    bool m_searching = false;
    Then m_then = Then::Nothing;
};

} // namespace cooperage::gui
