#pragma once

#include <QWidget>

class QAction;
class QLabel;
class QSplitter;
class QStackedWidget;
class QTreeView;

namespace cooperage::gui {

class BuildController;
class BuildForm;
class BuildStatus;
class InlineMessage;
class LogView;
class StepLogs;
class StepModel;

/// What a build needs, how it goes and what it prints. Only shows: the build itself is the controller's.
class BuildPane : public QWidget
{
    Q_OBJECT

public:
    BuildPane(BuildController *controller, QAction *build, QAction *stop, QWidget *parent = nullptr);

    [[nodiscard]] BuildForm *form() const { return m_form; }
    [[nodiscard]] BuildStatus *status() const { return m_status; }
    [[nodiscard]] const StepModel *steps() const { return m_steps; }

    [[nodiscard]] QByteArray splitterState() const;
    void restoreSplitter(const QByteArray &state);

Q_SIGNALS:
    void goToLineRequested(int line);

private:
    QWidget *makeSteps();
    void followController();
    void offerSignIn(const QString &host);
    void select(int row);

    BuildController *m_controller;
    StepModel *m_steps;
    StepLogs *m_logs;
    BuildForm *m_form;
    BuildStatus *m_status;
    InlineMessage *m_signIn; ///< The registry of a FROM wants an account.
    QSplitter *m_splitter;
    QStackedWidget *m_stack;
    QLabel *m_hint;
    QTreeView *m_view;
    LogView *m_log;
    bool m_following = true; ///< The selection goes along with the running step.
};

} // namespace cooperage::gui
