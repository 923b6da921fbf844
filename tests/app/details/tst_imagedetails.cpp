#include "app/details/comparisonplace.h"
#include "app/details/dragout.h"
#include "app/details/filecomparison.h"
#include "app/details/filediffplace.h"
#include "app/details/filetransfer.h"
#include "app/details/imagefilesmodel.h"
#include "app/details/imageplace.h"
#include "app/details/imagesearch.h"
#include "app/details/layersmodel.h"
#include "app/details/rowscopy.h"
#include "app/details/wastemodel.h"
#include "app/images/imageactions.h"
#include "app/images/imagecatalog.h"
#include "app/images/imagepane.h"
#include "core/engine/filecopies.h"
#include "core/engine/launcher.h"
#include "core/sessions/lineage.h"
#include "tests/app/windowfixture.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QCryptographicHash>
#include <QDialog>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTextBlock>
#include <QTreeView>
#include <QTreeWidget>

using namespace Qt::StringLiterals;
using namespace cooperage;
using test::Window;

/// The details of an image in the window, with the real engine: busybox:latest and two layers above it.
class ImageDetailsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();

    void layersShowTheirSteps();
    void aLayersMenuActsOnTheLayer();
    void twoLayersAreCompared();
    void oneLayersFilesAreMarked();
    void removedFilesStayInSight();
    void filesOpenReadOnly();
    void aFilesChangeIsShown();
    void beginningsAndDigestsAreRead();
    void filesAndFoldersAreSaved();
    void copiesAreReadyToDrag();
    void namesAndContentsAreFound();
    void aFoundFileIsShownInTheTree();
    void wastedSpaceIsListed();
    void imagesAreComparedInFilesConfigAndSize();
    void anyOtherImageCanBeChosen();
    void whatCannotBeDoneSaysWhy();

private:
    /// The image's tab, as "Show Details" opens it.
    struct Place : Window
    {
        explicit Place(const QString &uuid)
        {
            workbench.session()->connectEngine();
            if (!QTest::qWaitFor(
                    [this] { return workbench.session()->state() == gui::EngineSession::State::Ready; },
                    60'000))
                qFatal("no engine");
            const auto record = QCoro::waitFor(workbench.session()->engine()->resolve(uuid));
            Q_EMIT window.findChild<gui::ImageActions *>()->detailsWanted(*record);
            place = find<gui::ImagePlace>(u"imagePlace"_s);
        }
        void openTab(int index) { part<QTabWidget>(u"imagePlaceTabs"_s)->setCurrentIndex(index); }
        template <typename T>
        [[nodiscard]] T *part(const QString &name)
        {
            T *found = place->findChild<T *>(name);
            if (!found)
                qFatal("no %s", qPrintable(name));
            return found;
        }
        [[nodiscard]] QModelIndex row(QTreeView *view, int column, const QString &text,
                                      const QModelIndex &parent = {})
        {
            const auto found = view->model()->match(view->model()->index(0, column, parent), Qt::DisplayRole,
                                                    text, 1, Qt::MatchExactly);
            return found.value(0);
        }
        /// Selects layer `number`, and `other` as well.
        void selectLayers(int number, int other = 0)
        {
            auto *view = part<QTreeView>(u"imageHistory"_s);
            QTRY_VERIFY(row(view, 0, QString::number(number)).isValid());
            view->selectionModel()->select(row(view, 0, QString::number(number)),
                                           QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
            if (other > 0)
                view->selectionModel()->select(row(view, 0, QString::number(other)),
                                               QItemSelectionModel::Select | QItemSelectionModel::Rows);
        }
        /// Shows what layer `number` changed, or everything up to it.
        void showLayer(int number, bool onlyChanges)
        {
            openTab(2);
            auto *layers = part<QComboBox>(u"imageFilesLayer"_s);
            QTRY_VERIFY(layers->findData(number) >= 0);
            layers->setCurrentIndex(layers->findData(number));
            part<QCheckBox>(u"imageFilesOnlyChanges"_s)->setChecked(onlyChanges);
            auto *view = part<QTreeView>(u"imageFiles"_s);
            QTRY_VERIFY(view->isVisible() && view->model() && !view->isColumnHidden(1));
            open({});
        }
        QModelIndex open(const QString &path)
        {
            auto *view = part<QTreeView>(u"imageFiles"_s);
            QModelIndex at;
            for (const QString &name : (u"."_s + path).split(u'/')) {
                if (name != "."_L1) {
                    [&] { QTRY_VERIFY(row(view, 0, name, at).isValid()); }();
                    at = row(view, 0, name, at);
                }
                if (view->model()->canFetchMore(at))
                    view->model()->fetchMore(at);
            }
            if (at.isValid())
                view->setCurrentIndex(at);
            return at;
        }

        gui::ImagePlace *place = nullptr;
    };

    QString m_base;
    QString m_image;
    int m_layers = 0;
};

static QString changed(engine::Engine *engine, const QString &image, const QString &command)
{
    engine::RunRequest request;
    request.image = image;
    request.command = command;
    request.shell = true;
    const auto outcome = QCoro::waitFor(engine->run(request, {}));
    return outcome && outcome->exitCode == 0 ? outcome->image : QString();
}

void ImageDetailsTest::initTestCase()
{
    if (!QFile::exists(qEnvironmentVariable("COOPERAGE_ENGINE")))
        QSKIP("cooperage-engine is not built: whole program skipped");
    gui::Workbench workbench;
    engine::Engine *engine = workbench.session()->engine();
    const auto base = QCoro::waitFor(engine->resolve(u"busybox:latest"_s));
    QVERIFY2(base, base ? "" : qPrintable(base.error().text()));
    m_base = base->uuid;
    const QString one =
        changed(engine, m_base,
                u"mkdir -p /data/deep && head -c 300000 /dev/urandom > /data/big && "
                "printf 'one\\ntwo\\nthree\\n' > /data/text && echo needle > /data/deep/hay"_s);
    m_image =
        changed(engine, one,
                u"rm /data/big && printf 'one\\n2\\nthree\\n' > /data/text && chmod 600 /data/deep/hay && "
                "echo new > /data/new"_s);
    QVERIFY(!m_image.isEmpty());
    const auto layers = QCoro::waitFor(engine->layers(m_image));
    QVERIFY(layers);
    m_layers = int(layers->size());
    // As a build or session would have recorded it.
    const auto store = workbench.session()->store();
    QVERIFY(store);
    sessions::HistoryEntry entry;
    entry.kind = sessions::kind::build;
    entry.image = m_base;
    entry.title = u"FROM busybox"_s;
    const auto from = (*store)->record(u"build:1"_s, u"layer:0"_s, entry);
    entry.image = one;
    entry.title = u"RUN make data"_s;
    entry.parent = from->id;
    const auto first = (*store)->record(u"build:1"_s, u"layer:1"_s, entry);
    entry.image = m_image;
    entry.title = u"RUN clean up"_s;
    entry.parent = first->id;
    QVERIFY((*store)->record(u"build:1"_s, u"layer:2"_s, entry));
}

void ImageDetailsTest::cleanupTestCase()
{
    if (const auto paths = engine::LocalPaths::standard())
        QVERIFY(QCoro::waitFor(engine::stopLocalEngine(*paths)));
}

void ImageDetailsTest::layersShowTheirSteps()
{
    Place w(m_image);
    auto *view = w.part<QTreeView>(u"imageHistory"_s);
    QAbstractItemModelTester tester(view->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    QTRY_VERIFY(w.row(view, gui::LayersModel::StepColumn, u"RUN clean up"_s).isValid());
    const QModelIndex data = w.row(view, gui::LayersModel::StepColumn, u"RUN make data"_s);
    QCOMPARE(data.siblingAtColumn(gui::LayersModel::NumberColumn).data().toInt(), m_layers - 1);
    QVERIFY(!data.siblingAtColumn(gui::LayersModel::SizeColumn).data().toString().isEmpty());
    QVERIFY(w.row(view, gui::LayersModel::StepColumn, u"FROM busybox"_s).isValid());
}

void ImageDetailsTest::aLayersMenuActsOnTheLayer()
{
    Place w(m_image);
    w.openTab(1);
    w.selectLayers(m_layers - 1);
    w.action(u"layerMore"_s)->trigger();
    QMenu *menu = nullptr;
    QTRY_VERIFY((menu = qobject_cast<QMenu *>(QApplication::activePopupWidget())));
    QAction *tag = w.action(u"layer:imageAddTag"_s);
    QVERIFY(menu->actions().contains(tag));
    QVERIFY(tag->isEnabled());
    for (const auto &name : {u"Run"_s, u"Console"_s, u"UseAsBase"_s, u"Export"_s, u"Push"_s})
        QVERIFY2(menu->actions().contains(w.action(u"layer:image"_s + name)), qPrintable(name));
    menu->close();
    QSignalSpy based(w.window.findChild<gui::ImagePane *>()->actions(), &gui::ImageActions::useAsBaseWanted);
    w.action(u"layer:imageUseAsBase"_s)->trigger();
    QCOMPARE(based.size(), 1); // As if the list had been asked.
    tag->trigger();
    auto *edit = w.find<QLineEdit>(u"tagEdit"_s);
    edit->setText(u"layer:1"_s);
    QTest::keyClick(edit, Qt::Key_Return);
    engine::Engine *engine = w.workbench.session()->engine();
    QTRY_VERIFY(QCoro::waitFor(engine->resolve(u"layer:1"_s)));
    const QString tagged = QCoro::waitFor(engine->resolve(u"layer:1"_s))->uuid;
    QCOMPARE(QCoro::waitFor(engine->layers(tagged))->size(), m_layers - 1);
    QVERIFY(QCoro::waitFor(engine->removeTag(tagged, u"layer:1"_s)));
}

void ImageDetailsTest::twoLayersAreCompared()
{
    Place w(m_image);
    w.openTab(1);
    w.selectLayers(m_layers);
    QVERIFY(!w.action(u"layerCompareBoth"_s)->isEnabled());
    QVERIFY(!w.action(u"layerCompareBoth"_s)->toolTip().isEmpty());
    w.selectLayers(m_layers, m_layers - 1);
    QTRY_VERIFY(w.action(u"layerCompareBoth"_s)->isEnabled());
    w.action(u"layerCompareBoth"_s)->trigger();
    QTRY_VERIFY(w.window.findChild<gui::ComparisonPlace *>(u"comparisonPlace"_s));
    auto *list = w.find<QTreeView>(u"comparisonList"_s);
    QTRY_VERIFY(w.row(list, 1, u"/data/new"_s).isValid());
    const QModelIndex big = w.row(list, 1, u"/data/big"_s);
    QCOMPARE(big.siblingAtColumn(0).data().toString(), u"removed"_s);
    QVERIFY(!w.row(list, 1, u"/bin"_s).isValid());
}

void ImageDetailsTest::oneLayersFilesAreMarked()
{
    Place w(m_image);
    w.showLayer(m_layers, true);
    auto *view = w.part<QTreeView>(u"imageFiles"_s);
    QAbstractItemModelTester tester(view->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    QCOMPARE(view->model()->rowCount(), 1); // Nothing but /data changed.
    const auto mark = [&w](const QString &path) { return w.open(path).siblingAtColumn(1).data().toString(); };
    QCOMPARE(mark(u"/data/new"_s), u"added"_s);
    QCOMPARE(mark(u"/data/text"_s), u"changed"_s);
    QCOMPARE(mark(u"/data/big"_s), u"removed"_s);
    QCOMPARE(mark(u"/data/deep/hay"_s), u"attributes"_s);
}

void ImageDetailsTest::removedFilesStayInSight()
{
    Place w(m_image);
    w.showLayer(m_layers, false);
    const auto mark = [&w](const QString &path) { return w.open(path).siblingAtColumn(1).data().toString(); };
    QVERIFY(w.open(u"/bin"_s).isValid());
    QCOMPARE(mark(u"/data/big"_s), u"removed"_s);
    QCOMPARE(mark(u"/bin/busybox"_s), QString());
    w.open(u"/data/big"_s);
    QTRY_VERIFY(w.action(u"imageFileOpen"_s)->isEnabled());
    w.action(u"imageFileOpen"_s)->trigger(); // From the layer below, which still has it.
    auto *text = w.find<QPlainTextEdit>(u"filePlaceText"_s);
    QTRY_VERIFY(w.find<QWidget>(u"filePlaceMessage"_s)->isVisible());
    QVERIFY(text->toPlainText().isEmpty()); // Random bytes: binary.
}

void ImageDetailsTest::filesOpenReadOnly()
{
    Place w(m_image);
    w.openTab(2);
    QTRY_VERIFY(w.part<QTreeView>(u"imageFiles"_s)->isVisible());
    w.open(u"/data/text"_s);
    QTRY_VERIFY(w.action(u"imageFileOpen"_s)->isEnabled());
    w.action(u"imageFileOpen"_s)->trigger();
    auto *text = w.find<QPlainTextEdit>(u"filePlaceText"_s);
    QTRY_COMPARE(text->toPlainText(), u"one\n2\nthree\n"_s);
    QVERIFY(text->isReadOnly());
    const int tabs = w.window.tabs()->count();
    w.window.tabs()->setCurrentWidget(w.place);
    w.action(u"imageFileOpen"_s)->trigger();
    QCOMPARE(w.window.tabs()->count(), tabs); // The same tab again.
    w.window.tabs()->setCurrentWidget(w.place);
    w.action(u"imageFileCopyPath"_s)->trigger();
    QCOMPARE(QGuiApplication::clipboard()->text(), u"/data/text"_s);
}

void ImageDetailsTest::aFilesChangeIsShown()
{
    Place w(m_image);
    w.showLayer(m_layers, true);
    w.open(u"/data/new"_s);
    QTRY_VERIFY(!w.action(u"imageFileDifference"_s)->isEnabled());
    w.open(u"/data/text"_s);
    QTRY_VERIFY(w.action(u"imageFileDifference"_s)->isEnabled());
    w.action(u"imageFileDifference"_s)->trigger();
    auto *text = w.find<QPlainTextEdit>(u"fileDiffText"_s);
    QTRY_VERIFY(text->toPlainText().endsWith("\n one\n-two\n+2\n three"_L1));
    QCOMPARE(w.find<QLabel>(u"fileDiffSummary"_s)->text(), u"1 lines added, 1 removed"_s);
    QCOMPARE(text->textCursor().block().text(), u"-two"_s);
}

void ImageDetailsTest::beginningsAndDigestsAreRead()
{
    Place w(m_image);
    engine::Engine *engine = w.workbench.session()->engine();
    const auto head = QCoro::waitFor(engine::readHead(engine, m_image, u"/bin/busybox"_s, 1000, {}));
    QVERIFY(head);
    QCOMPARE(head->bytes.size(), 1000);
    QVERIFY(!head->isWhole);
    const auto whole = QCoro::waitFor(engine::readHead(engine, m_image, u"/data/new"_s, 4, {}));
    QVERIFY(whole && whole->isWhole);
    QCOMPARE(whole->bytes, "new\n");
    QVERIFY(!QCoro::waitFor(engine::readHead(engine, m_image, u"/data/none"_s, 4, {})));
    const auto digest = QCoro::waitFor(engine::digestFile(engine, m_image, u"/data/new"_s, {}));
    QVERIFY(digest);
    QCOMPARE(digest->size, 4);
    QCOMPARE(digest->sha256, QCryptographicHash::hash("new\n", QCryptographicHash::Sha256).toHex());
    gui::FileComparer comparer({{m_base, u"old"_s, engine}, u"/bin/busybox"_s},
                               {{m_image, u"new"_s, engine}, u"/bin/busybox"_s});
    QSignalSpy compared(&comparer, &gui::FileComparer::compared);
    QTRY_COMPARE(compared.size(), 1);
    const auto comparison = compared.first().first().value<gui::FileComparison>();
    QVERIFY(!comparison.isText && comparison.isEqual);
}

void ImageDetailsTest::filesAndFoldersAreSaved()
{
    QTemporaryDir folder;
    Place w(m_image);
    w.openTab(2);
    QTRY_VERIFY(w.part<QTreeView>(u"imageFiles"_s)->isVisible());
    const auto save = [&](const QString &path, const QString &target) {
        w.open(path);
        w.action(u"imageFileSave"_s)->trigger();
        auto *dialog = w.place->findChild<QFileDialog *>();
        QVERIFY(dialog);
        Q_EMIT dialog->fileSelected(folder.filePath(target));
        dialog->close();
        delete dialog;
    };
    save(u"/data/text"_s, u"mine"_s);
    QTRY_VERIFY(QFile::exists(folder.filePath(u"mine"_s)));
    QTRY_VERIFY(w.find<QWidget>(u"imageFilesMessage"_s)->isVisible());
    save(u"/data"_s, u"tree"_s);
    QTRY_VERIFY(QFile::exists(folder.filePath(u"tree/deep/hay"_s)));
    QFile file(folder.filePath(u"tree/text"_s));
    QVERIFY(file.open(QFile::ReadOnly));
    QCOMPARE(file.readAll(), "one\n2\nthree\n");
    QCOMPARE(QDir(folder.path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot).size(), 2);
}

void ImageDetailsTest::copiesAreReadyToDrag()
{
    Place w(m_image);
    gui::DragOut drag;
    const gui::ImageSide side{m_image, u"app:1"_s, w.workbench.session()->engine()};
    const QList<gui::ImageItem> items{{.file = {side, u"/data/text"_s}, .size = 12},
                                      {.file = {side, u"/data/deep"_s}, .isFolder = true}};
    QVERIFY(drag.ready(items).isEmpty());
    QSignalSpy prepared(&drag, &gui::DragOut::prepared);
    drag.prepare(items);
    QVERIFY(drag.transfer()->isRunning()); // The call itself waited for nothing.
    drag.prepare(items);
    QTRY_COMPARE(prepared.size(), 1);
    const QList<QUrl> urls = drag.ready(items);
    QCOMPARE(urls.size(), 2);
    QCOMPARE(urls[0].fileName(), u"text"_s);
    QVERIFY(QFile::exists(urls[1].toLocalFile() + u"/hay"_s));
    drag.prepare(items); // At once, from what is there.
    QCOMPARE(prepared.size(), 2);
    QSignalSpy failed(drag.transfer(), &gui::FileTransfer::failed);
    drag.prepare({{.file = {side, u"/data/gone"_s}}});
    QTRY_COMPARE(failed.size(), 1);
    gui::FileTransfer transfer;
    QSignalSpy cancelled(&transfer, &gui::FileTransfer::failed);
    QTemporaryDir folder;
    transfer.start(
        {{.item = {.file = {side, u"/"_s}, .isFolder = true}, .target = folder.filePath(u"all"_s)}});
    transfer.cancel();
    QTRY_COMPARE(cancelled.size(), 1);
    QVERIFY(QDir(folder.path()).isEmpty(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot));
}

void ImageDetailsTest::namesAndContentsAreFound()
{
    Place w(m_image);
    gui::ImageSearch search(w.workbench.session()->engine(), m_image);
    QAbstractItemModelTester tester(&search, QAbstractItemModelTester::FailureReportingMode::QtTest);
    search.start({.pattern = u"HAY"_s});
    QVERIFY(search.isRunning());
    QTRY_VERIFY(!search.isRunning());
    QCOMPARE(search.rowCount(), 1);
    QCOMPARE(search.index(0, 0).data().toString(), u"/data/deep/hay"_s);
    search.start({.where = gui::ImageSearch::Where::Contents, .pattern = u"needle"_s, .folder = u"/data"_s});
    QTRY_VERIFY(!search.isRunning());
    QCOMPARE(search.rowCount(), 1);
    QCOMPARE(search.index(0, gui::ImageSearch::TextColumn).data().toString(), u"needle"_s);
    QCOMPARE(search.index(0, 0).data(gui::ImageSearch::LineNumberRole).toInt(), 1);
    search.start({.pattern = u"no such name"_s});
    QTRY_VERIFY(!search.isRunning());
    QCOMPARE(search.summary(), u"Nothing found."_s);
    search.start({.where = gui::ImageSearch::Where::Contents, .pattern = u"root"_s});
    search.stop();
    QTRY_VERIFY(!search.isRunning());
    QCOMPARE(search.summary(), u"The search was stopped."_s);
}

void ImageDetailsTest::aFoundFileIsShownInTheTree()
{
    Place w(m_image);
    w.openTab(3);
    w.part<QLineEdit>(u"searchPattern"_s)->setText(u"hay"_s);
    QTest::keyClick(w.part<QLineEdit>(u"searchPattern"_s), Qt::Key_Return);
    auto *results = w.part<QTreeView>(u"searchResults"_s);
    QTRY_COMPARE(results->model()->rowCount(), 1);
    results->setCurrentIndex(results->model()->index(0, 0));
    w.action(u"foundReveal"_s)->trigger();
    auto *files = w.part<QTreeView>(u"imageFiles"_s);
    QTRY_COMPARE(files->currentIndex().data(gui::ImageFilesModel::PathRole).toString(), u"/data/deep/hay"_s);
    QCOMPARE(w.part<QTabWidget>(u"imagePlaceTabs"_s)->currentIndex(), 2);
    w.openTab(3);
    w.action(u"foundOpen"_s)->trigger();
    QTRY_COMPARE(w.find<QPlainTextEdit>(u"filePlaceText"_s)->toPlainText(), u"needle\n"_s);
}

void ImageDetailsTest::wastedSpaceIsListed()
{
    Place w(m_image);
    w.openTab(4);
    auto *list = w.part<QTreeView>(u"wasteList"_s);
    QTRY_VERIFY(w.row(list, 0, u"/data/big"_s).isValid());
    const QModelIndex big = w.row(list, 0, u"/data/big"_s);
    QCOMPARE(big.row(), 0); // The biggest first.
    QTRY_VERIFY(
        big.siblingAtColumn(gui::WasteModel::LayerColumn).data().toString().endsWith("RUN make data"_L1));
    QVERIFY(
        big.siblingAtColumn(gui::WasteModel::HiddenByColumn).data().toString().endsWith("RUN clean up"_L1));
    QCOMPARE(big.siblingAtColumn(gui::WasteModel::HowColumn).data().toString(), u"removed by"_s);
    QVERIFY(w.row(list, 0, u"/data/text"_s).isValid());
    QVERIFY(w.part<QLabel>(u"wasteSummary"_s)->text().contains(u" in "_s));
    list->setCurrentIndex(big);
    w.action(u"wasteFiles"_s)->trigger();
    QCOMPARE(w.part<QComboBox>(u"imageFilesLayer"_s)->currentData().toInt(), m_layers - 1);
    Place other(m_base);
    other.openTab(4);
    QTRY_COMPARE(other.part<QLabel>(u"wasteSummary"_s)->text(), u"Nothing is wasted."_s);
}

void ImageDetailsTest::imagesAreComparedInFilesConfigAndSize()
{
    Place w(m_image);
    engine::Engine *engine = w.workbench.session()->engine();
    gui::ComparisonPlace place(w.workbench.session(), {m_image, u"new"_s, engine},
                               {m_base, u"old"_s, engine});
    place.show();
    auto *list = place.findChild<QTreeView *>(u"comparisonList"_s);
    QTRY_VERIFY(w.row(list, 1, u"/data/text"_s).isValid());
    QVERIFY(place.findChild<QLabel *>(u"comparisonSummary"_s)->text().contains(u"added"_s));
    auto *sizes = place.findChild<QTreeWidget *>(u"comparisonSizes"_s);
    QTRY_COMPARE(sizes->topLevelItemCount(), 5);
    QCOMPARE(sizes->topLevelItem(1)->text(3), QString::number(m_layers));
    list->selectionModel()->select(w.row(list, 1, u"/data/new"_s),
                                   QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    QVERIFY(gui::selectedRowsText(list).startsWith("added\t/data/new\t"_L1));
    QSignalSpy opened(&place, &gui::ComparisonPlace::openWanted);
    list->setCurrentIndex(w.row(list, 1, u"/data/text"_s));
    Q_EMIT list->activated(list->currentIndex());
    QCOMPARE(opened.size(), 1); // Only one side has it.
    QCOMPARE(opened.first().first().value<gui::ImageFile>().side.uuid, m_image);
    gui::ComparisonPlace nothing(w.workbench.session(), {m_base, u"base"_s, engine}, {{}, u"nothing"_s});
    auto *all = nothing.findChild<QTreeView *>(u"comparisonList"_s);
    QTRY_VERIFY(all->model()->rowCount() > 100);
}

void ImageDetailsTest::anyOtherImageCanBeChosen()
{
    Place w(m_image);
    w.action(u"placeCompareWith"_s)->trigger();
    auto *name = w.find<QLineEdit>(u"chooserName"_s);
    name->setText(u"no-such-image:1"_s);
    QTRY_VERIFY(!w.find<QLabel>(u"chooserHint"_s)->text().isEmpty());
    name->setText(m_image);
    auto *layers = w.find<QComboBox>(u"chooserLayer"_s);
    QTRY_COMPARE(layers->count(), m_layers);
    layers->setCurrentIndex(m_layers - 1);
    QTest::keyClick(name, Qt::Key_Return);
    QTRY_VERIFY(w.window.findChild<gui::ComparisonPlace *>());
    auto *list = w.find<QTreeView>(u"comparisonList"_s);
    QTRY_VERIFY(w.row(list, 1, u"/data/new"_s).isValid());
}

void ImageDetailsTest::whatCannotBeDoneSaysWhy()
{
    Place w(m_image);
    for (const auto &name : {u"layerChanges"_s, u"layerFiles"_s, u"layerMore"_s, u"imageFileOpen"_s}) {
        QVERIFY2(!w.action(name)->isEnabled(), qPrintable(name));
        QVERIFY2(w.action(name)->toolTip() != w.action(name)->statusTip(), qPrintable(name));
    }
}

int main(int argc, char *argv[])
{
    const test::GuiProgram program(argc, argv, COOPERAGE_BIN_DIR "/cooperage-engine");
    ImageDetailsTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_imagedetails.moc"
