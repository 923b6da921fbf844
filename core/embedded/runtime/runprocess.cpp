#include "core/embedded/runtime/container.h"
#include "core/embedded/runtime/imageusers.h"
#include "core/embedded/runtime/initprogram.h"
#include "core/embedded/runtime/mountstubs.h"
#include "core/embedded/runtime/overlaymount.h"
#include "core/embedded/runtime/run.h"
#include "core/embedded/runtime/runtimetext.h"
#include "core/embedded/store/layersize.h"
#include "core/embedded/store/rootpath.h"

#include <QFile>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fcntl.h>

namespace cooperage::embedded {

namespace {

constexpr std::uint32_t s_largestId = 2147483647; // Above, runtimes have been known to wrap round to root.

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
    if (spec.uid > s_largestId || spec.gid > s_largestId)
        return failure(ErrorKind::BadInput, RuntimeText::tr("User and group ids go up to 2147483647"));
    return {};
}

// A run in its mounted root: what is to be done in it before and after.
class MountedRun
{
public:
    MountedRun(const ProcessSpec &spec, const std::string &merged)
        : m_spec(spec), m_root(::open(merged.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC))
    {
        m_container.root = merged;
    }

    Result<ContainerSpec> prepare()
    {
        if (Result<> made = m_stubs.make(m_root.get()); !made)
            return std::unexpected(made.error());
        const Result<std::string> cwd = workingFolder();
        if (!cwd)
            return std::unexpected(cwd.error());
        const ImageUser user = lookUpUser(m_root.get(), m_spec.uid, m_spec.gid);
        m_container.command = m_spec.argv;
        m_container.cwd = *cwd;
        m_container.uid = m_spec.uid;
        m_container.gid = m_spec.gid;
        m_container.groups = user.groups;
        m_container.hostname = m_spec.hostname;
        m_container.networking = m_spec.networking;
        m_container.env = m_spec.env;
        m_container.env.try_emplace("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        m_container.env.try_emplace("HOME", user.home);
        m_container.env.try_emplace("HOSTNAME", m_spec.hostname);
        return m_container;
    }

    void cleanUp() { m_stubs.remove(m_root.get()); }

private:
    Result<std::string> workingFolder()
    {
        if (m_spec.cwd.empty()) {
            const Fd home(openInRoot(m_root.get(), "/root", O_PATH | O_DIRECTORY));
            return home && m_spec.uid == 0 ? "/root" : "/";
        }
        const std::string cwd = joinInRoot("/", m_spec.cwd);
        for (const char *kernel : {"/proc", "/sys", "/dev"})
            if (cwd == kernel || cwd.starts_with(std::string(kernel) + '/'))
                return failure(ErrorKind::BadInput,
                               RuntimeText::tr("A command cannot start in a folder of the kernel"),
                               QFile::decodeName(cwd.c_str()));
        const Result<std::string> plain = plainPath(cwd);
        if (!plain)
            return plain;
        if (const Result<Fd> made = ensureFolder(m_root.get(), *plain, m_spec.uid, m_spec.gid); !made)
            return std::unexpected(made.error());
        return *plain;
    }

    const ProcessSpec &m_spec;
    Fd m_root;
    ResidualStubs m_stubs;
    ContainerSpec m_container;
};

ProcessOutcome outcomeOf(const SupervisedEnd &end)
{
    ProcessOutcome outcome;
    outcome.timedOut = end.timedOut;
    outcome.stdoutTruncated = end.out.dropped > 0;
    outcome.stderrTruncated = end.err.dropped > 0;
    outcome.stdoutDropped = end.out.dropped;
    outcome.stderrDropped = end.err.dropped;
    outcome.usage = end.usage;
    if (!end.report || end.timedOut) {
        outcome.exitCode = -1;
        outcome.signal = SIGKILL;
        return outcome;
    }
    const InitReport &report = *end.report;
    outcome.pid = report.pid;
    outcome.exitCode = report.exitCode;
    outcome.signal = report.signal;
    outcome.usage = {
        end.elapsedSeconds,       report.userSeconds,        report.systemSeconds, report.maxRssKb,
        report.minorFaults,       report.majorFaults,        report.blockIn,       report.blockOut,
        report.voluntarySwitches, report.involuntarySwitches};
    return outcome;
}

Result<> checkLayerSize(const LayerDraft &draft, std::int64_t limit)
{
    if (limit <= 0)
        return {};
    const Result<LayerSize> size = measureLayer(draft.upper());
    if (!size)
        return std::unexpected(size.error());
    if (size->apparent > limit)
        return failure(ErrorKind::Full,
                       RuntimeText::tr("The command wrote %1 bytes, more than the limit of %2")
                           .arg(size->apparent)
                           .arg(limit));
    return {};
}

Result<SupervisedEnd> runMounted(const RuntimeChoice &runtime, Store &store, const LayerDraft &draft,
                                 const ProcessSpec &spec, const OutputSink &output,
                                 const std::stop_token &stop)
{
    const Result<std::string> init = placeInitProgram(store.folder() + "/tmp");
    if (!init)
        return std::unexpected(init.error());
    MountedRun run(spec, draft.merged());
    Result<ContainerSpec> container = run.prepare();
    if (!container) {
        run.cleanUp();
        return std::unexpected(container.error());
    }
    container->initProgram = *init;
    SupervisedCommand command{*init,          store.folder(),
                              draft.merged(), {},
                              spec.stdinData, std::chrono::seconds(std::max(0, spec.timeoutSeconds)),
                              spec.truncateAt};
    Result<SupervisedEnd> end =
        runContainer(runtime, draft.folder() + "/bundle", *container, command, output, stop);
    run.cleanUp();
    return end;
}

} // namespace

Result<ProcessOutcome> runProcess(const RuntimeChoice &runtime, Store &store,
                                  const std::vector<LayerId> &layers, const LayerDraft &draft,
                                  const ProcessSpec &spec, const OutputSink &output, std::stop_token stop)
{
    if (Result<> checked = checkSpec(spec); !checked)
        return std::unexpected(checked.error());
    const Result<std::string> stubs = makeStubLayer(store, layers, draft);
    if (!stubs)
        return std::unexpected(stubs.error());
    Result<MountedRoot> root = MountedRoot::mountOver(store, layers, *stubs, draft);
    if (!root)
        return std::unexpected(root.error());
    const Result<SupervisedEnd> end = runMounted(runtime, store, draft, spec, output, stop);
    if (Result<> unmounted = root->unmount(); !unmounted)
        return std::unexpected(unmounted.error());
    if (!end)
        return std::unexpected(end.error());
    if (end->stopped)
        return failure(ErrorKind::Cancelled, RuntimeText::tr("The command was stopped"));
    if (Result<> fits = checkLayerSize(draft, spec.maxLayerBytes); !fits)
        return std::unexpected(fits.error());
    return outcomeOf(*end);
}

} // namespace cooperage::embedded
