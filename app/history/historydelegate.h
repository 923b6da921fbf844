#pragma once

#include <QStyledItemDelegate>

namespace cooperage::gui {

/// Draws an entry's row of the graph: lanes, dot, the labels of branches, and then the title. All lengths
/// come from the font, so zooming is a matter of the view's font.
class HistoryDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    [[nodiscard]] int drawGraph(QPainter *painter, const QStyleOptionViewItem &option,
                                const QModelIndex &index, bool selected) const;
    [[nodiscard]] int drawLabels(QPainter *painter, const QStyleOptionViewItem &option,
                                 const QModelIndex &index, int x) const;
};

/// Colour of a lane's line and of its branch's label: readable on the palette's base in every theme.
[[nodiscard]] QColor laneColor(int lane, const QPalette &palette);

} // namespace cooperage::gui
