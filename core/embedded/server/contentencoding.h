#pragma once

#include <string_view>

namespace httplib {
struct Request;
struct Response;
} // namespace httplib

namespace cooperage::embedded {

/// Whether an Accept-Encoding header prefers gzip to the bytes as they are (RFC 9110, 12.5.3). Without the
/// header nothing is compressed: one known client never decompresses.
[[nodiscard]] bool prefersGzip(std::string_view acceptEncoding);

/// The HTTP library would compress by rules of its own, without regard to `q=0`, and hold events back. It
/// sees no Accept-Encoding: this moves the header to where only compressReply() looks.
void hideAcceptEncoding(httplib::Request &request);

/// Compresses a reply whose client prefers it: a body at once, a stream as it comes, with a flush after every
/// piece of an event stream. Part of a file stays as it is. HEAD gets the headers that GET would.
void compressReply(const httplib::Request &request, httplib::Response &response);

} // namespace cooperage::embedded
