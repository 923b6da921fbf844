#include "app/cli/cli.h"
#include "app/gui.h"

#include <QCoreApplication>
#include <QFileInfo>

using namespace cooperage;

// A misspelt command must not open a window: what is neither an option nor a path is taken for a command.
static bool asksForCommand(const QString &argument)
{
    return cli::isVerb(argument) ||
           (!argument.startsWith(u'-') && !argument.contains(u'/') && !QFileInfo::exists(argument));
}

// `cooperage build ...` and the other verbs never touch the window system; everything else opens the window.
int main(int argc, char *argv[])
{
    QCoreApplication::setOrganizationName(QStringLiteral("cooperage"));
    QCoreApplication::setApplicationName(QStringLiteral("cooperage"));
    QCoreApplication::setApplicationVersion(QStringLiteral(COOPERAGE_VERSION));
    if (argc > 1 && asksForCommand(QString::fromLocal8Bit(argv[1])))
        return cli::run(argc, argv);
    return gui::run(argc, argv);
}
