#pragma once

#include <QString>
#include <QStringDecoder>

namespace cooperage::gui {

/// Turns a program's output into plain text: UTF-8 decoded, terminal colours and cursor commands dropped,
/// carriage returns made line ends. Bytes may be cut anywhere, also inside a character or an escape sequence.
class AnsiStripper
{
public:
    [[nodiscard]] QString feed(QByteArrayView bytes);

private:
    enum class State { Text, Escape, Control, Command, CommandEscape };

    [[nodiscard]] bool isText(QChar c);

    QStringDecoder m_decoder{QStringDecoder::Utf8};
    State m_state = State::Text;
    bool m_afterReturn = false;
};

} // namespace cooperage::gui
