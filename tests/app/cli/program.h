#pragma once

#include <QFileInfo>
#include <QProcess>
#include <QString>
#include <QStringList>

namespace cooperage::test {

inline const QString program = QStringLiteral(COOPERAGE_BIN_DIR "/cooperage");

/// What the real `cooperage` program came to.
struct Outcome
{
    int exitCode = -1; ///< -1: it crashed or did not end.
    QString output{};
    QString errors{};
};

inline Outcome finish(QProcess &process)
{
    if (!process.waitForFinished(60'000))
        process.kill();
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
            QString::fromUtf8(process.readAllStandardOutput()),
            QString::fromUtf8(process.readAllStandardError())};
}

inline Outcome run(const QStringList &arguments)
{
    QProcess process;
    process.start(program, arguments);
    process.closeWriteChannel();
    return finish(process);
}

/// Whether the program and the engine beside it are built; the engine is then the one that the program
/// starts.
inline bool findPrograms()
{
    qputenv("COOPERAGE_ENGINE", COOPERAGE_BIN_DIR "/cooperage-engine");
    return QFileInfo::exists(program) && QFileInfo::exists(qEnvironmentVariable("COOPERAGE_ENGINE"));
}

} // namespace cooperage::test
