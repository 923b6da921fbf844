#pragma once

#include "app/connections/enginesession.h"
#include "app/editor/codeeditor.h"
#include "app/editor/editorpage.h"
#include "app/editor/editortabs.h"
#include "app/mainwindow.h"
#include "app/workbench.h"
#include "tests/support/processes.h"

#include <QAction>
#include <QApplication>
#include <QTest>

namespace cooperage::test {

/// Folders of its own and the application object, in the order in which they must come: Qt remembers where
/// settings are when the application starts.
class GuiProgram
{
public:
    GuiProgram(int argc, char **argv, const QByteArray &engine) : m_application(argc, argv)
    {
        QCoreApplication::setOrganizationName(QStringLiteral("cooperage"));
        QCoreApplication::setApplicationName(QStringLiteral("cooperage"));
        qputenv("HOME", QFile::encodeName(m_home.path()));
        qputenv("COOPERAGE_ENGINE", engine);
    }

private:
    PrivateHome m_home;
    QApplication m_application;
};

/// The real window with all that it needs.
struct Window
{
    gui::Workbench workbench;
    gui::MainWindow window{&workbench};

    Window()
    {
        window.show();
        window.activateWindow();
        if (!QTest::qWaitForWindowActive(&window))
            qFatal("the window does not become active");
    }

    template <typename T>
    [[nodiscard]] T *find(const QString &name)
    {
        T *widget = window.findChild<T *>(name);
        if (!widget)
            qFatal("no %s", qPrintable(name));
        return widget;
    }
    [[nodiscard]] QAction *action(const QString &name) { return find<QAction>(name); }
    [[nodiscard]] gui::EditorPage *page() { return window.tabs()->currentPage(); }
    [[nodiscard]] gui::CodeEditor *editor() { return page()->editor(); }
};

} // namespace cooperage::test
