#include "app/images/taghistory.h"

#include "app/background.h"
#include "app/connections/enginesession.h"
#include "app/images/imagecatalog.h"
#include "app/images/imagecells.h"

#include <QLocale>

namespace cooperage::gui {

using sessions::TagChange;
using sessions::TagJournal;

static constexpr int mostChanges = 1000;

TagHistory::TagHistory(ImageCatalog *catalog, QObject *parent)
    : QAbstractTableModel(parent), m_catalog(catalog)
{
    connect(catalog, &ImageCatalog::tagsChanged, this, &TagHistory::read);
    connect(catalog, &ImageCatalog::failed, this, &TagHistory::failed);
}

void TagHistory::showTag(const QString &tag)
{
    m_tag = tag;
    read();
}

void TagHistory::read()
{
    const auto store = m_catalog->session()->store();
    if (!store) {
        Q_EMIT failed(store.error());
        return;
    }
    const auto work = [file = (*store)->file(), scope = (*store)->engineScope(),
                       tag = m_tag]() -> Result<Read> {
        const auto opened = sessions::SessionStore::open(file, scope);
        if (!opened)
            return std::unexpected(opened.error());
        TagJournal journal(**opened);
        const auto tags = journal.tags();
        if (!tags)
            return std::unexpected(tags.error());
        return journal.changes(tag, mostChanges).transform([&](const QList<TagChange> &changes) {
            return Read{*tags, changes};
        });
    };
    inBackground(this, work, [this, attempt = ++m_attempt](const Result<Read> &found) {
        if (attempt != m_attempt)
            return;
        if (found)
            take(*found);
        else
            Q_EMIT failed(found.error());
    });
}

void TagHistory::take(const Read &found)
{
    beginResetModel();
    m_tags = found.tags;
    m_rows.clear();
    QDateTime until;
    for (const TagChange &change : found.changes) {
        m_rows.append({change.after, change.changedAt, until, change.command});
        until = change.changedAt;
    }
    if (!found.changes.isEmpty() && !found.changes.last().before.isEmpty())
        m_rows.append({.image = found.changes.last().before, .until = until});
    endResetModel();
    Q_EMIT loaded();
}

void TagHistory::moveBack(int row)
{
    m_catalog->change({{.tag = m_tag, .after = image(row)}}, tr("Move back"));
}

int TagHistory::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int TagHistory::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

// The day stands once, where it is the same.
static QString spanText(const QDateTime &since, const QDateTime &until)
{
    const QLocale locale;
    const auto text = [&locale](const QDateTime &time) {
        return locale.toString(time, QLocale::ShortFormat);
    };
    if (!since.isValid())
        return TagHistory::tr("until %1").arg(text(until));
    if (!until.isValid())
        return TagHistory::tr("since %1").arg(text(since));
    const QString end =
        since.date() == until.date() ? locale.toString(until.time(), QLocale::ShortFormat) : text(until);
    return TagHistory::tr("%1 – %2").arg(text(since), end);
}

QString TagHistory::text(const Row &row, int column) const
{
    switch (column) {
    case SinceColumn:
        return spanText(row.since.toLocalTime(), row.until.toLocalTime());
    case ImageColumn:
        return row.image.isEmpty() ? tr("(no tag)") : tr("Image %1").arg(shortId(row.image));
    default:
        return row.command;
    }
}

QVariant TagHistory::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row &row = m_rows[index.row()];
    if (role == Qt::DisplayRole)
        return text(row, index.column());
    if (role == Qt::AccessibleTextRole && index.column() == SinceColumn)
        return tr("%1, %2").arg(text(row, SinceColumn), text(row, ImageColumn));
    if (role == Qt::ToolTipRole) {
        const QString image =
            row.image.isEmpty() ? tr("No image had the tag") : tr("Image %1").arg(row.image);
        return row.since.isValid()
                   ? tr("%1\nsince %2")
                         .arg(image, QLocale().toString(row.since.toLocalTime(), QLocale::LongFormat))
                   : image;
    }
    return {};
}

QVariant TagHistory::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    const QString names[] = {tr("When"), tr("Pointed to"), tr("Changed by")};
    return names[section];
}

} // namespace cooperage::gui
