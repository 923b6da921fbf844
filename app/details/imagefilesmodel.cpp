#include "app/details/imagefilesmodel.h"

#include "app/icons.h"

#include <QLocale>

#include <algorithm>
#include <sys/stat.h>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

using engine::ImageChange;

struct ImageFilesModel::Node
{
    enum class State { New, Asked, Known };

    engine::FileItem item{};
    const ImageChange *change = nullptr;
    bool isListed = true; ///< Otherwise owner and time are not known.
    Node *parent = nullptr;
    int row = 0;
    State state = State::New;
    Nodes children{};

    [[nodiscard]] bool isRemoved() const { return change && change->kind == ImageChange::Kind::Removed; }
};

ImageFilesModel::ImageFilesModel(engine::Engine *engine, QString image, QObject *parent)
    : QAbstractItemModel(parent),
      m_engine(engine),
      m_image(std::move(image)),
      m_root(std::make_unique<Node>())
{
    m_root->item.isFolder = true;
}

ImageFilesModel::ImageFilesModel(engine::Engine *engine, QString image, QString base, ChangeIndex changes,
                                 Show show, QObject *parent)
    : ImageFilesModel(engine, std::move(image), parent)
{
    m_base = std::move(base);
    m_changes = std::move(changes);
    m_show = show;
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

QString ImageFilesModel::imageOf(const QModelIndex &index) const
{
    for (const Node *node = nodeAt(index); node; node = node->parent) {
        if (node->isRemoved())
            return m_base;
    }
    return m_image;
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
    const QString folder = pathOf(node);
    const QPersistentModelIndex place(parent);
    if (m_show == Show::Changes || node->isRemoved()) {
        fill(place, changedBelow(folder, false));
        return;
    }
    node->state = Node::State::Asked;
    QCoro::connect(m_engine->list(m_image, folder, m_stop.get_token()), this,
                   [this, place, folder](const Result<QList<engine::FileItem>> &items) {
                       if (items) {
                           fill(place, listed(folder, *items));
                           return;
                       }
                       nodeAt(place)->state = Node::State::New;
                       m_sought.clear();
                       if (items.error().kind != ErrorKind::Cancelled)
                           Q_EMIT failed(items.error());
                   });
}

ImageFilesModel::Nodes ImageFilesModel::changedBelow(const QString &folder, bool onlyRemoved) const
{
    Nodes nodes;
    for (const ChangeIndex::Child &child : m_changes->childrenOf(folder)) {
        const ImageChange *change = child.change;
        const bool removed = change && change->kind == ImageChange::Kind::Removed;
        if (onlyRemoved && !removed)
            continue;
        auto node = std::make_unique<Node>();
        node->change = change;
        node->isListed = false;
        node->item.name = child.name;
        node->item.mode = !change ? quint32(S_IFDIR) : removed ? change->baseMode : change->mode;
        node->item.size = !change ? 0 : removed ? change->baseSize : change->size;
        node->item.isFolder = S_ISDIR(node->item.mode);
        node->item.isRegular = S_ISREG(node->item.mode);
        node->item.isSymlink = S_ISLNK(node->item.mode);
        if (!child.hasChildren)
            node->state = Node::State::Known;
        nodes.push_back(std::move(node));
    }
    return nodes;
}

ImageFilesModel::Nodes ImageFilesModel::listed(const QString &folder,
                                               const QList<engine::FileItem> &items) const
{
    Nodes nodes = m_changes ? changedBelow(folder, true) : Nodes();
    const QString prefix = folder.endsWith(u'/') ? folder : folder + u'/';
    for (const engine::FileItem &item : items) {
        auto node = std::make_unique<Node>();
        node->item = item;
        node->change = m_changes ? m_changes->at(prefix + item.name) : nullptr;
        nodes.push_back(std::move(node));
    }
    return nodes;
}

void ImageFilesModel::fill(const QPersistentModelIndex &parent, Nodes nodes)
{
    Node *node = nodeAt(parent);
    node->state = Node::State::Known;
    std::ranges::stable_sort(nodes, [](const auto &a, const auto &b) {
        return a->item.isFolder != b->item.isFolder ? a->item.isFolder : a->item.name < b->item.name;
    });
    for (size_t row = 0; row < nodes.size(); ++row) {
        nodes[row]->parent = node;
        nodes[row]->row = int(row);
    }
    if (nodes.empty()) {
        Q_EMIT dataChanged(parent, parent);
    } else {
        beginInsertRows(parent, 0, int(nodes.size()) - 1);
        node->children = std::move(nodes);
        endInsertRows();
    }
    goOn();
}

void ImageFilesModel::seek(const QString &path)
{
    m_sought = path.split(u'/', Qt::SkipEmptyParts);
    m_reached = QModelIndex();
    goOn();
}

void ImageFilesModel::goOn()
{
    while (!m_sought.isEmpty()) {
        Node *folder = nodeAt(m_reached);
        if (folder->item.isFolder && folder->state != Node::State::Known) {
            fetchMore(m_reached); // And on from there when it is filled.
            return;
        }
        const auto next = std::ranges::find_if(
            folder->children, [this](const auto &child) { return child->item.name == m_sought.first(); });
        if (next == folder->children.end())
            break;
        m_sought.removeFirst();
        m_reached = createIndex((*next)->row, 0, next->get());
    }
    m_sought.clear();
    if (m_reached.isValid())
        Q_EMIT reached(std::exchange(m_reached, QModelIndex()));
}

Qt::ItemFlags ImageFilesModel::flags(const QModelIndex &index) const
{
    const Qt::ItemFlags flags = QAbstractItemModel::flags(index);
    return index.isValid() ? flags | Qt::ItemIsDragEnabled : flags;
}

static QString ownerText(const engine::FileItem &item)
{
    const auto name = [](const QString &name, quint32 id) {
        return name.isEmpty() ? QString::number(id) : name;
    };
    return u"%1:%2"_s.arg(name(item.owner, item.uid), name(item.group, item.gid));
}

QVariant ImageFilesModel::text(const Node *node, int column) const
{
    const engine::FileItem &item = node->item;
    switch (column) {
    case NameColumn:
        return item.linkTarget.isEmpty() ? item.name : u"%1 → %2"_s.arg(item.name, item.linkTarget);
    case ChangeColumn:
        return node->change ? changeText(*node->change) : QString();
    case SizeColumn:
        return item.isRegular ? QLocale().formattedDataSize(item.size) : QString();
    case ModeColumn:
        return node->isListed || node->change ? modeLetters(item.mode) : QString();
    case OwnerColumn:
        return node->isListed ? ownerText(item) : QString();
    default:
        return node->isListed ? QLocale().toString(item.mtime.toLocalTime(), QLocale::ShortFormat)
                              : QString();
    }
}

QVariant ImageFilesModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Node *node = nodeAt(index);
    switch (role) {
    case PathRole:
    case Qt::ToolTipRole:
        return pathOf(node);
    case FolderRole:
        return node->item.isFolder;
    case RegularRole:
        return node->item.isRegular;
    case ReadableRole:
        return node->item.isRegular || node->item.isSymlink;
    case SizeRole:
        return node->item.size;
    case ChangedRole: // Both sides have it, and they differ.
        return node->change && node->change->kind == ImageChange::Kind::Changed;
    case Qt::TextAlignmentRole:
        return index.column() == SizeColumn ? QVariant(int(Qt::AlignRight | Qt::AlignVCenter)) : QVariant();
    case Qt::DecorationRole:
        if (index.column() == ChangeColumn && node->change)
            return changeIcon(*node->change);
        return index.column() == NameColumn ? icon(node->item.isFolder ? u"folder"_s : u"new"_s) : QVariant();
    case Qt::DisplayRole:
        return text(node, index.column());
    default:
        return {};
    }
}

QVariant ImageFilesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    const QString names[] = {tr("Name"), tr("Change"), tr("Size"), tr("Mode"), tr("Owner"), tr("Changed")};
    return names[section];
}

} // namespace cooperage::gui
