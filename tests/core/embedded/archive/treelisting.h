#pragma once

#include "core/base/sha256.h"
#include "core/embedded/archive/entrymetadata.h"
#include "core/embedded/store/fd.h"

#include <algorithm>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <sys/stat.h>
#include <vector>

namespace cooperage::test {

/// Everything about a tree that an image holds: path -> type, mode, owner, seconds, device, target,
/// attributes, content, and which names are one file.
using TreeListing = std::map<std::string, std::string>;

namespace detail {

inline std::string describe(const std::filesystem::path &path, const struct stat &info)
{
    const bool isWhiteout = S_ISCHR(info.st_mode) && info.st_rdev == 0; // Its time is when it was made here.
    char head[200];
    std::snprintf(head, sizeof head, "%o %u:%u %lld", info.st_mode, info.st_uid, info.st_gid,
                  isWhiteout ? 0LL : static_cast<long long>(info.st_mtim.tv_sec));
    std::string text = head;
    if (S_ISCHR(info.st_mode) || S_ISBLK(info.st_mode))
        text += " device " + std::to_string(info.st_rdev);
    if (S_ISLNK(info.st_mode))
        text += " -> " + std::filesystem::read_symlink(path).string();
    if (S_ISREG(info.st_mode)) {
        std::ifstream stream(path);
        Sha256 hash;
        std::vector<char> buffer(1 << 20);
        while (stream.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || stream.gcount() > 0)
            hash.update(QByteArrayView(buffer.data(), stream.gcount()));
        text += ' ' + std::to_string(info.st_size) + ' ' + hash.hexDigest().toStdString();
    }
    const embedded::Fd folder(::open(path.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    const auto attributes = embedded::attributesOf(folder.get(), path.filename());
    for (const auto &[name, value] : attributes.value_or(embedded::Attributes()))
        text += ' ' + name + '=' + QByteArray::fromStdString(value).toHex().toStdString();
    return text;
}

} // namespace detail

inline TreeListing listTree(const std::string &root)
{
    TreeListing listing;
    std::map<ino_t, std::vector<std::string>> names;
    for (const auto &entry : std::filesystem::recursive_directory_iterator(root)) {
        struct stat info{};
        ::lstat(entry.path().c_str(), &info);
        const std::string path = entry.path().string().substr(root.size());
        listing[path] = detail::describe(entry.path(), info);
        if (!S_ISDIR(info.st_mode) && info.st_nlink > 1)
            names[info.st_ino].push_back(path);
    }
    for (auto &[inode, paths] : names) {
        std::ranges::sort(paths);
        for (const std::string &path : paths) {
            if (paths.size() > 1)
                listing[path] += " same as " + paths.front();
        }
    }
    return listing;
}

/// What differs, one line a path; empty if nothing does.
inline QByteArray difference(const TreeListing &is, const TreeListing &expected)
{
    QByteArray text;
    const auto add = [&](const char *what, const std::string &path, const std::string &value) {
        text += QByteArray(what) + QByteArray::fromStdString(path + ": " + value) + '\n';
    };
    for (const auto &[path, value] : expected) {
        const auto found = is.find(path);
        if (found == is.end())
            add("missing ", path, value);
        else if (found->second != value)
            add("is ", path, found->second + "\n   not " + value);
    }
    for (const auto &[path, value] : is) {
        if (!expected.contains(path))
            add("surplus ", path, value);
    }
    return text;
}

} // namespace cooperage::test
