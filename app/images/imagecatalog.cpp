#include "app/images/imagecatalog.h"

#include "app/connections/enginesession.h"
#include "app/settings.h"

#include <utility>

using namespace std::chrono_literals;

namespace cooperage::gui {

namespace {

/// All pages of the list.
engine::Task<QList<engine::ImageRecord>> allImages(engine::Engine *engine, bool taggedOnly,
                                                   std::stop_token stop)
{
    QList<engine::ImageRecord> all;
    engine::ImageQuery query{.taggedOnly = taggedOnly};
    while (true) {
        const auto page = co_await engine->images(query, stop);
        if (!page)
            co_return std::unexpected(page.error());
        all.append(*page);
        if (page->size() < query.limit)
            co_return all;
        query.offset += query.limit;
    }
}

} // namespace

ImageCatalog::ImageCatalog(EngineSession *session, QObject *parent)
    : QObject(parent), m_session(session), m_untagged(settings::untaggedImages.get())
{
    connect(session, &EngineSession::stateChanged, this, [this](EngineSession::State state) {
        if (state == EngineSession::State::Ready)
            refresh();
    });
    m_poll.setInterval(15s);
    connect(&m_poll, &QTimer::timeout, this, &ImageCatalog::refresh);
    m_poll.start();
}

ImageCatalog::~ImageCatalog()
{
    m_stop.request_stop();
}

void ImageCatalog::setShowUntagged(bool show)
{
    m_untagged = show;
    settings::untaggedImages.set(show);
    refresh();
}

void ImageCatalog::refresh()
{
    if (m_session->state() != EngineSession::State::Ready)
        return;
    if (std::exchange(m_loading, true)) {
        m_again = true;
        return;
    }
    auto task = allImages(m_session->engine(), !m_untagged, m_stop.get_token());
    QCoro::connect(std::move(task), this, [this](const Result<QList<engine::ImageRecord>> &images) {
        m_loading = false;
        if (!images) {
            fail(images.error());
            return;
        }
        m_loaded = true;
        m_images = *images;
        Q_EMIT changed();
        if (std::exchange(m_again, false))
            refresh();
    });
}

void ImageCatalog::setTag(const QString &image, const QString &tag)
{
    QCoro::connect(m_session->engine()->setTag(image, tag), this,
                   [this](const Result<engine::ImageRecord> &tagged) {
                       if (!tagged) {
                           fail(tagged.error());
                           return;
                       }
                       refresh();
                   });
}

void ImageCatalog::removeTag(const engine::ImageRecord &image)
{
    QCoro::connect(m_session->engine()->removeTag(image.uuid, image.tag), this,
                   [this, image](const Result<> &removed) {
                       if (!removed) {
                           fail(removed.error());
                           return;
                       }
                       Q_EMIT tagRemoved(image);
                       refresh();
                   });
}

void ImageCatalog::fail(const Error &error)
{
    m_session->report(error);
    Q_EMIT failed(error);
}

} // namespace cooperage::gui
