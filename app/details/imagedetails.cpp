#include "app/details/imagedetails.h"

#include "app/background.h"
#include "app/connections/enginesession.h"
#include "app/images/imageactions.h"
#include "core/engine/engine.h"
#include "core/sessions/lineage.h"

using namespace Qt::StringLiterals;

namespace cooperage::gui {

// One question to the engine per step.
static constexpr qsizetype mostSteps = 200;

ImageDetails::ImageDetails(EngineSession *session, const engine::ImageRecord &image, QObject *parent)
    : QObject(parent),
      m_session(session),
      m_engine(session->engine()),
      m_image(image),
      m_offersLayers(session->info().offers(engine::extension::layers))
{
}

ImageDetails::~ImageDetails()
{
    m_stop.request_stop();
}

ImageSide ImageDetails::side() const
{
    return {m_image.uuid, referenceOf(m_image), m_engine};
}

QString ImageDetails::missing() const
{
    return m_offersLayers ? QString()
                          : tr("%1 does not tell what layers an image has.").arg(m_session->info().name);
}

void ImageDetails::fail(const Error &error)
{
    if (error.kind == ErrorKind::Cancelled)
        return;
    m_session->report(error);
    Q_EMIT failed(error);
}

void ImageDetails::load()
{
    QCoro::connect(m_engine->imageConfig(m_image.uuid, m_stop.get_token()), this,
                   [this](const Result<QJsonObject> &config) {
                       if (!config) {
                           fail(config.error());
                           return;
                       }
                       m_config = *config;
                       Q_EMIT configRead();
                       joinRows();
                   });
    if (!m_offersLayers)
        return;
    QCoro::connect(m_engine->layers(m_image.uuid, m_stop.get_token()), this,
                   [this](const Result<QList<engine::LayerRecord>> &layers) {
                       if (!layers) {
                           fail(layers.error());
                           return;
                       }
                       m_layers = *layers;
                       joinRows();
                       readLineage();
                   });
}

QList<ImageDetails::Step> ImageDetails::stepsOf(sessions::SessionStore &store, const QString &image)
{
    const auto lineage = sessions::lineageOf(store, image);
    if (!lineage)
        return {};
    const auto entries = lineage->last(std::min(lineage->size(), mostSteps));
    QStringList images;
    for (const sessions::HistoryEntry &entry : entries)
        images.append(entry.image);
    const auto origins = sessions::ImageOrigins(store).of(images);
    QList<Step> steps;
    for (const sessions::HistoryEntry &entry : entries)
        steps.append({.image = entry.image,
                      .title = entry.title,
                      .place = origins ? origins->value(entry.image).place : sessions::BuildPlace{},
                      .made = entry.createdAt,
                      .isBase = entry.kind == sessions::kind::use || entry.title.startsWith("FROM "_L1)});
    return steps;
}

void ImageDetails::readLineage()
{
    const auto store = m_session->store();
    if (!store)
        return;
    inBackground(
        this,
        [file = (*store)->file(), scope = (*store)->engineScope(), image = m_image.uuid]() {
            const auto own = sessions::SessionStore::open(file, scope);
            return own ? stepsOf(**own, image) : QList<Step>();
        },
        [this](const QList<Step> &steps) { countLayers(steps, {}, false); });
}

// A step is found again in the image by the number of layers that its own image has. Where that image is gone
// the layers below the next one's highest may be of either.
void ImageDetails::countLayers(QList<Step> steps, QList<LayerSource> known, bool isGap)
{
    if (steps.isEmpty()) {
        m_sources = known;
        joinRows();
        return;
    }
    const Step step = steps.takeFirst();
    QCoro::connect(m_engine->layers(step.image, m_stop.get_token()), this,
                   [this, step, steps, known, isGap](const Result<QList<engine::LayerRecord>> &layers) {
                       if (!layers && layers.error().kind != ErrorKind::NotFound)
                           return;
                       const int below = known.isEmpty() ? 0 : known.last().last;
                       const int count = layers ? int(layers->size()) : 0;
                       QList<LayerSource> more = known;
                       if (count > below)
                           more.append(
                               {.first = isGap || (known.isEmpty() && !step.isBase) ? count : below + 1,
                                .last = count,
                                .text = step.title,
                                .place = step.place,
                                .made = step.made});
                       countLayers(steps, more, !layers);
                   });
}

void ImageDetails::joinRows()
{
    m_rows = historyRows(m_config, m_layers);
    nameSources(&m_rows, m_sources);
    Q_EMIT rowsChanged();
}

HistoryRow ImageDetails::layerRow(int number) const
{
    const auto found = std::ranges::find(m_rows, number, &HistoryRow::count);
    return number < 1 || found == m_rows.end() ? HistoryRow{} : *found;
}

void ImageDetails::makeLayer(int count, QObject *context, Made then)
{
    if (count == 0 || count == layerCount()) {
        then(count == 0 ? engine::ImageRecord{} : m_image);
        return;
    }
    if (const auto made = m_made.constFind(count); made != m_made.cend()) {
        then(*made);
        return;
    }
    QCoro::connect(m_engine->layerImage(m_image.uuid, count, m_stop.get_token()), context,
                   [this, count, then](const Result<engine::ImageRecord> &image) {
                       if (!image) {
                           fail(image.error());
                           return;
                       }
                       m_made.insert(count, *image);
                       then(*image);
                   });
}

ImageSide ImageDetails::layerSide(int count, const engine::ImageRecord &image) const
{
    if (count == 0)
        return {{}, tr("nothing"), m_engine};
    if (count == layerCount())
        return side();
    return {image.uuid, tr("%1, layer %2").arg(referenceOf(m_image)).arg(count), m_engine};
}

} // namespace cooperage::gui
