#pragma once

#include "app/details/imagefile.h"

#include <QTreeView>

#include <functional>

namespace cooperage::gui {

class DragOut;

/// A tree whose rows can be dragged out of the window as files, once copies of them are there.
class FilesTree : public QTreeView
{
    Q_OBJECT

public:
    explicit FilesTree(DragOut *dragOut, QWidget *parent = nullptr);

    /// What the selected rows stand for.
    void setItems(std::function<QList<ImageItem>()> items) { m_items = std::move(items); }

Q_SIGNALS:
    /// The copies are there, but the button was let go of before.
    void readyToDrag();

protected:
    void startDrag(Qt::DropActions actions) override;

private:
    void drag(const QList<QUrl> &urls);

    DragOut *m_dragOut;
    std::function<QList<ImageItem>()> m_items;
};

} // namespace cooperage::gui
