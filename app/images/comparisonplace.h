#pragma once

#include "core/base/error.h"
#include "core/engine/values.h"

#include <QAbstractTableModel>
#include <QWidget>

#include <stop_token>

class QLabel;
class QTreeView;

namespace cooperage::gui {

class EngineSession;
class InlineMessage;

/// The paths in which two images differ.
class ComparisonModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { ChangeColumn, PathColumn, SizeColumn, ModeColumn, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;

    void setChanges(const QList<engine::ImageChange> &changes);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QList<engine::ImageChange> m_changes;
};

/// Two images side by side in a tab of the window: what came, changed and went from the first to the second.
class ComparisonPlace : public QWidget
{
    Q_OBJECT

public:
    ComparisonPlace(EngineSession *session, const engine::ImageRecord &image, const engine::ImageRecord &base,
                    QWidget *parent = nullptr);
    ~ComparisonPlace() override;

private:
    void show(const Result<engine::ImageDiff> &diff);

    EngineSession *m_session;
    InlineMessage *m_message;
    QLabel *m_summary;
    ComparisonModel *m_model;
    QTreeView *m_view;
    std::stop_source m_stop;
};

} // namespace cooperage::gui
