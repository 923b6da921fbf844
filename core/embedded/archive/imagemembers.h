#pragma once

#include "core/embedded/archive/bytestream.h"

#include <memory>
#include <string>

namespace cooperage::embedded {

/// The files of an image that is being imported, wherever they lie. Names are clean paths.
class ImageMembers
{
public:
    virtual ~ImageMembers() = default;

    /// What errors call the whole.
    [[nodiscard]] virtual const QString &name() const = 0;
    /// The whole of a small file.
    [[nodiscard]] virtual Result<QByteArray> bytes(const std::string &member) const = 0;
    [[nodiscard]] virtual Result<std::unique_ptr<ByteStream>> open(const std::string &member) const = 0;
    [[nodiscard]] virtual Result<qint64> size(const std::string &member) const = 0;
    /// "archive: member", for errors.
    [[nodiscard]] QString where(const std::string &member) const;

    /// Reads a stream to its end, up to the size of an image's documents.
    [[nodiscard]] static Result<QByteArray> readAll(ByteStream &stream);
};

} // namespace cooperage::embedded
