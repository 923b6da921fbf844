#include "core/embedded/runtime/container.h"
#include "core/embedded/runtime/initprogram.h"
#include "core/embedded/runtime/run.h"
#include "core/embedded/runtime/runtimetext.h"
#include "core/embedded/store/fd.h"
#include "core/embedded/store/randomname.h"
#include "core/embedded/store/trash.h"

#include <QFile>
#include <QProcess>
#include <QStandardPaths>

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>

using namespace Qt::StringLiterals;

namespace cooperage::embedded {

namespace {

struct Candidate
{
    const char *name;
    std::vector<std::string> globalArgs;
};

// A folder below the scratch folder that is gone with the object.
class ScratchFolder
{
public:
    explicit ScratchFolder(const std::string &parent) : m_parent(parent), m_name("probe-" + randomName(8)) {}
    ~ScratchFolder()
    {
        const Fd parent(::open(m_parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        removeTree(parent.get(), m_name.c_str());
    }
    [[nodiscard]] std::string path(const char *below = "") const { return m_parent + '/' + m_name + below; }

    // A root filesystem with nothing but the places where something is mounted.
    Result<> make() const
    {
        for (const char *folder : {"", "/root", "/root/proc", "/root/sys", "/root/dev", "/root/etc"})
            if (::mkdir(path(folder).c_str(), 0755) != 0)
                return failed(path(folder));
        for (const char *file : {"/root/etc/resolv.conf", "/root/etc/hosts"})
            if (::mknod(path(file).c_str(), S_IFREG | 0644, 0) != 0)
                return failed(path(file));
        return {};
    }

private:
    static Result<> failed(const std::string &path)
    {
        return std::unexpected(systemError(errno, RuntimeText::tr("Cannot prepare the trial of the runtime"),
                                           QFile::decodeName(path.c_str())));
    }

    std::string m_parent;
    std::string m_name;
};

class Deaf : public ProcessListener
{
public:
    void started(int, int, const std::string &) override {}
    void wrote(int, OutputStream, const char *, std::size_t) override {}
    void ended(int, const ProcessOutcome &) override {}
};

std::string versionOf(const QString &program)
{
    QProcess process;
    process.start(program, {u"--version"_s});
    if (!process.waitForFinished(5000))
        return {};
    return process.readAllStandardOutput().split('\n').value(0).trimmed().toStdString();
}

Result<RuntimeChoice> tryRuntime(const Candidate &candidate, const ScratchFolder &scratch,
                                 const std::string &init)
{
    const QString name = QString::fromLatin1(candidate.name);
    QString program = QStandardPaths::findExecutable(name);
    if (program.isEmpty())
        program = QStandardPaths::findExecutable(name, {u"/usr/local/sbin"_s, u"/usr/sbin"_s, u"/sbin"_s});
    if (program.isEmpty())
        return failure(ErrorKind::NotFound, RuntimeText::tr("%1 is not installed").arg(name));
    RuntimeChoice choice{QFile::encodeName(program).toStdString(), candidate.globalArgs, versionOf(program)};
    ContainerSpec spec;
    spec.root = scratch.path("/root");
    spec.hostname = "probe";
    spec.initProgram = init;
    const SupervisedCommand command{init, scratch.path(), spec.root, {}, std::chrono::seconds(20)};
    Instance instance;
    const GuestRun run{instance, {}, {.argv = {"/dev/.cooperage-init", "true"}}, std::make_shared<Deaf>()};
    const Result<SupervisedEnd> end = runContainer(
        choice, scratch.path(("/" + std::string(candidate.name)).c_str()), spec, command, run, {});
    if (!end)
        return std::unexpected(end.error());
    if (!end->began || end->outcome.exitCode != 0)
        return failure(ErrorKind::Failed,
                       RuntimeText::tr("The trial run of %1 did not end as it should").arg(name), program);
    return choice;
}

} // namespace

Result<RuntimeChoice> probeRuntime(const std::string &scratchFolder, const QString &only)
{
    const ScratchFolder scratch(scratchFolder);
    if (Result<> made = scratch.make(); !made)
        return std::unexpected(made.error());
    const Result<std::string> init = placeInitProgram(scratch.path());
    if (!init)
        return std::unexpected(init.error());
    QStringList reasons;
    // Neither is to make cgroups: they outlive a killed engine, and no limit is set with them.
    for (const Candidate &candidate :
         {Candidate{"crun", {"--cgroup-manager=disabled"}}, Candidate{"runc", {"--rootless", "true"}}}) {
        if (!only.isEmpty() && only != QLatin1StringView(candidate.name))
            continue;
        Result<RuntimeChoice> choice = tryRuntime(candidate, scratch, *init);
        if (choice)
            return choice;
        reasons << choice.error().text();
    }
    return failure(
        ErrorKind::Unsupported,
        RuntimeText::tr("No container runtime works on this machine: %1").arg(reasons.join(u"; "_s)), {},
        RuntimeText::tr("Install the package crun (or runc), then start the engine again."));
}

} // namespace cooperage::embedded
