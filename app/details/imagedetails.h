#pragma once

#include "app/details/imagefacts.h"
#include "app/details/imagefile.h"
#include "core/base/error.h"

#include <QHash>
#include <QObject>

#include <functional>
#include <stop_token>

namespace cooperage::engine {
class Engine;
}

namespace cooperage::gui {

class EngineSession;

/// What is known of one image, as it comes from the engine and from the builds and sessions of this computer.
class ImageDetails : public QObject
{
    Q_OBJECT

public:
    ImageDetails(EngineSession *session, const engine::ImageRecord &image, QObject *parent = nullptr);
    ~ImageDetails() override;

    void load();
    [[nodiscard]] EngineSession *session() const { return m_session; }
    /// The engine that has the image; it stays the same when the window turns to another one.
    [[nodiscard]] engine::Engine *engine() const { return m_engine; }
    [[nodiscard]] const engine::ImageRecord &image() const { return m_image; }
    [[nodiscard]] ImageSide side() const;
    [[nodiscard]] const QJsonObject &config() const { return m_config; }
    [[nodiscard]] const QList<HistoryRow> &rows() const { return m_rows; }
    [[nodiscard]] int layerCount() const { return int(m_layers.size()); }
    /// The row of the layer of that number, from 1; an empty row where there is none.
    [[nodiscard]] HistoryRow layerRow(int number) const;
    /// Why nothing can be done with single layers; empty if it can.
    [[nodiscard]] QString missing() const;

    /// The image of the `count` lowest layers, made where there is none yet; `count` 0 is an empty one.
    /// `then` is not called after a failure.
    using Made = std::function<void(const engine::ImageRecord &image)>;
    void makeLayer(int count, QObject *context, Made then);
    [[nodiscard]] ImageSide layerSide(int count, const engine::ImageRecord &image) const;

Q_SIGNALS:
    void configRead();
    void rowsChanged();
    void failed(const cooperage::Error &error);

private:
    void fail(const Error &error);
    /// A step of this computer that led to the image.
    struct Step
    {
        QString image;
        QString title;
        sessions::BuildPlace place;
        QDateTime made;
        bool isBase = false; ///< Brought all its layers; any other step made one.
    };
    [[nodiscard]] static QList<Step> stepsOf(sessions::SessionStore &store, const QString &image);
    void readLineage();
    void countLayers(QList<Step> steps, QList<LayerSource> known, bool isGap);
    void joinRows();

    EngineSession *m_session;
    engine::Engine *m_engine;
    engine::ImageRecord m_image;
    QJsonObject m_config{};
    QList<engine::LayerRecord> m_layers{};
    QList<LayerSource> m_sources{};
    QList<HistoryRow> m_rows{};
    QHash<int, engine::ImageRecord> m_made{}; ///< Images of layers, by their number.
    bool m_offersLayers = false;
    std::stop_source m_stop;
};

} // namespace cooperage::gui
