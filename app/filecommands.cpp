#include "app/filecommands.h"

#include "app/actions.h"
#include "app/background.h"
#include "app/editor/editorpage.h"
#include "app/editor/editortabs.h"
#include "app/exampleproject.h"
#include "app/recentfiles.h"
#include "app/settings.h"

#include <QDir>
#include <QFileDialog>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

namespace {

QFileDialog *fileDialog(QWidget *window, const QString &title, const QString &name)
{
    auto *dialog = new QFileDialog(window, title, settings::lastFolder.get());
    dialog->setObjectName(name);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    return dialog;
}

/// The Dockerfile of a folder, or nothing.
QString dockerfileIn(const QString &folder)
{
    const QStringList names = QDir(folder).entryList(QDir::Files, QDir::Name);
    for (const QString &usual : {u"Dockerfile"_s, u"Containerfile"_s}) {
        if (names.contains(usual))
            return folder + u'/' + usual;
    }
    for (const QString &name : names) {
        if (isDockerfileName(name))
            return folder + u'/' + name;
    }
    return {};
}

} // namespace

FileCommands::FileCommands(EditorTabs *tabs, RecentFiles *recent, QWidget *window)
    : QObject(window),
      m_tabs(tabs),
      m_recent(recent),
      m_window(window),
      m_recentMenu(new QMenu(tr("Open &Recent"), window))
{
    makeActions();
    m_recentMenu->setObjectName(u"recentMenu"_s);
    connect(recent, &RecentFiles::changed, this, &FileCommands::refreshRecent);
    connect(tabs, &EditorTabs::opened, this, [recent](const QString &path) {
        recent->add(path);
        settings::lastFolder.set(QFileInfo(path).path());
    });
    connect(tabs, &EditorTabs::closeRequested, this, &FileCommands::close);
    connect(tabs, &EditorTabs::pagesChanged, this, &FileCommands::updateActions);
    refreshRecent();
    updateActions();
}

void FileCommands::makeActions()
{
    const auto make = [this](const ActionSpec &spec, auto act) {
        QAction *action = makeAction(spec, this);
        connect(action, &QAction::triggered, this, act);
        return action;
    };
    m_new = make({u"fileNew"_s, u"new"_s, tr("&New"), tr("Start a new Dockerfile"), QKeySequence::New},
                 [this] { m_tabs->newFile(); });
    m_open = make({u"fileOpen"_s, u"open"_s, tr("&Open…"), tr("Open a Dockerfile or another text file"),
                   QKeySequence::Open},
                  [this] { openDialog(); });
    m_openFolder =
        make({u"fileOpenFolder"_s, u"folder"_s, tr("Open &Folder…"), tr("Open the Dockerfile of a folder"),
              QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_O)},
             [this] { openFolderDialog(); });
    m_example = make({u"fileExample"_s, u"build"_s, tr("Try the &Example"),
                      tr("Open a small project made for trying out")},
                     [this] { openExample(); });
    m_save = make({u"fileSave"_s, u"save"_s, tr("&Save"), tr("Save the file"), QKeySequence::Save},
                  [this] { save(m_tabs->currentPage(), {}); });
    m_saveAs = make({u"fileSaveAs"_s, u"saveas"_s, tr("Save &As…"), tr("Save the file under another name"),
                     QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_S)},
                    [this] { saveAs(m_tabs->currentPage(), {}); });
    m_close = make(
        {u"fileClose"_s, u"close"_s, tr("&Close"), tr("Close the file"), QKeySequence(Qt::CTRL | Qt::Key_W)},
        [this] {
            if (QWidget *place = m_tabs->currentPlace())
                m_tabs->closePlace(place);
            else
                close(m_tabs->currentPage());
        });
    m_quit = make({u"fileQuit"_s, u"quit"_s, tr("&Quit"), tr("Close the window and end the program"),
                   QKeySequence(Qt::CTRL | Qt::Key_Q)},
                  [this] { Q_EMIT quitRequested(); });
    m_quit->setMenuRole(QAction::QuitRole);
}

void FileCommands::fillMenu(QMenu *menu) const
{
    menu->addActions({m_new, m_open, m_openFolder});
    menu->addMenu(m_recentMenu);
    menu->addAction(m_example);
    menu->addSeparator();
    menu->addActions({m_save, m_saveAs});
    menu->addSeparator();
    menu->addActions({m_close, m_quit});
}

void FileCommands::refreshRecent()
{
    m_recentMenu->clear();
    for (const QString &path : m_recent->paths()) {
        QString text = QDir::toNativeSeparators(path);
        QAction *action = m_recentMenu->addAction(text.replace(u'&', "&&"_L1));
        action->setStatusTip(path);
        connect(action, &QAction::triggered, this, [this, path] { m_tabs->openFile(path); });
    }
    m_recentMenu->addSeparator();
    m_recentMenu->addAction(tr("&Clear the List"), m_recent, &RecentFiles::clear);
    m_recentMenu->setEnabled(!m_recent->paths().isEmpty());
}

void FileCommands::updateActions()
{
    for (QAction *action : {m_save, m_saveAs})
        action->setEnabled(m_tabs->currentPage() != nullptr);
    m_close->setEnabled(m_tabs->count() > 0);
}

void FileCommands::openDialog()
{
    QFileDialog *dialog = fileDialog(m_window, tr("Open"), u"openDialog"_s);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    dialog->setNameFilters(
        {tr("Dockerfiles (Dockerfile* *.dockerfile Containerfile*)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::filesSelected, this, [this](const QStringList &paths) {
        for (const QString &path : paths)
            m_tabs->openFile(path);
    });
    dialog->open();
}

void FileCommands::openFolderDialog()
{
    QFileDialog *dialog = fileDialog(m_window, tr("Open a Folder"), u"openFolderDialog"_s);
    dialog->setFileMode(QFileDialog::Directory);
    connect(dialog, &QFileDialog::fileSelected, this, &FileCommands::openFolder);
    dialog->open();
}

void FileCommands::openFolder(const QString &folder)
{
    inBackground(
        this, [folder] { return dockerfileIn(folder); },
        [this, folder](const QString &path) {
            if (path.isEmpty())
                Q_EMIT dockerfileMissing(folder);
            else
                m_tabs->openFile(path);
        });
}

void FileCommands::openExample()
{
    const QString folder = exampleFolder();
    inBackground(
        this, [folder] { return writeExample(folder); },
        [this, folder](const Result<QString> &path) {
            if (!path) {
                Q_EMIT failed(path.error());
                return;
            }
            m_tabs->openFile(*path);
            Q_EMIT notice(tr("The example is in %1. It is yours: change it as you like.").arg(folder));
        });
}

void FileCommands::save(EditorPage *page, Done done)
{
    Document *document = page->document();
    if (document->path().isEmpty()) {
        saveAs(page, std::move(done));
        return;
    }
    if (done) {
        auto *wait = new QObject(document); // lives until the first of the three answers
        const auto answer = [wait, done](bool saved) {
            return [wait, done, saved] {
                wait->parent()->disconnect(wait);
                wait->deleteLater();
                done(saved);
            };
        };
        connect(document, &Document::saved, wait, answer(true));
        connect(document, &Document::saveFailed, wait, answer(false));
        connect(document, &Document::changedOutside, wait, answer(false));
    }
    document->save();
}

void FileCommands::saveAs(EditorPage *page, Done done)
{
    QFileDialog *dialog = fileDialog(m_window, tr("Save As"), u"saveDialog"_s);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    if (!page->document()->path().isEmpty())
        dialog->setDirectory(page->document()->folder());
    dialog->selectFile(page->document()->path().isEmpty() ? u"Dockerfile"_s : page->document()->fileName());
    connect(dialog, &QFileDialog::fileSelected, page, [this, page, done](const QString &path) {
        Document *document = page->document();
        if (done)
            connect(document, &Document::saved, this, [done] { done(true); }, Qt::SingleShotConnection);
        document->saveAs(path);
    });
    connect(dialog, &QFileDialog::rejected, this, [done] {
        if (done)
            done(false);
    });
    dialog->open();
}

void FileCommands::saveAll(const QList<EditorPage *> &pages, Done done)
{
    if (pages.isEmpty()) {
        done(true);
        return;
    }
    save(pages.first(), [this, rest = pages.sliced(1), done = std::move(done)](bool saved) {
        if (saved)
            saveAll(rest, done);
        else
            done(false);
    });
}

void FileCommands::askToSave(const QList<EditorPage *> &pages, Done done, const QString &alsoEnds)
{
    if (pages.isEmpty() && alsoEnds.isEmpty()) {
        done(true);
        return;
    }
    QStringList titles;
    for (EditorPage *page : pages)
        titles.append(page->document()->title());
    if (!pages.isEmpty() && !alsoEnds.isEmpty())
        titles.append(u'\n' + alsoEnds);
    auto *question =
        new QMessageBox(QMessageBox::Warning, tr("Unsaved Changes"),
                        pages.isEmpty() ? alsoEnds : tr("These files have changes that are not saved:"),
                        QMessageBox::Cancel, m_window);
    question->setObjectName(u"unsavedQuestion"_s);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setInformativeText(titles.join(u'\n'));
    QPushButton *discard = question->addButton(pages.isEmpty() ? tr("&Stop and Quit") : tr("&Discard"),
                                               QMessageBox::DestructiveRole);
    QPushButton *save = nullptr;
    if (!pages.isEmpty()) {
        save = question->addButton(pages.size() > 1 ? tr("&Save All") : tr("&Save"), QMessageBox::AcceptRole);
        question->setDefaultButton(save);
    }
    connect(question, &QMessageBox::finished, this, [=, this] {
        if (save && question->clickedButton() == save)
            saveAll(pages, done);
        else
            done(question->clickedButton() == discard);
    });
    question->open();
}

void FileCommands::close(EditorPage *page)
{
    if (!page)
        return;
    const auto changed = page->document()->isModified() ? QList{page} : QList<EditorPage *>();
    askToSave(changed, [this, page](bool goOn) {
        if (goOn)
            m_tabs->closePage(page);
    });
}

} // namespace cooperage::gui
