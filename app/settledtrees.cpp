#include "app/settledtrees.h"

#include <QAccessible>
#include <QTreeView>

namespace cooperage::gui {

namespace {

void settleWithModel(QTreeView *view, const QAbstractItemModel *model)
{
    // Carries out a layout that was put off. A model that its view owns speaks once more while the view is
    // being destroyed, and is no tree any longer then.
    const auto settle = [object = static_cast<QObject *>(view)] {
        if (const auto *tree = qobject_cast<QTreeView *>(object))
            (void)tree->indexAt({});
    };
    // The view is connected to its model already: it has heard of the change when these are called.
    QObject::connect(model, &QAbstractItemModel::rowsInserted, view, settle);
    QObject::connect(model, &QAbstractItemModel::rowsRemoved, view, settle);
    QObject::connect(model, &QAbstractItemModel::rowsMoved, view, settle);
    QObject::connect(model, &QAbstractItemModel::columnsInserted, view, settle);
    QObject::connect(model, &QAbstractItemModel::columnsRemoved, view, settle);
    QObject::connect(model, &QAbstractItemModel::layoutChanged, view, settle);
    QObject::connect(model, &QAbstractItemModel::modelReset, view, settle);
    QObject::connect(view, &QTreeView::expanded, view, settle);
    QObject::connect(view, &QTreeView::collapsed, view, settle);
    settle();
}

/// Makes no interface itself; Qt calls it once for each object that is asked about, before it makes its own.
QAccessibleInterface *watchTree(const QString &className, QObject *object)
{
    if (className != QLatin1StringView("QTreeView"))
        return nullptr;
    auto *view = qobject_cast<QTreeView *>(object);
    if (view && view->model())
        settleWithModel(view, view->model());
    return nullptr;
}

} // namespace

void settleTreesForAssistiveTechnology()
{
    QAccessible::installFactory(watchTree);
}

} // namespace cooperage::gui
