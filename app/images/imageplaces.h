#pragma once

#include "core/engine/values.h"

#include <QObject>

namespace cooperage::gui {

class EditorTabs;
class EngineSession;

/// Opens images, and comparisons of two, as tabs of the window.
class ImagePlaces : public QObject
{
    Q_OBJECT

public:
    ImagePlaces(EngineSession *session, EditorTabs *tabs, QObject *parent);

    /// Its tab, if it is open already.
    void showImage(const engine::ImageRecord &image);
    void compare(const engine::ImageRecord &image, const engine::ImageRecord &base);

private:
    EngineSession *m_session;
    EditorTabs *m_tabs;
};

} // namespace cooperage::gui
