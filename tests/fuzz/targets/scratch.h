#pragma once

#include <QByteArray>

#include <string>

namespace cooperage::fuzz {

/// A folder in memory, gone with the object: inputs are many.
class Scratch
{
public:
    Scratch();
    ~Scratch();
    Scratch(const Scratch &) = delete;
    Scratch &operator=(const Scratch &) = delete;

    [[nodiscard]] std::string path(const std::string &below = {}) const;
    void makeFolder(const std::string &below) const;
    void write(const std::string &below, const QByteArray &bytes) const;

private:
    std::string m_name;
};

/// Bytes as an open file; the caller closes it.
[[nodiscard]] int fileOf(const QByteArray &bytes);

} // namespace cooperage::fuzz
