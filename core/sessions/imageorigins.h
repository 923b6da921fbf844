#pragma once

#include "core/sessions/sessionstore.h"

#include <QHash>
#include <QSet>

namespace cooperage::sessions {

/// Where in a Dockerfile a build was when it made an image.
struct BuildPlace
{
    QString dockerfile; ///< Absolute path.
    int step = 0;       ///< Of all steps of the build, from 1.
    int line = 0;       ///< From 1.
};

/// What made an image, as far as builds and sessions of this computer know.
struct ImageOrigin
{
    QString kind{};  ///< kind::build or kind::run.
    QString title{}; ///< "RUN make", the command.
    QString session{};
    QString base{}; ///< What the image grew from: the name it was taken by, or a uuid.
    bool baseIsNamed = false;
    BuildPlace place{}; ///< Its Dockerfile is empty where no build made the image.
};

/// Leads from images back to what made them. For another thread than that of the window where the store is
/// large.
class ImageOrigins
{
public:
    explicit ImageOrigins(SessionStore &store) : m_store(store) {}

    /// Says which line of which Dockerfile a history entry came from.
    [[nodiscard]] Result<> setPlace(qint64 entry, const BuildPlace &place);
    /// By the image's uuid, for up to 1,000 images; those that nothing is known of are left out.
    [[nodiscard]] Result<QHash<QString, ImageOrigin>> of(const QStringList &images);
    /// Images that a build would find again instead of making them.
    [[nodiscard]] Result<QSet<QString>> cached();

private:
    SessionStore &m_store;
};

} // namespace cooperage::sessions
