#include "app/images/imageplaces.h"

#include "app/editor/editortabs.h"
#include "app/images/comparisonplace.h"
#include "app/images/imageplace.h"

using namespace Qt::StringLiterals;

namespace cooperage::gui {

ImagePlaces::ImagePlaces(EngineSession *session, EditorTabs *tabs, QObject *parent)
    : QObject(parent), m_session(session), m_tabs(tabs)
{
}

void ImagePlaces::showImage(const engine::ImageRecord &image)
{
    for (int index = 0; index < m_tabs->count(); ++index) {
        auto *open = qobject_cast<ImagePlace *>(m_tabs->widget(index));
        if (open && open->image().uuid == image.uuid) {
            m_tabs->setCurrentWidget(open);
            return;
        }
    }
    m_tabs->showPlace(new ImagePlace(m_session, image, m_tabs), u"image"_s);
}

void ImagePlaces::compare(const engine::ImageRecord &image, const engine::ImageRecord &base)
{
    m_tabs->showPlace(new ComparisonPlace(m_session, image, base, m_tabs), u"image"_s);
}

} // namespace cooperage::gui
