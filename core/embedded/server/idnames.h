#pragma once

#include "core/embedded/store/fd.h"

#include <QJsonValue>
#include <QString>

#include <cstdint>
#include <map>

namespace cooperage::embedded {

/// Names of users and groups by the image's own /etc/passwd and /etc/group, read without the C library's
/// lookups: those would ask this machine.
class IdNames
{
public:
    /// `root`: an open folder, the image's root.
    explicit IdNames(const Fd &root);

    /// The name, or the number where there is none.
    [[nodiscard]] QJsonValue user(std::uint32_t id) const { return nameIn(m_users, id); }
    [[nodiscard]] QJsonValue group(std::uint32_t id) const { return nameIn(m_groups, id); }

private:
    using Names = std::map<std::uint32_t, QString>;
    [[nodiscard]] static Names read(const Fd &root, const char *path);
    [[nodiscard]] static QJsonValue nameIn(const Names &names, std::uint32_t id);

    Names m_users;
    Names m_groups;
};

} // namespace cooperage::embedded
