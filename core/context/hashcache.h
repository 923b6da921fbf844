#pragma once

#include <QByteArray>
#include <QHash>
#include <QMutex>
#include <QString>

#include <optional>

namespace cooperage::context {

/// What tells a file's content from any other one's without reading it.
struct FileKey
{
    quint64 device = 0;
    quint64 inode = 0;
    qint64 size = 0;
    qint64 mtimeNs = 0;
    qint64 ctimeNs = 0;

    bool operator==(const FileKey &) const = default;
};

[[nodiscard]] size_t qHash(const FileKey &key, size_t seed = 0);

/// SHA-256 digests of files that have been read before. Thread-safe; several processes may use the same file:
/// each adds to what it finds there. A missing or damaged file is an empty cache.
class HashCache
{
public:
    /// An empty `file`: only in memory.
    explicit HashCache(QString file);

    /// 64 hex digits.
    [[nodiscard]] std::optional<QByteArray> find(const FileKey &key);
    void add(const FileKey &key, const QByteArray &sha256);
    /// Writes what is new to the file. A failure costs only time later.
    void save();

private:
    struct Value
    {
        QByteArray digest;    ///< 32 bytes.
        quint32 lastUsed = 0; ///< Days since 1970.
    };

    void load();

    QString m_file;
    QMutex m_mutex;
    QHash<FileKey, Value> m_values;
    bool m_changed = false;
};

} // namespace cooperage::context
