#include "core/embedded/server/imagetar.h"

#include "core/embedded/server/inspectlist.h"
#include "core/embedded/server/text.h"
#include "core/embedded/store/rootpath.h"
#include "core/embedded/store/xattrs.h"

#include <archive.h>
#include <archive_entry.h>
#include <cerrno>
#include <climits>
#include <clocale>
#include <fcntl.h>

namespace cooperage::embedded {

namespace {

// Deeper trees exist only to harm: each level keeps a folder open.
constexpr int deepest = 500;

// libarchive converts names by the thread's locale; in the C locale it would mark and warn about every other
// name.
class Utf8Locale
{
public:
    Utf8Locale() : m_locale(::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)), m_before(::uselocale(m_locale))
    {
    }
    ~Utf8Locale()
    {
        ::uselocale(m_before);
        if (m_locale)
            ::freelocale(m_locale);
    }
    Utf8Locale(const Utf8Locale &) = delete;
    Utf8Locale &operator=(const Utf8Locale &) = delete;

private:
    locale_t m_locale;
    locale_t m_before;
};

class TarWriter
{
public:
    explicit TarWriter(const TarSink &sink) : m_sink(sink) {}
    ~TarWriter()
    {
        archive_entry_linkresolver_free(m_links);
        archive_write_free(m_archive);
    }
    TarWriter(const TarWriter &) = delete;
    TarWriter &operator=(const TarWriter &) = delete;

    Result<> open();
    /// `object` is an O_PATH descriptor, also of a link; `name` the member's name, empty for the image's
    /// root.
    Result<> add(const Fd &object, const struct stat &info, const std::string &name, int depth);
    Result<> close();

private:
    Result<> addMember(const Fd &object, const struct stat &info, const std::string &name);
    Result<> addContent(const Fd &object, const std::string &name, qint64 size);
    Result<> addFolder(const Fd &folder, const std::string &name, int depth);
    std::unexpected<Error> problem(const std::string &name) const;

    const TarSink &m_sink;
    archive *m_archive = archive_write_new();
    archive_entry_linkresolver *m_links = archive_entry_linkresolver_new();
};

} // namespace

static la_ssize_t pass(archive *, void *sink, const void *bytes, size_t size)
{
    const bool taken = (*static_cast<const TarSink *>(sink))(static_cast<const char *>(bytes), size);
    return taken ? static_cast<la_ssize_t>(size) : -1;
}

Result<> TarWriter::open()
{
    archive_write_set_format_pax(m_archive);
    archive_write_set_format_option(m_archive, "pax", "xattrheader", "SCHILY");
    archive_write_set_bytes_per_block(m_archive, 64 * 1024);
    archive_write_set_bytes_in_last_block(m_archive, 1);
    archive_entry_linkresolver_set_strategy(m_links, ARCHIVE_FORMAT_TAR_PAX_INTERCHANGE);
    if (archive_write_open(m_archive, const_cast<TarSink *>(&m_sink), nullptr, pass, nullptr) != ARCHIVE_OK)
        return problem({});
    return {};
}

std::unexpected<Error> TarWriter::problem(const std::string &name) const
{
    const char *const words = archive_error_string(m_archive);
    return failure(ErrorKind::Failed,
                   Text::tr("Cannot write the archive: %1").arg(QString::fromUtf8(words ? words : "")),
                   QString::fromStdString(name));
}

static std::string linkTarget(const Fd &link)
{
    char target[PATH_MAX];
    const ssize_t length = ::readlinkat(link.get(), "", target, sizeof target);
    return {target, static_cast<size_t>(std::max<ssize_t>(length, 0))};
}

static void addXattrs(archive_entry *entry, const Fd &object)
{
    for (const auto &[name, value] : imageXattrs(object.get()))
        archive_entry_xattr_add_entry(entry, name.c_str(), value.data(), value.size());
}

Result<> TarWriter::addMember(const Fd &object, const struct stat &info, const std::string &name)
{
    archive_entry *entry = archive_entry_new();
    archive_entry_copy_pathname(entry, (S_ISDIR(info.st_mode) ? name + '/' : name).c_str());
    archive_entry_copy_stat(entry, &info);
    archive_entry_unset_atime(entry);
    archive_entry_unset_ctime(entry);
    if (S_ISLNK(info.st_mode))
        archive_entry_copy_symlink(entry, linkTarget(object).c_str());
    else
        addXattrs(entry, object);
    archive_entry *later = nullptr; // Only cpio keeps entries back.
    if (!S_ISDIR(info.st_mode))
        archive_entry_linkify(m_links, &entry, &later);
    const bool hasContent = S_ISREG(info.st_mode) && archive_entry_hardlink(entry) == nullptr;
    const int written = archive_write_header(m_archive, entry);
    archive_entry_free(entry);
    if (written < ARCHIVE_WARN)
        return problem(name);
    return hasContent ? addContent(object, name, info.st_size) : Result<>();
}

Result<> TarWriter::addContent(const Fd &object, const std::string &name, qint64 size)
{
    const Fd file = reopen(object, O_RDONLY);
    std::string buffer(256 * 1024, '\0');
    qint64 done = 0;
    ssize_t got = 0;
    while (done < size && (got = ::read(file.get(), buffer.data(), buffer.size())) > 0) {
        if (archive_write_data(m_archive, buffer.data(), static_cast<size_t>(got)) < got)
            return problem(name);
        done += got;
    }
    if (done < size)
        return std::unexpected(systemError(got < 0 ? errno : EIO, Text::tr("Cannot read the file"),
                                           QString::fromStdString(name)));
    return {};
}

Result<> TarWriter::addFolder(const Fd &folder, const std::string &name, int depth)
{
    if (depth > deepest)
        return failure(ErrorKind::Unsupported, Text::tr("The folders are nested too deeply"),
                       QString::fromStdString(name));
    const Result<std::vector<FolderEntry>> entries = readFolder(folder);
    if (!entries)
        return std::unexpected(entries.error());
    for (const FolderEntry &entry : *entries) {
        const Fd object(::openat(folder.get(), entry.name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
        const std::string member = name.empty() ? entry.name : name + '/' + entry.name;
        if (!object)
            return std::unexpected(
                systemError(errno, Text::tr("Cannot read the file"), QString::fromStdString(member)));
        if (const Result<> added = add(object, entry.info, member, depth + 1); !added)
            return added;
    }
    return {};
}

Result<> TarWriter::add(const Fd &object, const struct stat &info, const std::string &name, int depth)
{
    if (S_ISSOCK(info.st_mode))
        return {};
    if (!name.empty()) {
        if (const Result<> added = addMember(object, info, name); !added)
            return added;
    }
    return S_ISDIR(info.st_mode) ? addFolder(object, name, depth) : Result<>();
}

Result<> TarWriter::close()
{
    if (archive_write_close(m_archive) != ARCHIVE_OK)
        return problem({});
    return {};
}

Result<> writeTar(const OpenedPath &start, const std::string &path, const TarSink &sink)
{
    const Result<std::string> plain = plainPath(path);
    if (!plain)
        return std::unexpected(plain.error());
    const Utf8Locale locale;
    TarWriter writer(sink);
    return writer.open()
        .and_then([&] { return writer.add(start.fd, start.info, plain->substr(1), 0); })
        .and_then([&] { return writer.close(); });
}

} // namespace cooperage::embedded
