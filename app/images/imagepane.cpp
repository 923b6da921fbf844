#include "app/images/imagepane.h"

#include "app/accessibility.h"
#include "app/actions.h"
#include "app/connections/enginesession.h"
#include "app/images/imageactions.h"
#include "app/images/imagebrowsermodel.h"
#include "app/images/imagecatalog.h"
#include "app/images/imagefilterbar.h"
#include "app/images/imageviewmemory.h"
#include "app/inlinemessage.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QToolButton>
#include <QTreeView>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

ImagePane::ImagePane(ImageCatalog *catalog, QWidget *parent)
    : QWidget(parent),
      m_catalog(catalog),
      m_model(new ImageBrowserModel(this)),
      m_actions(new ImageActions(catalog, this)),
      m_filter(new ImageFilterBar(this)),
      m_message(new InlineMessage(this)),
      m_stack(new QStackedWidget(this)),
      m_empty(new QLabel(this)),
      m_note(new QLabel(this)),
      m_view(new QTreeView(this)),
      m_import(makeAction({u"imageImport"_s, u"import"_s, tr("&Import…"),
                           tr("Bring images from a registry or a file"),
                           QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_I)},
                          this)),
      m_refresh(makeAction({u"imageRefresh"_s, u"refresh"_s, tr("Re&fresh"),
                            tr("Ask the engine for its images again"), QKeySequence::Refresh},
                           this))
{
    makeView();
    m_message->setObjectName(u"imageMessage"_s);
    m_empty->setObjectName(u"imagesEmpty"_s);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setMargin(12);
    m_empty->setForegroundRole(QPalette::PlaceholderText);
    m_note->setObjectName(u"imageNote"_s);
    m_note->setTextFormat(Qt::PlainText);
    m_note->setWordWrap(true);
    m_note->setForegroundRole(QPalette::PlaceholderText);
    m_note->hide();
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_view);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(6, 4, 6, 4);
    layout->setSpacing(4);
    layout->addWidget(makeToolRow());
    layout->addWidget(m_filter);
    layout->addWidget(m_message);
    layout->addWidget(m_stack, 1);
    layout->addWidget(m_note);
    connect(m_import, &QAction::triggered, this, &ImagePane::importWanted);
    connect(m_refresh, &QAction::triggered, m_catalog, &ImageCatalog::refresh);
    connect(m_filter, &ImageFilterBar::changed, this, &ImagePane::browse);
    followModel();
    followSelection();
    followCatalog();
    updateEmptyText();
}

ImagePane::~ImagePane()
{
    m_memory->save();
}

QList<QList<QAction *>> ImagePane::actionGroups() const
{
    return QList<QList<QAction *>>{{m_import}} + m_actions->groups() + QList<QList<QAction *>>{{m_refresh}};
}

QWidget *ImagePane::makeToolRow()
{
    auto *row = new QWidget(this);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    for (QAction *action : {m_import, m_actions->details(), m_actions->console(), m_actions->addTag(),
                            m_actions->removeTag(), m_actions->copy(), m_refresh}) {
        auto *button = new QToolButton(row);
        button->setDefaultAction(action);
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::StrongFocus);
        nameWidget(button, action->objectName() + u"Button"_s, action->text().remove(u'&'));
        if (action == m_import)
            button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        layout->addWidget(button);
    }
    layout->insertStretch(1);
    return row;
}

void ImagePane::makeView()
{
    nameWidget(m_view, u"imageList"_s, tr("Images"));
    m_view->setModel(m_model);
    m_view->setUniformRowHeights(true);
    m_view->setAllColumnsShowFocus(true);
    m_view->setSelectionMode(QTreeView::ExtendedSelection);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setTextElideMode(Qt::ElideMiddle);
    m_view->setSortingEnabled(true);
    QHeaderView *header = m_view->header();
    header->setStretchLastSection(false);
    header->setSectionsMovable(true);
    header->resizeSection(ImageBrowserModel::TagColumn, 185);
    header->resizeSection(ImageBrowserModel::SizeColumn, 66);
    header->resizeSection(ImageBrowserModel::CreatedColumn, 84);
    header->resizeSection(ImageBrowserModel::IdColumn, 80);
    header->resizeSection(ImageBrowserModel::OriginColumn, 200);
    m_view->sortByColumn(ImageBrowserModel::CreatedColumn, Qt::DescendingOrder);
    // The tag, its size and age first: a narrow pane shows what matters.
    header->moveSection(header->visualIndex(ImageBrowserModel::SizeColumn), 1);
    header->moveSection(header->visualIndex(ImageBrowserModel::CreatedColumn), 2);
    m_view->setDragEnabled(true);
    m_view->setDragDropMode(QTreeView::DragOnly);
    m_memory = new ImageViewMemory(m_view, m_model, this);
    connect(header, &QHeaderView::sortIndicatorChanged, this, &ImagePane::showOrder);
    m_view->setContextMenuPolicy(Qt::ActionsContextMenu);
    for (const QList<QAction *> &group : actionGroups()) {
        if (!m_view->actions().isEmpty()) {
            auto *line = new QAction(this);
            line->setSeparator(true);
            m_view->addAction(line);
        }
        m_view->addActions(group);
    }
    connect(m_view, &QTreeView::activated, this, [this](const QModelIndex &index) {
        if (m_model->rowAt(index))
            m_actions->details()->trigger();
    });
}

// The engine cannot sort by each column: the mark stays with the one by which it does.
void ImagePane::showOrder()
{
    using Order = engine::ImageListQuery::Order;
    const engine::ImageListQuery &query = m_model->query();
    const int column = query.order == Order::Tag    ? ImageBrowserModel::TagColumn
                       : query.order == Order::Size ? ImageBrowserModel::SizeColumn
                                                    : ImageBrowserModel::CreatedColumn;
    const QSignalBlocker quiet(m_view->header());
    m_view->header()->setSortIndicator(column, query.descending ? Qt::DescendingOrder : Qt::AscendingOrder);
}

void ImagePane::followModel()
{
    connect(m_model, &ImageBrowserModel::modelReset, this, &ImagePane::updateEmptyText);
    connect(m_model, &ImageBrowserModel::rowsInserted, this, &ImagePane::updateEmptyText);
    connect(m_model, &ImageBrowserModel::rowsRemoved, this, &ImagePane::updateEmptyText);
    connect(m_model, &ImageBrowserModel::dataChanged, this, &ImagePane::updateEmptyText);
    connect(m_model, &ImageBrowserModel::loadedEmpty, this, &ImagePane::updateEmptyText);
    m_catalog->serve(m_model);
}

void ImagePane::followCatalog()
{
    connect(m_catalog, &ImageCatalog::tagsChanged, this, &ImagePane::showTagChanges);
    connect(m_catalog, &ImageCatalog::removing, this, &ImagePane::showRemoval);
    connect(m_catalog, &ImageCatalog::removed, m_message, &QWidget::hide);
    connect(m_catalog, &ImageCatalog::failed, this,
            [this](const Error &error) { m_message->show(Tone::Bad, error.text()); });
    const EngineSession *session = m_catalog->session();
    const auto follow = [this, session] {
        const bool ready = session->state() == EngineSession::State::Ready;
        m_import->setEnabled(ready);
        m_refresh->setEnabled(ready);
        if (session->state() == EngineSession::State::Starting && m_catalog->leaving().isEmpty())
            m_message->hide(); // What it said of the engine is asked anew.
        if (ready) {
            m_filter->setComplete(session->info().offers(engine::extension::imageList),
                                  tr("%1 cannot do this.").arg(session->info().name));
            browse();
        }
        updateEmptyText();
    };
    connect(session, &EngineSession::stateChanged, this, follow);
    connect(session, &EngineSession::engineChanged, this, [this] {
        m_model->clear();
        if (m_catalog->leaving().isEmpty()) // An undo would be one of the other engine's.
            m_message->hide();
    });
    follow();
}

void ImagePane::browse()
{
    engine::ImageListQuery query = m_model->query();
    m_filter->apply(&query);
    m_view->setRootIsDecorated(m_filter->grouping().has_value());
    m_model->browse(query, m_filter->grouping());
}

void ImagePane::updateEmptyText()
{
    m_stack->setCurrentIndex(m_model->rowCount() > 0 ? 1 : 0);
    const auto state = m_catalog->session()->state();
    if (state == EngineSession::State::Unreachable)
        m_empty->setText(
            tr("The engine does not answer, so its images are not known. Press Retry in the status line."));
    else if (!m_model->isLoaded())
        m_empty->setText(tr("Waiting for the engine…"));
    else if (m_filter->isFiltering())
        m_empty->setText(tr("No image passes the filter."));
    else
        m_empty->setText(
            tr("No images yet. Build a Dockerfile, or press Import to bring one from a registry or a file."));
}

void ImagePane::followSelection()
{
    connect(m_memory, &ImageViewMemory::selectionChanged, this, [this] {
        const QList<engine::ImageListRow> &rows = m_memory->selected();
        m_actions->setSelection(rows);
        QString note;
        if (m_memory->isTooMuch())
            note = tr("More images are selected than are loaded: select fewer to do something with them.");
        else if (rows.size() == 1)
            note = shadowText(rows.first());
        else if (rows.size() > 1)
            note = tr("Selected: %1 rows.").arg(rows.size());
        if (note.isEmpty() && m_model->hasMoreGroups())
            note = tr("Only the first %1 groups are listed. Filter to find others.")
                       .arg(ImageBrowserModel::MostGroups);
        m_note->setText(note);
        m_note->setVisible(!note.isEmpty());
    });
    connect(m_actions, &ImageActions::rowsCopyWanted, this,
            [this] { QGuiApplication::clipboard()->setText(m_memory->tableText()); });
}

void ImagePane::showTagChanges(const QList<sessions::TagChange> &changes)
{
    m_message->show(Tone::Neutral, changeText(changes), tr("Undo"),
                    [this, changes] { m_catalog->undo(changes); });
}

void ImagePane::showRemoval(const QStringList &uuids)
{
    if (uuids.isEmpty())
        m_message->hide();
    else
        m_message->show(Tone::Neutral,
                        uuids.size() == 1 ? tr("Deleting the image with all its tags…")
                                          : tr("Deleting %1 images with all their tags…").arg(uuids.size()),
                        tr("Undo"), [this] { m_catalog->keepAfterAll(); });
}

} // namespace cooperage::gui
