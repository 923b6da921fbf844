#include "core/embedded/runtime/idmaps.h"

#include "core/embedded/runtime/runtimetext.h"
#include "core/embedded/store/fd.h"

#include <QByteArray>
#include <QList>
#include <QString>

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <pwd.h>
#include <sstream>
#include <string>
#include <sys/wait.h>

using namespace Qt::StringLiterals;

namespace cooperage::embedded {

std::vector<IdRange> idRanges(const char *text, const char *name, unsigned long id)
{
    std::vector<IdRange> ranges;
    for (const QByteArray &line : QByteArray(text).split('\n')) {
        const QList<QByteArray> fields = line.trimmed().split(':');
        if (fields.size() != 3 ||
            (fields[0] != name && fields[0] != QByteArray::number(static_cast<qulonglong>(id))))
            continue;
        bool startIsNumber = false;
        bool countIsNumber = false;
        const IdRange range{fields[1].toULong(&startIsNumber), fields[2].toULong(&countIsNumber)};
        if (startIsNumber && countIsNumber && range.count > 0)
            ranges.push_back(range);
    }
    return ranges;
}

namespace {

struct ProgramEnd
{
    int status = 127; ///< As of a shell: 127 for a missing program.
    QByteArray words; ///< What it said.
};

// No QProcess: there is no QCoreApplication yet, and no thread may begin.
ProgramEnd runProgram(const std::vector<std::string> &words)
{
    std::array<int, 2> ends{-1, -1};
    ProgramEnd end;
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        return end;
    Fd reading(ends[0]);
    Fd writing(ends[1]);
    std::vector<char *> argv;
    for (const std::string &word : words)
        argv.push_back(const_cast<char *>(word.c_str()));
    argv.push_back(nullptr);
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::dup2(writing.get(), STDOUT_FILENO);
        ::dup2(writing.get(), STDERR_FILENO);
        ::execvp(argv[0], argv.data());
        ::_exit(127);
    }
    writing.reset();
    std::array<char, 1024> piece;
    ssize_t got = 0;
    while (pid > 0 && (got = ::read(reading.get(), piece.data(), piece.size())) > 0)
        end.words.append(piece.data(), got);
    int status = 0;
    if (pid > 0 && ::waitpid(pid, &status, 0) == pid)
        end.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
    return end;
}

std::string userName()
{
    const passwd *user = ::getpwuid(::getuid());
    return user != nullptr ? user->pw_name : std::to_string(::getuid());
}

// getsubids also knows ranges that do not stand in the files (NSS); it prints "0: name start count".
std::vector<IdRange> rangesOf(const char *path, bool groups, const std::string &name)
{
    const std::vector<std::string> command = groups ? std::vector<std::string>{"getsubids", "-g", name}
                                                    : std::vector<std::string>{"getsubids", name};
    const ProgramEnd end = runProgram(command);
    std::vector<IdRange> ranges;
    if (end.status == 0)
        for (const QByteArray &line : end.words.split('\n')) {
            const QList<QByteArray> fields = line.simplified().split(' ');
            if (fields.size() == 4 && fields[3].toULong() > 0)
                ranges.push_back({fields[2].toULong(), fields[3].toULong()});
        }
    if (!ranges.empty())
        return ranges;
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return idRanges(text.str().c_str(), name.c_str(), ::getuid());
}

QString addRangesAdvice(const std::string &name)
{
    return RuntimeText::tr("Run as root: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 %1")
        .arg(QString::fromStdString(name));
}

Result<> runMapper(const char *program, pid_t target, unsigned long own, const std::vector<IdRange> &ranges,
                   const std::string &name)
{
    std::vector<std::string> words{program, std::to_string(target), "0", std::to_string(own), "1"};
    unsigned long inside = 1;
    for (const IdRange &range : ranges) {
        for (const unsigned long number : {inside, range.start, range.count})
            words.push_back(std::to_string(number));
        inside += range.count;
    }
    const ProgramEnd end = runProgram(words);
    const QString said = QString::fromLocal8Bit(end.words).trimmed();
    if (end.status == 0)
        return {};
    if (end.status == 127)
        return failure(ErrorKind::NotFound,
                       RuntimeText::tr("The program %1 is not installed").arg(QString::fromLatin1(program)),
                       {}, RuntimeText::tr("Install the package uidmap (Debian, Ubuntu) or shadow-utils."));
    if (said.contains("not allowed"_L1))
        return failure(ErrorKind::Denied,
                       RuntimeText::tr("The subordinate ids of %1 are not accepted: %2")
                           .arg(QString::fromStdString(name), said),
                       {}, addRangesAdvice(name));
    return failure(ErrorKind::Denied, said, {},
                   RuntimeText::tr(
                       "%1 may have lost its setuid bit or file capabilities (reinstall the package uidmap), "
                       "or the engine runs inside a restricted container.")
                       .arg(QString::fromLatin1(program)));
}

} // namespace

Result<> mapSubordinateIds(pid_t target)
{
    const std::string name = userName();
    const std::vector<IdRange> users = rangesOf("/etc/subuid", false, name);
    const std::vector<IdRange> groups = rangesOf("/etc/subgid", true, name);
    if (users.empty() || groups.empty())
        return failure(
            ErrorKind::Denied,
            RuntimeText::tr("There is no line for %1 in %2")
                .arg(QString::fromStdString(name), users.empty() ? u"/etc/subuid"_s : u"/etc/subgid"_s),
            {}, addRangesAdvice(name));
    if (Result<> mapped = runMapper("newuidmap", target, ::getuid(), users, name); !mapped)
        return mapped;
    return runMapper("newgidmap", target, ::getgid(), groups, name);
}

} // namespace cooperage::embedded
