#include "core/context/gitsource.h"

#include "core/context/pathnames.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QUrl>
#include <QUrlQuery>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::context {

static QString tr(const char *text)
{
    return QCoreApplication::translate("GitSource", text);
}

static bool hasDigits(const QString &text, qsizetype least, qsizetype most)
{
    return text.size() >= least && text.size() <= most && std::ranges::all_of(text, [](QChar c) {
               return (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'f');
           });
}

bool isCommitId(const QString &text)
{
    return hasDigits(text, 40, 40) || hasDigits(text, 64, 64);
}

QString GitSource::knownCommit() const
{
    return isCommitId(ref) ? ref : isCommitId(checksum) ? checksum : QString();
}

QString GitSource::displayName() const
{
    const QUrl url(remote);
    if (remote.contains("://"_L1))
        return url.isValid() ? url.toString(QUrl::RemoveUserInfo) : remote.section(u'@', -1);
    return remote;
}

namespace {

/// A text split into what git gets and what is about it.
struct Parts
{
    QString remote;
    QString query;
    QString fragment;
};

} // namespace

static Parts split(const QString &text)
{
    Parts parts{text.section(u'#', 0, 0), {}, text.section(u'#', 1)};
    if (const qsizetype mark = parts.remote.indexOf(u'?'); mark >= 0) {
        parts.query = parts.remote.sliced(mark + 1);
        parts.remote.truncate(mark);
    }
    return parts;
}

// "user@host:path" as scp has it.
static bool isScpStyle(const QString &remote)
{
    static const QRegularExpression form(u"^[a-zA-Z0-9_][a-zA-Z0-9_.-]*@[a-zA-Z0-9][a-zA-Z0-9.-]*:.+$"_s);
    return form.match(remote).hasMatch();
}

bool isGitSource(const QString &text)
{
    const QString remote = split(text).remote;
    if (remote.startsWith("http://"_L1) || remote.startsWith("https://"_L1))
        return QUrl(remote).path().endsWith(".git"_L1);
    return remote.startsWith("git://"_L1) || remote.startsWith("ssh://"_L1) || isScpStyle(remote);
}

static std::unexpected<Error> bad(const QString &what)
{
    return failure(ErrorKind::BadInput, what);
}

// Go's strconv.ParseBool; a query without a value is true.
static std::optional<bool> boolean(const QString &text)
{
    if (QStringList{u""_s, u"1"_s, u"t"_s, u"T"_s, u"true"_s, u"TRUE"_s, u"True"_s}.contains(text))
        return true;
    if (QStringList{u"0"_s, u"f"_s, u"F"_s, u"false"_s, u"FALSE"_s, u"False"_s}.contains(text))
        return false;
    return std::nullopt;
}

static Result<> setOnce(QString *field, const QString &value, const QString &what)
{
    if (!field->isEmpty() && *field != value)
        return bad(tr("%1 conflicts: \"%2\" vs \"%3\"").arg(what, *field, value));
    *field = value;
    return {};
}

namespace {

/// Takes the queries one by one.
class QueryReader
{
public:
    explicit QueryReader(GitSource *source) : m_source(source) {}

    Result<> take(const QString &key, const QString &value);
    Result<> finish();

private:
    Result<> takeFlag(const QString &key, const QString &value);

    GitSource *m_source;
    QString m_branch;
    QString m_tag;
};

Result<> QueryReader::takeFlag(const QString &key, const QString &value)
{
    const std::optional<bool> flag = boolean(value);
    if (!flag)
        return bad(tr("invalid %1 value: \"%2\"").arg(key, value));
    if (key == "submodules"_L1)
        m_source->submodules = *flag;
    else if (key == "keep-git-dir"_L1)
        m_source->keepGitDir = flag;
    return {}; // fetch-by-commit: how it is fetched changes nothing.
}

Result<> QueryReader::take(const QString &key, const QString &value)
{
    if (key == "submodules"_L1 || key == "keep-git-dir"_L1 || key == "fetch-by-commit"_L1)
        return takeFlag(key, value);
    const QStringList known{u"ref"_s,      u"branch"_s, u"tag"_s,  u"subdir"_s,
                            u"checksum"_s, u"commit"_s, u"mtime"_s};
    if (!known.contains(key))
        return bad(tr("unexpected query \"%1\"").arg(key));
    if (value.isEmpty())
        return bad(tr("query \"%1\" has no value").arg(key));
    if (key == "ref"_L1)
        return setOnce(&m_source->ref, value, u"ref"_s);
    if (key == "subdir"_L1)
        return setOnce(&m_source->folder, placeInContext(value), u"subdir"_s);
    if (key == "checksum"_L1 || key == "commit"_L1)
        return setOnce(&m_source->checksum, value, u"checksum"_s);
    if (key == "mtime"_L1) {
        m_source->commitTimes = value == "commit"_L1;
        return value == "commit"_L1 || value == "checkout"_L1
                   ? Result<>()
                   : bad(tr("invalid mtime value: \"%1\"").arg(value));
    }
    (key == "branch"_L1 ? m_branch : m_tag) = value;
    return {};
}

Result<> QueryReader::finish()
{
    if (!m_branch.isEmpty() && !m_tag.isEmpty())
        return bad(tr("branch conflicts with tag"));
    if (!m_branch.isEmpty())
        return setOnce(&m_source->ref, u"refs/heads/"_s + m_branch, u"ref"_s);
    if (!m_tag.isEmpty())
        return setOnce(&m_source->ref, u"refs/tags/"_s + m_tag, u"ref"_s);
    return {};
}

} // namespace

static Result<> readQuery(const QString &query, GitSource *source)
{
    QueryReader reader(source);
    QStringList seen;
    const auto items = QUrlQuery(query).queryItems(QUrl::FullyDecoded);
    for (const auto &[key, value] : items) {
        if (seen.contains(key))
            return bad(tr("query \"%1\" has multiple values").arg(key));
        seen << key;
        if (const Result<> taken = reader.take(key, value); !taken)
            return taken;
    }
    return reader.finish();
}

// What git would take for an option, or for a command of its own.
static Result<> checkRemote(const QString &remote)
{
    const QString host = remote.contains("://"_L1)
                             ? remote.section(u"://"_s, 1).section(u'/', 0, 0).section(u'@', -1)
                             : remote.section(u'@', 1).section(u':', 0, 0);
    const bool hasControls = std::ranges::any_of(remote, [](QChar c) { return c.unicode() < 0x20; });
    if (remote.startsWith(u'-') || host.isEmpty() || host.startsWith(u'-') || hasControls)
        return bad(tr("this is not the address of a git repository"));
    return {};
}

Result<GitSource> parseGitSource(const QString &text)
{
    const Parts parts = split(text);
    GitSource source{parts.remote, {}, {}, {}, {}};
    if (const Result<> fine = checkRemote(source.remote); !fine)
        return std::unexpected(fine.error());
    source.ref = parts.fragment.section(u':', 0, 0);
    source.folder = placeInContext(parts.fragment.section(u':', 1));
    if (const Result<> read = readQuery(parts.query, &source); !read)
        return std::unexpected(read.error());
    if (!source.checksum.isEmpty() && !hasDigits(source.checksum, 1, 64))
        return bad(
            tr("invalid checksum \"%1\": it is the commit's id, or its first digits").arg(source.checksum));
    return source;
}

} // namespace cooperage::context
