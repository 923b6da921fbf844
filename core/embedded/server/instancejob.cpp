#include "core/embedded/server/instancejob.h"

#include "core/embedded/server/imageenvironment.h"
#include "core/embedded/server/instanceprocesses.h"
#include "core/embedded/server/networkdevices.h"
#include "core/embedded/server/reply.h"
#include "core/embedded/server/text.h"

#include <sys/utsname.h>

namespace cooperage::embedded {

using namespace Qt::StringLiterals;

static constexpr int engineSpid = 0;

InstanceJob::InstanceJob(ServerContext &context, InstanceRequest request, Operation &operation)
    : m_context(context), m_request(std::move(request)), m_operation(operation)
{
}

Result<QString> InstanceJob::run()
{
    if (!m_context.runtime)
        return std::unexpected(m_context.runtime.error());
    Result<LayerDraft> draft = m_context.store.beginLayer();
    if (!draft)
        return std::unexpected(draft.error());
    if (const Result<> staged = stage(*draft); !staged)
        return std::unexpected(staged.error());
    ProcessSpec process = spec();
    InstanceMounts mounts;
    if (const Result<> opened =
            mounts.open(m_context.store, m_context.views, m_request.mounts, m_operation.stopToken());
        !opened)
        return std::unexpected(opened.error());
    mounts.addTo(process);
    const Result<ProcessOutcome> outcome = runIn(*draft, process);
    logEnd(outcome);
    if (!outcome)
        return std::unexpected(outcome.error());
    if (outcome->layerBytes > 0)
        return std::unexpected(layerTooLarge(outcome->layerBytes, process.maxLayerBytes));
    if (m_request.disposable || outcome->timedOut)
        return QString();
    if (m_operation.stopToken().stop_requested())
        return failure(ErrorKind::Cancelled, Text::tr("cancelled"));
    return keep(std::move(*draft));
}

Result<> InstanceJob::stage(const LayerDraft &draft)
{
    if (m_request.files.empty())
        return {};
    Result<MountedRoot> root = MountedRoot::mount(m_context.store, m_request.image.layers, draft);
    if (!root)
        return std::unexpected(root.error());
    if (const Result<> staged = stageEntries(root->path(), m_request.files, m_operation.stopToken()); !staged)
        return staged;
    return root->unmount();
}

ProcessSpec InstanceJob::spec() const
{
    const ImageEnvironment image = ImageEnvironment::of(m_request.image.config);
    ProcessSpec result = m_request.process.spec(image.env);
    if (result.cwd.empty())
        result.cwd = image.workingDir.toStdString();
    result.hostname = m_request.hostname.toStdString();
    result.timeoutSeconds = m_request.timeout;
    result.networking = m_request.networking;
    result.maxLayerBytes = m_request.maxLayerBytes;
    result.terminal = m_request.terminal;
    result.keepStdinOpen = result.keepStdinOpen || m_request.terminal;
    return result;
}

Result<ProcessOutcome> InstanceJob::runIn(const LayerDraft &draft, const ProcessSpec &process)
{
    const ImageEnvironment image = ImageEnvironment::of(m_request.image.config);
    InstanceProcesses::Base base{image.env, image.workingDir, m_request.hostname};
    base.env.insert(m_request.process.env);
    const auto main = std::make_shared<ProcessLog>(m_operation.log(), m_request.process, m_request.timeout,
                                                   m_request.terminal.has_value());
    const auto processes = std::make_shared<InstanceProcesses>(m_operation.log(), main, std::move(base));
    m_operation.setProcesses(processes);
    m_operation.log().setReadHandler([waiting = std::weak_ptr(processes)] {
        if (const auto running = waiting.lock())
            running->instance().wake();
    });
    m_operation.setLiveResult([main] { return main->report().result(); });
    m_context.operations.setExecuting(m_operation);
    return runInstance(
        *m_context.runtime, m_context.store, m_request.image.layers, draft, process, processes->instance(),
        main, [this](const std::string &devices) { logReady(*m_context.runtime, devices); },
        m_operation.stopToken());
}

void InstanceJob::logReady(const RuntimeChoice &runtime, const std::string &devices)
{
    m_ready = true;
    utsname machine{};
    ::uname(&machine);
    m_operation.log().append(u"init"_s,
                             {{u"started_at"_s, timeValue(QDateTime::currentDateTimeUtc())},
                              {u"runtime_path"_s, QString::fromStdString(runtime.program)},
                              {u"verbose"_s, false},
                              {u"init_pid"_s, 1},
                              {u"hostname"_s, m_request.hostname},
                              {u"kernel"_s, QString::fromLatin1(machine.release)},
                              {u"machine"_s, QString::fromLatin1(machine.machine)}},
                             engineSpid);
    m_operation.log().append(u"network"_s, {{u"interfaces"_s, networkDevices(devices)}}, engineSpid);
}

static QString reasonOf(const Result<ProcessOutcome> &outcome)
{
    if (!outcome)
        return outcome.error().kind == ErrorKind::Cancelled ? u"cancelled"_s : u"failed"_s;
    return outcome->timedOut ? u"timeout"_s : outcome->layerBytes > 0 ? u"size_cap"_s : u"job_complete"_s;
}

void InstanceJob::logEnd(const Result<ProcessOutcome> &outcome)
{
    if (outcome)
        m_operation.change([&](OperationRow &, OperationFigures &figures) {
            figures.cpuSeconds = outcome->usage.userSeconds + outcome->usage.systemSeconds;
            figures.memoryBytes = outcome->usage.maxRssKb * 1024;
        });
    if (!m_ready)
        return;
    if (outcome && outcome->layerBytes > 0)
        m_operation.log().append(u"size_cap"_s,
                                 {{u"limit_bytes"_s, m_request.maxLayerBytes},
                                  {u"file_size"_s, static_cast<qint64>(outcome->layerBytes)}},
                                 engineSpid);
    m_operation.log().append(
        u"shutdown"_s,
        {{u"stopped_at"_s, timeValue(QDateTime::currentDateTimeUtc())}, {u"reason"_s, reasonOf(outcome)}},
        engineSpid);
}

// An unchanged file system yields the input image itself, unless variables are to be kept with it
// (contract 9.1).
Result<QString> InstanceJob::keep(LayerDraft draft)
{
    NewImage result{
        .layers = m_request.image.layers, .config = m_request.image.config, .operation = m_operation.uuid()};
    if (m_request.preserveEnv)
        result.config = withEnvironment(result.config, m_request.process.env);
    if (!Store::isEmpty(draft)) {
        const Result<LayerId> layer = m_context.store.commitLayer(std::move(draft));
        if (!layer)
            return std::unexpected(layer.error());
        result.layers.push_back(*layer);
    } else if (result.config == m_request.image.config && m_context.store.image(m_request.image.uuid)) {
        return m_request.image.uuid; // Unless somebody removed it meanwhile.
    }
    return m_context.store.createImage(result).transform([](const StoredImage &image) { return image.uuid; });
}

} // namespace cooperage::embedded
