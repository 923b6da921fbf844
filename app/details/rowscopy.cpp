#include "app/details/rowscopy.h"

#include "app/actions.h"

#include <QClipboard>
#include <QCoreApplication>
#include <QGuiApplication>
#include <QHeaderView>
#include <QTreeView>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

QString selectedRowsText(const QTreeView *view)
{
    QModelIndexList rows = view->selectionModel()->selectedRows();
    std::ranges::sort(rows, {}, &QModelIndex::row);
    QStringList lines;
    for (const QModelIndex &row : std::as_const(rows)) {
        QStringList cells;
        for (int place = 0; place < view->header()->count(); ++place) {
            const int column = view->header()->logicalIndex(place);
            if (!view->isColumnHidden(column))
                cells.append(row.siblingAtColumn(column).data().toString().simplified());
        }
        lines.append(cells.join(u'\t'));
    }
    return lines.join(u'\n');
}

QAction *addRowsCopy(QTreeView *view)
{
    view->setSelectionMode(QTreeView::ExtendedSelection);
    QAction *copy = makeAction(
        {view->objectName() + u"CopyRows"_s, u"copy"_s, QCoreApplication::translate("RowsCopy", "Copy Ro&ws"),
         QCoreApplication::translate("RowsCopy", "Copy the selected rows as a table"), QKeySequence::Copy},
        view);
    copy->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    QObject::connect(copy, &QAction::triggered, view,
                     [view] { QGuiApplication::clipboard()->setText(selectedRowsText(view)); });
    view->addAction(copy);
    return copy;
}

} // namespace cooperage::gui
