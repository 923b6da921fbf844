#include "core/embedded/server/deflater.h"

#include <new>
#include <zlib.h>

namespace cooperage::embedded {

struct Deflater::Private
{
    z_stream stream{};

    std::string run(std::string_view bytes, int how);
};

// 15 bits of window, and 16 for the form of gzip.
static constexpr int gzipForm = 15 + 16;

Deflater::Deflater() : d(std::make_unique<Private>())
{
    // The bytes go to a client on the same machine or near: speed counts.
    if (::deflateInit2(&d->stream, Z_BEST_SPEED, Z_DEFLATED, gzipForm, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::bad_alloc();
}

Deflater::~Deflater()
{
    ::deflateEnd(&d->stream);
}

std::string Deflater::Private::run(std::string_view bytes, int how)
{
    std::string result;
    char piece[16 * 1024];
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    do {
        stream.next_out = reinterpret_cast<Bytef *>(piece);
        stream.avail_out = sizeof piece;
        ::deflate(&stream, how);
        result.append(piece, sizeof piece - stream.avail_out);
    } while (stream.avail_out == 0);
    return result;
}

std::string Deflater::add(std::string_view bytes, bool flush)
{
    // zlib counts input in 32 bits.
    static constexpr size_t most = 1024UL * 1024 * 1024;
    std::string result;
    for (; bytes.size() > most; bytes.remove_prefix(most))
        result += d->run(bytes.substr(0, most), Z_NO_FLUSH);
    return result + d->run(bytes, flush ? Z_SYNC_FLUSH : Z_NO_FLUSH);
}

std::string Deflater::finish()
{
    return d->run({}, Z_FINISH);
}

} // namespace cooperage::embedded
