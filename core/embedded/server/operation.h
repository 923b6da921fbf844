#pragma once

#include "core/base/error.h"
#include "core/embedded/server/eventlog.h"
#include "core/embedded/store/operationtable.h"

#include <QJsonObject>

#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>

namespace cooperage::embedded {

class InstanceProcesses;

/// The columns of an operation's row that are one JSON text: the metadata clients see, and figures for lists.
struct OperationFigures
{
    QJsonObject metadata{};
    qint64 imageSize = 0;
    double cpuSeconds = 0;
    qint64 memoryBytes = 0;
    QString tag{}; ///< That the result got.

    [[nodiscard]] QByteArray toJson() const;
    [[nodiscard]] static OperationFigures fromJson(const QByteArray &json);
};

[[nodiscard]] bool isTerminal(const QString &status);

/// A running operation. Its job calls the setters; requests read it from any thread.
class Operation
{
public:
    Operation(OperationRow row, OperationFigures figures, const std::string &eventFile);

    [[nodiscard]] const QString &uuid() const { return m_uuid; }
    [[nodiscard]] EventLog &log() { return m_log; }
    [[nodiscard]] std::stop_token stopToken() const { return m_stop.get_token(); }
    void requestStop() { m_stop.request_stop(); }

    [[nodiscard]] OperationRow row() const;
    [[nodiscard]] OperationFigures figures() const;
    using Edit = std::function<void(OperationRow &, OperationFigures &)>;
    void change(const Edit &edit);

    /// What `metadata.result` is (contract 3); while running, what a live query shall see.
    using LiveResult = std::function<QJsonObject()>;
    void setLiveResult(LiveResult live);
    void setResult(const QJsonObject &result);
    [[nodiscard]] QJsonObject result() const;

    /// Of an instance whose container is to come up; null before.
    void setProcesses(std::shared_ptr<InstanceProcesses> processes);
    [[nodiscard]] std::shared_ptr<InstanceProcesses> processes() const;

private:
    const QString m_uuid;
    EventLog m_log;
    std::stop_source m_stop{};
    mutable std::mutex m_mutex;
    OperationRow m_row;
    OperationFigures m_figures;
    LiveResult m_live{};
    QJsonObject m_result{};
    std::shared_ptr<InstanceProcesses> m_processes{};
};

} // namespace cooperage::embedded
