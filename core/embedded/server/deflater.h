#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace cooperage::embedded {

/// Makes one gzip member of pieces.
class Deflater
{
public:
    Deflater();
    ~Deflater();
    Deflater(const Deflater &) = delete;
    Deflater &operator=(const Deflater &) = delete;

    /// What there is to send after these bytes, often nothing; with `flush` all that the reader needs to see
    /// them.
    [[nodiscard]] std::string add(std::string_view bytes, bool flush);
    /// The rest with the trailer; nothing may follow.
    [[nodiscard]] std::string finish();

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace cooperage::embedded
