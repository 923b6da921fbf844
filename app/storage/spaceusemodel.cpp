#include "app/storage/spaceusemodel.h"

#include <QLocale>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

using Kind = SpaceUse::Kind;

SpaceUseModel::SpaceUseModel(StorageController *controller, QObject *parent)
    : QAbstractTableModel(parent), m_controller(controller)
{
    connect(controller, &StorageController::changed, this, [this] {
        const QList<SpaceUse> uses = m_controller->uses();
        if (uses.size() != m_uses.size()) {
            beginResetModel();
            m_uses = uses;
            endResetModel();
        } else if (!uses.isEmpty()) {
            m_uses = uses;
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
        }
    });
    m_uses = controller->uses();
}

int SpaceUseModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_uses.size());
}

int SpaceUseModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

static QString nameOf(Kind kind)
{
    switch (kind) {
    case Kind::TaggedImages:
        return SpaceUseModel::tr("Images with a tag");
    case Kind::UntaggedImages:
        return SpaceUseModel::tr("Images without a tag");
    case Kind::CachedImages:
        return SpaceUseModel::tr("    of these: build cache");
    case Kind::LooseLayers:
        return SpaceUseModel::tr("Layers without an image");
    case Kind::Files:
        return SpaceUseModel::tr("Uploaded files");
    case Kind::Sessions:
        break;
    }
    return SpaceUseModel::tr("Sessions and history");
}

static QString tipOf(Kind kind)
{
    switch (kind) {
    case Kind::TaggedImages:
        return SpaceUseModel::tr("Layers of images that have a tag, each counted once. Remove a tag, or "
                                 "delete an image in the list of images, to free them.");
    case Kind::UntaggedImages:
        return SpaceUseModel::tr("Layers that only images without a tag have: steps of builds, snapshots of "
                                 "sessions, images whose tag moved on");
    case Kind::CachedImages:
        return SpaceUseModel::tr("Images that the next build finds instead of making them again; the space "
                                 "is what each has alone");
    case Kind::LooseLayers:
        return SpaceUseModel::tr("Left over from deleted images; nothing needs them");
    case Kind::Files:
        return SpaceUseModel::tr("Files that builds and sessions sent to the engine; a build sends them "
                                 "again where it needs them");
    case Kind::Sessions:
        break;
    }
    return SpaceUseModel::tr("The database of sessions, their history and the build cache's keys on this "
                             "computer. Delete sessions in the history to make it smaller.");
}

QVariant SpaceUseModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const SpaceUse &use = m_uses[index.row()];
    if (role == Qt::ToolTipRole)
        return tipOf(use.kind);
    if (role == Qt::TextAlignmentRole && index.column() != WhatColumn)
        return int(Qt::AlignRight | Qt::AlignVCenter);
    const QLocale locale;
    if (role == Qt::AccessibleTextRole && index.column() == WhatColumn)
        return tr("%1, %2").arg(nameOf(use.kind).trimmed(), locale.formattedDataSize(use.bytes, 1));
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case WhatColumn:
        return nameOf(use.kind);
    case NumberColumn:
        return use.kind == Kind::Sessions ? QString() : locale.toString(use.number);
    case SpaceColumn:
        // Cached images share nearly everything: nothing of their own is no statement.
        return use.kind == Kind::CachedImages && use.bytes == 0 ? u"–"_s
                                                                : locale.formattedDataSize(use.bytes, 1);
    default:
        return use.freeable > 0 ? locale.formattedDataSize(use.freeable, 1) : u"–"_s;
    }
}

QVariant SpaceUseModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole && section != WhatColumn)
        return int(Qt::AlignRight | Qt::AlignVCenter);
    const QString names[] = {tr("What takes space"), tr("Number"), tr("Space"), tr("Can be freed")};
    return role == Qt::DisplayRole ? QVariant(names[section]) : QVariant();
}

} // namespace cooperage::gui
