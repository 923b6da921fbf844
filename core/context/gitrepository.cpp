#include "core/context/gitrepository.h"

#include "core/context/contextroot.h"
#include "core/context/pathnames.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDirIterator>
#include <QFile>
#include <QMap>
#include <QTemporaryDir>
#include <QUrl>

#include <fcntl.h>
#include <sys/stat.h>

using namespace Qt::StringLiterals;

namespace cooperage::context {

static QString tr(const char *text)
{
    return QCoreApplication::translate("GitRepository", text);
}

// What must not be told of an address, in every form that git may print.
static QStringList secretsOf(const GitSource &source)
{
    if (!source.remote.contains("://"_L1))
        return {};
    const QUrl url(source.remote);
    QStringList secrets{url.password(QUrl::FullyEncoded), url.password(QUrl::FullyDecoded)};
    if (url.scheme().startsWith("http"_L1)) // A token may stand for the user.
        secrets.prepend(url.userInfo(QUrl::FullyEncoded));
    secrets.removeAll(QString());
    return secrets;
}

static Error placed(Error error, const GitSource &source)
{
    if (error.where.isEmpty())
        error.where = source.displayName();
    return error;
}

// The address goes into the repository's own file: arguments can be seen by everybody on the machine.
static Result<> addRemote(const QString &gitFolder, const QString &address)
{
    QFile file(gitFolder + u"/config"_s);
    QString quoted = address;
    quoted.replace(u'\\', u"\\\\"_s).replace(u'"', u"\\\""_s);
    const QByteArray lines = u"[remote \"origin\"]\n\turl = \"%1\"\n"_s.arg(quoted).toUtf8();
    if (!file.open(QIODevice::Append) || file.write(lines) != lines.size() || !file.flush())
        return failure(ErrorKind::Failed, file.errorString(), file.fileName());
    return {};
}

static Result<> begin(const GitProgram &git, const QString &folder, const GitSource &source)
{
    const auto made = git.run({u"init"_s, u"--quiet"_s, u"--template="_s, u"."_s});
    if (!made)
        return std::unexpected(placed(made.error(), source));
    return addRemote(folder + u"/.git"_s, source.remote);
}

// Names of the remote with their commits; of a tag object the commit that it is about.
static QMap<QString, QString> readRefs(const QByteArray &list)
{
    QMap<QString, QString> refs;
    for (const QString &line : QString::fromUtf8(list).split(u'\n', Qt::SkipEmptyParts)) {
        const QString id = line.section(u'\t', 0, 0);
        const QString name = line.section(u'\t', 1);
        if (!isCommitId(id))
            continue;
        if (name.endsWith("^{}"_L1))
            refs.insert(name.chopped(3), id);
        else if (!refs.contains(name))
            refs.insert(name, id);
    }
    return refs;
}

static QStringList candidates(const QString &ref)
{
    if (ref.isEmpty())
        return {u"HEAD"_s};
    if (ref.startsWith("refs/"_L1))
        return {ref};
    return {u"refs/"_s + ref, u"refs/heads/"_s + ref, u"refs/tags/"_s + ref};
}

// The full name of what is meant, with its commit; `folder` holds a repository with the remote.
static Result<std::pair<QString, QString>> findRef(const GitProgram &git, const GitSource &source)
{
    QStringList arguments{u"ls-remote"_s, u"--quiet"_s, u"origin"_s};
    for (const QString &name : candidates(source.ref))
        arguments << name << name + u"^{}"_s;
    const auto list = git.run(arguments);
    if (!list)
        return std::unexpected(placed(list.error(), source));
    const QMap<QString, QString> refs = readRefs(*list);
    for (const QString &name : candidates(source.ref)) {
        if (refs.contains(name))
            return std::pair(name, refs.value(name));
    }
    return failure(
        ErrorKind::NotFound,
        tr("repository does not contain ref %1").arg(source.ref.isEmpty() ? u"HEAD"_s : source.ref),
        source.displayName(), tr("Name a branch, a tag or a whole commit id."));
}

static Result<> checkExpected(const GitSource &source, const QString &commit)
{
    if (commit.startsWith(source.checksum))
        return {};
    return failure(ErrorKind::Failed,
                   tr("expected checksum to match %1, got %2").arg(source.checksum, commit),
                   source.displayName(), tr("If the new commit is right, change the checksum."));
}

Result<QString> resolveGitCommit(const GitSource &source, std::stop_token stop)
{
    if (isCommitId(source.ref))
        return checkExpected(source, source.ref).transform([&] { return source.ref; });
    const QTemporaryDir folder;
    const GitProgram git(folder.path(), secretsOf(source), {}, std::move(stop));
    if (const Result<> ready = begin(git, folder.path(), source); !ready)
        return std::unexpected(ready.error());
    const auto found = findRef(git, source);
    if (!found)
        return std::unexpected(found.error());
    return checkExpected(source, found->second).transform([&] { return found->second; });
}

// By its name first, as every server allows that; by its id, and with all of the history, if it has moved on.
static Result<> fetchCommit(const GitProgram &git, const GitSource &source, const QString &commit)
{
    const QStringList fetch{u"fetch"_s, u"--quiet"_s, u"--progress"_s, u"--no-recurse-submodules"_s};
    const QStringList shallow = fetch + QStringList{u"--depth=1"_s, u"--no-tags"_s, u"origin"_s};
    QList<QStringList> ways;
    if (!isCommitId(source.ref)) {
        const auto name = findRef(git, source);
        if (name)
            ways << shallow + QStringList{u'+' + name->first + u":refs/cooperage/wanted"_s};
    }
    ways << shallow + QStringList{commit}
         << fetch + QStringList{u"origin"_s, u"+refs/heads/*:refs/remotes/origin/*"_s,
                                u"+refs/tags/*:refs/tags/*"_s};
    Result<> last;
    for (const QStringList &way : std::as_const(ways)) {
        const auto fetched = git.run(way);
        if (!fetched && fetched.error().kind == ErrorKind::Cancelled)
            return std::unexpected(fetched.error());
        last = fetched ? Result<>() : std::unexpected(placed(fetched.error(), source));
        if (git.run({u"cat-file"_s, u"-e"_s, commit + u"^{commit}"_s}))
            return {};
    }
    return last ? failure(ErrorKind::NotFound, tr("repository does not contain commit %1").arg(commit),
                          source.displayName())
                : last;
}

// Every file and link gets the commit's time.
static Result<> setTimes(const GitProgram &git, const QString &target)
{
    const auto text = git.run({u"show"_s, u"-s"_s, u"--format=%ct"_s, u"HEAD"_s});
    if (!text)
        return std::unexpected(text.error());
    const time_t seconds = text->trimmed().toLongLong();
    const timespec times[2] = {{seconds, 0}, {seconds, 0}};
    QDirIterator entries(target, QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot,
                         QDirIterator::Subdirectories);
    while (entries.hasNext())
        ::utimensat(AT_FDCWD, QFile::encodeName(entries.next()).constData(), times, AT_SYMLINK_NOFOLLOW);
    return {};
}

// What is left of git is what everybody may see: no password, nothing that differs from one build to the
// next.
static Result<> tidyGitFolder(const GitProgram &git, const GitSource &source, const QString &target)
{
    QFile::remove(target + u"/.git/FETCH_HEAD"_s);
    const auto set = git.run({u"config"_s, u"--local"_s, u"remote.origin.url"_s, source.displayName()});
    if (!set)
        return std::unexpected(placed(set.error(), source));
    const auto expired = git.run({u"reflog"_s, u"expire"_s, u"--all"_s, u"--expire=now"_s});
    return expired ? Result<>() : std::unexpected(placed(expired.error(), source));
}

// A folder of the checkout, not by way of a link that leads out of it.
static Result<QString> folderOf(const GitSource &source, const QString &target)
{
    const auto root = ContextRoot::open(target);
    const auto place = root ? root->placeOf(source.folder) : std::unexpected(root.error());
    const auto found = place ? root->look(*place) : std::unexpected(place.error());
    if (!found || !*found || (*found)->entry.type != EntryType::Folder)
        return failure(ErrorKind::NotFound, tr("the repository has no folder \"%1\"").arg(source.folder),
                       source.displayName());
    return root->hostPath(*place);
}

Result<QString> checkOutGit(const GitSource &source, const QString &commit, bool keepGitDir,
                            const QString &target, const GitProgress &progress, std::stop_token stop)
{
    const GitProgram git(target, secretsOf(source), progress, std::move(stop));
    Result<> done = begin(git, target, source);
    if (done)
        done = fetchCommit(git, source, commit);
    if (!done)
        return std::unexpected(done.error());
    QList<QStringList> steps{{u"checkout"_s, u"--quiet"_s, u"--detach"_s, commit}};
    if (source.submodules)
        steps << QStringList{u"submodule"_s, u"--quiet"_s,     u"update"_s,
                             u"--init"_s,    u"--recursive"_s, u"--depth=1"_s};
    for (const QStringList &step : std::as_const(steps)) {
        const auto carriedOut = git.run(step);
        if (!carriedOut)
            return std::unexpected(placed(carriedOut.error(), source));
    }
    if (source.commitTimes)
        done = setTimes(git, target);
    if (done && keepGitDir)
        done = tidyGitFolder(git, source, target);
    if (!done)
        return std::unexpected(done.error());
    if (!keepGitDir && !QDir(target + u"/.git"_s).removeRecursively())
        return failure(ErrorKind::Failed, tr("Cannot remove the folder .git"), target);
    return folderOf(source, target);
}

} // namespace cooperage::context
