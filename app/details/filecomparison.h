#pragma once

#include "app/details/filetext.h"
#include "app/details/imagefile.h"
#include "core/base/linediff.h"

#include <QObject>

#include <stop_token>

namespace cooperage::gui {

/// How two files differ, for showing it.
struct FileComparison
{
    bool isText = true; ///< Otherwise bytes were compared, and `isEqual` says how it went.
    bool isEqual = false;
    LineDiff diff{};
    QString summary{}; ///< One sentence.
    QString note{};    ///< What else the user should know; may be empty.

    /// As a unified diff: only what changed with some lines around it, or all lines.
    [[nodiscard]] QString unified(const ImageFile &before, const ImageFile &after, bool everything) const;
};

/// Reads two files and compares them: by lines, or by their bytes where one of them is no text or large.
class FileComparer : public QObject
{
    Q_OBJECT

public:
    FileComparer(ImageFile before, ImageFile after, QObject *parent = nullptr);
    ~FileComparer() override;

Q_SIGNALS:
    void compared(const cooperage::gui::FileComparison &comparison);
    void failed(const cooperage::Error &error);

private:
    engine::Task<FileComparison> compare(ImageFile before, ImageFile after);

    std::stop_source m_stop;
};

} // namespace cooperage::gui
