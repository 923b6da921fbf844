#pragma once

#include "core/engine/values.h"
#include "core/sessions/imageorigins.h"

#include <QList>

/// What documents of an image say, in rows.
namespace cooperage::gui {

/// What an OCI config says, as names and values for people.
[[nodiscard]] QList<std::pair<QString, QString>> configRows(const QJsonObject &config);

/// One line of an image's history.
struct HistoryRow
{
    QString text;
    QString created{};
    qint64 size = -1; ///< -1: it made no layer.
    QString layer{};  ///< The layer's digest, where known.
    int count = 0;    ///< The layer's number from the bottom, from 1; 0: it made no layer.
    QString source{}; ///< The line of a Dockerfile, or the command, that made it on this computer.
    sessions::BuildPlace place{}; ///< Where that line stands, where known.
};

/// History entries with the layers that they made, bottom to top; layers without an entry come as they are.
[[nodiscard]] QList<HistoryRow> historyRows(const QJsonObject &config,
                                            const QList<engine::LayerRecord> &layers);

/// A step of this computer and the layers that it made, numbered from 1 at the bottom.
struct LayerSource
{
    int first = 1;
    int last = 0;
    QString text; ///< "RUN make"
    sessions::BuildPlace place{};
    QDateTime made{};
};

/// Says of layers which step made them.
void nameSources(QList<HistoryRow> *rows, const QList<LayerSource> &sources);

/// "Layer 3: RUN make", for lists and titles.
[[nodiscard]] QString layerTitle(const HistoryRow &row);
/// "api/Dockerfile:4"; empty where not known.
[[nodiscard]] QString placeName(const HistoryRow &row);
/// The step that made a layer, in one line: the Dockerfile's where known, else the image's own history.
[[nodiscard]] QString stepText(const HistoryRow &row);

} // namespace cooperage::gui
