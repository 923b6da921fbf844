#include "core/embedded/archive/import.h"

#include "core/embedded/archive/archivedimage.h"
#include "core/embedded/archive/archivemembers.h"
#include "core/embedded/archive/foldermembers.h"
#include "core/embedded/archive/imagedocuments.h"
#include "core/embedded/archive/layerstack.h"
#include "core/embedded/archive/scratchfile.h"

#include <QCoreApplication>
#include <QFile>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

namespace cooperage::embedded {

namespace {

struct ImportText
{
    Q_DECLARE_TR_FUNCTIONS(Import)
};

/// Tells a stream's bytes to a progress callback as they go by.
class CountedStream final : public ByteStream
{
public:
    CountedStream(ByteStream &stream, std::function<void(qint64)> read)
        : m_stream(stream), m_read(std::move(read))
    {
    }
    [[nodiscard]] Result<QByteArrayView> next() override
    {
        auto bytes = m_stream.next();
        if (bytes)
            m_read(bytes->size());
        return bytes;
    }

private:
    ByteStream &m_stream;
    std::function<void(qint64)> m_read;
};

// More than the headers of the last file may take.
constexpr qint64 headerRoom = 64 * 1024 * 1024;

/// The bytes of a compressed archive, up to `end`, in a file of their own, so that its members can be found
/// again.
Result<Fd> decompressed(const Store &store, int fd, const QString &path, qint64 end, std::stop_token stop)
{
    auto plain = scratchFile(store);
    if (!plain)
        return plain;
    struct statvfs disk{};
    if (::fstatvfs(plain->get(), &disk) == 0 &&
        end > static_cast<qint64>(disk.f_bavail) * static_cast<qint64>(disk.f_frsize))
        return failure(ErrorKind::Full,
                       ImportText::tr("The archive needs %1 MB, more than are free").arg(end / 1'000'000),
                       path, ImportText::tr("Free some space where images are kept, then try again."));
    FileStream file(fd, path, stop);
    DecodedStream decoded(file, path);
    if (auto opened = decoded.open(); !opened)
        return std::unexpected(opened.error());
    for (qint64 offset = 0;;) {
        const auto piece = decoded.next();
        if (!piece)
            return std::unexpected(piece.error());
        if (piece->isEmpty() || offset > end + headerRoom) // Whatever follows is of no use.
            return plain;
        if (auto wrote = writeAt(plain->get(), *piece, offset); !wrote)
            return std::unexpected(wrote.error());
        offset += piece->size();
    }
}

Result<ImportedLayers> importRootFilesystem(Store &store, int fd, const QString &path, qint64 size,
                                            const ImportProgress &progress, std::stop_token stop)
{
    qint64 done = 0;
    FileStream file(fd, path, stop, 0, [&](qint64 read) {
        done += read;
        if (progress)
            progress(done, size);
    });
    LayerStack stack(store, {QByteArray()});
    if (auto added = stack.add(0, file, {path}); !added)
        return std::unexpected(added.error());
    return stack.commit().transform(
        [&](std::vector<LayerId> layers) { return ImportedLayers{std::move(layers), {}, stack.notes()}; });
}

Result<ImportedLayers> importImage(Store &store, const ImageMembers &members,
                                   const Result<ArchivedImage> &image, const ImportProgress &progress)
{
    if (!image)
        return std::unexpected(image.error());
    const auto diffIds =
        diffIdsOf(image->config, static_cast<qsizetype>(image->layers.size()), members.name());
    if (!diffIds)
        return std::unexpected(diffIds.error());
    if (diffIds->size() > maximumLayers)
        return failure(
            ErrorKind::Unsupported,
            ImportText::tr("The image has %1 layers; %2 can be used").arg(diffIds->size()).arg(maximumLayers),
            members.name(), ImportText::tr("Flatten the image into fewer layers."));
    LayerStack stack(store, *diffIds);
    qint64 done = 0;
    qint64 total = 0;
    for (size_t i = 0; i < stack.size(); ++i)
        total += stack.isPresent(i) ? 0 : image->layers[i].size;
    for (size_t i = 0; i < stack.size(); ++i) {
        const auto &[member, digest, size] = image->layers[i];
        if (stack.isPresent(i))
            continue;
        const auto stream = members.open(member);
        if (!stream)
            return std::unexpected(stream.error());
        CountedStream counted(**stream, [&](qint64 read) {
            done += read;
            if (progress)
                progress(done, total);
        });
        if (auto added = stack.add(i, counted, {members.where(member), digest, size}); !added)
            return std::unexpected(added.error());
    }
    return stack.commit().transform([&](std::vector<LayerId> layers) {
        return ImportedLayers{std::move(layers), image->config, stack.notes()};
    });
}

Result<ImportedLayers> importFolder(Store &store, Fd folder, const QString &path,
                                    const ImportProgress &progress, std::stop_token stop)
{
    const FolderMembers members(std::move(folder), path, std::move(stop));
    if (members.isOciLayout())
        return importImage(store, members, readOciLayout(members), progress);
    if (members.isDockerArchive())
        return importImage(store, members, readDockerArchive(members), progress);
    return failure(ErrorKind::BadInput, ImportText::tr("The folder holds no image"), path,
                   ImportText::tr("Give an OCI layout: a folder with index.json, oci-layout and blobs."));
}

} // namespace

Result<ImportedLayers> importArchive(Store &store, const QString &path, const ImportProgress &progress,
                                     std::stop_token stop)
{
    Fd fd(::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat info{};
    if (!fd || ::fstat(fd.get(), &info) < 0)
        return std::unexpected(systemError(errno, ImportText::tr("The archive cannot be opened"), path));
    if (S_ISDIR(info.st_mode))
        return importFolder(store, std::move(fd), path, progress, std::move(stop));
    if (!S_ISREG(info.st_mode))
        return failure(
            ErrorKind::BadInput, ImportText::tr("The archive is neither a file nor a folder"), path,
            ImportText::tr("Give a docker-archive, an OCI layout or a root filesystem as a tar file, "
                           "or the folder of an OCI layout."));
    if (info.st_size == 0)
        return failure(ErrorKind::BadInput, ImportText::tr("The archive is empty"), path);
    auto members = ArchiveMembers::read(fd.get(), path, stop);
    if (!members)
        return std::unexpected(members.error());
    if (!members->isDockerArchive() && !members->isOciLayout())
        return importRootFilesystem(store, fd.get(), path, info.st_size, progress, stop);
    Fd plain;
    if (members->isCompressed()) {
        auto written = decompressed(store, fd.get(), path, members->end(), stop);
        if (!written)
            return std::unexpected(written.error());
        plain = std::move(*written);
        members->setPlainFile(plain.get());
    }
    const auto image = members->isDockerArchive() ? readDockerArchive(*members) : readOciLayout(*members);
    return importImage(store, *members, image, progress);
}

} // namespace cooperage::embedded
