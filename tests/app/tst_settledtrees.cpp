#include "app/settledtrees.h"

#include <QAccessible>
#include <QStandardItemModel>
#include <QTest>
#include <QTreeWidget>

using namespace Qt::StringLiterals;
using namespace cooperage;

namespace {

/// Says when a layout is carried out.
class Tree : public QTreeView
{
public:
    explicit Tree(QAbstractItemModel *model) { setModel(model); }
    int layouts = 0;

protected:
    void doItemsLayout() override
    {
        ++layouts;
        QTreeView::doItemsLayout();
    }
};

} // namespace

/// Layouts that were put off, and carried out by a question of an assistive program, end Qt 6.8's bridge.
class SettledTreesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { gui::settleTreesForAssistiveTechnology(); }

    void aHiddenTreeLaysItselfOutWithEveryChangeOnceItWasAskedAbout_data()
    {
        using Change = std::function<void(QStandardItemModel *, QTreeView *)>;
        QTest::addColumn<Change>("change");
        QTest::newRow("insert") << Change([](auto *model, auto *) { model->insertRow(1); });
        QTest::newRow("remove") << Change([](auto *model, auto *) { model->removeRow(1); });
        QTest::newRow("sort") << Change([](auto *model, auto *) { model->sort(0, Qt::DescendingOrder); });
        QTest::newRow("reset") << Change([](auto *model, auto *) { model->clear(); });
        QTest::newRow("expand") << Change([](auto *model, auto *view) { view->expand(model->index(0, 0)); });
    }

    void aHiddenTreeLaysItselfOutWithEveryChangeOnceItWasAskedAbout()
    {
        QFETCH(std::function<void(QStandardItemModel *, QTreeView *)>, change);
        QStandardItemModel model;
        for (const QString &name : {u"a"_s, u"b"_s, u"c"_s})
            model.appendRow(new QStandardItem(name));
        model.item(0)->appendRow(new QStandardItem(u"below"_s));
        Tree tree(&model);
        QVERIFY(QAccessible::queryAccessibleInterface(&tree));

        change(&model, &tree);
        const int afterChange = tree.layouts;
        (void)tree.visualRect(model.index(0, 0)); // What the accessible cell's answer begins with.
        QVERIFY(afterChange > 0);
        QCOMPARE(tree.layouts, afterChange);
    }

    void aTreeWithAModelOfItsOwnIsDestroyedInPeace()
    {
        auto tree = std::make_unique<QTreeWidget>();
        tree->addTopLevelItem(new QTreeWidgetItem({u"a"_s}));
        QVERIFY(QAccessible::queryAccessibleInterface(tree.get()));
        const QPointer<QAbstractItemModel> model = tree->model();
        int resets = 0;
        connect(model, &QAbstractItemModel::modelReset, this, [&resets] { ++resets; });
        tree.reset();
        QVERIFY(!model);
        QCOMPARE(resets, 1); // Of the tree that was half gone.
    }

    void aTreeThatNobodyAskedAboutPutsItsLayoutOff()
    {
        QStandardItemModel model(3, 1);
        Tree tree(&model);
        (void)tree.visualRect(model.index(0, 0));
        const int before = tree.layouts;
        model.insertRow(1);
        QCOMPARE(tree.layouts, before);
        (void)tree.visualRect(model.index(0, 0));
        QCOMPARE(tree.layouts, before + 1);
    }
};

QTEST_MAIN(SettledTreesTest)
#include "tst_settledtrees.moc"
