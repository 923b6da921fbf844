#include "core/embedded/archive/archivedimage.h"
#include "core/embedded/archive/archivemembers.h"
#include "core/embedded/archive/decodedstream.h"
#include "core/embedded/archive/entrypath.h"
#include "core/embedded/archive/imagedocuments.h"
#include "core/embedded/archive/layerunpacker.h"
#include "tests/fuzz/targets/scratch.h"
#include "tests/fuzz/targets/targets.h"

#include <algorithm>
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace cooperage::embedded;

namespace cooperage::fuzz {

namespace {

class Bytes final : public ByteStream
{
public:
    explicit Bytes(const QByteArray &bytes) : m_bytes(bytes) {}
    [[nodiscard]] Result<QByteArrayView> next() override
    {
        const QByteArrayView piece = QByteArrayView(m_bytes).sliced(m_at);
        m_at = m_bytes.size();
        return piece;
    }

private:
    QByteArray m_bytes;
    qsizetype m_at = 0;
};

// A finished layer that a hostile one lies above, with what could lead it astray.
struct LowerLayer
{
    Scratch scratch;

    LowerLayer()
    {
        scratch.makeFolder("a");
        scratch.makeFolder("a/b");
        scratch.write("a/f", "lower");
        must(::symlink("/", scratch.path("root").c_str()) == 0 &&
                 ::symlink("..", scratch.path("up").c_str()) == 0,
             "links can be made");
    }
};

int entriesOf(const std::string &folder)
{
    DIR *open = ::opendir(folder.c_str());
    must(open != nullptr, "the scratch folder is there");
    int count = 0;
    while (::readdir(open) != nullptr)
        ++count;
    ::closedir(open);
    return count;
}

} // namespace

void layer(const QByteArray &bytes)
{
    static const LowerLayer lower;
    const Scratch scratch;
    scratch.makeFolder("layer");
    scratch.write("outside", "outside");
    auto unpacker = LayerUnpacker::open(scratch.path("layer"), {.entries = 1000, .bytes = 1 << 20});
    must(unpacker.has_value(), "a layer can be begun");
    Bytes stream(bytes);
    if (const auto done = unpacker->unpack(stream, u"layer.tar"_s); done)
        (void)unpacker->seal(LowerLayers({lower.scratch.path()}));
    struct stat info{};
    must(::lstat(scratch.path("outside").c_str(), &info) == 0 && S_ISREG(info.st_mode) &&
             info.st_nlink == 1 && info.st_size == 7 && (info.st_mode & 07777) == 0644,
         "what lies beside the layer stays as it is");
    must(entriesOf(scratch.path()) == 4, "nothing is made beside the layer");
    must(entriesOf(lower.scratch.path()) == 5, "the layer below stays as it is");
}

void archiveMembers(const QByteArray &bytes)
{
    const Fd fd(fileOf(bytes));
    const auto members = ArchiveMembers::read(fd.get(), u"archive.tar"_s, {});
    if (!members || members->isCompressed() || (!members->isDockerArchive() && !members->isOciLayout()))
        return;
    const auto image = members->isDockerArchive() ? readDockerArchive(*members) : readOciLayout(*members);
    if (!image)
        return;
    (void)diffIdsOf(image->config, static_cast<qsizetype>(image->layers.size()), members->name());
    for (const ArchivedImage::Layer &each : image->layers) {
        const auto stream = members->open(each.member);
        if (!stream)
            continue;
        DecodedStream decoded(**stream, members->where(each.member));
        if (decoded.open())
            (void)decoded.finish();
    }
}

void imageDocument(const QByteArray &bytes)
{
    const auto [json, type] = twoParts(bytes);
    const auto document = parseImageDocument(json, QString::fromUtf8(type), u"document"_s);
    (void)diffIdsOf(json, 1, u"config"_s);
    if (!document)
        return;
    if (const auto *index = std::get_if<ImageIndex>(&*document)) {
        (void)choosePlatform(*index, platformsOf(u"x86_64"_s, 3), u"index"_s);
        return;
    }
    for (const Descriptor &each : std::get<ImageManifest>(*document).layers)
        must(isSha256Digest(each.digest) && each.size >= 0, "descriptors are checked");
}

void entryPath(const QByteArray &bytes)
{
    const auto path =
        cleanEntryPath(std::string_view(bytes.constData(), static_cast<std::size_t>(bytes.size())));
    if (!path)
        return;
    must(!path->starts_with('/') && !path->ends_with('/'), "clean paths are relative");
    must(std::ranges::none_of(pathParts(*path),
                              [](const std::string &part) { return part == ".." || part == "."; }),
         "clean paths have no dots");
    const auto [folder, name] = splitEntryPath(*path);
    must(joinPath(folder, name) == *path, "a path is its two halves");
}

} // namespace cooperage::fuzz
