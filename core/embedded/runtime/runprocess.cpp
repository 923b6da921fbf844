#include "core/embedded/runtime/container.h"
#include "core/embedded/runtime/imageusers.h"
#include "core/embedded/runtime/initprogram.h"
#include "core/embedded/runtime/instance.h"
#include "core/embedded/runtime/layerwatch.h"
#include "core/embedded/runtime/mountstubs.h"
#include "core/embedded/runtime/overlaymount.h"
#include "core/embedded/runtime/run.h"
#include "core/embedded/runtime/runtimetext.h"
#include "core/embedded/runtime/stagedmounts.h"
#include "core/embedded/store/layersize.h"
#include "core/embedded/store/rootpath.h"

#include <QFile>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>

namespace cooperage::embedded {

namespace {

constexpr std::uint32_t s_largestId = 2147483647; // Above, ids have been known to wrap round to root.

Result<> checkFolder(const std::string &plain)
{
    for (const char *kernel : {"/proc", "/sys", "/dev"})
        if (plain == kernel || plain.starts_with(std::string(kernel) + '/'))
            return failure(ErrorKind::BadInput,
                           RuntimeText::tr("A command cannot start in a folder of the kernel"),
                           QFile::decodeName(plain.c_str()));
    return {};
}

// A run in its mounted root: what is to be done in it before, meanwhile and after.
class MountedRun
{
public:
    explicit MountedRun(const std::string &merged)
        : m_merged(merged), m_root(::open(merged.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC))
    {
    }
    ~MountedRun() { m_stubs.remove(m_root.get()); }
    MountedRun(const MountedRun &) = delete;
    MountedRun &operator=(const MountedRun &) = delete;

    Result<> prepare(const ProcessSpec &spec) { return m_stubs.make(m_root.get(), mountPoints(spec.mounts)); }
    [[nodiscard]] int root() const { return m_root.get(); }

    Result<GuestCommand> resolve(const ProcessSpec &spec) const
    {
        Result<std::string> cwd = workingFolder(spec);
        if (!cwd)
            return std::unexpected(cwd.error());
        ImageUser user = lookUpUser(m_root.get(), spec.uid, spec.gid);
        GuestCommand command{
            spec.argv, spec.env, std::move(*cwd), spec.uid, spec.gid, std::move(user.groups), spec.terminal};
        if (spec.terminal)
            command.env.try_emplace("TERM", "xterm-256color");
        command.env.try_emplace("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        command.env.try_emplace("HOME", user.home);
        command.env.try_emplace("HOSTNAME", spec.hostname);
        return command;
    }

private:
    Result<std::string> workingFolder(const ProcessSpec &spec) const
    {
        if (spec.cwd.empty()) {
            const Fd home(openInRoot(m_root.get(), "/root", O_PATH | O_DIRECTORY));
            return home ? "/root" : "/";
        }
        const Result<std::string> plain = plainPath(joinInRoot("/", spec.cwd));
        if (!plain)
            return plain;
        const Result<Fd> made = ensureFolder(m_root.get(), *plain, spec.uid, spec.gid);
        if (!made)
            return std::unexpected(made.error());
        // Links may lead there, too: to what the runtime has open (CVE-2024-21626).
        if (const Result<> fine = checkFolder(pathInRoot(made->get())); !fine)
            return std::unexpected(fine.error());
        return *plain;
    }
    // Where an open folder lies in the mounted root.
    std::string pathInRoot(int folder) const
    {
        const QString link = QFile::symLinkTarget(QFile::decodeName(procPath(folder).c_str()));
        const std::string path = QFile::encodeName(link).toStdString();
        return path.starts_with(m_merged) ? path.substr(m_merged.size()) : path;
    }

    std::string m_merged;
    Fd m_root;
    ResidualStubs m_stubs;
};

// The size of a layer that is above the limit, else 0.
Result<std::int64_t> excess(const LayerDraft &draft, std::int64_t limit)
{
    if (limit <= 0)
        return 0;
    const Result<LayerSize> size = measureLayer(draft.upper());
    if (!size)
        return std::unexpected(size.error());
    return size->apparent > limit ? size->apparent : 0;
}

struct RunParts
{
    const RuntimeChoice &runtime;
    Store &store;
    const LayerDraft &draft;
    const ProcessSpec &spec;
};

Result<SupervisedEnd> runMounted(const RunParts &parts, Instance &instance,
                                 std::shared_ptr<ProcessListener> main,
                                 const std::function<void(const std::string &)> &ready,
                                 const std::stop_token &stop)
{
    const ProcessSpec &spec = parts.spec;
    const Result<std::string> init = placeInitProgram(parts.store.folder() + "/tmp");
    if (!init)
        return std::unexpected(init.error());
    MountedRun mounted(parts.draft.merged());
    if (Result<> prepared = mounted.prepare(spec); !prepared)
        return std::unexpected(prepared.error());
    Result<GuestCommand> command = mounted.resolve(spec);
    if (!command)
        return std::unexpected(command.error());
    StagedMounts staged(parts.draft.folder());
    if (Result<> made = staged.make(mounted.root(), spec.mounts); !made)
        return std::unexpected(made.error());
    const GuestRun run{
        instance,        spec,  std::move(*command),
        std::move(main), ready, [&mounted](const ProcessSpec &further) { return mounted.resolve(further); }};
    return runContainer(
        parts.runtime, parts.draft.folder() + "/bundle",
        {parts.draft.merged(), spec.hostname, spec.networking, *init, {}, {}, staged.mounts()},
        {*init,
         parts.store.folder(),
         parts.draft.merged(),
         {},
         std::chrono::seconds(std::max(0, spec.timeoutSeconds))},
        run, stop);
}

class SinkListener : public ProcessListener
{
public:
    explicit SinkListener(const OutputSink &sink) : m_sink(sink) {}
    void started(int, int, const std::string &) override {}
    void wrote(int, OutputStream stream, const char *bytes, std::size_t size) override
    {
        if (m_sink)
            m_sink(stream, bytes, size);
    }
    void ended(int, const ProcessOutcome &) override {}

private:
    const OutputSink &m_sink;
};

} // namespace

Result<> checkSpec(const ProcessSpec &spec)
{
    const auto holdsNul = [](const std::string &text) { return text.find('\0') != std::string::npos; };
    if (spec.argv.empty() || spec.argv.front().empty())
        return failure(ErrorKind::BadInput, RuntimeText::tr("The command is empty"));
    if (std::ranges::any_of(spec.argv, holdsNul) || holdsNul(spec.cwd) || holdsNul(spec.hostname))
        return failure(ErrorKind::BadInput, RuntimeText::tr("The command holds a NUL character"));
    for (const auto &[name, value] : spec.env)
        if (name.empty() || name.find('=') != std::string::npos || holdsNul(name) || holdsNul(value))
            return failure(ErrorKind::BadInput,
                           RuntimeText::tr("An environment variable has an impossible name or value"),
                           QString::fromStdString(name));
    if (const Result<> folder = checkFolder(joinInRoot("/", spec.cwd)); !folder)
        return folder;
    if (spec.uid > s_largestId || spec.gid > s_largestId)
        return failure(ErrorKind::BadInput, RuntimeText::tr("User and group ids go up to 2147483647"));
    return {};
}

Error layerTooLarge(std::int64_t bytes, std::int64_t limit)
{
    return {ErrorKind::Full,
            RuntimeText::tr("The command wrote %1 bytes, more than the limit of %2").arg(bytes).arg(limit),
            {},
            RuntimeText::tr("Nothing of it was kept. Write less, or raise max_layer_bytes.")};
}

Result<ProcessOutcome> runInstance(const RuntimeChoice &runtime, Store &store,
                                   const std::vector<LayerId> &layers, const LayerDraft &draft,
                                   const ProcessSpec &spec, Instance &instance,
                                   std::shared_ptr<ProcessListener> main,
                                   const std::function<void(const std::string &)> &ready,
                                   std::stop_token stop)
{
    if (Result<> checked = checkSpec(spec); !checked)
        return std::unexpected(checked.error());
    const Result<StubLayer> stubs = makeStubLayer(store, layers, draft, mountPoints(spec.mounts));
    if (!stubs)
        return std::unexpected(stubs.error());
    Result<MountedRoot> root = MountedRoot::mountOver(store, layers, stubs->folder, draft);
    if (!root)
        return std::unexpected(root.error());
    std::stop_source source;
    const std::stop_callback forward(stop, [&source] { source.request_stop(); });
    std::int64_t grown = 0;
    Result<SupervisedEnd> end;
    {
        const LayerWatch watch(draft.upper(), spec.maxLayerBytes, [&source] { source.request_stop(); });
        end = runMounted({runtime, store, draft, spec}, instance, std::move(main), ready, source.get_token());
        grown = watch.exceededBy();
    }
    if (Result<> unmounted = root->unmount(); !unmounted)
        return std::unexpected(unmounted.error());
    stubs->removeCopies(draft.upper());
    if (!end)
        return std::unexpected(end.error());
    if (stop.stop_requested() && end->stopped)
        return failure(ErrorKind::Cancelled, RuntimeText::tr("The command was stopped"));
    const Result<std::int64_t> size = grown > 0 ? grown : excess(draft, spec.maxLayerBytes);
    if (!size)
        return std::unexpected(size.error());
    end->outcome.layerBytes = *size;
    return end->outcome;
}

Result<ProcessOutcome> runProcess(const RuntimeChoice &runtime, Store &store,
                                  const std::vector<LayerId> &layers, const LayerDraft &draft,
                                  const ProcessSpec &spec, const OutputSink &output, std::stop_token stop)
{
    Instance instance;
    Result<ProcessOutcome> outcome = runInstance(runtime, store, layers, draft, spec, instance,
                                                 std::make_shared<SinkListener>(output), {}, std::move(stop));
    if (outcome && outcome->layerBytes > 0)
        return std::unexpected(layerTooLarge(outcome->layerBytes, spec.maxLayerBytes));
    return outcome;
}

} // namespace cooperage::embedded
