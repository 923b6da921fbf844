#include "app/images/imagecatalog.h"
#include "app/inlinemessage.h"
#include "app/storage/spaceusemodel.h"
#include "app/storage/storagemodel.h"
#include "app/storage/storageplace.h"
#include "core/engine/launcher.h"
#include "tests/app/windowfixture.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTreeView>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace cooperage;
using gui::StorageController;
using gui::StorageModel;
using test::Window;

/// The storage page, with the real engine.
// An engine on a disk that is being written to by others takes its time.
static constexpr auto patience = 120s;

class StoragePlaceTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void init() { QSettings().clear(); }

    void opensOnceAndSaysWhatTakesSpace();
    void listsWhatGoesBeforeItGoes();
    void imagesOfThisDayStayUnlessAsked();
    void untickedImagesStay();
    void imagesThatGotATagMeanwhileStay();
    void freeingIsStoppedBetweenImages();
    void choicesAreRemembered();

private:
    struct Shown : Window
    {
        Shown()
        {
            workbench.session()->connectEngine();
            if (!QTest::qWaitFor([this] { return state() == gui::EngineSession::State::Ready; }, 60'000))
                qFatal("no engine");
            action(u"imageStorage"_s)->trigger();
        }
        [[nodiscard]] gui::EngineSession::State state() { return workbench.session()->state(); }
        [[nodiscard]] engine::Engine *engine() { return workbench.session()->engine(); }
        [[nodiscard]] QAbstractItemModel *images() { return find<QTreeView>(u"storageImages"_s)->model(); }
        [[nodiscard]] QPushButton *free() { return find<QPushButton>(u"storageFree"_s); }
        [[nodiscard]] QString total() { return find<QLabel>(u"storageTotal"_s)->text(); }
        [[nodiscard]] QString message() { return find<gui::InlineMessage>(u"storageMessage"_s)->text(); }
        void chooseAge(int seconds)
        {
            auto *age = find<QComboBox>(u"storageAge"_s);
            age->setCurrentIndex(age->findData(seconds));
        }
        [[nodiscard]] QModelIndex row(const QString &image)
        {
            return images()
                ->match(images()->index(0, 0), StorageModel::UuidRole, image, 1, Qt::MatchExactly)
                .value(0);
        }
        // What a command or a question used just now does not go yet: the page is asked again until it does.
        [[nodiscard]] bool comes(const QString &image)
        {
            const auto *controller = window.findChild<StorageController *>();
            return QTest::qWaitFor(
                [&] {
                    const bool listed = row(image).isValid();
                    if (!listed && controller->state() == StorageController::State::Ready)
                        action(u"storageRefresh"_s)->trigger();
                    return listed && free()->isEnabled();
                },
                patience);
        }
        // A new image above busybox without a tag.
        [[nodiscard]] QString make(const QString &name)
        {
            engine::RunRequest request;
            request.image = u"tag:busybox:latest"_s;
            request.command = u"dd if=/dev/urandom of=/%1 bs=1k count=300"_s.arg(name);
            request.shell = true;
            const auto outcome = QCoro::waitFor(engine()->run(request, {}));
            return outcome ? outcome->image : QString();
        }
        [[nodiscard]] bool exists(const QString &image)
        {
            return QCoro::waitFor(engine()->resolve(image)).has_value();
        }
    };
};

void StoragePlaceTest::initTestCase()
{
    if (!QFile::exists(qEnvironmentVariable("COOPERAGE_ENGINE")))
        QSKIP("cooperage-engine is not built: whole program skipped");
}

void StoragePlaceTest::cleanupTestCase()
{
    if (const auto paths = engine::LocalPaths::standard())
        QVERIFY(QCoro::waitFor(engine::stopLocalEngine(*paths)));
}

void StoragePlaceTest::opensOnceAndSaysWhatTakesSpace()
{
    Shown w;
    const int tabs = w.window.tabs()->count();
    w.action(u"imageStorage"_s)->trigger();
    QCOMPARE(w.window.tabs()->count(), tabs);
    const QAbstractItemModel *uses = w.find<QTreeView>(u"storageUses"_s)->model();
    QTRY_COMPARE_WITH_TIMEOUT(uses->rowCount(), 6, patience);
    QTRY_VERIFY_WITH_TIMEOUT(
        uses->index(0, gui::SpaceUseModel::SpaceColumn).data().toString() != "0 bytes"_L1, patience);
    QCOMPARE(uses->index(0, gui::SpaceUseModel::NumberColumn).data().toString(), u"1"_s);
    QTRY_VERIFY_WITH_TIMEOUT(w.find<QLabel>(u"storageDisk"_s)->text().contains("free of"_L1), patience);
    QTRY_COMPARE_WITH_TIMEOUT(w.total(), u"There is nothing to free."_s, patience);
    QVERIFY(!w.free()->isEnabled());
    QVERIFY(w.find<QLabel>(u"storageEmpty"_s)->text().contains("shorter time"_L1));
}

void StoragePlaceTest::listsWhatGoesBeforeItGoes()
{
    Shown w;
    const QString image = w.make(u"a"_s);
    QVERIFY(!image.isEmpty());
    QAbstractItemModelTester tester(w.images(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    w.action(u"storageRefresh"_s)->trigger();
    w.chooseAge(0);
    QVERIFY(w.comes(image));
    QVERIFY(w.row(image).siblingAtColumn(StorageModel::AddsColumn).data().toString().contains("kB"_L1) ||
            w.row(image).siblingAtColumn(StorageModel::AddsColumn).data().toString().contains("KiB"_L1));
    QTRY_VERIFY2_WITH_TIMEOUT(w.total().startsWith("Frees 3"_L1) && w.total().contains("images: 1"_L1),
                              qPrintable(w.total()), patience);
    QVERIFY(w.exists(image)); // Only shown so far.
    w.free()->click();
    QTRY_VERIFY2_WITH_TIMEOUT(w.message().startsWith("Freed 3"_L1), qPrintable(w.message()), patience);
    QVERIFY(w.message().contains("Images deleted: 1"_L1));
    QVERIFY(!w.exists(image));
    QTRY_VERIFY_WITH_TIMEOUT(!w.row(image).isValid(), patience);
    QVERIFY(w.exists(u"tag:busybox:latest"_s));
}

void StoragePlaceTest::imagesOfThisDayStayUnlessAsked()
{
    Shown w;
    const QString image = w.make(u"b"_s);
    w.action(u"storageRefresh"_s)->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(w.total(), u"There is nothing to free."_s, patience);
    QVERIFY(!w.row(image).isValid());
    w.chooseAge(0);
    QVERIFY(w.comes(image));
    w.find<QCheckBox>(u"storageChooseImages"_s)->setChecked(false);
    QTRY_VERIFY_WITH_TIMEOUT(!w.row(image).isValid(), patience);
    QTRY_COMPARE_WITH_TIMEOUT(w.total(), u"There is nothing to free."_s, patience);
    QVERIFY(QCoro::waitFor(w.engine()->removeImage(image)));
}

void StoragePlaceTest::untickedImagesStay()
{
    Shown w;
    const QString kept = w.make(u"kept"_s);
    const QString gone = w.make(u"gone"_s);
    w.action(u"storageRefresh"_s)->trigger();
    w.chooseAge(0);
    QVERIFY(w.comes(kept) && w.comes(gone));
    QVERIFY(w.images()->setData(w.row(kept), Qt::Unchecked, Qt::CheckStateRole));
    QTRY_VERIFY2_WITH_TIMEOUT(w.total().contains("images: 1"_L1) && w.total().startsWith("Frees at least"_L1),
                              qPrintable(w.total()), patience);
    w.free()->click();
    QTRY_VERIFY2_WITH_TIMEOUT(w.message().contains("Images deleted: 1"_L1), qPrintable(w.message()),
                              patience);
    QVERIFY(w.exists(kept));
    QVERIFY(!w.exists(gone));
    QTRY_VERIFY_WITH_TIMEOUT(w.row(kept).isValid(), patience);
    QCOMPARE(w.row(kept).data(Qt::CheckStateRole).toInt(), int(Qt::Unchecked)); // Still.
    QTRY_VERIFY_WITH_TIMEOUT(w.find<QPushButton>(u"storageAll"_s)->isEnabled(), patience);
    w.find<QPushButton>(u"storageAll"_s)->click();
    QTRY_COMPARE_WITH_TIMEOUT(w.row(kept).data(Qt::CheckStateRole).toInt(), int(Qt::Checked), patience);
    w.find<QPushButton>(u"storageNone"_s)->click();
    QTRY_COMPARE_WITH_TIMEOUT(w.row(kept).data(Qt::CheckStateRole).toInt(), int(Qt::Unchecked), patience);
    QVERIFY(QCoro::waitFor(w.engine()->removeImage(kept)));
}

void StoragePlaceTest::imagesThatGotATagMeanwhileStay()
{
    Shown w;
    const QString image = w.make(u"c"_s);
    w.action(u"storageRefresh"_s)->trigger();
    w.chooseAge(0);
    QVERIFY(w.comes(image));
    QVERIFY(QCoro::waitFor(w.engine()->setTag(image, u"just:tagged"_s)));
    w.free()->click();
    QTRY_VERIFY2_WITH_TIMEOUT(w.message().contains("Still there: 1"_L1), qPrintable(w.message()), patience);
    QVERIFY(w.exists(image));
    QVERIFY(QCoro::waitFor(w.engine()->removeImage(image)));
}

void StoragePlaceTest::freeingIsStoppedBetweenImages()
{
    Shown w;
    QStringList images;
    for (int i = 0; i < 4; ++i)
        images.append(w.make(u"d%1"_s.arg(i)));
    w.action(u"storageRefresh"_s)->trigger();
    w.chooseAge(0);
    for (const QString &image : std::as_const(images))
        QVERIFY(w.comes(image));
    connect(w.window.findChild<StorageController *>(), &StorageController::progressed, this, [&w](int done) {
        if (done == 1)
            w.find<QPushButton>(u"storageCancel"_s)->click();
    });
    w.free()->click();
    QTRY_VERIFY2_WITH_TIMEOUT(w.message().contains("Images deleted: 1. Still there: 3"_L1),
                              qPrintable(w.message()), patience);
    QCOMPARE(std::ranges::count_if(images, [&w](const QString &image) { return w.exists(image); }), 3);
    // The page has listed them again; but what was looked at just then was in use, and in use does not go.
    w.action(u"storageRefresh"_s)->trigger();
    QTRY_VERIFY2_WITH_TIMEOUT(w.total().contains("images: 3"_L1), qPrintable(w.total()), patience);
    for (const QString &image : std::as_const(images))
        (void)QCoro::waitFor(w.engine()->removeImage(image));
}

void StoragePlaceTest::choicesAreRemembered()
{
    {
        Shown w;
        w.chooseAge(3600);
        w.find<QCheckBox>(u"storageChooseFiles"_s)->setChecked(true);
        w.window.close();
    }
    Window w;
    w.window.restore();
    w.window.openLast();
    QCOMPARE(w.window.tabs()->currentPlace(),
             w.window.findChild<gui::StoragePlace *>()); // Open and in front.
    QVERIFY(w.window.tabs()->currentPlace());
    QCOMPARE(w.find<QComboBox>(u"storageAge"_s)->currentData().toInt(), 3600);
    QVERIFY(w.find<QCheckBox>(u"storageChooseFiles"_s)->isChecked());
}

int main(int argc, char *argv[])
{
    const test::GuiProgram program(argc, argv, COOPERAGE_BIN_DIR "/cooperage-engine");
    StoragePlaceTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_storageplace.moc"
