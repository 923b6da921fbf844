#pragma once

#include "core/base/error.h"

#include <QString>

namespace cooperage::engine {

/// Where this user's embedded engine has its things.
struct LocalPaths
{
    QString folder; ///< For the socket; 0700, owned by the user.
    QString socket;
    QString pidFile;
    QString lockFile; ///< Held while the engine is being started.
    QString store;
    QString log;

    /// By $XDG_RUNTIME_DIR (else /tmp/cooperage-<uid>), $XDG_DATA_HOME and $XDG_STATE_HOME. An error if the
    /// socket's path is longer than the system takes. Nothing is made yet.
    [[nodiscard]] static Result<LocalPaths> standard();

    /// Makes the folders. Refuses a socket folder that somebody else could enter or has made.
    [[nodiscard]] Result<> makeFolders() const;
};

/// The engine's program: $COOPERAGE_ENGINE, else beside this program or in its ../libexec/cooperage, else in
/// $PATH.
[[nodiscard]] Result<QString> engineProgram();

} // namespace cooperage::engine
