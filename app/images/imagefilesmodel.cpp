#include "app/images/imagefilesmodel.h"

#include "app/icons.h"

#include <QLocale>

#include <algorithm>
#include <sys/stat.h>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

struct ImageFilesModel::Node
{
    enum class State { New, Asked, Known };

    engine::FileItem item{};
    Node *parent = nullptr;
    int row = 0;
    State state = State::New;
    std::vector<std::unique_ptr<Node>> children{};
};

ImageFilesModel::ImageFilesModel(engine::Engine *engine, QString image, QObject *parent)
    : QAbstractItemModel(parent),
      m_engine(engine),
      m_image(std::move(image)),
      m_root(std::make_unique<Node>())
{
    m_root->item.isFolder = true;
}

ImageFilesModel::~ImageFilesModel()
{
    m_stop.request_stop();
}

ImageFilesModel::Node *ImageFilesModel::nodeAt(const QModelIndex &index) const
{
    return index.isValid() ? static_cast<Node *>(index.internalPointer()) : m_root.get();
}

QString ImageFilesModel::pathOf(const Node *node) const
{
    if (node == m_root.get())
        return u"/"_s;
    const QString above = pathOf(node->parent);
    return (above == "/"_L1 ? above : above + u'/') + node->item.name;
}

QModelIndex ImageFilesModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, nodeAt(parent)->children[static_cast<size_t>(row)].get());
}

QModelIndex ImageFilesModel::parent(const QModelIndex &index) const
{
    Node *above = index.isValid() ? nodeAt(index)->parent : nullptr;
    return above && above != m_root.get() ? createIndex(above->row, 0, above) : QModelIndex();
}

int ImageFilesModel::rowCount(const QModelIndex &parent) const
{
    return parent.column() > 0 ? 0 : int(nodeAt(parent)->children.size());
}

int ImageFilesModel::columnCount(const QModelIndex &) const
{
    return ColumnCount;
}

bool ImageFilesModel::hasChildren(const QModelIndex &parent) const
{
    const Node *node = nodeAt(parent);
    return node->item.isFolder && (node->state != Node::State::Known || !node->children.empty());
}

bool ImageFilesModel::canFetchMore(const QModelIndex &parent) const
{
    const Node *node = nodeAt(parent);
    return node->item.isFolder && node->state == Node::State::New;
}

void ImageFilesModel::fetchMore(const QModelIndex &parent)
{
    Node *node = nodeAt(parent);
    if (!canFetchMore(parent))
        return;
    node->state = Node::State::Asked;
    const QPersistentModelIndex place(parent);
    QCoro::connect(m_engine->list(m_image, pathOf(node), m_stop.get_token()), this,
                   [this, place](const Result<QList<engine::FileItem>> &items) {
                       if (items) {
                           fill(place, *items);
                           return;
                       }
                       nodeAt(place)->state = Node::State::New;
                       if (items.error().kind != ErrorKind::Cancelled)
                           Q_EMIT failed(items.error());
                   });
}

void ImageFilesModel::fill(const QPersistentModelIndex &parent, const QList<engine::FileItem> &items)
{
    Node *node = nodeAt(parent);
    node->state = Node::State::Known;
    if (items.isEmpty()) {
        Q_EMIT dataChanged(parent, parent);
        return;
    }
    QList<engine::FileItem> sorted = items;
    std::ranges::stable_sort(sorted, [](const engine::FileItem &a, const engine::FileItem &b) {
        return a.isFolder != b.isFolder ? a.isFolder : a.name < b.name;
    });
    beginInsertRows(parent, 0, int(sorted.size()) - 1);
    for (const engine::FileItem &item : std::as_const(sorted)) {
        auto child = std::make_unique<Node>();
        child->item = item;
        child->parent = node;
        child->row = int(node->children.size());
        node->children.push_back(std::move(child));
    }
    endInsertRows();
}

QString modeLetters(quint32 mode)
{
    const QChar type = S_ISDIR(mode)    ? u'd'
                       : S_ISLNK(mode)  ? u'l'
                       : S_ISCHR(mode)  ? u'c'
                       : S_ISBLK(mode)  ? u'b'
                       : S_ISFIFO(mode) ? u'p'
                       : S_ISSOCK(mode) ? u's'
                                        : u'-';
    QString text(type);
    for (int shift = 6; shift >= 0; shift -= 3) {
        const quint32 bits = mode >> shift;
        text += bits & 4 ? u'r' : u'-';
        text += bits & 2 ? u'w' : u'-';
        text += bits & 1 ? u'x' : u'-';
    }
    const auto special = [&](quint32 bit, int place, QChar letter) {
        if (mode & bit)
            text[place] = text[place] == u'x' ? letter : letter.toUpper();
    };
    special(S_ISUID, 3, u's');
    special(S_ISGID, 6, u's');
    special(S_ISVTX, 9, u't');
    return text;
}

static QString ownerText(const engine::FileItem &item)
{
    const auto name = [](const QString &name, quint32 id) {
        return name.isEmpty() ? QString::number(id) : name;
    };
    return u"%1:%2"_s.arg(name(item.owner, item.uid), name(item.group, item.gid));
}

QVariant ImageFilesModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Node *node = nodeAt(index);
    const engine::FileItem &item = node->item;
    if (role == PathRole)
        return pathOf(node);
    if (role == FolderRole)
        return item.isFolder;
    if (role == RegularRole)
        return item.isRegular;
    if (role == Qt::ToolTipRole)
        return pathOf(node);
    if (role == Qt::TextAlignmentRole && index.column() == SizeColumn)
        return int(Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::DecorationRole && index.column() == NameColumn)
        return icon(item.isFolder ? u"folder"_s : u"new"_s);
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case NameColumn:
        return item.linkTarget.isEmpty() ? item.name : u"%1 → %2"_s.arg(item.name, item.linkTarget);
    case SizeColumn:
        return item.isRegular ? QLocale().formattedDataSize(item.size) : QString();
    case ModeColumn:
        return modeLetters(item.mode);
    case OwnerColumn:
        return ownerText(item);
    default:
        return QLocale().toString(item.mtime.toLocalTime(), QLocale::ShortFormat);
    }
}

QVariant ImageFilesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    const QString names[] = {tr("Name"), tr("Size"), tr("Mode"), tr("Owner"), tr("Changed")};
    return names[section];
}

} // namespace cooperage::gui
