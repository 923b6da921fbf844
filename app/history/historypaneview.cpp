#include "app/connections/enginesession.h"
#include "app/formdialog.h"
#include "app/history/historyactions.h"
#include "app/history/historycontroller.h"
#include "app/history/historymodel.h"
#include "app/history/historypane.h"
#include "app/history/runpanel.h"
#include "app/images/imagebrowsermodel.h"
#include "app/images/imagecatalog.h"
#include "app/settings.h"
#include "core/sessions/sessionnames.h"

#include <QAction>
#include <QComboBox>
#include <QFileDialog>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QStackedWidget>
#include <QTreeView>

#include <algorithm>

using namespace Qt::StringLiterals;

// What the pane shows of the controller's state.
namespace cooperage::gui {

namespace {

constexpr int smallestZoom = -4;
constexpr int largestZoom = 12;

/// "api", or "api-2" where there is an "api" already.
QString freeName(const QString &image, const QList<sessions::SessionSummary> &taken)
{
    QString base = image.section(u'/', -1).section(u':', 0, 0);
    if (base.isEmpty())
        base = u"session"_s;
    QString name = base;
    for (int number = 2; std::ranges::contains(taken, name, &sessions::SessionSummary::name); ++number)
        name = u"%1-%2"_s.arg(base).arg(number);
    return name;
}

} // namespace

void HistoryPane::showSessions()
{
    const QString filter = m_filter->currentData().toString();
    m_chooser->clear();
    for (const sessions::SessionSummary &summary : m_controller->sessions()) {
        if (!filter.isEmpty() && sessions::isBuildSession(summary.name) != (filter == "build"_L1))
            continue;
        m_chooser->addItem(summary.name, summary.name);
        m_chooser->setItemData(
            m_chooser->count() - 1,
            tr("%1\nLast used %2; %n entries", nullptr, summary.entries)
                .arg(summary.name, agoText(summary.updatedAt, QDateTime::currentDateTimeUtc())),
            Qt::ToolTipRole);
    }
    m_chooser->setCurrentIndex(m_chooser->findData(m_controller->current()));
    m_chooser->setEnabled(m_chooser->count() > 0);
    m_chooser->setPlaceholderText(m_controller->sessions().isEmpty() ? tr("No session yet")
                                                                     : tr("Choose a session"));
}

void HistoryPane::showView()
{
    const auto *before = selected();
    const qint64 head = m_model->view().head();
    const QString name = m_model->view().name;
    const qint64 kept = before ? before->id : 0;
    m_model->setView(m_controller->view());
    // The selection goes along with the head, unless it was put somewhere else.
    const bool follows =
        kept == 0 || kept == head || name != m_model->view().name || m_model->rowOf(kept) < 0;
    const qint64 wanted = follows ? m_model->view().head() : kept;
    select(m_model->rowOf(wanted) >= 0 || m_model->rowCount() == 0 ? wanted : m_model->entryAt(0).id);
    m_stack->setCurrentIndex(m_model->rowCount() > 0 ? 1 : 0);
    updateState();
}

void HistoryPane::updateState()
{
    const auto *entry = selected();
    const bool ready = m_controller->session()->state() == EngineSession::State::Ready;
    m_actions->update(m_controller->view(), entry, ready, m_controller->isBusy());
    m_empty->setText(
        m_controller->isLoaded()
            ? tr("No session yet. Press New Session to work step by step in an image; builds appear "
                 "here by themselves.")
            : tr("Reading the sessions…"));
    if (!entry) {
        m_run->setPlace({}, tr("Start a session to run commands."));
    } else if (sessions::isBuildSession(m_controller->current())) {
        m_run->setPlace(
            {}, tr("This is the history of a build. Press New Session to work on from the selected entry."));
    } else if (!ready) {
        m_run->setPlace({}, tr("The engine is not ready."));
    } else {
        m_run->setPlace(entry->id == m_controller->view().head()
                            ? tr("Runs after “%1” on the branch %2.")
                                  .arg(entry->title.simplified().left(60), m_controller->view().activeBranch)
                            : tr("Runs after “%1” on a new branch.").arg(entry->title.simplified().left(60)),
                        {});
    }
}

void HistoryPane::setZoom(int zoom)
{
    zoom = std::clamp(zoom, smallestZoom, largestZoom);
    settings::historyZoom.set(zoom);
    QFont font = this->font();
    font.setPointSizeF(std::max(6.0, font.pointSizeF() + zoom));
    m_view->setFont(font);
    m_view->header()->setFont(this->font());
    m_view->doItemsLayout();
    m_actions->zoomIn->setEnabled(zoom < largestZoom);
    m_actions->zoomOut->setEnabled(zoom > smallestZoom);
}

void HistoryPane::find(int direction)
{
    const QList<int> rows = m_model->matches(m_search->text().trimmed());
    if (rows.isEmpty()) {
        m_found->setText(m_search->text().trimmed().isEmpty() ? QString() : tr("Not found"));
        return;
    }
    const int current = m_view->currentIndex().row();
    auto found = direction >= 0
                     ? std::ranges::find_if(rows, [&](int row) { return row >= current + direction; })
                     : std::ranges::find_if(rows, [&](int row) { return row >= current; });
    if (direction < 0)
        found = found == rows.begin() ? rows.end() - 1 : found - 1;
    else if (found == rows.end())
        found = rows.begin();
    m_view->setCurrentIndex(m_model->index(*found, 0));
    m_found->setText(tr("%1 of %2").arg(found - rows.begin() + 1).arg(rows.size()));
}

const sessions::HistoryEntry *HistoryPane::selected() const
{
    const QModelIndex index = m_view->currentIndex();
    return index.isValid() ? &m_model->entryAt(index.row()) : nullptr;
}

void HistoryPane::select(qint64 entry)
{
    const int row = m_model->rowOf(entry);
    const QModelIndex index = m_model->index(row, 0);
    if (m_view->currentIndex().row() == row)
        return;
    m_view->setCurrentIndex(index);
    if (index.isValid())
        m_view->scrollTo(index);
}

void HistoryPane::startSession()
{
    m_images->listTags(this, [this](const QStringList &tags) { askForSession(tags); });
}

void HistoryPane::askForSession(const QStringList &tags)
{
    const auto *entry = selected();
    const QString image = entry ? entry->image : tags.value(0);
    const QString name = freeName(entry ? u"session"_s : image, m_controller->sessions());
    auto *dialog = new FormDialog(u"startDialog"_s, tr("New Session"), tr("&Start"),
                                  {{.name = u"startImage"_s,
                                    .label = tr("&Image (tag or id):"),
                                    .text = image,
                                    .placeholder = tr("busybox:latest"),
                                    .completions = tags},
                                   {.name = u"startName"_s,
                                    .label = tr("&Name of the session:"),
                                    .text = name,
                                    .check = sessions::checkSessionName}},
                                  this);
    connect(dialog, &FormDialog::chosen, this,
            [this](const QStringList &texts) { m_controller->start(texts[1], texts[0]); });
    dialog->open();
}

void HistoryPane::beginBranch()
{
    const auto *entry = selected();
    if (!entry)
        return;
    const auto check = [branches = m_controller->view().branches](const QString &name) -> Result<> {
        if (std::ranges::contains(branches, name, &sessions::Branch::name))
            return failure(ErrorKind::BadInput, tr("The session has that branch already"));
        return sessions::checkBranchName(name);
    };
    auto *dialog = new FormDialog(
        u"branchDialog"_s, tr("New Branch at “%1”").arg(entry->title.simplified().left(40)), tr("&Branch"),
        {{.name = u"branchEdit"_s, .label = tr("&Name of the branch:"), .check = check}}, this);
    connect(dialog, &FormDialog::chosen, this,
            [this, id = entry->id](const QStringList &texts) { m_controller->branch(texts.first(), id); });
    dialog->open();
}

void HistoryPane::addFiles()
{
    const auto *entry = selected();
    if (!entry)
        return;
    auto *chooser = new QFileDialog(this, tr("Files for the Next Run"));
    chooser->setObjectName(u"addFilesDialog"_s);
    chooser->setAttribute(Qt::WA_DeleteOnClose);
    chooser->setFileMode(QFileDialog::ExistingFiles);
    connect(chooser, &QFileDialog::filesSelected, this, [this, id = entry->id](const QStringList &files) {
        auto *dialog = new FormDialog(
            u"targetDialog"_s, tr("Add %n Files", nullptr, int(files.size())), tr("&Add"),
            {{.name = u"targetEdit"_s,
              .label = tr("&To (a folder ends in /):"),
              .text = files.size() == 1 ? u"./"_s + files.first().section(u'/', -1) : u"./"_s}},
            this);
        connect(dialog, &FormDialog::chosen, this, [this, id, files](const QStringList &texts) {
            m_controller->addFiles(id, files, texts.first());
        });
        dialog->open();
    });
    chooser->open();
}

void HistoryPane::showEvent(QShowEvent *event)
{
    m_controller->setWatched(true);
    QWidget::showEvent(event);
}

void HistoryPane::hideEvent(QHideEvent *event)
{
    m_controller->setWatched(false);
    QWidget::hideEvent(event);
}

} // namespace cooperage::gui
