#pragma once

#include <QAbstractTableModel>

namespace cooperage::gui {

class StorageController;

/// The images that a clean-up would take, each with a tick.
class StorageModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { ImageColumn, AddsColumn, SharesColumn, MadeColumn, UseColumn, ColumnCount };
    enum Role { UuidRole = Qt::UserRole, SortRole };

    explicit StorageModel(StorageController *controller, QObject *parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex &index) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    /// Ticks all of them, or none.
    void tickAll(bool ticked);

private:
    void follow();
    [[nodiscard]] QString text(int row, int column) const;
    [[nodiscard]] QVariant sortKey(int row, int column) const;

    StorageController *m_controller;
    QStringList m_shown{}; ///< Images, as the views know them.
};

/// What an image that has no tag is good for, in a few words.
[[nodiscard]] QString useText(const StorageController &controller, const QString &image);

} // namespace cooperage::gui
