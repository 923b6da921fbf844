#include "app/details/changeindex.h"
#include "app/details/comparisonmodel.h"
#include "app/details/filecomparison.h"
#include "app/details/imagefacts.h"
#include "app/details/imagesearch.h"
#include "app/details/layersmodel.h"
#include "app/details/wastemodel.h"

#include <QAbstractItemModelTester>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSortFilterProxyModel>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace cooperage;
using engine::ImageChange;
using Kind = engine::ImageChange::Kind;

/// What the details of an image are made of, without an engine.
class DetailModelsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void configAndHistoryBecomeRows();
    void layersAreNamedByTheStepsThatMadeThem();
    void changesAreFoundByFolder();
    void hundredThousandChangesAreFoundAtOnce();
    void wasteNamesBothLayersAndLines();
    void wasteIsSortedByNumbers();
    void configsAreComparedKeyByKey();
    void sizesTellWhatIsShared();
    void textIsDecodedAndBinarySaid();
    void differencesAreAUnifiedDiff();
    void searchedTextIsTakenAsItStands();
    void copiesHaveSafeNames();
};

static QJsonObject json(const QByteArray &text)
{
    return QJsonDocument::fromJson(text).object();
}

void DetailModelsTest::configAndHistoryBecomeRows()
{
    const QJsonObject config =
        json(R"({"os":"linux","architecture":"amd64","config":{"Cmd":["sh","-c","echo hi"],
            "Env":["A=b"],"ExposedPorts":{"80/tcp":{}}},"history":[{"created_by":"RUN one"},
            {"created_by":"CMD two","empty_layer":true},{"created_by":"COPY three"}]})");
    const auto rows = gui::configRows(config);
    QVERIFY(rows.contains({u"Platform"_s, u"linux/amd64"_s}));
    QVERIFY(rows.contains({u"Command"_s, u"sh -c \"echo hi\""_s}));
    QVERIFY(rows.contains({u"Ports"_s, u"80/tcp"_s}));
    QVERIFY(rows.contains({u"Variable A"_s, u"b"_s}));
    const auto history =
        gui::historyRows(config, {{u"l1"_s, u"sha256:1"_s, 10}, {u"l2"_s, {}, 20}, {u"l3"_s, {}, 30}});
    QCOMPARE(history.size(), 4);
    QCOMPARE(history[0].layer, u"sha256:1"_s);
    QCOMPARE(history[1].size, -1);
    QCOMPARE(history[1].count, 0);
    QCOMPARE(history[2].size, 20);
    QCOMPARE(history[2].count, 2);
    QCOMPARE(history[3].layer, u"l3"_s);
}

void DetailModelsTest::layersAreNamedByTheStepsThatMadeThem()
{
    auto rows =
        gui::historyRows(json(R"({"history":[{"created_by":"base"},{"created_by":"RUN |1 X=1 make"}]})"),
                         {{u"a"_s, {}, 1}, {u"b"_s, {}, 2}, {u"c"_s, {}, 3}});
    gui::nameSources(
        &rows, {{.first = 1, .last = 1, .text = u"FROM debian"_s},
                {.first = 2, .last = 2, .text = u"RUN make"_s, .place = {u"/src/api/Dockerfile"_s, 3, 4}}});
    QCOMPARE(gui::stepText(rows[0]), u"FROM debian"_s);
    QCOMPARE(gui::layerTitle(rows[1]), u"Layer 2: RUN make"_s);
    QCOMPARE(gui::placeName(rows[1]), u"api/Dockerfile:4"_s);
    QVERIFY(rows[2].source.isEmpty()); // Nothing is known of it, and nothing is made up.
    gui::LayersModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setRows(rows);
    QCOMPARE(model.index(1, gui::LayersModel::NumberColumn).data().toString(), u"2"_s);
    const QString tip = model.index(1, gui::LayersModel::StepColumn).data(Qt::ToolTipRole).toString();
    QVERIFY(tip.contains("Dockerfile:4"_L1) && tip.contains("RUN |1 X=1 make"_L1));
}

static QStringList names(const QList<gui::ChangeIndex::Child> &children)
{
    QStringList names;
    for (const auto &child : children)
        names.append(child.name + (child.change ? u"!"_s : u""_s) + (child.hasChildren ? u"/"_s : u""_s));
    return names;
}

void DetailModelsTest::changesAreFoundByFolder()
{
    const auto change = [](const char *path) {
        return ImageChange{.kind = Kind::Added, .path = QString::fromLatin1(path)};
    };
    const gui::ChangeIndex index({change("/z"), change("/etc/a/deep/x"), change("/etc/a-b"), change("/etc/a"),
                                  change("/etc/a.b"), change("/etc/b/y"), change("/etc/b/z")});
    QCOMPARE(names(index.childrenOf(u"/"_s)), QStringList({u"etc/"_s, u"z!"_s}));
    QCOMPARE(names(index.childrenOf(u"/etc"_s)), QStringList({u"a!/"_s, u"a-b!"_s, u"a.b!"_s, u"b/"_s}));
    QCOMPARE(names(index.childrenOf(u"/etc/b"_s)), QStringList({u"y!"_s, u"z!"_s}));
    QVERIFY(index.childrenOf(u"/nothing"_s).isEmpty());
    QVERIFY(index.at(u"/etc/a"_s));
    QVERIFY(!index.at(u"/etc/b"_s));
    QVERIFY(index.hasBelow(u"/etc/b"_s));
    QVERIFY(gui::ChangeIndex().childrenOf(u"/"_s).isEmpty());
}

void DetailModelsTest::hundredThousandChangesAreFoundAtOnce()
{
    QList<ImageChange> changes;
    for (int i = 0; i < 100'000; ++i)
        changes.append({.kind = Kind::Added, .path = u"/usr/lib/%1/%2"_s.arg(i % 100).arg(i)});
    const gui::ChangeIndex index(changes);
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(index.childrenOf(u"/"_s).size(), 1);
    QCOMPARE(index.childrenOf(u"/usr/lib"_s).size(), 100);
    QCOMPARE(index.childrenOf(u"/usr/lib/7"_s).size(), 1000);
    QVERIFY2(timer.elapsed() < 100, qPrintable(QString::number(timer.elapsed())));
}

static engine::WasteReport someWaste()
{
    return {.files = {{.path = u"/big"_s, .size = 2000, .layer = 0, .hiddenBy = 1, .removed = true},
                      {.path = u"/small"_s, .size = 30, .layer = 1, .hiddenBy = 2}},
            .bytes = 2030,
            .count = 2};
}

void DetailModelsTest::wasteNamesBothLayersAndLines()
{
    gui::WasteModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setReport(someWaste());
    QCOMPARE(model.index(0, gui::WasteModel::LayerColumn).data().toString(), u"Layer 1"_s);
    model.setSteps({{.text = u"FROM debian"_s, .count = 1},
                    {.text = u"ENV X=1"_s},
                    {.text = u"RUN rm /big"_s, .count = 2, .place = {u"/src/api/Dockerfile"_s, 2, 3}},
                    {.text = u"COPY x /"_s, .count = 3}});
    QCOMPARE(model.index(0, gui::WasteModel::LayerColumn).data().toString(), u"Layer 1: FROM debian"_s);
    QCOMPARE(model.index(0, gui::WasteModel::HiddenByColumn).data().toString(),
             u"Layer 2, api/Dockerfile:3: RUN rm /big"_s);
    QVERIFY(model.index(0, gui::WasteModel::HiddenByColumn)
                .data(Qt::ToolTipRole)
                .toString()
                .contains("api/Dockerfile:3"_L1));
    QCOMPARE(model.index(0, gui::WasteModel::HowColumn).data().toString(), u"removed by"_s);
    QCOMPARE(model.index(1, gui::WasteModel::HowColumn).data().toString(), u"replaced by"_s);
    QCOMPARE(model.index(1, 0).data(gui::WasteModel::LayerRole).toInt(), 2);
}

void DetailModelsTest::wasteIsSortedByNumbers()
{
    gui::WasteModel model;
    model.setReport(someWaste());
    QSortFilterProxyModel sorted;
    sorted.setSourceModel(&model);
    sorted.setSortRole(gui::WasteModel::SortRole);
    sorted.sort(gui::WasteModel::SizeColumn, Qt::AscendingOrder);
    QCOMPARE(sorted.index(0, 0).data().toString(), u"/small"_s); // 30 before 2000.
    sorted.sort(gui::WasteModel::HiddenByColumn, Qt::AscendingOrder);
    QCOMPARE(sorted.index(0, 0).data().toString(), u"/big"_s);
}

void DetailModelsTest::configsAreComparedKeyByKey()
{
    using Fact = gui::FactChange;
    const auto facts = gui::compareConfigs(
        json(R"({"config":{"Cmd":["old"],"User":"app","Env":["A=1","GONE=x"]}})"),
        json(R"({"config":{"Cmd":["new"],"User":"app","Env":["A=1"],"Labels":{"l":"v"}}})"));
    const auto kindOf = [&facts](const QString &name) {
        const auto found = std::ranges::find(facts, name, &Fact::name);
        return found == facts.end() ? -1 : int(found->kind());
    };
    QCOMPARE(kindOf(u"Command"_s), int(Fact::Kind::Changed));
    QCOMPARE(kindOf(u"User"_s), int(Fact::Kind::Same));
    QCOMPARE(kindOf(u"Variable A"_s), int(Fact::Kind::Same));
    QCOMPARE(kindOf(u"Variable GONE"_s), int(Fact::Kind::Removed));
    QCOMPARE(kindOf(u"Label l"_s), int(Fact::Kind::Added));
    QCOMPARE(facts.size(), 5);
    QVERIFY(gui::compareConfigs({}, {}).isEmpty());
}

void DetailModelsTest::sizesTellWhatIsShared()
{
    const auto facts = gui::compareSizes({{u"a"_s, {}, 100}, {u"b"_s, {}, 20}},
                                         {{u"a"_s, {}, 100}, {u"c"_s, {}, 7}, {u"d"_s, {}, 3}});
    QCOMPARE(facts[0], (gui::FactChange{facts[0].name, u"120 bytes"_s, u"110 bytes"_s}));
    QCOMPARE(facts[1].after, u"3"_s);
    QCOMPARE(facts[2].before, u"1"_s);
    QCOMPARE(facts[4], (gui::FactChange{facts[4].name, u"20 bytes"_s, u"10 bytes"_s}));
}

void DetailModelsTest::textIsDecodedAndBinarySaid()
{
    QCOMPARE(gui::decoded({.bytes = "a\r\nb\n"}).text, u"a\nb\n"_s);
    QVERIFY(gui::decoded({.bytes = "a\nb\n"}).note().isEmpty());
    const auto binary = gui::decoded({.bytes = QByteArray("\x7f"
                                                          "ELF\0\0",
                                                          6)});
    QVERIFY(binary.isBinary && binary.text.isEmpty() && !binary.note().isEmpty());
    QVERIFY(gui::decoded({.bytes = "gr\xfc\xdf"}).isLossy);
    const auto cut = gui::decoded({.bytes = "ok \xe2\x82", .isWhole = false});
    QCOMPARE(cut.text, u"ok "_s);
    QVERIFY(!cut.isLossy);
    QVERIFY(!cut.note().isEmpty());
}

void DetailModelsTest::differencesAreAUnifiedDiff()
{
    gui::FileComparison comparison;
    comparison.diff = diffLines({u"one"_s, u"two"_s, u"three"_s}, {u"one"_s, u"2"_s, u"three"_s});
    const QString text =
        comparison.unified({{u"1"_s, u"old"_s}, u"/x"_s}, {{u"2"_s, u"new"_s}, u"/x"_s}, false);
    QCOMPARE(text, u"--- /x (old)\n+++ /x (new)\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three"_s);
    comparison.diff = diffLines({u"one"_s}, {u"one"_s});
    QVERIFY(comparison.unified({}, {}, true).isEmpty());
}

void DetailModelsTest::searchedTextIsTakenAsItStands()
{
    QCOMPARE(gui::literalExpression(u"a.b*(c) d"_s), u"a\\.b\\*\\(c\\) d"_s);
    QCOMPARE(gui::literalExpression(u"grün"_s), u"grün"_s);
}

void DetailModelsTest::copiesHaveSafeNames()
{
    const auto name = [](const QString &image, const QString &path) {
        return gui::localName({{{}, image}, path});
    };
    QCOMPARE(name(u"app:1"_s, u"/etc/motd"_s), u"motd"_s);
    QCOMPARE(name(u"app:1"_s, u"/etc/"_s), u"etc"_s);
    QCOMPARE(name(u"team/app:1"_s, u"/"_s), u"team-app-1"_s);
    QCOMPARE(name(u"../x"_s, u"/.."_s), u"image..-x"_s);
    QVERIFY(!name({}, u"/"_s).isEmpty());
}

QTEST_GUILESS_MAIN(DetailModelsTest)
#include "tst_detailmodels.moc"
