#include "app/history/historypane.h"

#include "app/accessibility.h"
#include "app/connections/enginesession.h"
#include "app/formdialog.h"
#include "app/history/historyactions.h"
#include "app/history/historycontroller.h"
#include "app/history/historydelegate.h"
#include "app/history/historymodel.h"
#include "app/history/runpanel.h"
#include "app/history/variablesdialog.h"
#include "app/images/imagebrowsermodel.h"
#include "app/images/imagecatalog.h"
#include "app/inlinemessage.h"
#include "app/settings.h"
#include "core/images/reference.h"
#include "core/sessions/sessionnames.h"

#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolBar>
#include <QToolButton>
#include <QTreeView>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

HistoryPane::HistoryPane(HistoryController *controller, ImageCatalog *images, QWidget *parent)
    : QWidget(parent),
      m_controller(controller),
      m_images(images),
      m_actions(new HistoryActions(this)),
      m_model(new HistoryModel(this)),
      m_chooser(new QComboBox(this)),
      m_filter(new QComboBox(this)),
      m_search(new QLineEdit(this)),
      m_found(new QLabel(this)),
      m_message(new InlineMessage(this)),
      m_splitter(new QSplitter(Qt::Horizontal, this)),
      m_stack(new QStackedWidget(this)),
      m_empty(new QLabel(this)),
      m_view(new QTreeView(this)),
      m_run(new RunPanel(this))
{
    setObjectName(u"historyPane"_s);
    makeView();
    m_splitter->setChildrenCollapsible(false);
    m_splitter->addWidget(m_stack);
    m_splitter->addWidget(m_run);
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 2);
    m_splitter->restoreState(settings::historySplitter.get());
    m_message->setObjectName(u"historyMessage"_s);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(6, 2, 6, 4);
    layout->setSpacing(3);
    layout->addWidget(makeTopRow());
    layout->addWidget(m_message);
    layout->addWidget(m_splitter, 1);
    connectActions();
    followController();
    setZoom(settings::historyZoom.get());
    updateState();
}

HistoryPane::~HistoryPane()
{
    settings::historyHeader.set(m_view->header()->saveState());
    settings::historySplitter.set(m_splitter->saveState());
}

QWidget *HistoryPane::makeTopRow()
{
    nameWidget(m_chooser, u"historySession"_s, tr("Session"));
    m_chooser->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_chooser->setMinimumContentsLength(16);
    nameWidget(m_filter, u"historyFilter"_s, tr("Which sessions are listed"));
    m_filter->addItem(tr("All"), QString());
    m_filter->addItem(tr("Free"), u"free"_s);
    m_filter->addItem(tr("Builds"), u"build"_s);
    m_filter->setToolTip(tr("List all sessions, your own, or those of builds"));
    m_filter->setCurrentIndex(std::max(0, m_filter->findData(settings::historyFilter.get())));
    nameWidget(m_search, u"historySearch"_s, tr("Search in the history"));
    m_search->setPlaceholderText(tr("Search (F3: next)"));
    m_search->setClearButtonEnabled(true);
    m_search->setMaximumWidth(180);
    m_found->setObjectName(u"historyFound"_s);

    auto *row = new QWidget(this);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(m_chooser, 1);
    layout->addWidget(m_filter);
    layout->addWidget(makeToolBar(), 3);
    layout->addWidget(m_found);
    layout->addWidget(m_search);

    connect(m_chooser, &QComboBox::activated, this,
            [this](int index) { m_controller->select(m_chooser->itemData(index).toString()); });
    connect(m_filter, &QComboBox::activated, this, [this] {
        settings::historyFilter.set(m_filter->currentData().toString());
        showSessions();
        if (m_chooser->currentIndex() < 0 && m_chooser->count() > 0)
            m_controller->select(m_chooser->itemData(0).toString());
    });
    connect(m_search, &QLineEdit::textChanged, this, [this] { find(0); });
    connect(m_search, &QLineEdit::returnPressed, this, [this] { find(1); });
    for (const auto &[key, direction] :
         {std::pair{QKeySequence(Qt::Key_F3), 1}, std::pair{QKeySequence(Qt::SHIFT | Qt::Key_F3), -1}}) {
        auto *shortcut = new QShortcut(key, this, nullptr, nullptr, Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, [this, direction = direction] { find(direction); });
    }
    auto *search = new QShortcut(QKeySequence::Find, this, nullptr, nullptr, Qt::WidgetWithChildrenShortcut);
    connect(search, &QShortcut::activated, m_search, [this] { m_search->setFocus(); });
    return row;
}

QWidget *HistoryPane::makeToolBar()
{
    auto *bar = new QToolBar(this);
    nameWidget(bar, u"historyTools"_s, tr("Session tools"));
    bar->setIconSize(QSize(16, 16));
    for (QAction *action : m_actions->all()) {
        if (!action) {
            bar->addSeparator();
            continue;
        }
        bar->addAction(action);
        auto *button = qobject_cast<QToolButton *>(bar->widgetForAction(action));
        button->setFocusPolicy(Qt::StrongFocus);
        nameWidget(button, action->objectName() + u"Button"_s, action->text().remove(u'&'));
    }
    return bar;
}

void HistoryPane::makeView()
{
    nameWidget(m_view, u"historyGraph"_s, tr("History of the session"));
    m_view->setModel(m_model);
    m_view->setItemDelegateForColumn(HistoryModel::TitleColumn, new HistoryDelegate(m_view));
    m_view->setRootIsDecorated(false);
    m_view->setUniformRowHeights(true);
    m_view->setAllColumnsShowFocus(true);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_view->header()->setStretchLastSection(false);
    m_view->header()->setSectionResizeMode(QHeaderView::Interactive);
    m_view->header()->setSectionResizeMode(HistoryModel::TitleColumn, QHeaderView::Stretch);
    const int character = fontMetrics().averageCharWidth();
    for (const auto &[section, characters] :
         {std::pair{HistoryModel::KindColumn, 17}, std::pair{HistoryModel::ImageColumn, 14},
          std::pair{HistoryModel::TimeColumn, 13}})
        m_view->header()->resizeSection(section, character * characters);
    m_view->header()->restoreState(settings::historyHeader.get());
    for (QAction *action : m_actions->all()) {
        if (action)
            m_view->addAction(action);
    }
    m_empty->setObjectName(u"historyEmpty"_s);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setMargin(12);
    m_empty->setForegroundRole(QPalette::PlaceholderText);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_view);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &HistoryPane::updateState);
    connect(m_view, &QTreeView::activated, m_run, &RunPanel::focusCommand);
}

void HistoryPane::connectActions()
{
    const auto onEntry = [this](QAction *action, auto work) {
        connect(action, &QAction::triggered, this, [this, work] {
            if (const auto *entry = selected())
                work(*entry);
        });
    };
    using Entry = sessions::HistoryEntry;
    connect(m_actions->start, &QAction::triggered, this, &HistoryPane::startSession);
    connect(m_actions->branch, &QAction::triggered, this, &HistoryPane::beginBranch);
    connect(m_actions->addFiles, &QAction::triggered, this, &HistoryPane::addFiles);
    connect(m_actions->run, &QAction::triggered, m_run, &RunPanel::focusCommand);
    connect(m_actions->variables, &QAction::triggered, m_controller, &HistoryController::readVariables);
    connect(m_actions->remove, &QAction::triggered, m_controller, &HistoryController::remove);
    connect(m_actions->refresh, &QAction::triggered, m_controller, &HistoryController::refresh);
    connect(m_actions->zoomIn, &QAction::triggered, this,
            [this] { setZoom(settings::historyZoom.get() + 1); });
    connect(m_actions->zoomOut, &QAction::triggered, this,
            [this] { setZoom(settings::historyZoom.get() - 1); });
    onEntry(m_actions->rollback, [this](const Entry &entry) { m_controller->rollback(entry.id); });
    onEntry(m_actions->console, [this](const Entry &entry) { m_controller->openConsole(entry.id); });
    onEntry(m_actions->browse, [this](const Entry &entry) { Q_EMIT imageWanted(entry.image); });
    onEntry(m_actions->from, [this](const Entry &entry) { Q_EMIT fromWanted(entry.image); });
    onEntry(m_actions->copy, [](const Entry &entry) { QGuiApplication::clipboard()->setText(entry.image); });
    onEntry(m_actions->checkout, [this](const Entry &entry) {
        const QStringList names = m_view->currentIndex().data(HistoryModel::BranchesRole).toStringList();
        if (!names.isEmpty())
            m_controller->checkout(entry.id == m_controller->view().head() ? names.last() : names.first());
    });
    onEntry(m_actions->folder, [this](const Entry &entry) {
        auto *dialog =
            new FormDialog(u"folderDialog"_s, tr("Folder for Later Runs"), tr("&Set Folder"),
                           {{u"folderEdit"_s, tr("&Folder in the image:"), {}, tr("/srv/app, or ..")}}, this);
        connect(dialog, &FormDialog::chosen, this, [this, id = entry.id](const QStringList &texts) {
            m_controller->changeFolder(id, texts.first());
        });
        dialog->open();
    });
    onEntry(m_actions->tag, [this](const Entry &entry) {
        auto *dialog = new FormDialog(u"historyTagDialog"_s, tr("Tag the Image %1").arg(shortId(entry.image)),
                                      tr("Add &Tag"),
                                      {{u"historyTagEdit"_s,
                                        tr("&New tag:"),
                                        {},
                                        tr("name:version"),
                                        [](const QString &text) { return images::checkTag(text); }}},
                                      this);
        connect(dialog, &FormDialog::chosen, this, [this, image = entry.image](const QStringList &texts) {
            m_images->setTag(image, texts.first());
        });
        dialog->open();
    });
    connect(m_actions->rename, &QAction::triggered, this, [this] {
        auto *dialog = new FormDialog(
            u"renameDialog"_s, tr("Rename the Session %1").arg(m_controller->current()), tr("&Rename"),
            {{u"renameEdit"_s, tr("&New name:"), m_controller->current(), {}, sessions::checkSessionName}},
            this);
        connect(dialog, &FormDialog::chosen, this,
                [this](const QStringList &texts) { m_controller->rename(texts.first()); });
        dialog->open();
    });
    connect(m_run, &RunPanel::runRequested, this, [this](const QString &command, bool disposable) {
        if (const auto *entry = selected())
            m_controller->run(entry->id, {.command = command, .shell = true, .disposable = disposable});
    });
    connect(m_run, &RunPanel::stopRequested, m_controller, &HistoryController::cancel);
}

void HistoryPane::followController()
{
    connect(m_controller, &HistoryController::sessionsChanged, this, &HistoryPane::showSessions);
    connect(m_controller, &HistoryController::viewChanged, this, &HistoryPane::showView);
    connect(m_controller, &HistoryController::busyChanged, this, [this] {
        m_run->setRunning(m_controller->isBusy());
        updateState();
    });
    connect(m_controller->session(), &EngineSession::stateChanged, this, &HistoryPane::updateState);
    connect(m_controller, &HistoryController::runStarted, m_run, &RunPanel::begin);
    connect(m_controller, &HistoryController::output, m_run, &RunPanel::add);
    connect(m_controller, &HistoryController::runEnded, m_run, &RunPanel::end);
    connect(m_controller, &HistoryController::begun, this, [this] {
        if (m_showsFailure)
            m_message->hide();
    });
    connect(m_controller, &HistoryController::failed, this, [this](const Error &error) {
        m_message->show(error.kind == ErrorKind::Cancelled ? Tone::Neutral : Tone::Bad, error.text());
        m_showsFailure = true;
    });
    connect(m_controller, &HistoryController::removed, this, [this](const QString &name, const QString &key) {
        m_message->show(Tone::Neutral, tr("Deleted the session %1.").arg(name), tr("Undo Delete"),
                        [this, key] { m_controller->restore(key); });
        m_showsFailure = false;
    });
    connect(m_controller, &HistoryController::variablesRead, this,
            [this](const QMap<QString, QString> &variables) {
                const auto *entry = selected();
                if (!entry)
                    return;
                auto *dialog = new VariablesDialog(variables, this);
                connect(dialog, &VariablesDialog::changed, this, [this, id = entry->id](const auto &changes) {
                    m_controller->changeVariables(id, changes);
                });
                dialog->open();
            });
}

} // namespace cooperage::gui
