#pragma once

#include "app/details/changeindex.h"
#include "app/details/imagefile.h"
#include "core/base/error.h"

#include <QObject>

#include <stop_token>

namespace cooperage::gui {

class ImageDetails;

/// What a file tree is made of: an image, and perhaps what its top layer did.
struct FilesSource
{
    int layer = 0; ///< 0: the whole image, without marks.
    ImageSide image{};
    ImageSide base{}; ///< Without the layer.
    ChangeIndex changes{};
    bool truncated = false; ///< There are more changes than are known here.
};

/// Finds out what a layer did: makes the images that need be, asks for the difference, sorts it.
class LayerFiles : public QObject
{
    Q_OBJECT

public:
    explicit LayerFiles(ImageDetails *details, QObject *parent = nullptr);
    ~LayerFiles() override;

    /// An earlier request is dropped.
    void read(int layer);
    /// So many changes are kept.
    static constexpr int mostChanges = 100'000;

Q_SIGNALS:
    void ready(const cooperage::gui::FilesSource &source);
    void failed(const cooperage::Error &error);

private:
    void askForChanges(const FilesSource &source);

    ImageDetails *m_details;
    int m_wanted = 0;
    std::stop_source m_stop;
};

} // namespace cooperage::gui
