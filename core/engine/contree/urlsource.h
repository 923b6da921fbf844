#pragma once

#include "core/base/error.h"
#include "core/engine/values.h"

#include <QUrl>

#include <functional>
#include <stop_token>

namespace cooperage::engine::contree {

/// What a web server says before the body.
struct SourceHead
{
    int status = 0;
    qint64 length = -1; ///< -1: not told.
    UrlValidators validators{};
};

struct SourceRequest
{
    QUrl url;
    bool headOnly = false;
    UrlValidators known{}; ///< Not empty: "send it only if it is another one".
};

/// Called with the head of a 200 answer, then with its bytes; false ends the transfer.
struct SourceHandlers
{
    std::function<bool(const SourceHead &)> onHead{};
    std::function<bool(const char *data, size_t size)> onBytes{};
};

/// Asks a web server, following up to ten redirections, and blocks until the body has come whole. Answers are
/// 200 or 304; everything else is an error, also a body shorter than the server announced.
[[nodiscard]] Result<SourceHead> readSource(const SourceRequest &request, const SourceHandlers &handlers,
                                            const std::stop_token &stop);

} // namespace cooperage::engine::contree
