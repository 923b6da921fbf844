#pragma once

#include "app/colors.h"
#include "core/build/buildevent.h"

#include <QFrame>

class QLabel;
class QProgressBar;
class QPushButton;

namespace cooperage::gui {

class StepLogs;
class StepModel;

/// How the build is, in one bar: running with its progress, succeeded in green, failed in red with the
/// reason.
class BuildStatus : public QFrame
{
    Q_OBJECT

public:
    BuildStatus(const StepModel *model, const StepLogs *logs, QWidget *parent = nullptr);

    void showRunning();
    void showStopping();
    void showResult(const Result<build::BuildResult> &result);
    void showError(const QString &text);
    [[nodiscard]] QString text() const;

Q_SIGNALS:
    void goToLineRequested(int line);

protected:
    void changeEvent(QEvent *event) override;

private:
    void updateProgress();
    void showState(Tone tone, const QString &iconName, const QString &text, const QString &detail = {});
    void showSuccess(const build::BuildResult &result);
    void showFailure(const Error &error);
    void paintTone();

    const StepModel *m_model;
    const StepLogs *m_logs;
    Tone m_tone = Tone::Neutral;
    QString m_iconName;
    QString m_image; ///< Reference of a finished build's image.
    int m_line = 0;  ///< Of the failed step; 0 without one.
    bool m_running = false;
    QLabel *m_icon;
    QLabel *m_text;
    QLabel *m_detail;
    QProgressBar *m_progress;
    QPushButton *m_goToLine;
    QPushButton *m_copy;
};

/// The line that an error names as its place ("Dockerfile:7" or "Dockerfile:7:3"), or 0.
[[nodiscard]] int lineInPlace(const QString &where);

} // namespace cooperage::gui
