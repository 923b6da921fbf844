#include "core/embedded/server/idnames.h"

#include "core/embedded/store/rootpath.h"

#include <QByteArray>
#include <QList>

#include <fcntl.h>

namespace cooperage::embedded {

// More than any real file; an image may hold anything.
static constexpr qsizetype mostBytes = 1024 * 1024;

IdNames::IdNames(const Fd &root) : m_users(read(root, "/etc/passwd")), m_groups(read(root, "/etc/group")) {}

IdNames::Names IdNames::read(const Fd &root, const char *path)
{
    Names names;
    // Not blocking: the path may be a FIFO.
    const Fd fd(openInRoot(root.get(), path, O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    if (!fd)
        return names;
    QByteArray bytes(mostBytes, Qt::Uninitialized);
    qsizetype size = 0;
    ssize_t got = 0;
    while (size < mostBytes &&
           (got = ::read(fd.get(), bytes.data() + size, static_cast<size_t>(mostBytes - size))) > 0)
        size += got;
    bytes.truncate(size);
    for (const QByteArray &line : bytes.split('\n')) {
        const QList<QByteArray> fields = line.split(':');
        bool good = false;
        const std::uint32_t id = fields.size() > 2 ? fields[2].toUInt(&good) : 0;
        if (good && !fields[0].isEmpty())
            names.try_emplace(id, QString::fromUtf8(fields[0])); // The first of several is the usual one.
    }
    return names;
}

QJsonValue IdNames::nameIn(const Names &names, std::uint32_t id)
{
    const auto found = names.find(id);
    if (found == names.end())
        return static_cast<qint64>(id);
    return found->second;
}

} // namespace cooperage::embedded
