#include "core/embedded/archive/posixacl.h"

#include <QtEndian>

#include <archive.h>
#include <archive_entry.h>
#include <array>

namespace cooperage::embedded {

namespace {

// The attribute: a version, then entries of tag, permissions and id, all little-endian
// (linux/posix_acl_xattr.h).
constexpr quint32 version = 2;
constexpr size_t headSize = 4;
constexpr size_t entrySize = 8;
constexpr quint32 noId = 0xffffffff;

struct Tag
{
    quint16 kernel;
    int archive;
    bool hasId;
};
// In the order that the kernel wants them in.
constexpr std::array tags{
    Tag{0x01, ARCHIVE_ENTRY_ACL_USER_OBJ, false},  Tag{0x02, ARCHIVE_ENTRY_ACL_USER, true},
    Tag{0x04, ARCHIVE_ENTRY_ACL_GROUP_OBJ, false}, Tag{0x08, ARCHIVE_ENTRY_ACL_GROUP, true},
    Tag{0x10, ARCHIVE_ENTRY_ACL_MASK, false},      Tag{0x20, ARCHIVE_ENTRY_ACL_OTHER, false}};

template <typename T>
void append(std::string &bytes, T value)
{
    std::array<char, sizeof(T)> raw{};
    qToLittleEndian(value, raw.data());
    bytes.append(raw.data(), raw.size());
}

std::optional<std::string> aclOf(archive_entry *entry, int kind, bool &lost)
{
    std::array<std::string, tags.size()> parts;
    if (archive_entry_acl_reset(entry, kind) == 0)
        return std::nullopt;
    int type = 0;
    int permissions = 0;
    int tag = 0;
    int id = 0;
    const char *name = nullptr;
    while (archive_entry_acl_next(entry, kind, &type, &permissions, &tag, &id, &name) == ARCHIVE_OK) {
        for (size_t i = 0; i < tags.size(); ++i) {
            if (tags[i].archive != tag)
                continue;
            if (tags[i].hasId && id < 0) {
                lost = true;
                return std::nullopt;
            }
            append<quint16>(parts[i], tags[i].kernel);
            append<quint16>(parts[i], static_cast<quint16>(permissions & 7));
            append<quint32>(parts[i], tags[i].hasId ? static_cast<quint32>(id) : noId);
        }
    }
    std::string value;
    append<quint32>(value, version);
    for (const std::string &part : parts)
        value += part;
    return value;
}

} // namespace

EntryAcls aclsOf(archive_entry *entry)
{
    EntryAcls acls;
    acls.access = aclOf(entry, ARCHIVE_ENTRY_ACL_TYPE_ACCESS, acls.lost);
    acls.inherited = aclOf(entry, ARCHIVE_ENTRY_ACL_TYPE_DEFAULT, acls.lost);
    return acls;
}

void addAcl(archive_entry *entry, const std::string &name, const std::string &value)
{
    const int kind = name == defaultAcl ? ARCHIVE_ENTRY_ACL_TYPE_DEFAULT : ARCHIVE_ENTRY_ACL_TYPE_ACCESS;
    if (value.size() < headSize || qFromLittleEndian<quint32>(value.data()) != version)
        return;
    for (size_t at = headSize; at + entrySize <= value.size(); at += entrySize) {
        const auto kernelTag = qFromLittleEndian<quint16>(value.data() + at);
        const auto permissions = qFromLittleEndian<quint16>(value.data() + at + 2);
        const auto id = qFromLittleEndian<quint32>(value.data() + at + 4);
        for (const Tag &tag : tags) {
            if (tag.kernel == kernelTag)
                archive_entry_acl_add_entry(entry, kind, permissions & 7, tag.archive,
                                            tag.hasId ? static_cast<int>(id) : -1, "");
        }
    }
}

} // namespace cooperage::embedded
