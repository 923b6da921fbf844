#pragma once

#include "app/details/changeindex.h"
#include "app/details/imagefile.h"
#include "core/engine/engine.h"

#include <QAbstractItemModel>
#include <QIcon>

#include <memory>
#include <optional>
#include <stop_token>

namespace cooperage::gui {

/// Files of an image as a tree: its merged file system, perhaps with marks of what one layer did, or only
/// what that layer did. A folder is asked for when it is opened.
class ImageFilesModel : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum Column { NameColumn, ChangeColumn, SizeColumn, ModeColumn, OwnerColumn, TimeColumn, ColumnCount };
    enum Role { PathRole = Qt::UserRole, FolderRole, RegularRole, ReadableRole, SizeRole, ChangedRole };
    /// What the tree shows of the changes that it was given.
    enum class Show { Everything, Changes };

    /// `engine` must outlive the model.
    ImageFilesModel(engine::Engine *engine, QString image, QObject *parent = nullptr);
    /// With what happened to the files since a `base` (empty: there was nothing), where removed ones still
    /// are.
    ImageFilesModel(engine::Engine *engine, QString image, QString base, ChangeIndex changes, Show show,
                    QObject *parent = nullptr);
    ~ImageFilesModel() override;

    [[nodiscard]] bool hasChanges() const { return m_changes.has_value(); }
    /// The image that has the file: the base where it was removed.
    [[nodiscard]] QString imageOf(const QModelIndex &index) const;
    /// Opens folders until `path` is there and tells it by `reached`; the nearest folder where it is not.
    void seek(const QString &path);

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex &index) const override;
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] bool hasChildren(const QModelIndex &parent = {}) const override;
    [[nodiscard]] bool canFetchMore(const QModelIndex &parent) const override;
    void fetchMore(const QModelIndex &parent) override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex &index) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

Q_SIGNALS:
    void failed(const cooperage::Error &error);
    void reached(const QModelIndex &index);

private:
    struct Node;
    using Nodes = std::vector<std::unique_ptr<Node>>;
    [[nodiscard]] Node *nodeAt(const QModelIndex &index) const;
    [[nodiscard]] QString pathOf(const Node *node) const;
    [[nodiscard]] Nodes changedBelow(const QString &folder, bool onlyRemoved) const;
    [[nodiscard]] Nodes listed(const QString &folder, const QList<engine::FileItem> &items) const;
    [[nodiscard]] QVariant text(const Node *node, int column) const;
    void fill(const QPersistentModelIndex &parent, Nodes nodes);
    void goOn();

    engine::Engine *m_engine;
    QString m_image;
    QString m_base{};
    std::optional<ChangeIndex> m_changes{};
    Show m_show = Show::Everything;
    std::unique_ptr<Node> m_root;
    QStringList m_sought{}; ///< Names that still lead from `m_reached` to what is sought.
    QPersistentModelIndex m_reached{};
    std::stop_source m_stop;
};

/// "rwxr-xr-x" with the letter of the type before it.
[[nodiscard]] QString modeLetters(quint32 mode);

/// The word and the icon of a change.
[[nodiscard]] QString changeText(const engine::ImageChange &change);
[[nodiscard]] QIcon changeIcon(const engine::ImageChange &change);

} // namespace cooperage::gui
