#pragma once

#include "core/base/error.h"

#include <QDateTime>

namespace cooperage::gui {

/// By what a change of a file by somebody else is noticed.
struct FileStamp
{
    QDateTime modified;
    qint64 size = -1;

    [[nodiscard]] static FileStamp of(const QString &path);
    bool operator==(const FileStamp &) const = default;
};

/// A text file as the editor has it: lines end in '\n'; how they end on disk is remembered.
struct TextFile
{
    QString text;
    bool windowsLineEnds = false;
    bool byteOrderMark = false;
    FileStamp stamp{};
};

/// Refuses what the editor could not write back unchanged: binary files, other encodings, more than 8 MiB.
/// Touches the disk, as `writeTextFile` does: not for the GUI's thread.
[[nodiscard]] Result<TextFile> readTextFile(const QString &path);

/// Replaces the file's contents in one step, keeping its permissions. Returns the new stamp.
[[nodiscard]] Result<FileStamp> writeTextFile(const QString &path, const TextFile &file);

} // namespace cooperage::gui
