#pragma once

#include <QWidget>

class QLabel;
class QMenu;
class QToolButton;

namespace cooperage::gui {

class EngineSession;

/// The engine's state in the status line: an icon, a word, a menu of the other engines, and a way to try
/// again.
class EngineStatus : public QWidget
{
    Q_OBJECT

public:
    explicit EngineStatus(EngineSession *session, QWidget *parent = nullptr);

    [[nodiscard]] QString text() const;

Q_SIGNALS:
    /// The list of connections should be shown.
    void connectionsWanted();

private:
    void refresh();
    void fillMenu();

    EngineSession *m_session;
    QLabel *m_icon;
    QToolButton *m_text;
    QMenu *m_menu;
    QToolButton *m_retry;
};

} // namespace cooperage::gui
