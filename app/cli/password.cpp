#include "app/cli/password.h"

#include <QCoreApplication>
#include <QFile>

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace cooperage::cli {

static QString firstLine(QFile &file)
{
    QByteArray line = file.readLine();
    while (line.endsWith('\n') || line.endsWith('\r'))
        line.chop(1);
    return QString::fromUtf8(line);
}

Result<QString> passwordFromInput()
{
    QFile input;
    if (!input.open(stdin, QFile::ReadOnly))
        return failure(ErrorKind::BadInput,
                       QCoreApplication::translate("Cli", "The password cannot be read from standard input"));
    const QString password = firstLine(input);
    if (password.isEmpty())
        return failure(ErrorKind::BadInput,
                       QCoreApplication::translate("Cli", "Standard input holds no password"));
    return password;
}

Result<QString> passwordFromTerminal(const QString &prompt)
{
    const int terminal = ::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    termios shown = {};
    if (terminal < 0 || ::tcgetattr(terminal, &shown) != 0)
        return failure(ErrorKind::BadInput,
                       QCoreApplication::translate("Cli", "There is no terminal to ask for the password"), {},
                       QCoreApplication::translate("Cli", "Use --password-stdin."));
    QFile file;
    (void)file.open(terminal, QFile::ReadWrite | QFile::Unbuffered, QFile::AutoCloseHandle);
    file.write(prompt.toLocal8Bit());
    termios hidden = shown;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(terminal, TCSAFLUSH, &hidden);
    const QString password = firstLine(file);
    ::tcsetattr(terminal, TCSAFLUSH, &shown);
    file.write("\n");
    return password;
}

} // namespace cooperage::cli
