#include "app/gui.h"

#include "app/appearance.h"
#include "app/connections/enginesession.h"
#include "app/editor/editortabs.h"
#include "app/icons.h"
#include "app/mainwindow.h"
#include "app/settings.h"
#include "app/settledtrees.h"
#include "app/workbench.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QLibraryInfo>
#include <QLocale>
#include <QNetworkProxyFactory>
#include <QTimer>
#include <QTranslator>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

namespace {

struct Options
{
    std::optional<Theme> theme;
    std::optional<QSize> size;
    QStringList files;
};

std::optional<QSize> sizeFrom(const QString &text)
{
    const QStringList parts = text.split(u'x');
    if (parts.size() != 2 || parts[0].toInt() <= 0 || parts[1].toInt() <= 0)
        return std::nullopt;
    return QSize(parts[0].toInt(), parts[1].toInt());
}

Options readOptions(const QCoreApplication &application)
{
    QCommandLineParser parser;
    parser.addHelpOption();
    parser.addOption(
        {u"theme"_s, QCoreApplication::translate("Gui", "Colours: light, dark or system."), u"THEME"_s});
    parser.addOption(
        {u"geometry"_s, QCoreApplication::translate("Gui", "Size of the window: 1280x800."), u"WxH"_s});
    parser.addPositionalArgument(
        u"files"_s, QCoreApplication::translate("Gui", "Dockerfiles or folders to open."), u"[files...]"_s);
    parser.process(application);
    Options options{
        .theme = {}, .size = sizeFrom(parser.value(u"geometry"_s)), .files = parser.positionalArguments()};
    if (parser.isSet(u"theme"_s))
        options.theme = themeFromName(parser.value(u"theme"_s));
    return options;
}

void installTranslations(QCoreApplication *application)
{
    const auto load = [application](const QString &catalogue, const QString &folder) {
        auto *translator = new QTranslator(application);
        if (translator->load(QLocale(), catalogue, u"_"_s, folder))
            QCoreApplication::installTranslator(translator);
    };
    load(u"qtbase"_s, QLibraryInfo::path(QLibraryInfo::TranslationsPath));
    load(u"cooperage"_s, u":/translations"_s);
}

/// What the command line names, else what was open last time.
void openFiles(MainWindow *window, const QStringList &files)
{
    if (files.isEmpty())
        window->openLast();
    else
        window->openPaths(files);
}

} // namespace

int run(int argc, char *argv[])
{
    QApplication application(argc, argv);
    QApplication::setApplicationDisplayName(u"Cooperage"_s);
    QApplication::setDesktopFileName(u"cooperage"_s);
    QApplication::setWindowIcon(applicationIcon());
    QNetworkProxyFactory::setUseSystemConfiguration(true);
    settleTreesForAssistiveTechnology();
    installTranslations(&application);
    const Options options = readOptions(application);

    Workbench workbench;
    workbench.appearance()->setTheme(options.theme.value_or(themeFromName(settings::theme.get())));
    MainWindow window(&workbench);
    window.restore();
    if (options.size)
        window.resize(*options.size);
    window.show();
    openFiles(&window, options.files);
    // After the first frame: the window does not wait for the engine.
    QTimer::singleShot(0, workbench.session(), &EngineSession::connectEngine);
    return QApplication::exec();
}

} // namespace cooperage::gui
