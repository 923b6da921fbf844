#pragma once

#include "core/embedded/store/fd.h"

#include <QByteArray>

#include <string>

namespace cooperage::embedded {

struct Line
{
    qint64 number = 0; ///< From 1.
    qint64 offset = 0; ///< Of its first byte in the file.
    qint64 bytes = 0;  ///< With its line feed.
    QByteArray text{}; ///< Without it, and at most `longest` bytes.
};

/// Reads a file line by line in constant memory. A zero byte makes a file binary: it ends there.
class LineReader
{
public:
    static constexpr qsizetype longest = 8 * 1024;

    explicit LineReader(Fd file) : m_file(std::move(file)) {}
    /// False at the end, and where the file cannot be read on.
    [[nodiscard]] bool next(Line &line);

private:
    [[nodiscard]] bool fill();

    Fd m_file;
    std::string m_block{};
    size_t m_at = 0;
    qint64 m_number = 0;
    qint64 m_offset = 0;
};

} // namespace cooperage::embedded
