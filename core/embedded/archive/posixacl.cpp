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

std::optional<std::string> aclOf(archive_entry *entry, int kind, EntryAcls &acls)
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
                acls.lost = true;
                return std::nullopt;
            }
            if (tag == ARCHIVE_ENTRY_ACL_MASK && kind == ARCHIVE_ENTRY_ACL_TYPE_ACCESS)
                acls.mask = permissions & 7;
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
    acls.access = aclOf(entry, ARCHIVE_ENTRY_ACL_TYPE_ACCESS, acls);
    acls.inherited = aclOf(entry, ARCHIVE_ENTRY_ACL_TYPE_DEFAULT, acls);
    return acls;
}

} // namespace cooperage::embedded
