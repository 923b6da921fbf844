#pragma once

#include <sys/types.h>

namespace cooperage::embedded {

/// Copies file contents by the cheapest way that works: reflink, copy_file_range, read and write. Holes stay
/// holes. Remembers per object what the two file systems cannot do.
class FileCopier
{
public:
    /// Copies all of `from` (opened for reading, at its start) into the empty file `to`. Returns 0 or an
    /// errno.
    [[nodiscard]] int copy(int from, int to, off_t size);

private:
    [[nodiscard]] int copyData(int from, int to, off_t begin, off_t end);
    [[nodiscard]] int readAndWrite(int from, int to, off_t begin, off_t end);

    bool m_reflink = true;
    bool m_range = true;
};

/// Writes all bytes; 0 or an errno.
[[nodiscard]] int writeBytes(int to, const char *bytes, std::size_t size, off_t offset);

} // namespace cooperage::embedded
