#pragma once

#include <QByteArray>
#include <QByteArrayList>

#include <optional>

namespace cooperage::engine {

/// A line that is typed into a terminal, key by key: characters, backspace, the arrows up and down for
/// earlier lines, Ctrl+U, Ctrl+C and Ctrl+D. Draws itself; other control sequences are swallowed.
class LineEditor
{
public:
    struct Answer
    {
        QByteArray screen{};              ///< What is to be shown.
        std::optional<QByteArray> line{}; ///< Entered.
        bool ends = false;                ///< Ctrl+D on an empty line.
    };

    /// A new line; an empty `prompt` is that of before. What is to be shown.
    [[nodiscard]] QByteArray begin(const QByteArray &prompt);
    [[nodiscard]] Answer take(char key);

private:
    [[nodiscard]] QByteArray draw() const;
    [[nodiscard]] Answer takeSequence(char key);
    [[nodiscard]] Answer recall(qsizetype step);
    void removeLast();

    enum class State { Text, Escape, Sequence };
    State m_state = State::Text;
    QByteArray m_prompt{};
    QByteArray m_line{};
    QByteArrayList m_earlier{};
    qsizetype m_recalled = 0; ///< Index in m_earlier; its size: the line is new.
};

} // namespace cooperage::engine
