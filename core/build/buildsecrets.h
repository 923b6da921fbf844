#pragma once

#include "core/base/error.h"

#include <QByteArray>
#include <QList>
#include <QMap>
#include <QString>
#include <QStringList>

namespace cooperage::build {

/// Where a secret of RUN --mount=type=secret comes from: a file, or a variable of this program.
struct SecretSource
{
    QString id;
    QString file{};
    QString variable{};
};

/// What stands behind an id of RUN --mount=type=ssh: the socket of an agent, or files with private keys.
/// Nothing: the user's own agent (SSH_AUTH_SOCK).
struct AgentSource
{
    QString id = QStringLiteral("default");
    QStringList paths{};
};

/// The words of `--secret` and `--ssh` as Docker has them: "id=x,src=FILE", "id=x,env=VAR", "default",
/// "id=SOCKET", "id=KEY,KEY". A secret that says neither is the variable of that name, or the file.
[[nodiscard]] Result<SecretSource> readSecretSource(const QString &text);
[[nodiscard]] Result<AgentSource> readAgentSource(const QString &text);

/// The secrets' values, each 500 KiB at most, as Docker has it. A missing file or variable is an error.
[[nodiscard]] Result<QMap<QString, QByteArray>> loadSecrets(const QList<SecretSource> &sources);

} // namespace cooperage::build
