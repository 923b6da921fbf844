#include "app/appearance.h"
#include "app/connections/enginestatus.h"
#include "app/exampleproject.h"
#include "app/inlinemessage.h"
#include "app/recentfiles.h"
#include "app/settings.h"
#include "tests/app/windowfixture.h"

#include <QAbstractButton>
#include <QApplication>
#include <QDialog>
#include <QDir>
#include <QDockWidget>
#include <QDropEvent>
#include <QFile>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBlock>
#include <QTextLayout>

#include <algorithm>
#include <cstdlib>

using namespace Qt::StringLiterals;
using namespace cooperage;
using test::Window;

namespace {

void writeBytes(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    QVERIFY(file.open(QFile::WriteOnly));
    file.write(bytes);
}

QByteArray bytesOf(const QString &path)
{
    QFile file(path);
    return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray();
}

void press(QMessageBox *box, QMessageBox::ButtonRole role)
{
    for (QAbstractButton *button : box->buttons()) {
        if (box->buttonRole(button) == role)
            return QTest::mouseClick(button, Qt::LeftButton);
    }
    QFAIL("no such button");
}

} // namespace

class MainWindowTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    QString dockerfile(const QString &project, const QByteArray &text = "FROM busybox\n")
    {
        QDir(m_folder.path()).mkpath(project);
        const QString path = m_folder.filePath(project + u"/Dockerfile"_s);
        writeBytes(path, text);
        return path;
    }

private Q_SLOTS:
    void init() { QSettings().clear(); }

    void whatIsDroppedIsOpenedOrFillsTheImport_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("imports");
        QTest::newRow("archive") << u"image.tar.zst"_s << QString() << true;
        QTest::newRow("OCI layout") << u"layout"_s << QString() << true;
        QTest::newRow("reference") << QString() << u"ghcr.io/me/app:1"_s << true;
        QTest::newRow("Dockerfile") << u"in.tar.d/Dockerfile"_s << QString() << false;
    }

    void whatIsDroppedIsOpenedOrFillsTheImport()
    {
        QFETCH(const QString, path);
        QFETCH(const QString, text);
        QFETCH(const bool, imports);
        dockerfile(u"in.tar.d"_s);
        writeBytes(m_folder.filePath(u"image.tar.zst"_s), "x");
        QDir(m_folder.path()).mkpath(u"layout"_s);
        writeBytes(m_folder.filePath(u"layout/oci-layout"_s), "{}");
        QMimeData data;
        if (path.isEmpty())
            data.setText(text);
        else
            data.setUrls({QUrl::fromLocalFile(m_folder.filePath(path))});
        Window w;
        QDragEnterEvent enter(QPoint(9, 9), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&w.window, &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop(QPointF(9, 9), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&w.window, &drop);
        auto *form = w.window.findChild<QDialog *>(u"importDialog"_s);
        QCOMPARE(form != nullptr, imports);
        if (!imports)
            QTRY_VERIFY(w.page());
        else
            QCOMPARE(form->findChild<QPlainTextEdit *>(u"importReference"_s)->toPlainText(),
                     path.isEmpty() ? text : m_folder.filePath(path));
    }

    void fitsASmallScreenWithAllItsPages()
    {
        Window w;
        w.window.tabs()->openFile(dockerfile(u"small"_s));
        w.action(u"imageStorage"_s)->trigger();
        for (QDockWidget *dock : w.window.findChildren<QDockWidget *>()) {
            dock->show();
            dock->raise();
            QCoreApplication::sendPostedEvents(nullptr, QEvent::LayoutRequest);
            const QSize least = w.window.minimumSizeHint();
            QVERIFY2(least.width() <= 1024 && least.height() <= 570, qPrintable(dock->objectName()));
        }
    }

    void welcomeOpensTheExample()
    {
        Window w;
        QVERIFY(w.find<QWidget>(u"welcomePage"_s)->isVisible());
        QVERIFY(!w.action(u"buildStart"_s)->isEnabled());
        QTest::mouseClick(w.find<QAbstractButton>(u"welcomeExample"_s), Qt::LeftButton);
        QTRY_VERIFY(w.page() && w.page()->document()->text().contains(u"FROM busybox:latest"_s));
        QVERIFY(!w.find<QWidget>(u"welcomePage"_s)->isVisible());
        QCOMPARE(w.window.tabs()->tabText(0), u"Dockerfile — build-demo"_s);
        QVERIFY(w.window.windowTitle().startsWith(u"Dockerfile — build-demo"_s));
        QVERIFY(w.action(u"buildStart"_s)->isEnabled());
        QCOMPARE(w.find<QLineEdit>(u"buildTag"_s)->text(), u"build-demo:latest"_s);
        QVERIFY(QFile::exists(gui::exampleFolder() + u"/.dockerignore"_s));
        QVERIFY(QFile::exists(gui::exampleFolder() + u"/src/banner.sh"_s));
    }

    void exampleKeepsWhatTheUserChanged()
    {
        const Window w;
        const QString folder = m_folder.filePath(u"kept"_s);
        QVERIFY(gui::writeExample(folder));
        writeBytes(folder + u"/hello.sh"_s, "echo mine\n");
        QVERIFY(gui::writeExample(folder));
        QCOMPARE(bytesOf(folder + u"/hello.sh"_s), QByteArray("echo mine\n"));
    }

    void editingAndSaving()
    {
        const QString path = dockerfile(u"api"_s);
        Window w;
        w.window.openPaths({path});
        QTRY_COMPARE(w.page()->document()->text(), u"FROM busybox\n"_s);
        QVERIFY(!w.window.isWindowModified());
        w.editor()->moveCursor(QTextCursor::End);
        QTest::keyClicks(w.editor(), u"RUN true"_s);
        QVERIFY(w.window.isWindowModified());
        QVERIFY(w.window.tabs()->tabText(0).contains(u"●"_s));
        w.action(u"fileSave"_s)->trigger();
        QTRY_VERIFY(!w.window.isWindowModified());
        QCOMPARE(bytesOf(path), QByteArray("FROM busybox\nRUN true"));
    }

    void newFileIsSavedWhereTheUserSays()
    {
        Window w;
        w.action(u"fileNew"_s)->trigger();
        QTest::keyClicks(w.editor(), u"FROM scratch"_s);
        w.action(u"fileSave"_s)->trigger();
        auto *dialog = w.find<QFileDialog>(u"saveDialog"_s);
        const QString path = m_folder.filePath(u"Dockerfile.new"_s);
        dialog->selectFile(path);
        static_cast<QDialog *>(dialog)->accept();
        QTRY_COMPARE(bytesOf(path), QByteArray("FROM scratch"));
        QTRY_COMPARE(w.page()->document()->path(), path);
    }

    void fileThatIsMissingIsReportedAndCanBeForgotten()
    {
        Window w;
        const QString path = m_folder.filePath(u"gone/Dockerfile"_s);
        w.workbench.recentFiles()->add(path);
        w.window.openPaths({path});
        auto *message = w.find<gui::InlineMessage>(u"windowMessage"_s);
        QTRY_VERIFY(message->text().contains(path));
        QCOMPARE(w.window.tabs()->count(), 0);
        QTest::mouseClick(message->findChild<QAbstractButton *>(u"messageButton"_s), Qt::LeftButton);
        QVERIFY(w.workbench.recentFiles()->paths().isEmpty());
    }

    void folderOpensItsDockerfile()
    {
        const QString path = dockerfile(u"web"_s);
        Window w;
        w.window.openPaths({m_folder.filePath(u"web"_s)});
        QTRY_VERIFY(w.page());
        QCOMPARE(w.page()->document()->path(), path);
        QDir(m_folder.path()).mkpath(u"empty"_s);
        w.window.openPaths({m_folder.filePath(u"empty"_s)});
        QTRY_VERIFY(w.find<gui::InlineMessage>(u"windowMessage"_s)->text().contains(u"empty"_s));
    }

    void quittingWithChangesAsksOnceNamingThem()
    {
        const QString one = dockerfile(u"one"_s), two = dockerfile(u"two"_s);
        Window w;
        w.window.openPaths({one, two});
        for (gui::EditorPage *page : w.window.tabs()->pages()) {
            QTRY_VERIFY(!page->document()->text().isEmpty());
            page->editor()->insertPlainText(u"# changed\n"_s);
        }
        w.window.close();
        auto *question = w.find<QMessageBox>(u"unsavedQuestion"_s);
        QCOMPARE(question->informativeText(), u"Dockerfile — one\nDockerfile — two"_s);
        press(question, QMessageBox::RejectRole);
        QVERIFY(w.window.isVisible());

        QTRY_VERIFY(!w.window.findChild<QMessageBox *>(u"unsavedQuestion"_s));
        w.window.close();
        press(w.find<QMessageBox>(u"unsavedQuestion"_s), QMessageBox::AcceptRole);
        QTRY_VERIFY(!w.window.isVisible());
        QCOMPARE(bytesOf(one), QByteArray("# changed\nFROM busybox\n"));
        QCOMPARE(bytesOf(two), QByteArray("# changed\nFROM busybox\n"));
    }

    void discardedChangesAreNotWritten()
    {
        const QString path = dockerfile(u"discard"_s);
        Window w;
        w.window.openPaths({path});
        QTRY_VERIFY(!w.page()->document()->text().isEmpty());
        w.editor()->insertPlainText(u"# changed\n"_s);
        w.action(u"fileClose"_s)->trigger();
        press(w.find<QMessageBox>(u"unsavedQuestion"_s), QMessageBox::DestructiveRole);
        QTRY_COMPARE(w.window.tabs()->count(), 0);
        QCOMPARE(bytesOf(path), QByteArray("FROM busybox\n"));
    }

    void windowComesBackAsItWas()
    {
        const QString one = dockerfile(u"one"_s), two = dockerfile(u"two"_s);
        {
            Window w;
            w.window.openPaths({one, two});
            QTRY_COMPARE(w.window.tabs()->count(), 2);
            w.window.resize(790, 610);
            w.find<QDockWidget>(u"imageDock"_s)->hide();
            QTRY_COMPARE(w.workbench.recentFiles()->paths().size(), 2);
            QVERIFY(w.window.close());
        }
        Window w;
        w.window.restore();
        QCOMPARE(w.window.size(), QSize(790, 610));
        QVERIFY(!w.find<QDockWidget>(u"imageDock"_s)->isVisible());
        QCOMPARE(gui::settings::openFiles.get(), (QStringList{one, two}));
        QCOMPARE(gui::settings::activeFile.get(), 1);
        QCOMPARE(w.workbench.recentFiles()->paths().size(), 2);
    }

    void mistakeOfTheCursorsLineIsInTheStatusLine()
    {
        Window w;
        w.window.openPaths({dockerfile(u"hint"_s, "FROM busybox:1.36\nRUNN x\n")});
        QTRY_COMPARE(w.editor()->markAt(2), gui::LineMark::Error);
        w.editor()->goToLine(2);
        QVERIFY(!w.find<QLabel>(u"editorHint"_s)->text().isEmpty());
        w.editor()->goToLine(1);
        QVERIFY(w.find<QLabel>(u"editorHint"_s)->text().isEmpty());
    }

    void missingEngineIsSaidWithAWayToRetry()
    {
        Window w;
        w.workbench.session()->connectEngine();
        auto *retry = w.find<QAbstractButton>(u"engineRetry"_s);
        QTRY_COMPARE(w.workbench.session()->state(), gui::EngineSession::State::Unreachable);
        QVERIFY(w.window.findChild<gui::EngineStatus *>()->text().contains(u"not reachable"_s));
        QVERIFY(!w.find<QAction>(u"imageImport"_s)->isEnabled());
        QVERIFY(!retry->isHidden());
        QTest::mouseClick(retry, Qt::LeftButton);
        QTRY_COMPARE(w.workbench.session()->state(), gui::EngineSession::State::Unreachable);
    }

    void highlightingFollowsTheTheme()
    {
        Window w;
        w.window.openPaths({dockerfile(u"coloured"_s)});
        w.workbench.appearance()->setTheme(gui::Theme::Light);
        for (const auto theme : {gui::Theme::Dark, gui::Theme::Light, gui::Theme::Dark}) {
            w.workbench.appearance()->setTheme(theme);
            const QTextBlock line = w.editor()->document()->firstBlock();
            const auto isReadable = [&] {
                const int base = w.editor()->palette().color(QPalette::Base).lightness();
                const auto formats = line.layout()->formats();
                return !formats.isEmpty() && std::ranges::all_of(formats, [&](const auto &range) {
                    return std::abs(range.format.foreground().color().lightness() - base) > 80;
                });
            };
            QTRY_VERIFY(isReadable());
        }
    }

    void messagesFollowTheTheme()
    {
        Window w;
        w.workbench.appearance()->setTheme(gui::Theme::Light);
        auto *message = w.find<gui::InlineMessage>(u"windowMessage"_s);
        message->show(gui::Tone::Bad, u"something"_s);
        for (const auto theme : {gui::Theme::Dark, gui::Theme::Light}) {
            w.workbench.appearance()->setTheme(theme);
            QTRY_COMPARE(message->palette().color(QPalette::Window).lightness() < 128,
                         theme == gui::Theme::Dark);
        }
    }

    void everyActionAndControlCanBeNamed()
    {
        Window w;
        w.window.openPaths({dockerfile(u"named"_s)});
        for (const QAction *action : w.window.findChildren<QAction *>(
                 QRegularExpression(u"^(file|edit|build|image|help|theme).+"_s))) {
            QVERIFY2(!action->text().isEmpty() && !action->icon().isNull() && !action->statusTip().isEmpty(),
                     qPrintable(action->objectName()));
        }
        for (const QAbstractButton *button : w.window.findChildren<QAbstractButton *>()) {
            if (!button->isHidden() && !button->objectName().startsWith("qt_"_L1) &&
                !button->objectName().startsWith("ScrollLeft"_L1))
                QVERIFY2(!button->accessibleName().isEmpty() || !button->text().isEmpty() ||
                             !button->toolTip().isEmpty(),
                         qPrintable(button->objectName()));
        }
        for (const QLineEdit *field : w.window.findChildren<QLineEdit *>())
            QVERIFY2(!field->accessibleName().isEmpty(), qPrintable(field->objectName()));
    }
};

int main(int argc, char *argv[])
{
    const test::GuiProgram program(argc, argv, "/nonexistent/engine");
    MainWindowTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_mainwindow.moc"
