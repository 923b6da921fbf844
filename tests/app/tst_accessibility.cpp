#include "app/settings/settingswindow.h"
#include "core/engine/launcher.h"
#include "tests/app/windowfixture.h"

#include <QAbstractButton>
#include <QAccessible>
#include <QDialog>
#include <QDockWidget>
#include <QFile>
#include <QFileDialog>
#include <QLabel>
#include <QListWidget>
#include <QMenu>
#include <QMenuBar>
#include <QSettings>
#include <QTabBar>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QToolButton>
#include <QTreeView>

using namespace Qt::StringLiterals;
using namespace cooperage;
using test::Window;

namespace {

QString nameOf(const QWidget *widget)
{
    return u"%1 %2"_s.arg(QString::fromLatin1(widget->metaObject()->className()), widget->objectName());
}

bool isQtsOwn(const QWidget *widget)
{
    return widget->objectName().startsWith("qt_"_L1) || qobject_cast<QTabBar *>(widget->parentWidget());
}

/// What is wrong with what one sees now, as a person without mouse or without eyes would find out.
class Audit
{
public:
    void look(QWidget *root)
    {
        m_keys.clear();
        for (QWidget *widget : root->findChildren<QWidget *>()) {
            if (!widget->isVisible() || isQtsOwn(widget) || widget->window() != root->window())
                continue;
            checkName(widget);
            checkToolTip(qobject_cast<QAbstractButton *>(widget));
            checkKeys(widget);
        }
    }

    void lookAtMenu(QMenu *menu)
    {
        m_keys.clear();
        Q_EMIT menu->aboutToShow();
        for (const QAction *action : menu->actions()) {
            if (action->isVisible() && !action->isSeparator())
                claim(action->text(), u"menu "_s + menu->title());
        }
        Q_EMIT menu->aboutToHide();
    }

    [[nodiscard]] QString report() const { return m_problems.join(u'\n'); }

private:
    void checkName(QWidget *widget)
    {
        if (widget->focusPolicy() == Qt::NoFocus || widget->focusProxy())
            return;
        QAccessibleInterface *interface = QAccessible::queryAccessibleInterface(widget);
        if (!interface || interface->text(QAccessible::Name).isEmpty())
            add(u"no accessible name: "_s + nameOf(widget));
    }

    void checkToolTip(const QAbstractButton *button)
    {
        if (!button || button->icon().isNull())
            return;
        const auto *tool = qobject_cast<const QToolButton *>(button);
        const bool iconOnly =
            button->text().isEmpty() || (tool && tool->toolButtonStyle() == Qt::ToolButtonIconOnly);
        if (iconOnly && button->toolTip().isEmpty())
            add(u"an icon without a tool tip: "_s + nameOf(button));
    }

    void checkKeys(const QWidget *widget)
    {
        const QString place = widget->window()->windowTitle();
        if (const auto *label = qobject_cast<const QLabel *>(widget); label && label->buddy())
            claim(label->text(), place);
        else if (const auto *button = qobject_cast<const QAbstractButton *>(widget))
            claim(button->text(), place);
        if (const auto *tabs = qobject_cast<const QTabBar *>(widget)) {
            for (int index = 0; index < tabs->count(); ++index)
                claim(tabs->tabText(index), place);
        }
        if (const auto *bar = qobject_cast<const QMenuBar *>(widget)) {
            for (const QAction *action : bar->actions())
                claim(action->text(), place);
        }
    }

    void claim(const QString &text, const QString &place)
    {
        const QKeySequence key = QKeySequence::mnemonic(text);
        if (key.isEmpty())
            return;
        const QString taken = m_keys.value(key.toString());
        if (!taken.isEmpty() && taken != text)
            add(u"%1 twice in “%2”: %3 and %4"_s.arg(key.toString(), place, taken, text));
        m_keys.insert(key.toString(), text);
    }

    void add(const QString &problem)
    {
        if (!m_problems.contains(problem))
            m_problems.append(problem);
    }

    QHash<QString, QString> m_keys{};
    QStringList m_problems{};
};

} // namespace

/// Every window, dialog and page: names, access keys, tool tips.
class AccessibilityTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void init() { QSettings().clear(); }

    void welcomePageAndPanes();
    void editorAndMenus();
    void everyDialogThatAnActionOpens();
    void pagesOfTheSettingsAndTheirDialogs();
    void imagesAndComparisons();

private:
    /// The window with an open file and the engine's image selected.
    struct Busy : Window
    {
        QTemporaryDir folder;

        Busy()
        {
            QFile file(folder.filePath(u"Dockerfile"_s));
            if (!file.open(QFile::WriteOnly) || file.write("FROM busybox\n") < 0)
                qFatal("no Dockerfile");
            file.close();
            window.openPaths({file.fileName()});
            workbench.session()->connectEngine();
            auto *list = find<QTreeView>(u"imageList"_s);
            if (!QTest::qWaitFor([list] { return list->model()->rowCount() > 0; }, 60'000))
                qFatal("no images");
            list->setCurrentIndex(list->model()->index(0, 0));
        }
    };

    /// The dialogs that are open, apart from Qt's own.
    static QList<QDialog *> openDialogs()
    {
        QList<QDialog *> dialogs;
        for (QWidget *widget : QApplication::topLevelWidgets()) {
            auto *dialog = qobject_cast<QDialog *>(widget);
            if (dialog && dialog->isVisible())
                dialogs.append(dialog);
        }
        return dialogs;
    }

    /// Looks at what the action opens and closes it again; how many dialogs there were.
    static int triggerAndLook(QAction *action, Audit *audit, const QWidget *stays = nullptr)
    {
        action->trigger();
        QCoreApplication::processEvents();
        int seen = 0;
        for (QDialog *dialog : openDialogs()) {
            if (dialog == stays)
                continue;
            if (!qobject_cast<QFileDialog *>(dialog))
                audit->look(dialog);
            dialog->reject();
            ++seen;
        }
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        return seen;
    }
};

void AccessibilityTest::initTestCase()
{
    QAccessible::setActive(true);
}

void AccessibilityTest::cleanupTestCase()
{
    if (const auto paths = engine::LocalPaths::standard())
        QVERIFY(QCoro::waitFor(engine::stopLocalEngine(*paths)));
}

void AccessibilityTest::welcomePageAndPanes()
{
    Window w;
    Audit audit;
    audit.look(&w.window);
    for (QDockWidget *dock : w.window.findChildren<QDockWidget *>()) {
        dock->show();
        dock->raise();
        QTRY_VERIFY(!dock->visibleRegion().isEmpty());
        audit.look(&w.window);
    }
    QVERIFY2(audit.report().isEmpty(), qPrintable(audit.report()));
}

void AccessibilityTest::editorAndMenus()
{
    Busy w;
    Audit audit;
    audit.look(&w.window);
    const QList<QMenu *> menus = w.window.findChildren<QMenu *>();
    QVERIFY(menus.size() >= 8);
    for (QMenu *menu : menus)
        audit.lookAtMenu(menu);
    QVERIFY2(audit.report().isEmpty(), qPrintable(audit.report()));
}

void AccessibilityTest::everyDialogThatAnActionOpens()
{
    Busy w;
    Audit audit;
    int seen = 0;
    for (QAction *action : w.window.findChildren<QAction *>()) {
        // What opens a dialog says so by its three dots; About is the exception.
        const bool opens = action->text().endsWith(u'…') || action->objectName() == "helpAbout"_L1;
        if (opens && action->isEnabled())
            seen += triggerAndLook(action, &audit);
    }
    QVERIFY2(seen >= 8, qPrintable(u"only %1 dialogs"_s.arg(seen)));
    QVERIFY2(audit.report().isEmpty(), qPrintable(audit.report()));
}

void AccessibilityTest::pagesOfTheSettingsAndTheirDialogs()
{
    Busy w;
    Audit audit;
    gui::SettingsWindow settings(&w.workbench);
    settings.show();
    auto *pages = settings.findChild<QListWidget *>(u"settingsPages"_s);
    QVERIFY(pages && pages->count() >= 2);
    int seen = 0;
    for (int page = 0; page < pages->count(); ++page) {
        pages->setCurrentRow(page);
        audit.look(&settings);
        for (QAction *action : settings.findChildren<QAction *>()) {
            if (action->text().endsWith(u'…') && action->isEnabled())
                seen += triggerAndLook(action, &audit, &settings);
        }
    }
    QVERIFY2(seen >= 3, qPrintable(u"only %1 dialogs"_s.arg(seen)));
    QVERIFY2(audit.report().isEmpty(), qPrintable(audit.report()));
}

void AccessibilityTest::imagesAndComparisons()
{
    Busy w;
    Audit audit;
    w.action(u"imageDetails"_s)->trigger();
    auto *place = w.window.tabs()->currentPlace();
    QVERIFY(place);
    auto *tabs = place->findChild<QTabWidget *>();
    QVERIFY(tabs && tabs->count() >= 3);
    for (int index = 0; index < tabs->count(); ++index) {
        tabs->setCurrentIndex(index);
        QCoreApplication::processEvents();
        audit.look(&w.window);
    }
    QVERIFY2(audit.report().isEmpty(), qPrintable(audit.report()));
}

int main(int argc, char *argv[])
{
    const test::GuiProgram program(argc, argv, COOPERAGE_BIN_DIR "/cooperage-engine");
    AccessibilityTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_accessibility.moc"
