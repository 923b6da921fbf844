#include "core/embedded/runtime/imageusers.h"

#include "core/embedded/store/rootpath.h"

#include <QByteArray>
#include <QList>

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <sys/stat.h>

namespace cooperage::embedded {

static constexpr qint64 s_largest = 10 * 1024 * 1024;

static QList<QByteArray> linesOf(int root, const char *path)
{
    // NONBLOCK: an image may have put a pipe there.
    const Fd fd(openInRoot(root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY));
    struct stat info{};
    if (!fd || ::fstat(fd.get(), &info) != 0 || !S_ISREG(info.st_mode) || info.st_size > s_largest)
        return {};
    QByteArray text;
    std::array<char, 16384> piece;
    ssize_t got = 0;
    while (text.size() <= s_largest && (got = ::read(fd.get(), piece.data(), piece.size())) > 0)
        text.append(piece.data(), got);
    return text.split('\n');
}

ImageUser lookUpUser(int root, std::uint32_t uid, std::uint32_t gid)
{
    ImageUser user;
    user.groups.push_back(gid);
    for (const QByteArray &line : linesOf(root, "/etc/passwd")) {
        const QList<QByteArray> fields = line.split(':');
        bool isNumber = false;
        if (fields.size() < 6 || fields[2].toUInt(&isNumber) != uid || !isNumber)
            continue;
        user.name = fields[0].toStdString();
        if (fields[5].startsWith('/'))
            user.home = fields[5].toStdString();
        break;
    }
    if (user.name.empty())
        return user;
    for (const QByteArray &line : linesOf(root, "/etc/group")) {
        const QList<QByteArray> fields = line.split(':');
        bool isNumber = false;
        const std::uint32_t group = fields.value(2).toUInt(&isNumber);
        if (fields.size() >= 4 && isNumber &&
            fields[3].trimmed().split(',').contains(QByteArray::fromStdString(user.name)) &&
            !std::ranges::contains(user.groups, group))
            user.groups.push_back(group);
    }
    return user;
}

} // namespace cooperage::embedded
