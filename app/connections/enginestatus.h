#pragma once

#include <QWidget>

class QLabel;
class QToolButton;

namespace cooperage::gui {

class EngineSession;

/// The engine's state in the status line: an icon, a word, and a way to try again.
class EngineStatus : public QWidget
{
    Q_OBJECT

public:
    explicit EngineStatus(EngineSession *session, QWidget *parent = nullptr);

    [[nodiscard]] QString text() const;

private:
    void refresh();

    EngineSession *m_session;
    QLabel *m_icon;
    QLabel *m_text;
    QToolButton *m_retry;
};

} // namespace cooperage::gui
