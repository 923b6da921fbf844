#include "app/images/imageviewmemory.h"

#include "app/images/imagebrowsermodel.h"
#include "app/settings.h"

#include <QHeaderView>
#include <QTreeView>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

// Selections larger than this are not looked for again when rows move.
static constexpr qsizetype mostKept = 500;

ImageViewMemory::ImageViewMemory(QTreeView *view, ImageBrowserModel *model, QObject *parent)
    : QObject(parent),
      m_view(view),
      m_model(model),
      m_open(settings::imagesOpenGroups.get()),
      m_firstRow(settings::imagesScroll.get())
{
    const QStringList chosen = settings::imagesSelected.get();
    for (qsizetype i = 0; i + 1 < chosen.size(); i += 2)
        m_chosen.append({chosen[i], chosen[i + 1]});
    view->header()->restoreState(settings::imagesHeader.get());
    connect(model, &QAbstractItemModel::modelAboutToBeReset, this, &ImageViewMemory::noteGroups);
    connect(model, &QAbstractItemModel::modelReset, this, [this] {
        reopenGroups();
        readSelection();
    });
    connect(model, &QAbstractItemModel::dataChanged, this, [this] {
        restoreScroll();
        restoreSelection();
    });
    connect(view->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &ImageViewMemory::noteSelection);
}

void ImageViewMemory::save()
{
    noteGroups();
    settings::imagesHeader.set(m_view->header()->saveState());
    settings::imagesOpenGroups.set(m_open);
    QStringList chosen;
    for (const auto &[uuid, tag] : std::as_const(m_chosen))
        chosen += {uuid, tag};
    settings::imagesSelected.set(chosen);
    const QModelIndex first = m_view->indexAt({0, 0});
    if (m_firstRow < 0)
        settings::imagesScroll.set(first.isValid() && !first.parent().isValid() ? first.row() : 0);
}

// The view drops its selection with the rows before a new query; that is not the user's doing.
void ImageViewMemory::noteSelection()
{
    if (m_restoring || m_model->rowCount() == 0)
        return;
    readSelection();
    m_chosen.clear();
    if (m_rows.size() <= mostKept) {
        for (const engine::ImageListRow &row : std::as_const(m_rows))
            m_chosen.append({row.image.uuid, row.image.tag});
    }
}

void ImageViewMemory::readSelection()
{
    m_rows.clear();
    m_tooMuch = false;
    const QItemSelection selection = m_view->selectionModel()->selection();
    for (const QItemSelectionRange &range : selection) {
        for (int row = range.top(); row <= range.bottom() && !m_tooMuch; ++row) {
            const QModelIndex index = m_model->index(row, 0, range.parent());
            const bool isGroup = m_model->isGrouped() && !range.parent().isValid();
            if (const engine::ImageListRow *found = m_model->loadedRow(index))
                m_rows.append(*found);
            else if (!isGroup)
                m_tooMuch = true;
        }
    }
    if (m_tooMuch)
        m_rows.clear();
    Q_EMIT selectionChanged();
}

void ImageViewMemory::restoreSelection()
{
    if (m_chosen.isEmpty()) {
        readSelection();
        return;
    }
    QItemSelection selection;
    for (const auto &[uuid, tag] : std::as_const(m_chosen)) {
        const QModelIndex index = m_model->find(uuid, tag);
        if (index.isValid())
            selection.select(index, index.siblingAtColumn(ImageBrowserModel::ColumnCount - 1));
    }
    m_restoring = true;
    QItemSelectionModel *model = m_view->selectionModel();
    model->select(selection, QItemSelectionModel::ClearAndSelect);
    if (!model->currentIndex().isValid() && !selection.isEmpty())
        model->setCurrentIndex(selection.first().topLeft(), QItemSelectionModel::NoUpdate);
    m_restoring = false;
    readSelection();
}

void ImageViewMemory::restoreScroll()
{
    if (m_firstRow < 0)
        return;
    const int row = std::exchange(m_firstRow, -1);
    if (row > 0 && !m_model->isGrouped() && row < m_model->rowCount())
        m_view->scrollTo(m_model->index(row, 0), QTreeView::PositionAtTop);
}

void ImageViewMemory::noteGroups()
{
    if (!m_model->isGrouped() || m_model->rowCount() == 0)
        return;
    m_open.clear();
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const QModelIndex group = m_model->index(row, 0);
        if (m_view->isExpanded(group))
            m_open.append(group.data(ImageBrowserModel::GroupRole).toString());
    }
}

void ImageViewMemory::reopenGroups()
{
    for (int row = 0; m_model->isGrouped() && row < m_model->rowCount(); ++row) {
        const QModelIndex group = m_model->index(row, 0);
        m_view->setFirstColumnSpanned(row, {}, true);
        if (m_open.contains(group.data(ImageBrowserModel::GroupRole).toString()))
            m_view->expand(group);
    }
}

QString ImageViewMemory::tableText() const
{
    const QHeaderView *header = m_view->header();
    QList<int> columns;
    for (int place = 0; place < header->count(); ++place) {
        const int column = header->logicalIndex(place);
        if (!header->isSectionHidden(column))
            columns.append(column);
    }
    const auto line = [&columns](const auto &cell) {
        QStringList cells;
        for (const int column : columns)
            cells.append(cell(column).simplified()); // A tab within would begin another cell.
        return cells.join(u'\t');
    };
    QStringList lines{line([this](int column) {
        return m_model->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
    })};
    const QDateTime now = QDateTime::currentDateTimeUtc();
    for (const engine::ImageListRow &row : m_rows)
        lines.append(line([&](int column) { return imageCell(row, column, now); }));
    return lines.join(u'\n');
}

} // namespace cooperage::gui
