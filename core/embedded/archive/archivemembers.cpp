#include "core/embedded/archive/archivemembers.h"

#include "core/embedded/archive/decodedstream.h"
#include "core/embedded/archive/entrypath.h"
#include "core/embedded/archive/imagedocuments.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <archive_entry.h>
#include <limits>
#include <set>

using namespace Qt::StringLiterals;

namespace cooperage::embedded {

namespace {

struct MembersText
{
    Q_DECLARE_TR_FUNCTIONS(ArchiveMembers)
};

// An image has some hundred files at most; what has more is a root filesystem.
constexpr size_t maximumMembers = 100'000;
constexpr int maximumLinks = 40;

/// Whether a name can only be that of a root filesystem's top folder or something in it.
bool isOfRootFilesystem(const std::string &path)
{
    static const std::set<std::string, std::less<>> folders = {"bin",   "boot", "dev", "etc",  "home", "lib",
                                                               "lib64", "mnt",  "opt", "proc", "root", "run",
                                                               "sbin",  "srv",  "sys", "tmp",  "usr",  "var"};
    return folders.contains(path.substr(0, path.find('/')));
}

/// A link's target as a clean path of the archive; empty if it leads out of it.
std::string linkTarget(const std::string &path, const std::string &target)
{
    std::vector<std::string> parts = pathParts(splitEntryPath(path).first);
    for (const std::string &part : pathParts(target)) {
        if (part == "..") {
            if (parts.empty())
                return {};
            parts.pop_back();
        } else if (part != ".") {
            parts.push_back(part);
        }
    }
    std::string result;
    for (const std::string &part : parts)
        result = joinPath(result, part);
    return result;
}

} // namespace

MemberStream::MemberStream(int fd, const QString &name, qint64 headerOffset, std::stop_token stop)
    : m_name(name), m_file(fd, name, std::move(stop), headerOffset), m_reader(m_file, name)
{
}

Result<QByteArrayView> MemberStream::next()
{
    if (!m_started) {
        const auto entry = m_reader.next();
        if (!entry)
            return std::unexpected(entry.error());
        m_started = true;
    }
    const auto block = m_reader.block();
    if (!block)
        return std::unexpected(block.error());
    if (block->end)
        return QByteArrayView();
    if (block->offset != m_read)
        return failure(ErrorKind::BadInput, MembersText::tr("A file of the archive has holes"), m_name);
    m_read += block->bytes.size();
    return block->bytes;
}

ArchiveMembers::ArchiveMembers(int fd, QString name, std::stop_token stop)
    : m_fd(fd), m_name(std::move(name)), m_stop(std::move(stop))
{
}

Result<ArchiveMembers> ArchiveMembers::read(int fd, const QString &name, std::stop_token stop)
{
    ArchiveMembers members(fd, name, stop);
    FileStream probed(fd, name, stop);
    DecodedStream decoded(probed, name);
    if (auto opened = decoded.open(); !opened)
        return std::unexpected(opened.error());
    members.m_compressed = decoded.isCompressed();
    // A plain file is read past its contents, a compressed one must be read through.
    FileStream plain(fd, name, stop);
    ByteStream &stream = members.m_compressed ? static_cast<ByteStream &>(decoded) : plain;
    if (auto scanned = members.scan(stream); !scanned)
        return std::unexpected(scanned.error());
    return members;
}

Result<> ArchiveMembers::scan(ByteStream &stream)
{
    TarReader reader(stream, m_name);
    for (;;) {
        const auto entry = reader.next();
        if (!entry)
            return std::unexpected(entry.error());
        if (!*entry)
            return {};
        const auto path = cleanEntryPath(archive_entry_pathname(*entry));
        if (!path)
            return std::unexpected(Error{path.error().kind, path.error().what,
                                         m_name + u": "_s + path.error().where, path.error().next});
        if (isOfRootFilesystem(*path) || m_members.size() > maximumMembers) {
            m_members.clear();
            m_documents.clear();
            return {};
        }
        if (auto noted = note(reader, *entry, *path); !noted)
            return noted;
    }
}

Result<> ArchiveMembers::note(TarReader &reader, archive_entry *entry, const std::string &path)
{
    Member member{reader.headerOffset(), archive_entry_size(entry)};
    const char *hardLink = archive_entry_hardlink(entry);
    const char *softLink = archive_entry_filetype(entry) == AE_IFLNK ? archive_entry_symlink(entry) : nullptr;
    if (hardLink || softLink) {
        member.target = hardLink ? linkTarget({}, hardLink) : linkTarget(path, softLink);
        if (member.target.empty()) // Leads out of the archive: no file of it.
            return {};
    } else if (archive_entry_filetype(entry) != AE_IFREG) {
        return {};
    }
    if ((path == "manifest.json" || path == "index.json" || path == "oci-layout") &&
        member.size <= maximumDocument) {
        QByteArray &document = m_documents[path];
        document.clear();
        for (auto block = reader.block();; block = reader.block()) {
            if (!block)
                return std::unexpected(block.error());
            if (block->end)
                break;
            document.append(block->bytes);
        }
    }
    m_members.insert_or_assign(path, std::move(member));
    return {};
}

bool ArchiveMembers::isDockerArchive() const
{
    const auto manifest = m_documents.find("manifest.json");
    if (manifest == m_documents.end())
        return false;
    return QJsonDocument::fromJson(manifest->second).array().at(0).toObject().contains("Layers"_L1);
}

bool ArchiveMembers::isOciLayout() const
{
    return m_documents.contains("index.json") && m_documents.contains("oci-layout");
}

Result<const ArchiveMembers::Member *> ArchiveMembers::find(const std::string &member) const
{
    std::string path = member;
    for (int links = 0; links < maximumLinks; ++links) {
        const auto found = m_members.find(path);
        if (found == m_members.end())
            break;
        if (found->second.target.empty())
            return &found->second;
        path = found->second.target;
    }
    return failure(ErrorKind::BadInput, MembersText::tr("The archive refers to a file that is not in it"),
                   where(member), MembersText::tr("Save the image again."));
}

Result<QByteArray> ArchiveMembers::bytes(const std::string &member) const
{
    if (const auto document = m_documents.find(member); document != m_documents.end())
        return document->second;
    const auto stream = open(member);
    return stream ? readAll(**stream) : std::unexpected(stream.error());
}

Result<std::unique_ptr<ByteStream>> ArchiveMembers::open(const std::string &member) const
{
    return find(member).transform([&](const Member *found) -> std::unique_ptr<ByteStream> {
        return std::make_unique<MemberStream>(m_fd, where(member), found->offset, m_stop);
    });
}

Result<qint64> ArchiveMembers::size(const std::string &member) const
{
    return find(member).transform([](const Member *found) { return found->size; });
}

qint64 ArchiveMembers::end() const
{
    qint64 end = 0;
    for (const auto &[path, member] : m_members)
        end = std::max(end, member.offset + std::min(member.size, std::numeric_limits<qint64>::max() / 2));
    return end;
}

} // namespace cooperage::embedded
