#include "app/details/filestree.h"

#include "app/details/dragout.h"
#include "app/icons.h"

#include <QDrag>
#include <QGuiApplication>
#include <QMimeData>
#include <QPainter>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

// The name of what is dragged, beside an icon.
static QPixmap dragPicture(const QString &text, const QWidget *widget)
{
    const QFontMetrics metrics = widget->fontMetrics();
    const QString shown = metrics.elidedText(text, Qt::ElideMiddle, 240);
    const QSize size(metrics.horizontalAdvance(shown) + 34, std::max(20, metrics.height() + 6));
    QPixmap picture(size * widget->devicePixelRatio());
    picture.setDevicePixelRatio(widget->devicePixelRatio());
    picture.fill(widget->palette().color(QPalette::Base));
    QPainter painter(&picture);
    painter.setFont(widget->font());
    painter.setPen(widget->palette().color(QPalette::Text));
    painter.drawPixmap(4, (size.height() - 16) / 2, icon(u"new"_s).pixmap(16, 16));
    painter.drawText(QRect(26, 0, size.width() - 26, size.height()), Qt::AlignVCenter, shown);
    return picture;
}

FilesTree::FilesTree(DragOut *dragOut, QWidget *parent) : QTreeView(parent), m_dragOut(dragOut)
{
    setUniformRowHeights(true);
    setSelectionMode(ExtendedSelection);
    setDragDropMode(DragOnly);
    setAllColumnsShowFocus(true);
    setTextElideMode(Qt::ElideMiddle);
    connect(dragOut, &DragOut::prepared, this, [this](const QList<ImageItem> &items) {
        if (items != m_items())
            return;
        if (QGuiApplication::mouseButtons() & Qt::LeftButton)
            drag(m_dragOut->ready(items));
        else
            Q_EMIT readyToDrag();
    });
}

// Called again with each move of the mouse as long as the button is down.
void FilesTree::startDrag(Qt::DropActions)
{
    const QList<ImageItem> items = m_items();
    const QList<QUrl> urls = m_dragOut->ready(items);
    if (urls.isEmpty())
        m_dragOut->prepare(items);
    else
        drag(urls);
}

void FilesTree::drag(const QList<QUrl> &urls)
{
    if (urls.isEmpty())
        return;
    auto *data = new QMimeData;
    data->setUrls(urls);
    auto *drag = new QDrag(this);
    drag->setMimeData(data);
    drag->setPixmap(dragPicture(
        urls.size() == 1 ? urls.first().fileName() : tr("%n items", nullptr, int(urls.size())), this));
    drag->exec(Qt::CopyAction);
}

} // namespace cooperage::gui
