#pragma once

#include "app/details/imagefile.h"
#include "core/base/error.h"
#include "core/engine/values.h"

#include <QWidget>

class QTabWidget;
class QTreeWidget;

namespace cooperage::gui {

class EngineSession;
class FilesTab;
class ImageActions;
class ImageDetails;
class InlineMessage;
class LayersTab;

/// One image in a tab of the window: configuration, history with its layers, files, search, wasted space.
class ImagePlace : public QWidget
{
    Q_OBJECT

public:
    /// `layerActions` are what can be done with an image; the place uses them for its layers.
    ImagePlace(EngineSession *session, const engine::ImageRecord &image, ImageActions *layerActions,
               QWidget *parent = nullptr);

    [[nodiscard]] const engine::ImageRecord &image() const;

Q_SIGNALS:
    void openWanted(const cooperage::gui::ImageFile &file, int line);
    void differenceWanted(const cooperage::gui::ImageFile &before, const cooperage::gui::ImageFile &after);
    void comparisonWanted(const cooperage::gui::ImageSide &image, const cooperage::gui::ImageSide &base);
    void compareWithWanted(const cooperage::gui::ImageSide &image);
    void lineWanted(const QString &dockerfile, int line);
    void compareFileWanted(const cooperage::gui::ImageFile &file);

private:
    QWidget *makeHeading();
    QTreeWidget *makeConfig();
    void makeTabs(ImageActions *layerActions);
    void showConfig();
    void showLayerFiles(int layer);
    void fail(const Error &error);

    ImageDetails *m_details;
    InlineMessage *m_message;
    QTabWidget *m_tabs;
    QTreeWidget *m_config;
    FilesTab *m_files = nullptr;
};

} // namespace cooperage::gui
