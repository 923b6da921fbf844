#include "app/buildpane/ansistripper.h"

namespace cooperage::gui {

QString AnsiStripper::feed(QByteArrayView bytes)
{
    const QString decoded = m_decoder(bytes);
    QString result;
    result.reserve(decoded.size());
    for (const QChar c : decoded) {
        if (!isText(c))
            continue;
        if (c == u'\r') {
            m_afterReturn = true;
            continue;
        }
        if (m_afterReturn) {
            m_afterReturn = false;
            result.append(u'\n');
            if (c == u'\n')
                continue;
        }
        if (c == u'\n' || c == u'\t' || c.unicode() >= 0x20)
            result.append(c);
    }
    return result;
}

bool AnsiStripper::isText(QChar c)
{
    const char16_t code = c.unicode();
    switch (m_state) {
    case State::Text:
        if (code != 0x1b)
            return true;
        m_state = State::Escape;
        break;
    case State::Escape: // ESC [ opens a control sequence, ESC ] a command that ends in BEL or ESC
        m_state = code == u'[' ? State::Control : code == u']' ? State::Command : State::Text;
        if (code >= 0x20 && code <= 0x2f)
            m_state = State::Escape;
        break;
    case State::Control:
        if (code >= 0x40 && code <= 0x7e)
            m_state = State::Text;
        break;
    case State::Command:
        if (code == 0x07)
            m_state = State::Text;
        else if (code == 0x1b)
            m_state = State::CommandEscape;
        break;
    case State::CommandEscape:
        m_state = State::Text;
        break;
    }
    return false;
}

} // namespace cooperage::gui
