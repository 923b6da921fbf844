#pragma once

#include "core/base/error.h"
#include "core/context/foldercontext.h"
#include "core/context/hashcache.h"

#include <QByteArrayList>
#include <QString>

#include <optional>
#include <utility>

namespace cooperage::context {

/// Owns an open file descriptor.
class FileDescriptor
{
public:
    explicit FileDescriptor(int fd = -1) : m_fd(fd) {}
    ~FileDescriptor();
    FileDescriptor(FileDescriptor &&other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}
    FileDescriptor &operator=(FileDescriptor &&other) noexcept
    {
        std::swap(m_fd, other.m_fd);
        return *this;
    }

    [[nodiscard]] int get() const { return m_fd; }
    [[nodiscard]] bool isOpen() const { return m_fd >= 0; }

private:
    int m_fd = -1;
};

/// A thing on disk and what tells its content from an older one.
struct Found
{
    Entry entry;
    FileKey key;
    QByteArray sha256{};   ///< Files only, where it was asked for.
    bool hasTwins = false; ///< A file with several names (hard links).
};

/// The folder of a context. Every look at the disk goes through its descriptor, name by name and without
/// following links, so that nothing outside can be reached, not even by links that change meanwhile.
///
/// A "place" is a path relative to the root, empty for the root itself, that has no link on its way.
class ContextRoot
{
public:
    [[nodiscard]] static Result<ContextRoot> open(const QString &folder);

    [[nodiscard]] const QString &path() const { return m_path; } ///< Absolute, links resolved.
    [[nodiscard]] QString hostPath(const QString &place) const;

    /// Follows the links of a relative path as if the root were "/". NotFound if a part of it is missing.
    [[nodiscard]] Result<QString> placeOf(const QString &path) const;
    /// Opens a place; a link or a missing part on the way is an error.
    [[nodiscard]] Result<FileDescriptor> openPlace(const QString &place, int flags) const;
    /// std::nullopt for what no image can hold: sockets.
    [[nodiscard]] Result<std::optional<Found>> look(const QString &place) const;
    /// Names in a folder, sorted by their bytes.
    [[nodiscard]] Result<QByteArrayList> names(const QString &folder) const;

    /// The same for an open folder; `path` is that of the entry, or of the folder.
    [[nodiscard]] Result<std::optional<Found>> lookAt(int folder, const QByteArray &name,
                                                      const QString &path) const;
    [[nodiscard]] Result<QByteArrayList> namesIn(int folder, const QString &path) const;
    /// Extended attributes of a place that can be part of an image: capabilities, user.* and ACLs.
    [[nodiscard]] QMap<QString, QByteArray> xattrs(const QString &place) const;
    /// What an open file is now.
    [[nodiscard]] Result<std::optional<Found>> lookAtOpen(int file, const QString &path) const;

    /// A failed system call in words.
    [[nodiscard]] Error errorOf(int errnoValue, const QString &path) const;

private:
    QString m_path;
    FileDescriptor m_folder;
};

} // namespace cooperage::context
