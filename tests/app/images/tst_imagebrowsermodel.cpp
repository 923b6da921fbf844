#include "app/images/imagebrowsermodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace cooperage;
using engine::ImageListQuery;
using engine::ImageListRow;
using gui::ImageBrowserModel;

/// Answers the model's questions from a number of made-up images.
class Source
{
public:
    Source(ImageBrowserModel *model, int count) : m_model(model), total(count)
    {
        QObject::connect(
            model, &ImageBrowserModel::pageWanted, model, [this](int ticket, const ImageListQuery &query) {
                ++questions;
                queries.append(query);
                engine::ImagePage page{.total = query.repository ? 3 : total, .rows = {}};
                for (int i = query.offset; i < std::min<qint64>(query.offset + query.limit, page.total); ++i)
                    page.rows.append(row(i, query.repository.value_or(u"app"_s)));
                if (answers)
                    m_model->setPage(ticket, page);
            });
        QObject::connect(model, &ImageBrowserModel::groupsWanted, model,
                         [this](int ticket) { m_model->setGroups(ticket, groups); });
    }

    ImageListRow row(int number, const QString &repository) const
    {
        ImageListRow row;
        row.image.uuid = QString::number(number + shift);
        row.image.tag = u"%1:%2"_s.arg(repository).arg(number + shift);
        row.size = 1000;
        row.unique = 100;
        return row;
    }

private:
    ImageBrowserModel *m_model;

public:
    int total;
    int shift = 0;
    int questions = 0;
    bool answers = true;
    QList<ImageListQuery> queries{};
    QList<engine::ImageGroup> groups{{u"app"_s, 3}, {u"tool"_s, 3}};
};

class ImageBrowserModelTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hundredThousandImagesAreThereAtOnce();
    void onlyLookedAtPagesAreAskedFor();
    void memoryStaysBounded();
    void rowsInSightAreAskedForFirst();
    void newImagesShiftTheRest();
    void refreshingAsksOnlyForWhatWasLookedAt();
    void answersOlderThanTheRefreshAreIgnored();
    void groupsOpenLazily();
    void orderIsTheEngines();
    void cellsTellWhatTheEngineSays();
};

void ImageBrowserModelTest::hundredThousandImagesAreThereAtOnce()
{
    ImageBrowserModel model;
    Source source(&model, 100'000);
    model.browse({}, {});
    QCOMPARE(model.rowCount(), 100'000);
    QCOMPARE(source.questions, 1);
    QVERIFY(model.isLoaded());
}

void ImageBrowserModelTest::onlyLookedAtPagesAreAskedFor()
{
    ImageBrowserModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    Source source(&model, 1000);
    model.browse({}, {});
    source.queries.clear();
    QCOMPARE(model.index(850, 0).data().toString(), u"…"_s);
    QTRY_COMPARE(model.index(850, 0).data().toString(), u"app:850"_s);
    QVERIFY(
        std::ranges::any_of(source.queries, [](const ImageListQuery &query) { return query.offset == 800; }));
    QVERIFY(std::ranges::none_of(source.queries,
                                 [](const ImageListQuery &query) { return query.offset == 400; }));
}

void ImageBrowserModelTest::memoryStaysBounded()
{
    ImageBrowserModel model;
    Source source(&model, 100'000);
    model.browse({}, {});
    for (int row = 0; row < 100'000; row += ImageBrowserModel::PageSize) {
        (void)model.index(row, 0).data();
        QTRY_VERIFY(model.rowAt(model.index(row, 0)) != nullptr);
    }
    int inMemory = 0;
    source.answers = false;
    for (int row = 0; row < 100'000; row += ImageBrowserModel::PageSize)
        inMemory += model.loadedRow(model.index(row, 0)) != nullptr ? 1 : 0;
    QCOMPARE(inMemory, gui::ImageSection::PagesInMemory);
}

void ImageBrowserModelTest::rowsInSightAreAskedForFirst()
{
    ImageBrowserModel model;
    Source source(&model, 100'000);
    model.browse({}, {});
    source.answers = false;
    source.queries.clear();
    for (int row = 0; row < 100'000; row += ImageBrowserModel::PageSize)
        (void)model.index(row, 0).data(); // A slider dragged to the end.
    QTRY_COMPARE(source.queries.size(), qsizetype(ImageBrowserModel::AtOnce));
    QCOMPARE(source.queries.first().offset, 99'800);
    QCOMPARE(source.queries.last().offset, 99'200);
}

void ImageBrowserModelTest::newImagesShiftTheRest()
{
    ImageBrowserModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    Source source(&model, 10);
    model.browse({}, {});
    QCOMPARE(model.find(u"3"_s, u"app:3"_s).row(), 3);
    source.total = 12;
    source.shift = -2; // Two new ones in front.
    model.refresh();
    QCOMPARE(model.rowCount(), 12);
    QCOMPARE(model.find(u"3"_s, u"app:3"_s).row(), 5);
    source.total = 4;
    model.refresh();
    QCOMPARE(model.rowCount(), 4);
    QVERIFY(!model.find(u"3"_s, u"app:3"_s).isValid());
}

void ImageBrowserModelTest::refreshingAsksOnlyForWhatWasLookedAt()
{
    ImageBrowserModel model;
    Source source(&model, 100'000);
    model.browse({}, {});
    (void)model.index(50'000, 0).data();
    QTRY_VERIFY(model.rowAt(model.index(50'000, 0)) != nullptr);
    source.questions = 0;
    model.refresh();
    QCOMPARE(source.questions, 2); // The first page, which knows of new images, and this one.
    model.refresh();
    QCOMPARE(source.questions, 3);
}

void ImageBrowserModelTest::answersOlderThanTheRefreshAreIgnored()
{
    ImageBrowserModel model;
    QList<int> tickets;
    connect(&model, &ImageBrowserModel::pageWanted, this, [&tickets](int ticket) { tickets.append(ticket); });
    model.browse({}, {});
    model.refresh(); // Something has changed while the first answer was on its way.
    QCOMPARE(tickets.size(), 2);
    model.setPage(tickets[0], {.total = 1, .rows = {ImageListRow()}});
    QCOMPARE(model.rowCount(), 0);
    model.setPage(tickets[1], {.total = 2, .rows = {ImageListRow(), ImageListRow()}});
    QCOMPARE(model.rowCount(), 2);
}

void ImageBrowserModelTest::groupsOpenLazily()
{
    ImageBrowserModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    Source source(&model, 6);
    model.browse({}, engine::ImageGrouping::Repository);
    QCOMPARE(model.rowCount(), 2);
    const QModelIndex tools = model.index(1, 0);
    QCOMPARE(tools.data().toString(), u"tool (3)"_s);
    QCOMPARE(model.rowCount(tools), 3);
    QTRY_COMPARE(model.index(2, 0, tools).data().toString(), u"tool:2"_s);
    QCOMPARE(model.index(2, 0, tools).parent(), tools);
    QSignalSpy reset(&model, &ImageBrowserModel::modelReset);
    model.refresh();
    QVERIFY(reset.isEmpty()); // The same groups stay open.
    source.groups.append({u"zoo"_s, 1});
    model.refresh();
    QCOMPARE(model.rowCount(), 3);
    QVERIFY(!model.hasMoreGroups());
    source.groups.resize(ImageBrowserModel::MostGroups, {u"more"_s, 1});
    model.refresh();
    QVERIFY(model.hasMoreGroups());
}

void ImageBrowserModelTest::orderIsTheEngines()
{
    ImageBrowserModel model;
    Source source(&model, 3);
    model.browse({}, {});
    model.sort(ImageBrowserModel::TagColumn, Qt::AscendingOrder);
    QCOMPARE(source.queries.last().order, ImageListQuery::Order::Tag);
    QVERIFY(!source.queries.last().descending);
    const int before = source.questions;
    model.sort(ImageBrowserModel::OriginColumn, Qt::AscendingOrder);
    QCOMPARE(source.questions, before);
}

void ImageBrowserModelTest::cellsTellWhatTheEngineSays()
{
    const QDateTime now = QDateTime::currentDateTimeUtc();
    ImageListRow row;
    row.image = {
        .uuid = u"11111111-2222-3333-4444-555555555555"_s, .tag = {}, .createdAt = now.addSecs(-7200)};
    QCOMPARE(gui::imageCell(row, ImageBrowserModel::TagColumn, now), u"(no tag)"_s);
    QCOMPARE(gui::imageCell(row, ImageBrowserModel::IdColumn, now), u"…55555555"_s);
    QCOMPARE(gui::imageCell(row, ImageBrowserModel::SizeColumn, now), QString());
    QCOMPARE(gui::imageCell(row, ImageBrowserModel::CreatedColumn, now), u"2 h ago"_s);
    row.originKind = u"image_import"_s;
    row.originText = u"docker://ghcr.io/o/tool:1"_s;
    QCOMPARE(gui::imageCell(row, ImageBrowserModel::OriginColumn, now), u"import of ghcr.io/o/tool:1"_s);
    row.image.tag = u"tool:1"_s;
    row.hidesPublic = true;
    QCOMPARE(gui::imageCell(row, ImageBrowserModel::TagColumn, now), u"tool:1 (hides public)"_s);
    const auto ago = [&now](int seconds) { return gui::agoText(now.addSecs(-seconds), now); };
    QCOMPARE(ago(5), u"just now"_s);
    QCOMPARE(ago(300), u"5 min ago"_s);
    QCOMPARE(ago(3 * 24 * 3600), u"3 d ago"_s);
}

QTEST_GUILESS_MAIN(ImageBrowserModelTest)
#include "tst_imagebrowsermodel.moc"
