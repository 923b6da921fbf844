#include "core/embedded/server/operation.h"

#include <QJsonDocument>

namespace cooperage::embedded {

using namespace Qt::StringLiterals;

QByteArray OperationFigures::toJson() const
{
    const QJsonObject object{{u"metadata"_s, metadata},
                             {u"image_size"_s, imageSize},
                             {u"cpu_seconds"_s, cpuSeconds},
                             {u"memory_bytes"_s, memoryBytes},
                             {u"tag"_s, tag}};
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

OperationFigures OperationFigures::fromJson(const QByteArray &json)
{
    const QJsonObject object = QJsonDocument::fromJson(json).object();
    return {object.value(u"metadata"_s).toObject(), object.value(u"image_size"_s).toInteger(),
            object.value(u"cpu_seconds"_s).toDouble(), object.value(u"memory_bytes"_s).toInteger(),
            object.value(u"tag"_s).toString()};
}

bool isTerminal(const QString &status)
{
    return status == "SUCCESS"_L1 || status == "FAILED"_L1 || status == "CANCELLED"_L1;
}

Operation::Operation(OperationRow row, OperationFigures figures, const std::string &eventFile)
    : m_uuid(row.uuid), m_log(eventFile), m_row(std::move(row)), m_figures(std::move(figures))
{
}

OperationRow Operation::row() const
{
    const std::scoped_lock lock(m_mutex);
    OperationRow row = m_row;
    row.metadata = m_figures.toJson();
    return row;
}

OperationFigures Operation::figures() const
{
    const std::scoped_lock lock(m_mutex);
    return m_figures;
}

void Operation::change(const Edit &edit)
{
    const std::scoped_lock lock(m_mutex);
    edit(m_row, m_figures);
}

void Operation::setLiveResult(LiveResult live)
{
    const std::scoped_lock lock(m_mutex);
    m_live = std::move(live);
}

void Operation::setResult(const QJsonObject &result)
{
    const std::scoped_lock lock(m_mutex);
    m_live = {};
    m_result = result;
}

QJsonObject Operation::result() const
{
    const std::scoped_lock lock(m_mutex);
    return m_live ? m_live() : m_result;
}

void Operation::setProcesses(std::shared_ptr<InstanceProcesses> processes)
{
    const std::scoped_lock lock(m_mutex);
    m_processes = std::move(processes);
}

std::shared_ptr<InstanceProcesses> Operation::processes() const
{
    const std::scoped_lock lock(m_mutex);
    return m_processes;
}

} // namespace cooperage::embedded
