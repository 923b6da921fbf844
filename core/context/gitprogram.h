#pragma once

#include "core/base/error.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <functional>
#include <stop_token>

namespace cooperage::context {

/// Called with what git says of its progress, on the thread that waits for it.
using GitProgress = std::function<void(int percent, const QString &what)>;

/// The user's own `git`, with their keys, helpers and proxies, for work that nobody watches: it never asks
/// for anything, runs no hooks, and everything that it started ends with the stop token. Blocks.
class GitProgram
{
public:
    /// `folder` must exist; `secrets` are cut out of messages.
    GitProgram(QString folder, QStringList secrets, GitProgress progress, std::stop_token stop);

    /// Its standard output. Failed: with git's own words; Unsupported: there is no git.
    [[nodiscard]] Result<QByteArray> run(const QStringList &arguments) const;

private:
    [[nodiscard]] Error errorOf(const QByteArray &said) const;
    void report(const QByteArray &said) const;

    QString m_folder;
    QStringList m_secrets;
    GitProgress m_progress;
    std::stop_token m_stop;
};

} // namespace cooperage::context
