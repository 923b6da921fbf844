#pragma once

#include "core/images/reference.h"

#include <qcorotask.h>

#include <stop_token>

namespace cooperage::credentials {

/// Who may fetch an image.
enum class ImageAccess {
    Everybody,
    SignedIn, ///< The registry wants an account.
    Missing,  ///< Whoever has no account is told that there is no such image.
    Unknown,  ///< No answer, or none that says.
};

/// Asks the image's registry as somebody without an account, by HEAD, which no registry counts as a download.
/// Http is used with this machine's own registries only. Every request has a time limit.
[[nodiscard]] QCoro::Task<ImageAccess> accessWithoutAccount(images::Reference image,
                                                            std::stop_token stop = {});

} // namespace cooperage::credentials
