#include "app/operations/operationpane.h"

#include "app/accessibility.h"
#include "app/actions.h"
#include "app/buildpane/logview.h"
#include "app/buildpane/stepdelegate.h"
#include "app/buildpane/steplogs.h"
#include "app/connections/enginesession.h"
#include "app/inlinemessage.h"
#include "app/operations/operationmodel.h"
#include "app/settings.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QSortFilterProxyModel>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QTreeView>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace cooperage::gui {

OperationPane::OperationPane(OperationList *list, QWidget *parent)
    : QWidget(parent),
      m_list(list),
      m_model(new OperationModel(this)),
      m_sorted(new QSortFilterProxyModel(this)),
      m_message(new InlineMessage(this)),
      m_splitter(new QSplitter(Qt::Horizontal, this)),
      m_stack(new QStackedWidget(this)),
      m_empty(new QLabel(this)),
      m_view(new QTreeView(this)),
      m_about(new QLabel(this)),
      m_logs(new StepLogs(this))
{
    setObjectName(u"operationPane"_s);
    makeActions();
    makeView();
    auto *log = new LogView(m_logs, this);
    nameWidget(log, u"operationOutput"_s, tr("Output of the operation"));
    log->setPlaceholderText(tr("What the selected operation printed appears here."));
    log->showStep(0);
    connect(m_logs, &StepLogs::cleared, log, [log] { log->showStep(0); });
    nameWidget(m_about, u"operationAbout"_s, tr("About the operation"));
    m_about->setTextFormat(Qt::PlainText);
    m_about->setWordWrap(true);
    m_about->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);

    auto *right = new QWidget(this);
    auto *column = new QVBoxLayout(right);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(3);
    column->addWidget(makeToolRow());
    column->addWidget(m_about);
    column->addWidget(log, 1);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->addWidget(m_stack);
    m_splitter->addWidget(right);
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 2);
    m_splitter->restoreState(settings::operationsSplitter.get());
    m_message->setObjectName(u"operationMessage"_s);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(6, 4, 6, 4);
    layout->setSpacing(4);
    layout->addWidget(m_message);
    layout->addWidget(m_splitter, 1);

    m_clock.setInterval(1s);
    connect(&m_clock, &QTimer::timeout, m_model, &OperationModel::tick);
    connect(m_list, &OperationList::changed, this, &OperationPane::refresh);
    connect(m_list, &OperationList::outputRead, this, &OperationPane::showOutput);
    connect(m_list, &OperationList::failed, this,
            [this](const Error &error) { m_message->show(Tone::Bad, error.text()); });
    connect(m_list->session(), &EngineSession::stateChanged, this, [this](EngineSession::State state) {
        if (state == EngineSession::State::Ready)
            m_message->hide(); // What it said was of an engine that did not answer.
        updateState();
    });
    refresh();
}

OperationPane::~OperationPane()
{
    settings::operationsHeader.set(m_view->header()->saveState());
    settings::operationsSplitter.set(m_splitter->saveState());
}

void OperationPane::makeActions()
{
    const auto make = [this](const ActionSpec &spec) {
        QAction *action = makeAction(spec, this);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        addAction(action);
        return action;
    };
    m_cancel = make({u"operationCancel"_s, u"stop"_s, tr("&Cancel Operation"),
                     tr("End what is running; nothing of it is kept"), QKeySequence::Delete});
    m_copy = make({u"operationCopy"_s, u"copy"_s, tr("C&opy Id"),
                   tr("Copy the operation's id, for cooperage show"), QKeySequence::Copy});
    m_refresh = make({u"operationRefresh"_s, u"refresh"_s, tr("&Refresh"),
                      tr("Ask the engine for its operations again"), QKeySequence(Qt::Key_F5)});
    connect(m_cancel, &QAction::triggered, this, [this] {
        if (const Activity *activity = selected())
            m_list->cancel(activity->id);
    });
    connect(m_copy, &QAction::triggered, this, [this] {
        if (const Activity *activity = selected())
            QGuiApplication::clipboard()->setText(activity->id);
    });
    connect(m_refresh, &QAction::triggered, m_list, &OperationList::refresh);
}

QWidget *OperationPane::makeToolRow()
{
    auto *row = new QWidget(this);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    for (QAction *action : {m_cancel, m_copy, m_refresh}) {
        auto *button = new QToolButton(row);
        button->setDefaultAction(action);
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::StrongFocus);
        nameWidget(button, action->objectName() + u"Button"_s, action->text().remove(u'&'));
        if (action == m_cancel)
            button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        layout->addWidget(button);
    }
    layout->addStretch();
    return row;
}

void OperationPane::makeView()
{
    nameWidget(m_view, u"operationList"_s, tr("Operations"));
    m_sorted->setSourceModel(m_model);
    m_sorted->setSortRole(OperationModel::SortRole);
    m_view->setModel(m_sorted);
    m_view->setItemDelegateForColumn(OperationModel::StateColumn,
                                     new StepDelegate(OperationModel::StateRole, m_view));
    m_view->setRootIsDecorated(false);
    m_view->setUniformRowHeights(true);
    m_view->setAllColumnsShowFocus(true);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setSortingEnabled(true);
    m_view->sortByColumn(OperationModel::StartedColumn, Qt::DescendingOrder);
    m_view->header()->setStretchLastSection(false);
    m_view->header()->setSectionResizeMode(OperationModel::SubjectColumn, QHeaderView::Stretch);
    const int character = fontMetrics().averageCharWidth();
    for (const auto &[section, characters] :
         {std::pair{OperationModel::StateColumn, 14}, std::pair{OperationModel::KindColumn, 9},
          std::pair{OperationModel::StartedColumn, 13}, std::pair{OperationModel::TimeColumn, 11},
          std::pair{OperationModel::ResultColumn, 14}})
        m_view->header()->resizeSection(section, character * characters);
    m_view->header()->restoreState(settings::operationsHeader.get());
    m_view->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_view->addActions({m_cancel, m_copy, m_refresh});
    m_empty->setObjectName(u"operationsEmpty"_s);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setMargin(12);
    m_empty->setForegroundRole(QPalette::PlaceholderText);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_view);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] {
        updateState();
        showSelected();
    });
    connect(m_view, &QTreeView::activated, this, [this] {
        if (const Activity *activity = selected(); activity && activity->kind == "build"_L1)
            Q_EMIT buildWanted();
    });
}

void OperationPane::refresh()
{
    m_model->setActivities(m_list->activities());
    m_stack->setCurrentIndex(m_model->rowCount() > 0 ? 1 : 0);
    updateState();
}

void OperationPane::updateState()
{
    const Activity *activity = selected();
    m_cancel->setEnabled(activity && !activity->isOver());
    m_copy->setEnabled(activity && activity->kind != "build"_L1);
    const auto state = m_list->session()->state();
    m_refresh->setEnabled(state == EngineSession::State::Ready);
    m_empty->setText(state == EngineSession::State::Unreachable
                         ? tr("The engine does not answer. Press Retry in the status line.")
                     : m_list->isLoaded() ? tr("Nothing was done yet. Imports, runs and builds appear here.")
                                          : tr("Waiting for the engine…"));
    if (!activity)
        m_about->clear();
    else if (!activity->error.isEmpty())
        m_about->setText(activity->error);
    else if (activity->kind == "build"_L1)
        m_about->setText(tr("The log of a build is in the Build pane: press Enter to go there."));
    else
        m_about->setText(activity->subject);
}

void OperationPane::showSelected()
{
    const Activity *activity = selected();
    const QString id = activity ? activity->id : QString();
    if (id == m_shown)
        return;
    m_shown = id;
    m_printed.clear();
    m_logs->clear();
    m_list->showOutput(id);
}

void OperationPane::showOutput(const QString &id, const engine::OperationDetails &details)
{
    QByteArray text = details.output;
    if (!details.errors.isEmpty())
        text += (text.isEmpty() || text.endsWith('\n') ? "" : "\n") + details.errors;
    if (details.truncated)
        text += '\n' + tr("(The engine kept only the beginning of the output.)").toUtf8() + '\n';
    if (details.exitCode)
        text += '\n' + tr("Exit code %1.").arg(*details.exitCode).toUtf8() + '\n';
    if (id != m_shown || text == m_printed)
        return;
    // Usually more of the same; the two streams may come in another order though.
    const bool more = text.startsWith(m_printed);
    if (!more)
        m_logs->clear();
    m_logs->apply(build::StepOutput{.step = 0, .bytes = more ? text.sliced(m_printed.size()) : text});
    m_printed = text;
}

const Activity *OperationPane::selected() const
{
    const QModelIndex index = m_sorted->mapToSource(m_view->currentIndex());
    return index.isValid() ? &m_model->activityAt(index.row()) : nullptr;
}

void OperationPane::showEvent(QShowEvent *event)
{
    m_list->setWatched(true);
    m_clock.start();
    QWidget::showEvent(event);
}

void OperationPane::hideEvent(QHideEvent *event)
{
    m_list->setWatched(false);
    m_clock.stop();
    QWidget::hideEvent(event);
}

} // namespace cooperage::gui
