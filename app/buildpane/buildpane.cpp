#include "app/buildpane/buildpane.h"

#include "app/accessibility.h"
#include "app/buildpane/buildcontroller.h"
#include "app/buildpane/buildform.h"
#include "app/buildpane/buildstatus.h"
#include "app/buildpane/logview.h"
#include "app/buildpane/stepdelegate.h"
#include "app/buildpane/steplogs.h"
#include "app/buildpane/stepmodel.h"
#include "app/credentials/signindialog.h"
#include "app/inlinemessage.h"

#include <QAction>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QTreeView>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

namespace {

QToolButton *actionButton(QAction *action, const QString &name, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setDefaultAction(action);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setFocusPolicy(Qt::StrongFocus);
    nameWidget(button, name, action->text().remove(u'&'));
    return button;
}

} // namespace

BuildPane::BuildPane(BuildController *controller, QAction *build, QAction *stop, QWidget *parent)
    : QWidget(parent),
      m_controller(controller),
      m_steps(new StepModel(this)),
      m_logs(new StepLogs(this)),
      m_form(new BuildForm(this)),
      m_status(new BuildStatus(m_steps, m_logs, this)),
      m_signIn(new InlineMessage(this)),
      m_splitter(new QSplitter(Qt::Horizontal, this)),
      m_stack(new QStackedWidget(this)),
      m_hint(new QLabel(this)),
      m_view(new QTreeView(this)),
      m_log(new LogView(m_logs, this))
{
    auto *top = new QHBoxLayout;
    top->addWidget(actionButton(build, u"buildButton"_s, this));
    top->addWidget(actionButton(stop, u"stopButton"_s, this));
    top->addWidget(m_form, 1);

    nameWidget(m_log, u"buildLog"_s, tr("Log of the selected step"));
    m_log->setPlaceholderText(tr("What the selected step prints appears here."));
    m_splitter->setChildrenCollapsible(false);
    m_splitter->addWidget(makeSteps());
    m_splitter->addWidget(m_log);
    m_splitter->setStretchFactor(0, 4);
    m_splitter->setStretchFactor(1, 5);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(6, 4, 6, 4);
    layout->setSpacing(4);
    layout->addLayout(top);
    layout->addWidget(m_status);
    m_signIn->setObjectName(u"buildSignIn"_s);
    layout->addWidget(m_signIn);
    layout->addWidget(m_splitter, 1);

    connect(m_form, &BuildForm::submitted, build, &QAction::trigger);
    connect(m_status, &BuildStatus::goToLineRequested, this, &BuildPane::goToLineRequested);
    followController();
}

QWidget *BuildPane::makeSteps()
{
    nameWidget(m_view, u"stepList"_s, tr("Steps of the build"));
    m_view->setModel(m_steps);
    m_view->setRootIsDecorated(false);
    m_view->setUniformRowHeights(true);
    m_view->setAllColumnsShowFocus(true);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setItemDelegateForColumn(StepModel::StateColumn, new StepDelegate(StepModel::StateRole, m_view));
    m_view->header()->setStretchLastSection(false);
    m_view->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_view->header()->setSectionResizeMode(StepModel::InstructionColumn, QHeaderView::Stretch);

    m_hint->setText(tr("No build yet.\nPress Build (Ctrl+B): every step of the Dockerfile is listed here."));
    m_hint->setObjectName(u"stepHint"_s);
    m_hint->setAlignment(Qt::AlignCenter);
    m_hint->setWordWrap(true);
    m_hint->setForegroundRole(QPalette::PlaceholderText);
    m_stack->addWidget(m_hint);
    m_stack->addWidget(m_view);

    connect(m_view->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex &index) {
                m_log->showStep(index.isValid() ? index.data(StepModel::StepRole).toInt() : -1);
            });
    connect(m_view, &QTreeView::clicked, this, [this] { m_following = false; });
    connect(m_view, &QTreeView::activated, this, [this](const QModelIndex &index) {
        Q_EMIT goToLineRequested(index.data(StepModel::LineRole).toInt());
    });
    connect(m_steps, &QAbstractItemModel::modelReset, this, [this] {
        m_stack->setCurrentIndex(m_steps->rowCount() > 0 ? 1 : 0);
        m_view->setColumnHidden(StepModel::StageColumn, m_steps->stageCount() < 2);
    });
    connect(m_steps, &StepModel::stepStarted, this, [this](int row) {
        if (m_following)
            select(row);
    });
    connect(m_steps, &StepModel::stepFailed, this, &BuildPane::select);
    return m_stack;
}

void BuildPane::followController()
{
    connect(m_controller, &BuildController::started, this, [this] {
        m_following = true;
        m_logs->clear();
        m_steps->clear();
        m_status->showRunning();
        m_signIn->hide();
        m_hint->setText(tr("Reading the Dockerfile and its context…"));
    });
    connect(m_controller, &BuildController::event, this, [this](const build::BuildEvent &event) {
        m_logs->apply(event);
        m_steps->apply(event);
    });
    connect(m_controller, &BuildController::signInNeeded, this, &BuildPane::offerSignIn);
    connect(m_controller, &BuildController::stateChanged, this, [this] {
        if (m_controller->isStopping())
            m_status->showStopping();
    });
    connect(m_controller, &BuildController::finished, this, [this](const build::BuildFinished &outcome) {
        m_status->showResult(outcome.result);
        m_hint->setText(tr("The build ended before its first step."));
        if (outcome.result && m_following && m_steps->rowCount() > 0)
            select(m_steps->rowCount() - 1);
        // The result's bar took some of the list's height: once that is done, the step in question may be out
        // of sight.
        QMetaObject::invokeMethod(
            m_view, [view = m_view] { view->scrollTo(view->currentIndex()); }, Qt::QueuedConnection);
    });
}

void BuildPane::offerSignIn(const QString &host)
{
    const auto signIn = [this, host] {
        auto *dialog = new SignInDialog(m_controller->secrets(), host, {}, this);
        connect(dialog, &SignInDialog::signedIn, this, [this, host] {
            m_controller->goOn();
            m_signIn->show(Tone::Good, tr("Signed in to %1. The build goes on.").arg(host));
        });
        connect(dialog, &QDialog::rejected, this, [this, host] { offerSignIn(host); });
        dialog->open();
    };
    m_signIn->show(Tone::Warning,
                   tr("%1 wants a sign-in for the base image. The build goes on afterwards.").arg(host),
                   tr("&Sign In…"), signIn);
}

void BuildPane::select(int row)
{
    const QModelIndex index = m_steps->index(row, 0);
    m_view->setCurrentIndex(index);
    m_view->scrollTo(index);
}

QByteArray BuildPane::splitterState() const
{
    return m_splitter->saveState();
}

void BuildPane::restoreSplitter(const QByteArray &state)
{
    m_splitter->restoreState(state);
}

} // namespace cooperage::gui
