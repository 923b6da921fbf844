#pragma once

#include "core/embedded/archive/import.h"
#include "core/images/reference.h"

#include <QString>

namespace cooperage::embedded {

struct PullRequest
{
    images::Reference reference;
    QString username{}; ///< Empty: anonymous.
    QString password{};
};

/// Fetches an image by the OCI distribution protocol: https, or http on loopback; Bearer and Basic; this
/// machine's platform out of an index; layers in parallel, verified by digest and diffID, then unpacked.
[[nodiscard]] Result<ImportedLayers> pullImage(Store &store, const PullRequest &request,
                                               const ImportProgress &progress, std::stop_token stop);

} // namespace cooperage::embedded
