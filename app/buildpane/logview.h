#pragma once

#include <QPlainTextEdit>
#include <QTimer>

namespace cooperage::gui {

class StepLogs;

/// The log of one step. It follows what is printed while its end is in view; it stays where the reader
/// scrolled to.
class LogView : public QPlainTextEdit
{
    Q_OBJECT

public:
    explicit LogView(StepLogs *logs, QWidget *parent = nullptr);

    /// -1 shows nothing.
    void showStep(int step);

private:
    void add(int step, const QString &text);
    void flush();

    StepLogs *m_logs;
    int m_step = -1;
    QString m_pending; ///< Printed since the view was last brought up to date.
    QTimer m_timer;
};

} // namespace cooperage::gui
