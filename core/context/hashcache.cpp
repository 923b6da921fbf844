#include "core/context/hashcache.h"

#include "core/base/sha256.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

#include <array>
#include <cstring>

namespace cooperage::context {

namespace {

constexpr quint32 keepDays = 30;
constexpr qsizetype checksumSize = 64;

// In the machine's byte order: another one's file has another magic and does not count.
struct Header
{
    quint64 magic = 0x31687361'706f6f63;
    quint64 recordSize = 0;
};

struct Record
{
    FileKey key{};
    quint32 lastUsed = 0;
    quint32 unused = 0;
    std::array<char, 32> digest{};
};
static_assert(std::is_trivially_copyable_v<Record> && sizeof(Record) == 80);

quint32 today()
{
    return quint32(QDateTime::currentSecsSinceEpoch() / 86400);
}

} // namespace

size_t qHash(const FileKey &key, size_t seed)
{
    return qHashMulti(seed, key.device, key.inode, key.size, key.mtimeNs, key.ctimeNs);
}

HashCache::HashCache(QString file) : m_file(std::move(file))
{
    load();
}

void HashCache::load()
{
    QFile file(m_file);
    if (m_file.isEmpty() || !file.open(QIODevice::ReadOnly))
        return;
    const QByteArray bytes = file.readAll();
    const qsizetype size = bytes.size() - qsizetype(sizeof(Header)) - checksumSize;
    if (size < 0 || size % qsizetype(sizeof(Record)) != 0)
        return;
    Header header;
    std::memcpy(&header, bytes.constData(), sizeof(Header));
    if (header.magic != Header().magic || header.recordSize != sizeof(Record) ||
        Sha256::hex(QByteArrayView(bytes).chopped(checksumSize)) != bytes.last(checksumSize))
        return;
    const char *at = bytes.constData() + sizeof(Header);
    m_values.reserve(m_values.size() + size / qsizetype(sizeof(Record)));
    for (const char *end = at + size; at < end; at += sizeof(Record)) {
        Record record;
        std::memcpy(&record, at, sizeof(Record));
        if (!m_values.contains(record.key))
            m_values.insert(record.key, {QByteArray(record.digest.data(), qsizetype(record.digest.size())),
                                         record.lastUsed});
    }
}

std::optional<QByteArray> HashCache::find(const FileKey &key)
{
    const QMutexLocker lock(&m_mutex);
    const auto value = m_values.find(key);
    if (value == m_values.end())
        return std::nullopt;
    if (value->lastUsed != today()) {
        value->lastUsed = today();
        m_changed = true;
    }
    return value->digest.toHex();
}

void HashCache::add(const FileKey &key, const QByteArray &sha256)
{
    const QMutexLocker lock(&m_mutex);
    m_values.insert(key, {QByteArray::fromHex(sha256), today()});
    m_changed = true;
}

void HashCache::save()
{
    const QMutexLocker lock(&m_mutex);
    if (m_file.isEmpty() || !m_changed || !QDir().mkpath(QFileInfo(m_file).absolutePath()))
        return;
    load();
    const Header header{.recordSize = sizeof(Record)};
    QByteArray bytes(reinterpret_cast<const char *>(&header), sizeof(Header));
    bytes.reserve(bytes.size() + m_values.size() * qsizetype(sizeof(Record)) + checksumSize);
    for (auto value = m_values.cbegin(); value != m_values.cend(); ++value) {
        if (value->lastUsed + keepDays < today())
            continue;
        Record record{.key = value.key(), .lastUsed = value->lastUsed};
        std::memcpy(record.digest.data(), value->digest.constData(), record.digest.size());
        bytes.append(reinterpret_cast<const char *>(&record), sizeof(Record));
    }
    bytes.append(Sha256::hex(bytes));
    QSaveFile file(m_file);
    if (file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit())
        m_changed = false;
}

} // namespace cooperage::context
