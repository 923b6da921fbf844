#pragma once

#include <string>

namespace cooperage::embedded {

/// A little space in reserve on the store's disk. To open a store and to collect what it does not need,
/// SQLite has to write first: on a full disk the reserve is given away for that. Thread-safe.
class Ballast
{
public:
    /// `path`: the file that takes the space.
    explicit Ballast(std::string path) : m_path(std::move(path)) {}

    /// Gives it away if less than that is free.
    void release() const;
    /// Takes it, if it is not taken and there is plenty.
    void restore() const;

private:
    std::string m_path;
};

} // namespace cooperage::embedded
