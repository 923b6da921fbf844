#pragma once

#include "app/colors.h"
#include "app/console/consolerequest.h"

#include <QPointer>
#include <QWidget>

#include <stop_token>

class QAction;
class QLabel;

namespace cooperage::gui {

class ChoiceBar;
class EngineSession;
class TerminalView;

/// A console in an image, or one command that runs there, in a tab of the window. At its end it says what
/// came of it and what can be done with that; while something runs it does not let itself be closed without
/// an answer.
class ConsolePlace : public QWidget
{
    Q_OBJECT

public:
    ConsolePlace(EngineSession *session, ConsoleRequest request, QWidget *parent = nullptr);
    ~ConsolePlace() override;

    [[nodiscard]] bool isRunning() const { return m_running; }
    /// Asks what is to become of what runs.
    void askToClose();

Q_SIGNALS:
    void imageWanted(const QString &uuid); ///< To be given a tag.
    void closeWanted();

protected:
    void closeEvent(QCloseEvent *event) override;

private:
    QWidget *makeTopRow();
    QAction *makeAction(const QString &name, const QString &icon, const QString &text, const QString &tip,
                        const QKeySequence &keys, const std::function<void()> &act);
    void start();
    void take(const std::shared_ptr<engine::Terminal> &terminal);
    void showEnd();
    void showResult(const engine::RunOutcome &outcome);
    void fail(const Error &error);
    /// `result` is what can be kept, if anything.
    void finish(Tone tone, const QString &text, const std::optional<engine::RunOutcome> &result);
    void keepSnapshot(const engine::RunOutcome &result);
    void endInOrder();
    void kill();
    void update(const QString &state);

    EngineSession *m_session;
    const QPointer<engine::Engine> m_engine;
    const ConsoleRequest m_request;
    TerminalView *m_view;
    QLabel *m_state;
    ChoiceBar *m_bar;
    QAction *m_end = nullptr;
    QAction *m_copy = nullptr;
    QAction *m_paste = nullptr;
    std::shared_ptr<engine::Terminal> m_terminal{};
    std::stop_source m_stop;
    bool m_running = false;
    bool m_closing = false; ///< The answer was to close.
};

} // namespace cooperage::gui
