#pragma once

#include "core/engine/engine.h"

#include <QElapsedTimer>
#include <QObject>

#include <memory>
#include <stop_token>
#include <vector>

namespace cooperage::gui {

class EngineSession;

/// An image on its way into the engine or out of it.
struct Transfer
{
    enum class Kind { Import, Export, Push };
    enum class State { Waiting, Running, Done, Failed, Cancelled };

    int id = 0;
    Kind kind = Kind::Import;
    State state = State::Waiting;
    QString what{};  ///< The reference or file.
    QString where{}; ///< Where it goes: a tag, a file, a reference.
    qint64 done = 0;
    qint64 total = -1;
    double bytesPerSecond = 0;
    Error error{};
    QString result{}; ///< In words; with State::Done.
    QString engine{}; ///< Name of the engine that it goes to or comes from, whichever the window shows.

    [[nodiscard]] bool isOver() const { return state != State::Waiting && state != State::Running; }
};

/// Imports, exports and pushes, three at a time, in the order in which they were asked for. They belong to
/// the program and to the engine that they were asked of: closing a dialog, or turning the window to another
/// engine, changes nothing. Passwords are kept for a retry until the transfer is done
/// or removed.
class TransferQueue : public QObject
{
    Q_OBJECT

public:
    static constexpr int AtOnce = 3;

    explicit TransferQueue(EngineSession *session, QObject *parent = nullptr);
    ~TransferQueue() override;

    int import(const engine::ImportRequest &request);
    /// `output` as exportToFile() takes it; `name` is what the image is called.
    int exportImage(const engine::ExportRequest &request, const QString &name, const QString &output);
    int push(const engine::PushRequest &request, const QString &name);

    void cancel(int id);
    /// The same once more, of one that failed or was cancelled.
    void retry(int id);
    /// Takes one that is over from the list.
    void remove(int id);
    void removeFinished();

    [[nodiscard]] int count() const { return int(m_entries.size()); }
    [[nodiscard]] const Transfer &at(int index) const;
    [[nodiscard]] int indexOf(int id) const;
    /// How many are waiting or running.
    [[nodiscard]] int active() const;

Q_SIGNALS:
    void aboutToAdd(int index);
    void added(int index);
    void changed(int index);
    void aboutToRemove(int index);
    void removed(int index);
    void imported(const cooperage::engine::ImportOutcome &outcome);
    void finished(const cooperage::gui::Transfer &transfer);

private:
    struct Entry;
    int add(std::unique_ptr<Entry> entry);
    void startNext();
    void start(Entry &entry);
    void progress(int id, qint64 done, qint64 total);
    void end(int id, const Result<QString> &result);
    /// The engine that the transfer was asked of.
    [[nodiscard]] engine::Engine *engineOf(Entry *entry);
    [[nodiscard]] engine::ProgressHandler progressOf(int id);
    [[nodiscard]] Entry *find(int id) const;
    void tell(const Entry &entry);

    EngineSession *m_session;
    std::vector<std::unique_ptr<Entry>> m_entries;
    int m_lastId = 0;
};

} // namespace cooperage::gui
