#pragma once

#include <QDir>
#include <QFile>

#include <string>
#include <unistd.h>

namespace cooperage::test {

/// Whether a process whose command line holds `mark` is alive anywhere on this machine.
inline bool processWith(const QByteArray &mark)
{
    for (const QString &pid :
         QDir(QStringLiteral("/proc")).entryList({QStringLiteral("[0-9]*")}, QDir::Dirs)) {
        QFile file(QStringLiteral("/proc/%1/cmdline").arg(pid));
        if (file.open(QFile::ReadOnly) && file.readAll().contains(mark))
            return true;
    }
    return false;
}

/// A duration that no other test uses: the mark by which processes are found.
inline std::string uniqueSleep()
{
    static int count = 0;
    return std::to_string(100000 + ::getpid()) + "." + std::to_string(++count);
}

} // namespace cooperage::test
