#pragma once

#include "core/base/error.h"
#include "core/engine/values.h"

#include <QObject>
#include <QTimer>

#include <stop_token>

namespace cooperage::gui {

class EngineSession;

/// The engine's images as last heard, and the changes of their tags that a user can ask for.
class ImageCatalog : public QObject
{
    Q_OBJECT

public:
    explicit ImageCatalog(EngineSession *session, QObject *parent = nullptr);
    ~ImageCatalog() override;

    [[nodiscard]] EngineSession *session() const { return m_session; }
    [[nodiscard]] const QList<engine::ImageRecord> &images() const { return m_images; }
    [[nodiscard]] bool isLoaded() const { return m_loaded; } ///< False until the first answer.
    [[nodiscard]] bool showsUntagged() const { return m_untagged; }
    void setShowUntagged(bool show);

    /// Asks the engine again; several calls at once become one.
    void refresh();
    void setTag(const QString &image, const QString &tag);
    void removeTag(const engine::ImageRecord &image);

Q_SIGNALS:
    void changed();
    void tagRemoved(const cooperage::engine::ImageRecord &image);
    void failed(const cooperage::Error &error);

private:
    void fail(const Error &error);

    EngineSession *m_session;
    QList<engine::ImageRecord> m_images;
    std::stop_source m_stop;
    QTimer m_poll; ///< Other programs change images too.
    bool m_loaded = false;
    bool m_loading = false;
    bool m_again = false; ///< Asked for while an answer was under way.
    bool m_untagged = false;
};

} // namespace cooperage::gui
