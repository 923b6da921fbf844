#pragma once

#include "core/connections/connectionprofile.h"
#include "core/credentials/secret.h"

#include <QList>

namespace cooperage::connections {

/// A profile of the ConTree command line on this computer (contree-api section 6.1).
struct ContreeCliProfile
{
    ConnectionProfile profile; ///< May be named like one of ours.
    credentials::Secret token;
};

/// Where that program keeps its profiles: $CONTREE_HOME, else $XDG_CONFIG_HOME/contree.
[[nodiscard]] QString contreeAuthFile();

/// The profiles in such a file that have an address and a token. The file is only read. Without a file there
/// are none.
[[nodiscard]] Result<QList<ContreeCliProfile>> readContreeProfiles(const QString &file);

} // namespace cooperage::connections
