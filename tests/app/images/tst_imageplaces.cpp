#include "app/details/imageplace.h"
#include "app/editor/baseline.h"
#include "app/images/imageactions.h"
#include "app/images/imagebrowsermodel.h"
#include "app/images/imagecatalog.h"
#include "app/images/importdialog.h"
#include "app/images/importpreview.h"
#include "core/engine/launcher.h"
#include "tests/app/windowfixture.h"

#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTreeView>
#include <QTreeWidget>

using namespace Qt::StringLiterals;
using namespace cooperage;
using test::Window;

/// Browsing images in the window, with the real engine and its image busybox:latest.
class ImagePlacesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();

    void detailsOpenInATab();
    void tagsAreAddedAndUndone();
    void deletingWaitsForUndo();
    void importDialogShowsTagsAndClashes();
    void importDialogTellsAnAccountToOneRegistryOnly();
    void baseGoesIntoTheStageOfTheCursor();

private:
    /// The window with its images listed.
    struct Listed : Window
    {
        Listed()
        {
            workbench.session()->connectEngine();
            if (!QTest::qWaitFor([this] { return find<QTreeView>(u"imageList"_s)->model()->rowCount() > 0; },
                                 60'000))
                qFatal("no images");
        }
        [[nodiscard]] QTreeView *list() { return find<QTreeView>(u"imageList"_s); }
        [[nodiscard]] bool has(const QString &tag)
        {
            return !list()->model()->match(list()->model()->index(0, 0), Qt::DisplayRole, tag).isEmpty();
        }
        void select(const QString &tag)
        {
            QTRY_VERIFY(has(tag));
            list()->setCurrentIndex(
                list()->model()->match(list()->model()->index(0, 0), Qt::DisplayRole, tag).first());
        }
        [[nodiscard]] QString run(const QString &command)
        {
            engine::RunRequest request;
            request.image = u"tag:busybox:latest"_s;
            request.command = command;
            request.shell = true;
            const auto outcome = QCoro::waitFor(workbench.session()->engine()->run(request, {}));
            return outcome ? outcome->image : QString();
        }
    };
};

void ImagePlacesTest::initTestCase()
{
    if (!QFile::exists(qEnvironmentVariable("COOPERAGE_ENGINE")))
        QSKIP("cooperage-engine is not built: whole program skipped");
}

void ImagePlacesTest::cleanupTestCase()
{
    if (const auto paths = engine::LocalPaths::standard())
        QVERIFY(QCoro::waitFor(engine::stopLocalEngine(*paths)));
}

void ImagePlacesTest::detailsOpenInATab()
{
    Listed w;
    w.select(u"busybox:latest"_s);
    w.action(u"imageDetails"_s)->trigger();
    auto *place = w.find<gui::ImagePlace>(u"imagePlace"_s);
    QTRY_VERIFY(place->findChild<QTreeView *>(u"imageHistory"_s)->model()->rowCount() > 0);
    auto *files = place->findChild<QTreeView *>(u"imageFiles"_s);
    files->model()->fetchMore({});
    QTRY_VERIFY(files->model()->rowCount() > 3);
    const QModelIndex bin =
        files->model()->match(files->model()->index(0, 0), Qt::DisplayRole, u"bin"_s).value(0);
    QVERIFY(bin.isValid());
    files->model()->fetchMore(bin);
    QTRY_VERIFY(files->model()->rowCount(bin) > 100);
    QCOMPARE(files->model()->index(0, 0, bin).parent(), bin);
    const int tabs = w.window.tabs()->count();
    w.action(u"imageDetails"_s)->trigger();
    QCOMPARE(w.window.tabs()->count(), tabs); // The same tab again.
    w.action(u"fileClose"_s)->trigger();
    QCOMPARE(w.window.tabs()->count(), tabs - 1);
}

void ImagePlacesTest::tagsAreAddedAndUndone()
{
    Listed w;
    w.select(u"busybox:latest"_s);
    w.action(u"imageAddTag"_s)->trigger();
    auto *edit = w.find<QLineEdit>(u"tagEdit"_s);
    edit->setText(u"../bad"_s);
    QVERIFY(!w.find<QLabel>(u"tagHint"_s)->text().isEmpty());
    edit->setText(u"mine:1"_s);
    QTest::keyClick(edit, Qt::Key_Return);
    QTRY_VERIFY(w.has(u"mine:1"_s));
    const auto undo = [&w]() -> QPushButton * {
        for (auto *button : w.find<QWidget>(u"imageMessage"_s)->findChildren<QPushButton *>()) {
            if (button->isVisible() && button->text().remove(u'&') == "Undo"_L1)
                return button;
        }
        return nullptr;
    };
    QTRY_VERIFY(undo());
    undo()->click();
    QTRY_VERIFY(!w.has(u"mine:1"_s));
}

void ImagePlacesTest::deletingWaitsForUndo()
{
    Listed w;
    const QString image = w.run(u"echo gone > /gone"_s);
    QVERIFY(QCoro::waitFor(w.workbench.session()->engine()->setTag(image, u"gone:1"_s)));
    gui::ImageCatalog *images = w.workbench.images();
    images->removeLater({image});
    images->keepAfterAll();
    QVERIFY(QCoro::waitFor(w.workbench.session()->engine()->resolve(u"gone:1"_s)));
    QSignalSpy removed(images, &gui::ImageCatalog::removed);
    images->removeLater({image});
    images->removeLater({}); // The next deletion carries out the one before.
    QTRY_COMPARE(removed.size(), 1);
    QVERIFY(!QCoro::waitFor(w.workbench.session()->engine()->resolve(u"gone:1"_s)));
}

void ImagePlacesTest::importDialogShowsTagsAndClashes()
{
    Listed w;
    gui::ImportDialog dialog(w.workbench.images());
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    QSignalSpy chosen(&dialog, &gui::ImportDialog::chosen);
    dialog.setText(u"ghcr.io/a/b:1 quay.io/a/b:1 Bad_Name!"_s);
    const auto *preview = dialog.findChild<QTreeWidget *>(u"importPreview"_s);
    QCOMPARE(preview->topLevelItemCount(), 3);
    QCOMPARE(preview->topLevelItem(0)->text(1), u"a/b:1"_s);
    QVERIFY(!preview->topLevelItem(1)->text(gui::ImportPreview::NoteColumn).isEmpty());
    QVERIFY(dialog.findChild<QLabel *>(u"importHint"_s)->text().contains(u"same tag"_s));
    dialog.findChild<QPushButton *>(u"importStart"_s)->click();
    QCOMPARE(chosen.size(), 1);
    QCOMPARE(chosen.first().first().value<QList<engine::ImportRequest>>().size(), 2);
}

void ImagePlacesTest::importDialogTellsAnAccountToOneRegistryOnly()
{
    Listed w;
    gui::ImportDialog dialog(w.workbench.images());
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    QSignalSpy chosen(&dialog, &gui::ImportDialog::chosen);
    const auto accounts = [&](const QString &text) {
        dialog.setText(text);
        dialog.findChild<QPushButton *>(u"importStart"_s)->click();
        int count = 0;
        for (const engine::ImportRequest &request :
             chosen.takeFirst().first().value<QList<engine::ImportRequest>>())
            count += request.credentials.has_value() ? 1 : 0;
        return count;
    };
    dialog.findChild<QLineEdit *>(u"importUser"_s)->setText(u"ann"_s);
    QCOMPARE(accounts(u"registry.invalid/a:1 registry.invalid/b:1"_s), 2);
    QCOMPARE(accounts(u"registry.invalid/a:1 other.invalid/b:1"_s), 0);
}

void ImagePlacesTest::baseGoesIntoTheStageOfTheCursor()
{
    gui::CodeEditor editor;
    editor.setPlainText(u"FROM a AS one\nRUN x\nFROM --platform=linux/amd64 b:1 AS two\nRUN y\n"_s);
    editor.goToLine(2);
    gui::setBaseImage(&editor, u"new:1"_s);
    QVERIFY(editor.toPlainText().startsWith("FROM new:1 AS one\n"_L1));
    editor.goToLine(4);
    gui::setBaseImage(&editor, u"other:2"_s);
    QVERIFY(editor.toPlainText().contains("FROM --platform=linux/amd64 other:2 AS two\n"_L1));
    editor.undo();
    QVERIFY(editor.toPlainText().contains(" b:1 AS two"_L1));
    editor.setPlainText(u"# nothing yet\n"_s);
    gui::setBaseImage(&editor, u"c"_s);
    QVERIFY(editor.toPlainText().startsWith("FROM c\n"_L1));
}

int main(int argc, char *argv[])
{
    const test::GuiProgram program(argc, argv, COOPERAGE_BIN_DIR "/cooperage-engine");
    ImagePlacesTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_imageplaces.moc"
