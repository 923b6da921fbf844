#pragma once

#include "app/details/imagefile.h"

#include <QObject>

#include <functional>

namespace cooperage::gui {

class ComparisonPlace;
class EditorTabs;
class ImageActions;
class ImageCatalog;
class ImagePlace;

/// Opens images, files of them, and comparisons of two as tabs of the window.
class ImagePlaces : public QObject
{
    Q_OBJECT

public:
    /// What is wanted of a layer is signalled by `actions`, as if an image of its list had been chosen.
    ImagePlaces(ImageCatalog *catalog, ImageActions *actions, EditorTabs *tabs, QWidget *window);

    /// Its tab, if it is open already.
    void showImage(const engine::ImageRecord &image);
    void compare(const engine::ImageRecord &image, const engine::ImageRecord &base);
    void compareSides(const ImageSide &image, const ImageSide &base);
    /// Read-only; its tab, if it is open already.
    void openFile(const ImageFile &file, int line);
    void compareFiles(const ImageFile &before, const ImageFile &after);

private:
    void openLine(const QString &dockerfile, int line);
    void follow(ImagePlace *place);
    void chooseSide(const QString &subject, std::function<void(const ImageSide &)> then);

    ImageCatalog *m_catalog;
    ImageActions *m_layerActions;
    EditorTabs *m_tabs;
    QWidget *m_window;
};

} // namespace cooperage::gui
