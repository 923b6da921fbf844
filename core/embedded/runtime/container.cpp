#include "core/embedded/runtime/container.h"

#include "core/embedded/runtime/runtimetext.h"
#include "core/embedded/store/fd.h"
#include "core/embedded/store/filecopy.h"
#include "core/embedded/store/randomname.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>

using namespace Qt::StringLiterals;

namespace cooperage::embedded {

static Result<> writeFile(const std::string &path, const QByteArray &bytes)
{
    const Fd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644));
    int failed = fd ? 0 : errno;
    if (failed == 0)
        failed = writeBytes(fd.get(), bytes.constData(), static_cast<std::size_t>(bytes.size()), 0);
    if (failed == 0 &&
        ::fchmod(fd.get(), 0644) != 0) // Read by every user of the container, whatever our umask.
        failed = errno;
    if (failed != 0)
        return std::unexpected(systemError(failed, RuntimeText::tr("Cannot prepare a command"),
                                           QFile::decodeName(path.c_str())));
    return {};
}

static QByteArray hostResolvConf()
{
    QFile file(u"/etc/resolv.conf"_s);
    return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray();
}

static Result<> writeBundle(const std::string &bundle, ContainerSpec &spec)
{
    if (::mkdir(bundle.c_str(), 0700) != 0 && errno != EEXIST)
        return std::unexpected(systemError(errno, RuntimeText::tr("Cannot prepare a command"),
                                           QFile::decodeName(bundle.c_str())));
    spec.resolvConf = bundle + "/resolv.conf";
    spec.hosts = bundle + "/hosts";
    const QByteArray hostname = QByteArray::fromStdString(spec.hostname);
    if (Result<> done = writeFile(spec.resolvConf, spec.networking ? hostResolvConf() : QByteArray()); !done)
        return done;
    if (Result<> done = writeFile(spec.hosts, "127.0.0.1\tlocalhost " + hostname +
                                                  "\n::1\tlocalhost ip6-localhost ip6-loopback\n");
        !done)
        return done;
    return writeFile(bundle + "/config.json", ociConfig(spec));
}

static std::vector<std::string> runtimeCommand(const RuntimeChoice &runtime, const std::string &bundle)
{
    std::vector<std::string> words{runtime.program};
    words.insert(words.end(), runtime.globalArgs.begin(), runtime.globalArgs.end());
    for (const char *word : {"--root", "state", "--log", "log"})
        words.emplace_back(word[0] == '-' ? std::string(word) : bundle + '/' + word);
    words.insert(words.end(), {"--log-format", "json"});
    return words;
}

// The last errors of the runtime's log, which has a JSON object per line.
static QString runtimeWords(const std::string &bundle)
{
    QFile file(QFile::decodeName((bundle + "/log").c_str()));
    QString words;
    if (file.open(QFile::ReadOnly))
        for (const QByteArray &line : file.readAll().split('\n')) {
            const QJsonObject entry = QJsonDocument::fromJson(line).object();
            if (entry.value(u"level"_s) == u"error"_s)
                words = entry.value(u"msg"_s).toString();
        }
    return words;
}

static bool exists(const std::string &path)
{
    struct stat info{};
    return ::lstat(path.c_str(), &info) == 0;
}

// A killed runtime leaves its state.
static void removeState(const RuntimeChoice &runtime, const std::string &bundle, const std::string &id,
                        const SupervisedCommand &command)
{
    if (!exists(bundle + "/state/" + id))
        return;
    SupervisedCommand removal{command.initProgram, command.store, command.merged,
                              runtimeCommand(runtime, bundle), std::chrono::seconds(5)};
    removal.argv.insert(removal.argv.end(), {"delete", "--force", id});
    if (const Result<SupervisedEnd> done = superviseRun(removal, nullptr, {}); !done)
        qWarning("%s", qUtf8Printable(done.error().text()));
}

Result<SupervisedEnd> runContainer(const RuntimeChoice &runtime, const std::string &bundle,
                                   ContainerSpec spec, SupervisedCommand command, const GuestRun &run,
                                   const std::stop_token &stop)
{
    if (Result<> written = writeBundle(bundle, spec); !written)
        return std::unexpected(written.error());
    const std::string id = "cooperage-" + randomName(12);
    command.argv = runtimeCommand(runtime, bundle);
    command.argv.insert(command.argv.end(), {"run", "--bundle", bundle, "--preserve-fds", "1", id});
    Result<SupervisedEnd> end = superviseRun(command, &run, stop);
    removeState(runtime, bundle, id, command);
    if (!end || end->began || end->timedOut || end->stopped)
        return end;
    QString words = runtimeWords(bundle);
    if (words.isEmpty())
        words = QString::fromLocal8Bit(end->words).trimmed();
    return failure(ErrorKind::Failed, RuntimeText::tr("The command could not be started: %1").arg(words),
                   QFile::decodeName(runtime.program.c_str()));
}

} // namespace cooperage::embedded
