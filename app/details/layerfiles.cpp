#include "app/details/layerfiles.h"

#include "app/background.h"
#include "app/details/imagedetails.h"
#include "core/engine/engine.h"

namespace cooperage::gui {

LayerFiles::LayerFiles(ImageDetails *details, QObject *parent) : QObject(parent), m_details(details) {}

LayerFiles::~LayerFiles()
{
    m_stop.request_stop();
}

void LayerFiles::read(int layer)
{
    m_stop.request_stop();
    m_stop = {};
    m_wanted = layer;
    if (layer == 0) {
        Q_EMIT ready({.image = m_details->side()});
        return;
    }
    m_details->makeLayer(layer, this, [this, layer](const engine::ImageRecord &image) {
        m_details->makeLayer(layer - 1, this, [this, layer, image](const engine::ImageRecord &base) {
            if (m_wanted == layer)
                askForChanges({.layer = layer,
                               .image = m_details->layerSide(layer, image),
                               .base = m_details->layerSide(layer - 1, base)});
        });
    });
}

void LayerFiles::askForChanges(const FilesSource &source)
{
    QCoro::connect(m_details->engine()->diff(source.image.uuid, source.base.uuid, QStringLiteral("/"),
                                             mostChanges, m_stop.get_token()),
                   this, [this, source](const Result<engine::ImageDiff> &diff) {
                       if (!diff) {
                           if (diff.error().kind != ErrorKind::Cancelled)
                               Q_EMIT failed(diff.error());
                           return;
                       }
                       inBackground(
                           this,
                           [source, changes = diff->changes, truncated = diff->truncated] {
                               FilesSource full = source;
                               full.changes = ChangeIndex(changes);
                               full.truncated = truncated;
                               return full;
                           },
                           [this](const FilesSource &full) {
                               if (m_wanted == full.layer)
                                   Q_EMIT ready(full);
                           });
                   });
}

} // namespace cooperage::gui
