#include "app/images/imagepane.h"

#include "app/accessibility.h"
#include "app/actions.h"
#include "app/connections/enginesession.h"
#include "app/images/imageactions.h"
#include "app/images/imagebrowsermodel.h"
#include "app/images/imagecatalog.h"
#include "app/images/imagefilterbar.h"
#include "app/inlinemessage.h"
#include "app/settings.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QStackedWidget>
#include <QToolButton>
#include <QTreeView>

#include <algorithm>

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
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_view);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(6, 4, 6, 4);
    layout->setSpacing(4);
    layout->addWidget(makeToolRow());
    layout->addWidget(m_filter);
    layout->addWidget(m_message);
    layout->addWidget(m_stack, 1);
    connect(m_import, &QAction::triggered, this, &ImagePane::importWanted);
    connect(m_refresh, &QAction::triggered, m_catalog, &ImageCatalog::refresh);
    connect(m_filter, &ImageFilterBar::changed, this, &ImagePane::browse);
    followModel();
    followCatalog();
    updateEmptyText();
}

ImagePane::~ImagePane()
{
    settings::imagesHeader.set(m_view->header()->saveState());
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
    for (QAction *action : {m_import, m_actions->details(), m_actions->addTag(), m_actions->removeTag(),
                            m_actions->copy(), m_refresh}) {
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
    header->resizeSection(ImageBrowserModel::TagColumn, 150);
    header->resizeSection(ImageBrowserModel::SizeColumn, 66);
    header->resizeSection(ImageBrowserModel::CreatedColumn, 84);
    header->resizeSection(ImageBrowserModel::IdColumn, 80);
    header->resizeSection(ImageBrowserModel::OriginColumn, 200);
    m_view->sortByColumn(ImageBrowserModel::CreatedColumn, Qt::DescendingOrder);
    // The tag, its size and age first: a narrow pane shows what matters.
    header->moveSection(header->visualIndex(ImageBrowserModel::SizeColumn), 1);
    header->moveSection(header->visualIndex(ImageBrowserModel::CreatedColumn), 2);
    header->restoreState(settings::imagesHeader.get());
    m_view->setContextMenuPolicy(Qt::ActionsContextMenu);
    for (const QList<QAction *> &group : actionGroups()) {
        if (!m_view->actions().isEmpty()) {
            auto *line = new QAction(this);
            line->setSeparator(true);
            m_view->addAction(line);
        }
        m_view->addActions(group);
    }
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &ImagePane::selectionChanged);
    connect(m_view, &QTreeView::activated, this, [this](const QModelIndex &index) {
        if (m_model->rowAt(index))
            m_actions->details()->trigger();
    });
}

void ImagePane::followModel()
{
    connect(m_model, &ImageBrowserModel::modelAboutToBeReset, this, &ImagePane::rememberGroups);
    connect(m_model, &ImageBrowserModel::modelReset, this, [this] {
        reopenGroups();
        updateEmptyText();
    });
    connect(m_model, &ImageBrowserModel::rowsInserted, this, &ImagePane::updateEmptyText);
    connect(m_model, &ImageBrowserModel::rowsRemoved, this, &ImagePane::updateEmptyText);
    connect(m_model, &ImageBrowserModel::dataChanged, this, [this] {
        keepSelection();
        updateEmptyText();
    });
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
        if (ready) {
            m_filter->setComplete(session->info().offers(engine::extension::imageList),
                                  tr("%1 cannot do this.").arg(session->info().name));
            browse();
        }
        updateEmptyText();
    };
    connect(session, &EngineSession::stateChanged, this, follow);
    connect(session, &EngineSession::engineChanged, m_model, &ImageBrowserModel::clear);
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

QList<engine::ImageListRow> ImagePane::selectedRows() const
{
    QList<engine::ImageListRow> rows;
    for (const QModelIndex &index : m_view->selectionModel()->selectedRows()) {
        if (const engine::ImageListRow *row = m_model->rowAt(index))
            rows.append(*row);
    }
    return rows;
}

void ImagePane::selectionChanged()
{
    const QList<engine::ImageListRow> rows = selectedRows();
    if (!m_restoring) {
        m_selected.clear();
        for (const engine::ImageListRow &row : rows)
            m_selected.append({row.image.uuid, row.image.tag});
    }
    m_actions->setSelection(rows);
}

// Rows move when images come and go; what the user chose stays chosen.
void ImagePane::keepSelection()
{
    QItemSelection selection;
    for (const auto &[uuid, tag] : std::as_const(m_selected)) {
        const QModelIndex index = m_model->find(uuid, tag);
        if (index.isValid())
            selection.select(index, index.siblingAtColumn(ImageBrowserModel::ColumnCount - 1));
    }
    m_restoring = true;
    m_view->selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
    m_restoring = false;
    m_actions->setSelection(selectedRows());
}

void ImagePane::rememberGroups()
{
    if (m_model->rowCount() == 0)
        return;
    m_open.clear();
    for (int row = 0; m_model->isGrouped() && row < m_model->rowCount(); ++row) {
        const QModelIndex group = m_model->index(row, 0);
        if (m_view->isExpanded(group))
            m_open.append(group.data(ImageBrowserModel::GroupRole).toString());
    }
}

void ImagePane::reopenGroups()
{
    for (int row = 0; m_model->isGrouped() && row < m_model->rowCount(); ++row) {
        const QModelIndex group = m_model->index(row, 0);
        m_view->setFirstColumnSpanned(row, {}, true);
        if (m_open.contains(group.data(ImageBrowserModel::GroupRole).toString()))
            m_view->expand(group);
    }
}

void ImagePane::showTagChanges(const QList<sessions::TagChange> &changes)
{
    const sessions::TagChange &last = changes.last();
    QString text = tr("%1 tags changed.").arg(changes.size());
    if (changes.size() == 1 && last.after.isEmpty())
        text = tr("Removed the tag %1.").arg(last.tag);
    else if (changes.size() == 1 && last.before.isEmpty())
        text = tr("Added the tag %1.").arg(last.tag);
    else if (changes.size() == 1)
        text = tr("Moved the tag %1 from %2 to %3.").arg(last.tag, shortId(last.before), shortId(last.after));
    QList<sessions::TagChange> back;
    for (const sessions::TagChange &change : changes)
        back.prepend(sessions::reversed(change));
    m_message->show(Tone::Neutral, text, tr("Undo"), [this, back] { m_catalog->change(back, tr("Undo")); });
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
