#include "app/history/historydelegate.h"

#include "app/colors.h"
#include "app/history/historymodel.h"

#include <QApplication>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <array>
#include <bit>

namespace cooperage::gui {

namespace {

constexpr int labelLimit = 3;  ///< More branches at one entry are counted.
constexpr int labelWidth = 22; ///< In average characters.

/// Lengths that follow from the font.
struct Measures
{
    explicit Measures(const QStyleOptionViewItem &option)
        : lane(std::max(8, option.fontMetrics.height() * 7 / 8)),
          dot(std::max(3, lane / 4)),
          rect(option.rect)
    {
    }

    [[nodiscard]] qreal x(int number) const { return rect.left() + lane * (number + 0.6); }
    [[nodiscard]] qreal middle() const { return rect.center().y() + 0.5; }

    int lane;
    int dot;
    QRect rect;
};

bool isPartOf(quint32 lanes, int lane)
{
    return (lanes >> lane & 1U) != 0;
}

/// From the top of the row on lane `from` to the dot on lane `to`.
QPainterPath arrival(const Measures &measures, int from, int to)
{
    QPainterPath path(QPointF(measures.x(from), measures.rect.top()));
    const QPointF end(measures.x(to), measures.middle());
    if (from == to)
        path.lineTo(end);
    else
        path.cubicTo(QPointF(measures.x(from), measures.middle()),
                     QPointF(measures.x(from), measures.middle()), end);
    return path;
}

} // namespace

QColor laneColor(int lane, const QPalette &palette)
{
    static constexpr std::array<QRgb, 6> hues{0x0b5cc4, 0xb35900, 0x15732f, 0x8a2be2, 0xb31d28, 0x007a87};
    QColor color = QColor(hues[size_t(lane) % hues.size()]);
    if (isDark(palette))
        color = color.lighter(150);
    return readableOn(palette.color(QPalette::Base), color);
}

int HistoryDelegate::drawGraph(QPainter *painter, const QStyleOptionViewItem &option,
                               const QModelIndex &index, bool selected) const
{
    const Measures measures(option);
    const auto row = index.data(HistoryModel::GraphRole).value<GraphRow>();
    const auto colorOf = [&](int lane) {
        return selected ? option.palette.color(QPalette::HighlightedText) : laneColor(lane, option.palette);
    };
    const quint32 used = row.through | row.arriving | 1U << row.lane;
    const qreal width = std::max(1.5, measures.lane / 9.0);
    for (int lane = 0; lane < laneCount; ++lane) {
        painter->setPen(QPen(colorOf(lane), width));
        painter->setBrush(Qt::NoBrush);
        if (isPartOf(row.through, lane))
            painter->drawLine(QPointF(measures.x(lane), measures.rect.top()),
                              QPointF(measures.x(lane), measures.rect.bottom() + 1));
        if (isPartOf(row.arriving, lane))
            painter->drawPath(arrival(measures, lane, row.lane));
    }
    const QPointF center(measures.x(row.lane), measures.middle());
    painter->setPen(QPen(colorOf(row.lane), width));
    if (row.goesDown)
        painter->drawLine(center, QPointF(center.x(), measures.rect.bottom() + 1));
    const bool head = index.data(HistoryModel::HeadRole).toBool();
    painter->setBrush(head ? option.palette.color(selected ? QPalette::Highlight : QPalette::Base)
                           : colorOf(row.lane));
    const int radius = head ? measures.dot + 1 : measures.dot;
    painter->drawEllipse(center, radius, radius);
    return int(measures.x(std::bit_width(used) - 1)) + measures.lane;
}

int HistoryDelegate::drawLabels(QPainter *painter, const QStyleOptionViewItem &option,
                                const QModelIndex &index, int x) const
{
    const QStringList branches = index.data(HistoryModel::BranchesRole).toStringList();
    const bool head = index.data(HistoryModel::HeadRole).toBool();
    const int lane = index.data(HistoryModel::GraphRole).value<GraphRow>().lane;
    const QColor color = laneColor(lane, option.palette);
    const QFontMetrics &metrics = option.fontMetrics;
    QStringList labels = branches.first(std::min<qsizetype>(branches.size(), labelLimit));
    if (branches.size() > labelLimit)
        labels.append(HistoryModel::tr("%n more", nullptr, int(branches.size()) - labelLimit));
    for (qsizetype i = 0; i < labels.size(); ++i) {
        const bool current = head && i == 0;
        const QString whole = current ? HistoryModel::tr("HEAD: %1").arg(labels[i]) : labels[i];
        const QString text =
            metrics.elidedText(whole, Qt::ElideMiddle, metrics.averageCharWidth() * labelWidth);
        const int width = metrics.horizontalAdvance(text) + metrics.height() / 2;
        if (x + width > option.rect.right())
            return x;
        const QRectF pill(x, option.rect.top() + 1.5, width, option.rect.height() - 3);
        painter->setPen(QPen(color, current ? 2 : 1));
        painter->setBrush(option.palette.color(QPalette::Base));
        painter->drawRoundedRect(pill, 4, 4);
        QFont font = option.font;
        font.setBold(false);
        painter->setFont(font);
        painter->setPen(color);
        painter->drawText(pill, Qt::AlignCenter, text);
        x += width + metrics.averageCharWidth() / 2 + 1;
    }
    return labels.isEmpty() ? x : x + metrics.averageCharWidth() / 2;
}

void HistoryDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                            const QModelIndex &index) const
{
    QStyleOptionViewItem whole = option;
    initStyleOption(&whole, index);
    const QString title = whole.text;
    whole.text.clear();
    const QStyle *style = whole.widget ? whole.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &whole, painter, whole.widget);
    const bool selected = whole.state & QStyle::State_Selected;
    painter->save();
    painter->setClipRect(whole.rect);
    painter->setRenderHint(QPainter::Antialiasing);
    int x = drawGraph(painter, whole, index, selected);
    x = drawLabels(painter, whole, index, x);
    painter->setFont(whole.font);
    painter->setPen(whole.palette.color(selected ? QPalette::HighlightedText : QPalette::Text));
    const QRect rest(x, whole.rect.top(), whole.rect.right() - x - 2, whole.rect.height());
    painter->drawText(rest, Qt::AlignVCenter | Qt::TextSingleLine,
                      whole.fontMetrics.elidedText(title.simplified(), Qt::ElideRight, rest.width()));
    painter->restore();
}

QSize HistoryDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const QSize size = QStyledItemDelegate::sizeHint(option, index);
    return {size.width(), std::max(size.height(), option.fontMetrics.height() + 6)};
}

} // namespace cooperage::gui
