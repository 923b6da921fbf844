#pragma once

#include <QString>
#include <QStringList>

/// The verbs of the command line. Every function gets the arguments after its verb, runs inside an existing
/// QCoreApplication and returns the program's exit code.
namespace cooperage::cli {

namespace verb {
inline const QString build = QStringLiteral("build");
inline const QString check = QStringLiteral("check");
inline const QString images = QStringLiteral("images");
inline const QString tag = QStringLiteral("tag");
inline const QString import = QStringLiteral("import");
inline const QString exportImage = QStringLiteral("export");
inline const QString push = QStringLiteral("push");
inline const QString run = QStringLiteral("run");
inline const QString list = QStringLiteral("ls");
inline const QString print = QStringLiteral("cat");
inline const QString copy = QStringLiteral("cp");
inline const QString diff = QStringLiteral("diff");
inline const QString grep = QStringLiteral("grep");
inline const QString find = QStringLiteral("find");
inline const QString waste = QStringLiteral("waste");
inline const QString operations = QStringLiteral("ps");
inline const QString removeImage = QStringLiteral("rmi");
inline const QString show = QStringLiteral("show");
inline const QString kill = QStringLiteral("kill");
inline const QString session = QStringLiteral("session");
inline const QString connections = QStringLiteral("connections");
inline const QString engine = QStringLiteral("engine");
} // namespace verb

[[nodiscard]] int runCheck(const QStringList &arguments);
[[nodiscard]] int runImages(const QStringList &arguments);
[[nodiscard]] int runTag(const QStringList &arguments);
[[nodiscard]] int runImport(const QStringList &arguments);
[[nodiscard]] int runExport(const QStringList &arguments);
[[nodiscard]] int runPush(const QStringList &arguments);
[[nodiscard]] int runRun(const QStringList &arguments);
[[nodiscard]] int runList(const QStringList &arguments);
[[nodiscard]] int runPrint(const QStringList &arguments);
[[nodiscard]] int runCopy(const QStringList &arguments);
[[nodiscard]] int runDiff(const QStringList &arguments);
[[nodiscard]] int runGrep(const QStringList &arguments);
[[nodiscard]] int runFind(const QStringList &arguments);
[[nodiscard]] int runWaste(const QStringList &arguments);
[[nodiscard]] int runOperations(const QStringList &arguments);
[[nodiscard]] int runRemoveImage(const QStringList &arguments);
[[nodiscard]] int runEngineUse(const QStringList &arguments);     ///< engine df
[[nodiscard]] int runEngineCollect(const QStringList &arguments); ///< engine gc
[[nodiscard]] int runShow(const QStringList &arguments);
[[nodiscard]] int runKill(const QStringList &arguments);
[[nodiscard]] int runSession(const QStringList &arguments);
[[nodiscard]] int runConnections(const QStringList &arguments);
[[nodiscard]] int runEngine(const QStringList &arguments);

} // namespace cooperage::cli
