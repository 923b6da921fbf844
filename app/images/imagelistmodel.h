#pragma once

#include "core/engine/values.h"

#include <QAbstractTableModel>

namespace cooperage::gui {

/// Images, a row per tag. Refreshing keeps rows that did not change, so selection and scroll place survive.
class ImageListModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { TagColumn, IdColumn, CreatedColumn, ColumnCount };
    enum Role { SortRole = Qt::UserRole, UuidRole, TagRole };

    using QAbstractTableModel::QAbstractTableModel;

    void setImages(const QList<engine::ImageRecord> &images);
    [[nodiscard]] const engine::ImageRecord &imageAt(int row) const { return m_images[row]; }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QList<engine::ImageRecord> m_images;
};

/// The last characters of an id: enough to tell images apart.
[[nodiscard]] QString shortId(const QString &uuid);
/// "5 min ago", or the date where it is longer ago than a week.
[[nodiscard]] QString agoText(const QDateTime &then, const QDateTime &now);

} // namespace cooperage::gui
