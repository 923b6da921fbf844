#include "core/embedded/server/instancejob.h"

#include "core/embedded/server/imageenvironment.h"
#include "core/embedded/server/reply.h"
#include "core/embedded/server/streamvalue.h"
#include "core/embedded/server/text.h"

#include <sys/utsname.h>

namespace cooperage::embedded {

using namespace Qt::StringLiterals;

static constexpr int engineSpid = 0;
static constexpr int mainSpid = 1;

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
    const ProcessSpec process = spec();
    logStart(*m_context.runtime, process);
    m_operation.setLiveResult([report = m_report] { return report->result(); });
    m_context.operations.setExecuting(m_operation);
    const Result<ProcessOutcome> outcome = runProcess(
        *m_context.runtime, m_context.store, m_request.image.layers, *draft, process,
        [this](OutputStream stream, const char *bytes, std::size_t size) { write(stream, bytes, size); },
        m_operation.stopToken());
    if (!outcome)
        return std::unexpected(outcome.error());
    logEnd(*outcome);
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
    ProcessSpec result;
    result.argv = m_request.argv();
    for (const auto &variables : {image.env, m_request.env}) {
        for (auto each = variables.begin(); each != variables.end(); ++each)
            result.env[each.key().toStdString()] = each.value().toStdString();
    }
    result.cwd = (m_request.cwd.isEmpty() ? image.workingDir : m_request.cwd).toStdString();
    result.uid = m_request.uid;
    result.gid = m_request.gid;
    result.hostname = m_request.hostname.toStdString();
    result.stdinData = m_request.stdinData.toStdString();
    result.timeoutSeconds = m_request.timeout;
    result.truncateAt = m_request.truncateAt;
    result.networking = m_request.networking;
    result.maxLayerBytes = m_request.maxLayerBytes;
    return result;
}

void InstanceJob::write(OutputStream stream, const char *bytes, std::size_t size)
{
    const bool isStdout = stream == OutputStream::Stdout;
    (isStdout ? m_stdoutBytes : m_stderrBytes) += static_cast<qint64>(size);
    m_report->write(stream, bytes, size);
    m_operation.log().append(isStdout ? u"stdout"_s : u"stderr"_s,
                             streamValue(QByteArray::fromRawData(bytes, static_cast<qsizetype>(size))),
                             mainSpid);
}

void InstanceJob::logStart(const RuntimeChoice &runtime, const ProcessSpec &process)
{
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
    m_operation.log().append(u"spawn"_s,
                             {{u"pid"_s, 0}, // Not known before the process ends: the runtime keeps it.
                              {u"command"_s, m_request.command},
                              {u"args"_s, QJsonArray::fromStringList(m_request.args)},
                              {u"shell"_s, m_request.shell},
                              {u"cwd"_s, QString::fromStdString(process.cwd)},
                              {u"uid"_s, static_cast<qint64>(m_request.uid)},
                              {u"gid"_s, static_cast<qint64>(m_request.gid)},
                              {u"timeout"_s, m_request.timeout},
                              {u"truncate_at"_s, m_request.truncateAt},
                              {u"env"_s, m_request.shownEnv()}},
                             mainSpid);
}

void InstanceJob::logEnd(const ProcessOutcome &outcome)
{
    m_report->setOutcome(outcome);
    m_operation.setResult(m_report->result());
    m_operation.change([&](OperationRow &, OperationFigures &figures) {
        figures.cpuSeconds = outcome.usage.userSeconds + outcome.usage.systemSeconds;
        figures.memoryBytes = outcome.usage.maxRssKb * 1024;
    });
    const auto truncated = [&](bool happened, const QString &stream, qint64 emitted, qint64 dropped) {
        if (!happened)
            return;
        m_operation.log().append(
            u"truncated"_s,
            {{u"stream"_s, stream}, {u"bytes_emitted"_s, emitted}, {u"bytes_dropped"_s, dropped}}, mainSpid);
    };
    truncated(outcome.stdoutTruncated, u"stdout"_s, m_stdoutBytes, outcome.stdoutDropped);
    truncated(outcome.stderrTruncated, u"stderr"_s, m_stderrBytes, outcome.stderrDropped);
    m_operation.log().append(u"exit"_s, exitData(outcome), mainSpid);
    m_operation.log().append(u"shutdown"_s,
                             {{u"stopped_at"_s, timeValue(QDateTime::currentDateTimeUtc())},
                              {u"reason"_s, outcome.timedOut ? u"timeout"_s : u"job_complete"_s}},
                             engineSpid);
}

// An unchanged file system yields the input image itself, unless variables are to be kept with it
// (contract 9.1).
Result<QString> InstanceJob::keep(LayerDraft draft)
{
    NewImage result{
        .layers = m_request.image.layers, .config = m_request.image.config, .operation = m_operation.uuid()};
    if (m_request.preserveEnv)
        result.config = withEnvironment(result.config, m_request.env);
    if (!Store::isEmpty(draft)) {
        const Result<LayerId> layer = m_context.store.commitLayer(std::move(draft));
        if (!layer)
            return std::unexpected(layer.error());
        result.layers.push_back(*layer);
    } else if (result.config == m_request.image.config) {
        return m_request.image.uuid;
    }
    return m_context.store.createImage(result).transform([](const StoredImage &image) { return image.uuid; });
}

} // namespace cooperage::embedded
