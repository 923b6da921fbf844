#include "app/details/comparisonmodel.h"

#include "app/details/imagefacts.h"
#include "app/details/imagefilesmodel.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <sys/stat.h>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

using engine::ImageChange;

void ComparisonModel::setChanges(const QList<ImageChange> &changes)
{
    beginResetModel();
    m_changes = changes;
    endResetModel();
}

int ComparisonModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_changes.size());
}

int ComparisonModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

// A folder's own size says nothing.
static QString sizeText(quint32 mode, qint64 size)
{
    return S_ISREG(mode) ? QLocale().formattedDataSize(size) : QString();
}

static QString beforeAndAfter(const ImageChange &change, const QString &before, const QString &after)
{
    if (change.kind == ImageChange::Kind::Added)
        return after;
    if (change.kind == ImageChange::Kind::Removed)
        return before;
    return before == after ? after : ComparisonModel::tr("%1 → %2").arg(before, after);
}

static QVariant cell(const ImageChange &change, int column)
{
    switch (column) {
    case ComparisonModel::ChangeColumn:
        return changeText(change);
    case ComparisonModel::PathColumn:
        return change.path;
    case ComparisonModel::SizeColumn:
        return beforeAndAfter(change, sizeText(change.baseMode, change.baseSize),
                              sizeText(change.mode, change.size));
    default:
        return beforeAndAfter(change, modeLetters(change.baseMode), modeLetters(change.mode));
    }
}

QVariant ComparisonModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const ImageChange &change = m_changes[index.row()];
    switch (role) {
    case Qt::ToolTipRole:
        return change.path;
    case Qt::DecorationRole:
        return index.column() == ChangeColumn ? changeIcon(change) : QVariant();
    case SortRole:
        if (index.column() == SizeColumn)
            return std::max(change.size, change.baseSize);
        return cell(change, index.column());
    case Qt::DisplayRole:
        return cell(change, index.column());
    default:
        return {};
    }
}

QVariant ComparisonModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    const QString names[] = {tr("Change"), tr("Path"), tr("Size"), tr("Mode")};
    return names[section];
}

FactChange::Kind FactChange::kind() const
{
    if (before == after)
        return Kind::Same;
    return before.isEmpty() ? Kind::Added : after.isEmpty() ? Kind::Removed : Kind::Changed;
}

QList<FactChange> compareConfigs(const QJsonObject &before, const QJsonObject &after)
{
    QList<FactChange> facts;
    for (const auto &[name, value] : configRows(after))
        facts.append({.name = name, .after = value});
    // What went stands behind what it followed.
    qsizetype place = 0;
    for (const auto &[name, value] : configRows(before)) {
        const auto found = std::ranges::find(facts, name, &FactChange::name);
        if (found != facts.end()) {
            found->before = value;
            place = std::distance(facts.begin(), found) + 1;
        } else {
            facts.insert(place++, {.name = name, .before = value});
        }
    }
    return facts;
}

QList<FactChange> compareSizes(const QList<engine::LayerRecord> &before,
                               const QList<engine::LayerRecord> &after)
{
    const auto tr = [](const char *text) { return QCoreApplication::translate("ImageFacts", text); };
    const auto sum = [](const QList<engine::LayerRecord> &layers, qsizetype from) {
        qint64 bytes = 0;
        for (qsizetype i = from; i < layers.size(); ++i)
            bytes += layers[i].size;
        return bytes;
    };
    const auto size = [](qint64 bytes) { return QLocale().formattedDataSize(bytes); };
    const auto [one, other] =
        std::ranges::mismatch(before, after, {}, &engine::LayerRecord::id, &engine::LayerRecord::id);
    const qsizetype shared = std::distance(before.begin(), one);
    const qint64 sharedBytes = sum(before, 0) - sum(before, shared);
    return {{tr("Size on disk"), size(sum(before, 0)), size(sum(after, 0))},
            {tr("Layers"), QString::number(before.size()), QString::number(after.size())},
            {tr("Layers that both have"), QString::number(shared), QString::number(shared)},
            {tr("Size of these"), size(sharedBytes), size(sharedBytes)},
            {tr("Size of the others"), size(sum(before, shared)), size(sum(after, shared))}};
}

} // namespace cooperage::gui
