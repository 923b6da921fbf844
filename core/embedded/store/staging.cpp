#include "core/embedded/store/staging.h"

#include "core/embedded/store/rootwriter.h"
#include "core/embedded/store/storeprivate.h"
#include "core/embedded/store/storetext.h"
#include "core/embedded/store/treecopy.h"

#include <QFile>

#include <cerrno>
#include <fcntl.h>

namespace cooperage::embedded {

namespace {

class Stager
{
public:
    Stager(int root, const std::stop_token &stop) : m_writer(root), m_stop(stop) {}

    Result<> stage(const StageEntry &entry)
    {
        switch (entry.type) {
        case StageEntry::Type::File:
            return file(entry);
        case StageEntry::Type::Folder:
            return folder(entry);
        case StageEntry::Type::Symlink:
            return link(entry);
        case StageEntry::Type::HardLink:
            return hardLink(entry);
        case StageEntry::Type::Special:
            return special(entry);
        case StageEntry::Type::Copy:
            return TreeCopy(m_writer, entry, m_stop).run();
        }
        return {};
    }

    void finish() { m_writer.applyFolderTimes(); }

private:
    struct Place
    {
        std::string plain;
        std::string name;
        int parent;
    };

    // The free place for a file or link.
    Result<Place> placeOf(const StageEntry &entry)
    {
        const Result<std::string> plain = plainPath(entry.path);
        if (!plain)
            return std::unexpected(plain.error());
        if (*plain == "/" || entry.path.ends_with('/'))
            return failure(ErrorKind::BadInput, StoreText::tr("This is the path of a folder, not of a file"),
                           QFile::decodeName(entry.path.c_str()));
        const SplitPath split = splitPath(*plain);
        const Result<int> parent = m_writer.parentOf(split);
        if (!parent)
            return std::unexpected(parent.error());
        if (Result<> cleared = m_writer.clearFile(*parent, *plain, split.name, entry.standing); !cleared)
            return std::unexpected(cleared.error());
        return Place{*plain, split.name, *parent};
    }

    static FileAttributes attributesOf(const StageEntry &entry)
    {
        FileAttributes attributes{entry.uid, entry.gid, entry.mode, {0, UTIME_NOW}};
        if (entry.mtimeNs) {
            const std::int64_t second = 1'000'000'000;
            const std::int64_t rest = ((*entry.mtimeNs % second) + second) % second;
            attributes.mtime = {(*entry.mtimeNs - rest) / second, rest};
        }
        return attributes;
    }

    Result<> file(const StageEntry &entry)
    {
        Fd source;
        struct stat info{};
        if (!entry.content) {
            // The source first: a missing one must not remove what stands in its place.
            source = Fd(::open(entry.hostFile.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
            if (!source || ::fstat(source.get(), &info) != 0)
                return pathFailure(errno, StoreText::tr("Cannot read the file"), entry.hostFile);
            if (!S_ISREG(info.st_mode))
                return failure(ErrorKind::BadInput, StoreText::tr("This is not a regular file"),
                               QFile::decodeName(entry.hostFile.c_str()));
        }
        const Result<Place> place = placeOf(entry);
        if (!place)
            return std::unexpected(place.error());
        const Result<Fd> made = m_writer.newFile(place->parent, place->plain, place->name);
        if (!made)
            return std::unexpected(made.error());
        if (Result<> written = write(entry, source.get(), info.st_size, made->get(), place->plain); !written)
            return written;
        const Result<> done = m_writer.finish(made->get(), -1, attributesOf(entry), place->plain);
        m_writer.setXattrs(made->get(), entry.xattrs);
        return done;
    }

    Result<> write(const StageEntry &entry, int source, off_t size, int to, const std::string &plain)
    {
        if (!entry.content)
            return m_writer.copyContents(source, to, size, plain);
        const int failed = writeBytes(to, entry.content->data(), entry.content->size(), 0);
        return failed == 0 ? Result<>() : pathFailure(failed, StoreText::tr("Cannot write the file"), plain);
    }

    Result<> folder(const StageEntry &entry)
    {
        const Result<std::string> plain = plainPath(entry.path);
        if (!plain)
            return std::unexpected(plain.error());
        bool made = false;
        const FileAttributes attributes = attributesOf(entry);
        const Result<Fd> fd = m_writer.folder(*plain, attributes, &made, entry.standing);
        if (!fd)
            return std::unexpected(fd.error());
        if (!made && entry.overwriteAttributes)
            if (Result<> set = m_writer.finish(fd->get(), -1, attributes, *plain); !set)
                return set;
        if (entry.mtimeNs)
            m_writer.keepFolderTime(*plain, attributes.mtime);
        if (made || entry.overwriteAttributes)
            m_writer.setXattrs(fd->get(), entry.xattrs);
        return {};
    }

    Result<> link(const StageEntry &entry)
    {
        const Result<Place> place = placeOf(entry);
        if (!place)
            return std::unexpected(place.error());
        return m_writer.symlink(place->parent, place->plain, place->name, entry.linkTarget,
                                attributesOf(entry));
    }

    Result<> hardLink(const StageEntry &entry)
    {
        const Result<std::string> original = plainPath(entry.linkTarget);
        const Result<std::string> plain = plainPath(entry.path);
        if (original && plain && *original == *plain)
            return {};
        const Result<Place> place = original ? placeOf(entry) : std::unexpected(original.error());
        if (!place)
            return std::unexpected(place.error());
        return m_writer.hardLink(place->parent, place->plain, place->name, *original);
    }

    Result<> special(const StageEntry &entry)
    {
        const Result<Place> place = placeOf(entry);
        if (!place)
            return std::unexpected(place.error());
        return m_writer.special(place->parent, place->plain, place->name, entry.kind, entry.device,
                                attributesOf(entry));
    }

    RootWriter m_writer;
    const std::stop_token &m_stop;
};

} // namespace

Result<> stageEntries(const std::string &root, const std::vector<StageEntry> &entries, std::stop_token stop)
{
    const Fd fd(::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!fd)
        return pathFailure(errno, StoreText::tr("Cannot open the root"), root);
    Stager stager(fd.get(), stop);
    for (const StageEntry &entry : entries) {
        if (stop.stop_requested())
            return failure(ErrorKind::Cancelled, StoreText::tr("Cancelled"));
        if (Result<> staged = stager.stage(entry); !staged)
            return staged;
    }
    stager.finish();
    return {};
}

} // namespace cooperage::embedded
