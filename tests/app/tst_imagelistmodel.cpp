#include "app/images/imagelistmodel.h"

#include <QAbstractItemModelTester>
#include <QPersistentModelIndex>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace cooperage;
using gui::ImageListModel;

namespace {

engine::ImageRecord image(const QString &uuid, const QString &tag)
{
    return {.uuid = uuid, .tag = tag, .createdAt = QDateTime::currentDateTimeUtc()};
}

} // namespace

class ImageListModelTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refreshingKeepsRowsThatStay()
    {
        ImageListModel model;
        QAbstractItemModelTester tester(&model);
        model.setImages({image(u"1"_s, u"a"_s), image(u"2"_s, u"b"_s), image(u"2"_s, u"c"_s)});
        QCOMPARE(model.rowCount(), 3);
        const QPersistentModelIndex kept = model.index(1, 0);

        model.setImages({image(u"3"_s, u"d"_s), image(u"2"_s, u"b"_s)});
        QCOMPARE(model.rowCount(), 2);
        QVERIFY(kept.isValid());
        QCOMPARE(kept.data().toString(), u"b"_s);

        model.setImages({});
        QCOMPARE(model.rowCount(), 0);
        QVERIFY(!kept.isValid());
    }

    void aTagThatMovedIsAnotherRow()
    {
        ImageListModel model;
        QAbstractItemModelTester tester(&model);
        model.setImages({image(u"1"_s, u"app:latest"_s)});
        model.setImages({image(u"2"_s, u"app:latest"_s)});
        QCOMPARE(model.rowCount(), 1);
        QCOMPARE(model.index(0, 0).data(ImageListModel::UuidRole).toString(), u"2"_s);
    }

    void untaggedImagesSaySo()
    {
        ImageListModel model;
        model.setImages({image(u"019e-1"_s, {})});
        QCOMPARE(model.index(0, ImageListModel::TagColumn).data().toString(), u"(no tag)"_s);
    }

    void agesReadWell()
    {
        const QDateTime now = QDateTime::currentDateTimeUtc();
        QCOMPARE(gui::agoText(now.addSecs(-5), now), u"just now"_s);
        QCOMPARE(gui::agoText(now.addSecs(-300), now), u"5 min ago"_s);
        QCOMPARE(gui::agoText(now.addSecs(-7200), now), u"2 h ago"_s);
    }
};

QTEST_GUILESS_MAIN(ImageListModelTest)
#include "tst_imagelistmodel.moc"
