#pragma once

#include "core/engine/engine.h"

#include <QAbstractItemModel>

#include <memory>
#include <stop_token>

namespace cooperage::gui {

/// The merged file system of an image as a tree; a folder is asked for when it is opened.
class ImageFilesModel : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum Column { NameColumn, SizeColumn, ModeColumn, OwnerColumn, TimeColumn, ColumnCount };
    enum Role { PathRole = Qt::UserRole, FolderRole, RegularRole };

    /// `engine` must outlive the model.
    ImageFilesModel(engine::Engine *engine, QString image, QObject *parent = nullptr);
    ~ImageFilesModel() override;

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex &index) const override;
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] bool hasChildren(const QModelIndex &parent = {}) const override;
    [[nodiscard]] bool canFetchMore(const QModelIndex &parent) const override;
    void fetchMore(const QModelIndex &parent) override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

Q_SIGNALS:
    void failed(const cooperage::Error &error);

private:
    struct Node;
    [[nodiscard]] Node *nodeAt(const QModelIndex &index) const;
    [[nodiscard]] QString pathOf(const Node *node) const;
    void fill(const QPersistentModelIndex &parent, const QList<engine::FileItem> &items);

    engine::Engine *m_engine;
    QString m_image;
    std::unique_ptr<Node> m_root;
    std::stop_source m_stop;
};

/// "rwxr-xr-x" with the letter of the type before it.
[[nodiscard]] QString modeLetters(quint32 mode);

} // namespace cooperage::gui
