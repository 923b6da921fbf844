#pragma once

#include "core/base/error.h"

#include <QTest>

#include <unistd.h>
#include <vector>

/// Layers are unpacked by root or by the root of a user namespace, which the engine enters as it starts. A
/// test that is run by an ordinary user starts itself again in such a namespace.
inline void becomeRoot(int argc, char **argv)
{
    if (::geteuid() == 0)
        return;
    std::vector<char *> command;
    for (const char *word : {"unshare", "--map-root-user", "--map-auto", "--"})
        command.push_back(const_cast<char *>(word));
    command.insert(command.end(), argv, argv + argc);
    command.push_back(nullptr);
    ::execvp(command[0], command.data());
    qFatal("unshare cannot be started");
}

/// An error's text for QVERIFY2, which wants it even when there is none.
template <typename T>
QByteArray why(const cooperage::Result<T> &result)
{
    return result ? QByteArray() : result.error().text().toUtf8();
}

#define COOPERAGE_TEST_MAIN_AS_ROOT(Test)                                                                    \
    int main(int argc, char **argv)                                                                          \
    {                                                                                                        \
        becomeRoot(argc, argv);                                                                              \
        QCoreApplication app(argc, argv);                                                                    \
        Test test;                                                                                           \
        return QTest::qExec(&test, argc, argv);                                                              \
    }
