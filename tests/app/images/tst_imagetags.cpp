#include "app/images/imageactions.h"
#include "app/images/imagebrowsermodel.h"
#include "app/images/imagecatalog.h"
#include "app/images/taghistory.h"
#include "app/inlinemessage.h"
#include "core/engine/launcher.h"
#include "tests/app/windowfixture.h"

#include <QClipboard>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTreeView>
#include <QTreeWidget>

using namespace Qt::StringLiterals;
using namespace cooperage;
using gui::ImageBrowserModel;
using test::Window;

/// Tags in the list of images, with the real engine and its public image busybox:latest.
class ImageTagsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void init() { QSettings().clear(); }

    void severalTagsAreGivenAndTakenBackAtOnce();
    void severalImagesAreRenamedAtOnce();
    void shadowsAreShownBothWays();
    void historyMovesATagBack();
    void rowsAreCopiedAndDragged();
    void runsSayWhatTheyRanIn();
    void theListIsAsItWasLeft();

private:
    struct Listed : Window
    {
        Listed()
        {
            workbench.session()->connectEngine();
            if (!QTest::qWaitFor([this] { return list()->model()->rowCount() > 0; }, 60'000))
                qFatal("no images");
        }
        [[nodiscard]] QTreeView *list() { return find<QTreeView>(u"imageList"_s); }
        [[nodiscard]] engine::Engine *engine() { return workbench.session()->engine(); }
        [[nodiscard]] QModelIndex row(const QString &tag, bool isPublic = false)
        {
            auto *model = qobject_cast<ImageBrowserModel *>(list()->model());
            for (int row = 0; row < model->rowCount(); ++row) {
                const engine::ImageListRow *found = model->rowAt(model->index(row, 0));
                if (found && found->image.tag == tag && found->isPublic == isPublic)
                    return model->index(row, 0);
            }
            return {};
        }
        [[nodiscard]] QString holder(const QString &tag)
        {
            const auto found = QCoro::waitFor(engine()->resolve(u"tag:"_s + tag));
            return found ? found->uuid : QString();
        }
        void select(const QStringList &tags)
        {
            list()->clearSelection();
            for (const QString &tag : tags) {
                QTRY_VERIFY2(row(tag).isValid(), qPrintable(tag));
                list()->selectionModel()->select(row(tag),
                                                 QItemSelectionModel::Select | QItemSelectionModel::Rows);
            }
        }
        void undo()
        {
            QPushButton *button =
                find<QWidget>(u"imageMessage"_s)->findChild<QPushButton *>(u"messageButton"_s);
            QTRY_VERIFY(button->isVisible());
            QCOMPARE(button->text().remove(u'&'), u"Undo"_s);
            button->click();
        }
        QString make(const QString &tag)
        {
            engine::RunRequest request;
            request.image = u"tag:busybox:latest"_s;
            request.command = u"echo %1 > /made"_s.arg(tag);
            request.shell = true;
            const auto outcome = QCoro::waitFor(engine()->run(request, {}));
            if (!outcome || !QCoro::waitFor(engine()->setTag(outcome->image, tag)))
                qFatal("no image %s", qPrintable(tag));
            workbench.images()->refresh();
            return outcome->image;
        }
    };
};

void ImageTagsTest::initTestCase()
{
    if (!QFile::exists(qEnvironmentVariable("COOPERAGE_ENGINE")))
        QSKIP("cooperage-engine is not built: whole program skipped");
}

void ImageTagsTest::cleanupTestCase()
{
    if (const auto paths = engine::LocalPaths::standard())
        QVERIFY(QCoro::waitFor(engine::stopLocalEngine(*paths)));
}

void ImageTagsTest::severalTagsAreGivenAndTakenBackAtOnce()
{
    Listed w;
    const QString image = w.make(u"several:1"_s);
    w.select({u"several:1"_s});
    w.action(u"imageAddTag"_s)->trigger();
    auto *edit = w.find<QLineEdit>(u"tagEdit"_s);
    auto *preview = w.find<QTreeWidget>(u"tagPreview"_s);
    edit->setText(u"several:2 several:3 busybox:latest"_s);
    QCOMPARE(preview->topLevelItemCount(), 3);
    QTRY_VERIFY2(preview->topLevelItem(2)->text(2).contains("public"_L1),
                 qPrintable(preview->topLevelItem(2)->text(2)));
    edit->setText(u"several:2 several:3"_s);
    QTest::keyClick(edit, Qt::Key_Return);
    QTRY_COMPARE(w.holder(u"several:3"_s), image);
    QCOMPARE(w.holder(u"several:2"_s), image);
    w.undo();
    QTRY_VERIFY(w.holder(u"several:3"_s).isEmpty() && w.holder(u"several:2"_s).isEmpty());
    QCOMPARE(w.holder(u"several:1"_s), image);
}

void ImageTagsTest::severalImagesAreRenamedAtOnce()
{
    Listed w;
    const QString one = w.make(u"one:1"_s);
    const QString two = w.make(u"two:1"_s);
    w.select({u"one:1"_s, u"two:1"_s});
    w.action(u"imageRenameTag"_s)->trigger();
    w.find<QLineEdit>(u"tagEdit"_s)->setText(u"{name}:stable"_s);
    w.find<QPushButton>(u"tagAccept"_s)->click();
    QTRY_COMPARE(w.holder(u"two:stable"_s), two);
    QTRY_VERIFY(w.holder(u"one:1"_s).isEmpty());
    w.undo();
    QTRY_COMPARE(w.holder(u"one:1"_s), one);
    QTRY_COMPARE(w.holder(u"two:1"_s), two);
    QTRY_VERIFY(w.holder(u"one:stable"_s).isEmpty());
    w.select({u"one:1"_s, u"two:1"_s});
    w.action(u"imageRemoveTag"_s)->trigger();
    QTRY_VERIFY(w.holder(u"one:1"_s).isEmpty() && w.holder(u"two:1"_s).isEmpty());
    w.undo();
    QTRY_COMPARE(w.holder(u"two:1"_s), two);
}

void ImageTagsTest::shadowsAreShownBothWays()
{
    Listed w;
    const QString image = w.make(u"shadow:1"_s);
    QVERIFY(QCoro::waitFor(w.engine()->setTag(image, u"busybox:latest"_s)));
    w.workbench.images()->refresh();
    QTRY_VERIFY(w.row(u"busybox:latest"_s).isValid());
    QTRY_VERIFY(w.row(u"busybox:latest"_s, true).data().toString().contains("hidden"_L1));
    QVERIFY(w.row(u"busybox:latest"_s).data().toString().contains("hides public"_L1));
    auto *note = w.find<QLabel>(u"imageNote"_s);
    w.list()->setCurrentIndex(w.row(u"busybox:latest"_s));
    QTRY_VERIFY2(note->text().contains("before a public one"_L1), qPrintable(note->text()));
    w.list()->setCurrentIndex(w.row(u"busybox:latest"_s, true));
    QTRY_VERIFY2(note->text().contains("instead of this public one"_L1), qPrintable(note->text()));
    QVERIFY(QCoro::waitFor(w.engine()->removeTag(image, u"busybox:latest"_s)));
    w.workbench.images()->refresh();
    QTRY_VERIFY(!w.row(u"busybox:latest"_s, true).data().toString().contains("hidden"_L1));
}

void ImageTagsTest::historyMovesATagBack()
{
    Listed w;
    const QString first = w.make(u"first:1"_s);
    const QString second = w.make(u"second:1"_s);
    QSignalSpy changed(w.workbench.images(), &gui::ImageCatalog::tagsChanged);
    w.workbench.images()->setTag(first, u"app:dev"_s);
    QTRY_COMPARE(changed.size(), 1);
    w.workbench.images()->setTag(second, u"app:dev"_s);
    QTRY_COMPARE(changed.size(), 2);
    w.select({u"app:dev"_s});
    w.action(u"imageTagHistory"_s)->trigger();
    auto *list = w.find<QTreeView>(u"tagHistoryList"_s);
    auto *history = qobject_cast<gui::TagHistory *>(list->model());
    QTRY_COMPARE(history->rowCount(), 2);
    QCOMPARE(history->image(0), second);
    QCOMPARE(history->image(1), first);
    auto *back = w.find<QPushButton>(u"tagHistoryMoveBack"_s);
    list->setCurrentIndex(history->index(0, 0));
    QVERIFY(!back->isEnabled()); // It points there.
    list->setCurrentIndex(history->index(1, 0));
    back->click();
    QTRY_COMPARE(w.holder(u"app:dev"_s), first);
    QTRY_COMPARE(history->rowCount(), 3);
    QCOMPARE(history->index(0, gui::TagHistory::CommandColumn).data().toString(), u"Move back"_s);
    auto *message = w.find<gui::InlineMessage>(u"tagHistoryMessage"_s);
    message->findChild<QPushButton *>(u"messageButton"_s)->click();
    QTRY_COMPARE(w.holder(u"app:dev"_s), second);
    auto *tag = w.find<QComboBox>(u"tagHistoryTag"_s);
    QTRY_COMPARE(tag->currentText(), u"app:dev"_s);
    tag->setCurrentText(tag->itemText(tag->count() - 1)); // Another tag's history.
    QTRY_COMPARE(history->tag(), tag->currentText());
}

void ImageTagsTest::rowsAreCopiedAndDragged()
{
    Listed w;
    w.make(u"copied:1"_s);
    w.make(u"copied:2"_s);
    w.select({u"copied:1"_s, u"copied:2"_s});
    w.action(u"imageCopyRows"_s)->trigger();
    const QStringList lines = QGuiApplication::clipboard()->text().split(u'\n');
    QCOMPARE(lines.size(), 3);
    QCOMPARE(lines[0].split(u'\t').size(), int(ImageBrowserModel::ColumnCount));
    QVERIFY(lines[0].startsWith("Tag\tSize\tMade"_L1)); // In the order of the view.
    QVERIFY(lines[1].startsWith("copied:"_L1));
    w.action(u"imageCopy"_s)->trigger();
    QCOMPARE(QGuiApplication::clipboard()->text().split(u'\n').size(), 2);
    const std::unique_ptr<QMimeData> dragged(
        w.list()->model()->mimeData({w.row(u"copied:1"_s), w.row(u"copied:1"_s).siblingAtColumn(1)}));
    QCOMPARE(dragged->text(), u"copied:1"_s);
    QVERIFY(w.list()->dragEnabled());
    QVERIFY(w.row(u"copied:1"_s).flags() & Qt::ItemIsDragEnabled);
}

void ImageTagsTest::runsSayWhatTheyRanIn()
{
    Listed w;
    const QString image = w.make(u"ran:1"_s);
    const auto origin = [&w] {
        return w.row(u"ran:1"_s).siblingAtColumn(ImageBrowserModel::OriginColumn).data().toString();
    };
    QTRY_VERIFY2(origin().startsWith("run: echo ran:1"_L1),
                 qPrintable(origin())); // All that the engine knows.
    sessions::SessionStore *store = *w.workbench.session()->store();
    sessions::HistoryEntry used{.image = w.holder(u"busybox:latest"_s)};
    used.kind = sessions::kind::use;
    used.title = u"busybox:latest"_s;
    QVERIFY(store->record(u"mine"_s, u"main"_s, used));
    sessions::HistoryEntry ran{.image = image};
    ran.kind = sessions::kind::run;
    ran.title = u"make all"_s;
    QVERIFY(store->record(u"mine"_s, u"main"_s, ran));
    w.workbench.images()->refresh();
    QTRY_COMPARE(origin(), u"run of busybox:latest: make all"_s);
}

void ImageTagsTest::theListIsAsItWasLeft()
{
    {
        Listed w;
        w.make(u"left:1"_s);
        w.select({u"left:1"_s});
        w.find<QLineEdit>(u"imageFilter"_s)->setText(u"left"_s);
        w.action(u"filterMatch-prefix"_s)->trigger();
        w.action(u"filterMade-24h"_s)->trigger();
        w.list()->header()->moveSection(0, 2);
        w.list()->sortByColumn(ImageBrowserModel::SizeColumn, Qt::AscendingOrder);
        w.list()->header()->setSortIndicator(ImageBrowserModel::OriginColumn, Qt::AscendingOrder);
        QCOMPARE(w.list()->header()->sortIndicatorSection(), int(ImageBrowserModel::SizeColumn));
        QTRY_VERIFY(w.row(u"left:1"_s).isValid());
        w.window.close();
    }
    Listed w;
    QCOMPARE(w.find<QLineEdit>(u"imageFilter"_s)->text(), u"left"_s);
    QVERIFY(w.action(u"filterMatch-prefix"_s)->isChecked());
    QCOMPARE(w.list()->header()->visualIndex(0), 2);
    QCOMPARE(w.list()->header()->sortIndicatorSection(), int(ImageBrowserModel::SizeColumn));
    const auto *model = qobject_cast<ImageBrowserModel *>(w.list()->model());
    QCOMPARE(model->query().order, engine::ImageListQuery::Order::Size);
    QCOMPARE(model->query().tagPrefix, u"left"_s);
    QCOMPARE(model->query().since, u"24h"_s);
    QTRY_VERIFY(w.list()->selectionModel()->isRowSelected(w.row(u"left:1"_s).row()));
    QVERIFY(w.action(u"imageDetails"_s)->isEnabled());
}

int main(int argc, char *argv[])
{
    const test::GuiProgram program(argc, argv, COOPERAGE_BIN_DIR "/cooperage-engine");
    ImageTagsTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_imagetags.moc"
