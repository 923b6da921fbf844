#include "core/embedded/server/contentencoding.h"

#include "core/embedded/server/deflater.h"

#include <algorithm>
#include <charconv>
#include <httplib.h>
#include <optional>

namespace cooperage::embedded {

// A colon cannot be in the name of a header that came from outside.
static constexpr const char *hiddenName = "Accept-Encoding:";

static std::string_view trimmed(std::string_view text)
{
    const size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

static bool isWord(std::string_view text, std::string_view word)
{
    return std::ranges::equal(text, word, {}, [](unsigned char c) { return std::tolower(c); });
}

// Of "gzip;q=0.5"; 1 without a weight, 0 for one that is no number.
static double weightOf(std::string_view parameters)
{
    const std::string_view text = trimmed(parameters);
    if (!text.starts_with("q=") && !text.starts_with("Q="))
        return 1;
    double weight = 0;
    std::from_chars(text.data() + 2, text.data() + text.size(), weight);
    return weight;
}

bool prefersGzip(std::string_view acceptEncoding)
{
    std::optional<double> gzip;
    std::optional<double> identity;
    std::optional<double> any;
    for (size_t start = 0; start < acceptEncoding.size();) {
        const size_t end = std::min(acceptEncoding.find(',', start), acceptEncoding.size());
        const std::string_view entry = acceptEncoding.substr(start, end - start);
        start = end + 1;
        const size_t semicolon = std::min(entry.find(';'), entry.size());
        const std::string_view name = trimmed(entry.substr(0, semicolon));
        const double weight = semicolon == entry.size() ? 1 : weightOf(entry.substr(semicolon + 1));
        if (isWord(name, "gzip") || isWord(name, "x-gzip"))
            gzip = weight;
        else if (isWord(name, "identity"))
            identity = weight;
        else if (name == "*")
            any = weight;
    }
    const double wanted = gzip.value_or(any.value_or(0));
    return wanted > 0 && wanted >= identity.value_or(0);
}

void hideAcceptEncoding(httplib::Request &request)
{
    std::string value;
    const auto [first, last] = request.headers.equal_range("Accept-Encoding");
    for (auto header = first; header != last; ++header)
        value += (value.empty() ? "" : ",") + header->second;
    request.headers.erase(first, last);
    request.headers.emplace(hiddenName, value);
}

namespace {

/// Sits between a content provider and the connection.
class CompressedStream
{
public:
    /// `length`: 0 for a provider that says itself when it is done.
    CompressedStream(httplib::ContentProvider provider, size_t length, bool flushes)
        : m_provider(std::move(provider)), m_length(length), m_flushes(flushes)
    {
    }

    bool send(httplib::DataSink &sink)
    {
        bool done = false;
        httplib::DataSink inner;
        inner.is_writable = sink.is_writable;
        inner.write = [&](const char *bytes, size_t size) {
            m_offset += size;
            const std::string packed = m_deflater.add({bytes, size}, m_flushes);
            return packed.empty() || sink.write(packed.data(), packed.size());
        };
        inner.done = [&] { done = true; };
        if (!m_provider(m_offset, m_length - std::min(m_offset, m_length), inner))
            return false;
        if (!done && (m_length == 0 || m_offset < m_length))
            return true;
        const std::string end = m_deflater.finish();
        if (!sink.write(end.data(), end.size()))
            return false;
        sink.done();
        return true;
    }

private:
    const httplib::ContentProvider m_provider;
    const size_t m_length;
    const bool m_flushes;
    size_t m_offset = 0;
    Deflater m_deflater{};
};

} // namespace

static void compressStream(httplib::Response &response, const std::string &type)
{
    const size_t length = response.is_chunked_content_provider_ ? 0 : response.content_length_;
    const auto stream = std::make_shared<CompressedStream>(std::move(response.content_provider_), length,
                                                           type == "text/event-stream");
    response.headers.erase("Content-Type"); // Set again by the next call.
    response.set_chunked_content_provider(
        type, [stream](size_t, httplib::DataSink &sink) { return stream->send(sink); });
}

void compressReply(const httplib::Request &request, httplib::Response &response)
{
    const bool streams = static_cast<bool>(response.content_provider_);
    if ((!streams && response.body.empty()) || response.has_header("Content-Encoding"))
        return;
    response.set_header("Vary", "Accept-Encoding");
    if (request.has_header("Range") || !prefersGzip(request.get_header_value(hiddenName)))
        return;
    response.set_header("Content-Encoding", "gzip");
    if (streams) {
        compressStream(response, response.get_header_value("Content-Type"));
    } else {
        Deflater deflater;
        const std::string body = deflater.add(response.body, false);
        response.body = body + deflater.finish();
    }
}

} // namespace cooperage::embedded
