#pragma once

#include "core/base/error.h"

#include <QString>

namespace cooperage::sessions {

/// Sessions of builds are made and named by builds (`build:...`); only their history can be moved about in.
[[nodiscard]] bool isBuildSession(const QString &name);
/// A branch that a build made for a layer (`layer:...`).
[[nodiscard]] bool isLayerBranch(const QString &name);

/// Whether a person may give a session that name: short, one line, and none that builds use.
[[nodiscard]] Result<> checkSessionName(const QString &name);
[[nodiscard]] Result<> checkBranchName(const QString &name);

/// The session that a command line means when it names none: COOPERAGE_SESSION, else CONTREE_SESSION, else a
/// name made of the current folder's and 8 hex digits that stand for this folder and this terminal. Commands
/// of one shell, and of the scripts that it starts, thus share a session; another terminal has its own.
/// Without a terminal the folder alone decides.
[[nodiscard]] QString defaultSessionName();

} // namespace cooperage::sessions
