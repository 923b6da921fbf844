#pragma once

#include "core/engine/values.h"

#include <QAbstractTableModel>

namespace cooperage::gui {

/// The paths in which two images differ.
class ComparisonModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { ChangeColumn, PathColumn, SizeColumn, ModeColumn, ColumnCount };
    enum Role { SortRole = Qt::UserRole };
    using QAbstractTableModel::QAbstractTableModel;

    void setChanges(const QList<engine::ImageChange> &changes);
    [[nodiscard]] const engine::ImageChange &changeAt(int row) const { return m_changes[row]; }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QList<engine::ImageChange> m_changes{};
};

/// One key of two configs or one other fact of two images.
struct FactChange
{
    enum class Kind { Same, Added, Changed, Removed };
    QString name;
    QString before{};
    QString after{};

    [[nodiscard]] Kind kind() const;
    bool operator==(const FactChange &) const = default;
};

/// Key by key: all that one of both has, in the order of configRows().
[[nodiscard]] QList<FactChange> compareConfigs(const QJsonObject &before, const QJsonObject &after);

/// Sizes on disk, numbers of layers, and what both share.
[[nodiscard]] QList<FactChange> compareSizes(const QList<engine::LayerRecord> &before,
                                             const QList<engine::LayerRecord> &after);

} // namespace cooperage::gui
