#pragma once

#include "core/engine/values.h"

#include <QWidget>

class QCheckBox;
class QLabel;
class QLineEdit;
class QToolButton;

namespace cooperage::gui {

class StepLogs;

/// A command line for the selected snapshot and what it prints.
class RunPanel : public QWidget
{
    Q_OBJECT

public:
    explicit RunPanel(QWidget *parent = nullptr);

    /// Says where a command would run; with a reason in `whyNot` it cannot.
    void setPlace(const QString &place, const QString &whyNot);
    void setRunning(bool running);
    void focusCommand();

    void begin(const QString &command);
    void add(engine::Stream stream, const QByteArray &bytes);
    void end(const engine::RunOutcome &outcome);

Q_SIGNALS:
    void runRequested(const QString &command, bool disposable);
    void stopRequested();

private:
    void submit();
    void updateButtons();

    StepLogs *m_logs;
    QLabel *m_place;
    QLineEdit *m_command;
    QCheckBox *m_disposable;
    QToolButton *m_run;
    QToolButton *m_stop;
    bool m_allowed = false;
    bool m_running = false;
};

} // namespace cooperage::gui
