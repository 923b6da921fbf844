#pragma once

#include "app/storage/prunework.h"
#include "core/base/error.h"
#include "core/engine/storagevalues.h"
#include "core/sessions/imageorigins.h"

#include <QObject>

#include <stop_token>

namespace cooperage::gui {

class EngineSession;

/// What takes space at the engine of now, and freeing some of it.
class StorageController : public QObject
{
    Q_OBJECT

public:
    enum class State { Waiting, Reading, Ready, Freeing, Failed };

    explicit StorageController(EngineSession *session, QObject *parent = nullptr);
    ~StorageController() override;

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] const engine::StorageReport &report() const { return m_report; }
    /// Empty until the engine has answered.
    [[nodiscard]] QList<SpaceUse> uses() const;
    [[nodiscard]] const PruneChoice &choice() const { return m_choice; }
    [[nodiscard]] const PrunePlan &plan() const { return m_plan; }
    /// Whether a build would find the image again instead of making it.
    [[nodiscard]] bool isCached(const QString &image) const { return m_cached.contains(image); }
    [[nodiscard]] sessions::ImageOrigin origin(const QString &image) const { return m_origins.value(image); }
    /// How many images of the plan go, and what they add.
    [[nodiscard]] QList<engine::StorageImage> going() const;

    /// Asks the engine, and rehearses the choice.
    void refresh();
    void choose(const PruneChoice &choice);
    /// Frees what the plan says; images that got a tag meanwhile stay.
    void free();
    /// Those images that are gone are gone.
    void cancel();

Q_SIGNALS:
    void changed();
    void progressed(int done, int total);
    /// `freed`: bytes given back; `images`: how many went, of `wanted`.
    void freed(qint64 bytes, int images, int wanted);
    void failed(const cooperage::Error &error);

private:
    struct Known
    {
        QSet<QString> cached{};
        QHash<QString, sessions::ImageOrigin> origins{};
        qint64 bytes = 0;
    };

    void readSessions();
    void rehearse();
    void makePlan();
    void set(State state);
    void fail(const Error &error, const engine::Engine *asked);

    EngineSession *m_session;
    State m_state = State::Waiting;
    engine::StorageReport m_report;
    PruneChoice m_choice;
    PrunePlan m_plan;
    QSet<QString> m_cached;
    QHash<QString, sessions::ImageOrigin> m_origins;
    Rehearsed m_rehearsed;
    qint64 m_sessionBytes = 0; ///< Of the sessions' database.
    int m_attempt = 0;         ///< Answers to earlier questions are out of date.
    std::stop_source m_stop;
};

} // namespace cooperage::gui
