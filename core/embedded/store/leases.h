#pragma once

#include <compare>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace cooperage::embedded {

/// Keeps something of the store from being collected as long as a copy of it lives.
using Lease = std::shared_ptr<const void>;

/// A layer, by the short random name of its folder. An id that came from the store (a committed layer, the
/// layers of an image, a lookup) is a lease as well: while a copy of it lives the layer is not collected,
/// whether an image has it or not. Whoever works on layers keeps their ids and is safe; a commit or import
/// that fails lets go of them, and the layers it made can be collected.
class LayerId
{
public:
    LayerId() = default;
    explicit LayerId(std::string name, Lease lease = {}) : m_name(std::move(name)), m_lease(std::move(lease))
    {
    }

    [[nodiscard]] const std::string &name() const { return m_name; }
    [[nodiscard]] bool empty() const { return m_name.empty(); }
    operator const std::string &() const { return m_name; } // NOLINT(google-explicit-constructor)

    friend bool operator==(const LayerId &a, const LayerId &b) { return a.m_name == b.m_name; }
    friend auto operator<=>(const LayerId &a, const LayerId &b) { return a.m_name <=> b.m_name; }

private:
    std::string m_name;
    Lease m_lease;
};

/// What of a store is in use by this process: in memory, since no other process has the store open.
/// Thread-safe.
class Leases
{
public:
    enum class Kind { Layer, Image, File };
    using Lock = std::unique_lock<std::mutex>;

    /// While it is held nobody gets a new lease: looking a thing up and leasing it is one step, and so is
    /// finding it unused and removing its row. Never begin a transaction under it: take it inside.
    [[nodiscard]] Lock lock() { return Lock(m_mutex); }

    [[nodiscard]] Lease take(const Lock &lock, Kind kind, const std::string &name);
    /// Entries, also of leases that ended a short while ago.
    [[nodiscard]] std::size_t size();
    [[nodiscard]] bool isTaken(const Lock &lock, Kind kind, const std::string &name) const;

private:
    std::mutex m_mutex;
    std::map<std::pair<Kind, std::string>, std::weak_ptr<const void>> m_taken;
    std::size_t m_tidyAt = 1024; ///< With so many entries those that ended are removed.
};

} // namespace cooperage::embedded
