#include "core/embedded/store/trash.h"

#include "core/embedded/store/fd.h"
#include "core/embedded/store/randomname.h"
#include "core/embedded/store/storetext.h"

#include <QFile>

#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <sys/syscall.h>

namespace cooperage::embedded {

namespace {

// One descriptor per level is open while a tree is removed: what lies deeper than this is moved up first.
constexpr int s_maxDepth = 64;

class TreeRemover
{
public:
    TreeRemover(int top, const std::stop_token &stop) : m_top(top), m_stop(stop) {}

    void remove(int folder, const char *name, int depth)
    {
        if (::unlinkat(folder, name, 0) == 0 || (errno != EISDIR && errno != EPERM))
            return;
        if (depth > s_maxDepth) {
            const std::string above = randomName(16);
            if (::renameat(folder, name, m_top, above.c_str()) == 0)
                m_deeper.push_back(above);
            return;
        }
        emptyFolder(folder, name, depth);
        ::unlinkat(folder, name, AT_REMOVEDIR);
    }

    std::vector<std::string> takeDeeper() { return std::exchange(m_deeper, {}); }

private:
    void emptyFolder(int folder, const char *name, int depth)
    {
        const int fd = ::openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        const std::unique_ptr<DIR, int (*)(DIR *)> entries(fd < 0 ? nullptr : ::fdopendir(fd), ::closedir);
        if (!entries)
            return;
        struct stat own{};
        if (::fstat(fd, &own) != 0 || (m_device != 0 && own.st_dev != m_device))
            return; // A mount that is still there: its content is not ours.
        m_device = own.st_dev;
        while (const dirent *entry = ::readdir(entries.get())) {
            if (m_stop.stop_requested())
                return;
            if (std::strcmp(entry->d_name, ".") != 0 && std::strcmp(entry->d_name, "..") != 0)
                remove(fd, entry->d_name, depth + 1);
        }
    }

    int m_top;
    const std::stop_token &m_stop;
    dev_t m_device = 0;
    std::vector<std::string> m_deeper;
};

} // namespace

void removeTree(int folder, const char *name, const std::stop_token &stop)
{
    TreeRemover remover(folder, stop);
    std::vector<std::string> names{name};
    while (!names.empty() && !stop.stop_requested()) {
        const std::string next = names.back();
        names.pop_back();
        remover.remove(folder, next.c_str(), 0);
        const std::vector<std::string> deeper = remover.takeDeeper();
        if (!deeper.empty()) {
            names.push_back(next); // Its folders are not empty yet.
            names.insert(names.end(), deeper.begin(), deeper.end());
        }
    }
}

Trash::Trash(std::string folder, std::function<void()> emptied)
    : m_folder(std::move(folder)),
      m_emptied(std::move(emptied)),
      m_thread([this](const std::stop_token &stop) { run(stop); })
{
}

Trash::~Trash() = default; // The thread is asked to stop and joined: within one file.

Result<> Trash::discard(const std::string &path)
{
    const std::string target = m_folder + '/' + randomName(16);
    if (::rename(path.c_str(), target.c_str()) != 0 && errno != ENOENT)
        return std::unexpected(systemError(errno, StoreText::tr("Cannot move a folder to the trash"),
                                           QFile::decodeName(path.c_str())));
    const std::lock_guard lock(m_mutex);
    m_filled = true;
    m_wake.notify_one();
    return {};
}

void Trash::run(const std::stop_token &stop)
{
    constexpr int idle = 3 << 13; // IOPRIO_CLASS_IDLE of this thread
    ::syscall(SYS_ioprio_set, 1, 0, idle);
    while (!stop.stop_requested()) {
        {
            std::unique_lock lock(m_mutex);
            if (!m_wake.wait(lock, stop, [this] { return m_filled; }))
                return;
            m_filled = false;
        }
        empty(stop);
        if (m_emptied)
            m_emptied();
    }
}

void Trash::empty(const std::stop_token &stop) const
{
    const int fd = ::open(m_folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const std::unique_ptr<DIR, int (*)(DIR *)> entries(fd < 0 ? nullptr : ::fdopendir(fd), ::closedir);
    if (!entries)
        return;
    std::vector<std::string> names;
    while (const dirent *entry = ::readdir(entries.get()))
        if (std::strcmp(entry->d_name, ".") != 0 && std::strcmp(entry->d_name, "..") != 0)
            names.emplace_back(entry->d_name);
    for (const std::string &name : names)
        removeTree(fd, name.c_str(), stop);
}

} // namespace cooperage::embedded
