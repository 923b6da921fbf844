#pragma once

#include <QByteArray>
#include <QDateTime>
#include <QJsonObject>
#include <QList>
#include <QMap>
#include <QSet>
#include <QString>
#include <QStringList>

#include <functional>
#include <optional>

namespace cooperage::engine {

/// Extensions of ConTree v1 (docs/engine-protocol.md), as whoami lists them.
namespace extension {
inline const QString localFiles = QStringLiteral("local-files");
inline const QString commit = QStringLiteral("commit");
inline const QString copyFrom = QStringLiteral("copy-from");
inline const QString imageConfig = QStringLiteral("image-config");
inline const QString imageList = QStringLiteral("image-list");
inline const QString importArchive = QStringLiteral("import-archive");
inline const QString importPlatform = QStringLiteral("import-platform");
inline const QString layers = QStringLiteral("layers");
inline const QString diff = QStringLiteral("diff");
inline const QString find = QStringLiteral("find");
inline const QString exportImage = QStringLiteral("export");
inline const QString mounts = QStringLiteral("mounts");
inline const QString push = QStringLiteral("push");
inline const QString removeImage = QStringLiteral("remove-image");
inline const QString storage = QStringLiteral("storage");
inline const QString terminal = QStringLiteral("terminal");
} // namespace extension

/// What the engine says of itself (GET /v1/whoami).
struct EngineInfo
{
    QString name; ///< For people: "Embedded engine", "ConTree at host".
    QSet<QString> extensions;
    int maxTimeoutSeconds = 3600;
    QString version{};                 ///< Empty where the engine does not say.
    QMap<QString, bool> permissions{}; ///< What the token may do, by the server's own names.

    [[nodiscard]] bool offers(const QString &name) const { return extensions.contains(name); }
};

struct ImageRecord
{
    QString uuid;
    QString tag; ///< Empty for an untagged image. An image with several tags comes as several records.
    QDateTime createdAt;
    QString operation{}; ///< The operation that made it; may be empty.

    bool operator==(const ImageRecord &) const = default;
};

struct ImageQuery
{
    int limit = 1000;
    int offset = 0;
    QString tagPrefix{};
    QString uuidPrefix{};
    bool taggedOnly = false;
    QString since{}; ///< RFC 3339, "2h", "3d", or seconds.
    QString until{};
};

/// One file, folder or link to put into an image before a command runs or as a layer of its own.
struct StagedEntry
{
    enum class Type { File, Folder, Symlink, HardLink, Special, CopyFrom };
    Type type = Type::File;
    QString path; ///< Absolute path in the image. Links in its parents are followed inside the image.
    quint32 uid = 0;
    quint32 gid = 0;
    quint32 mode = 0644;             ///< Permission bits. For CopyFrom only with `setMode`.
    std::optional<qint64> mtimeNs{}; ///< Absent: now.
    // File: exactly one of these three.
    QString localPath{};                 ///< A file of this machine; `sha256` is then its digest.
    QString fileUuid{};                  ///< A file that the engine already has.
    std::optional<QByteArray> content{}; ///< The bytes themselves (heredocs).
    QByteArray sha256{};
    qint64 size = 0;
    QString linkTarget{};               ///< Symlink; HardLink: an earlier entry's path.
    QMap<QString, QByteArray> xattrs{}; ///< File and Folder.
    QString special{};                  ///< Special: "fifo", "socket", "char" or "block"...
    quint32 deviceMajor = 0;            ///< ...and the numbers of a device.
    quint32 deviceMinor = 0;
    bool replace = false; ///< Removes what stands there, but for a folder that meets a folder.
    // Folder: an existing folder keeps its owner and mode unless this is set.
    bool overwriteAttributes = false;
    // CopyFrom: `sourcePath` of image `sourceImage`. A folder's contents are merged into `path`; a file
    // becomes `path`.
    QString sourceImage{};
    QString sourcePath{};
    bool setOwner = false; ///< CopyFrom: use uid/gid for everything copied instead of the source's.
    bool setMode = false;
    QString modeChange{};  ///< CopyFrom: symbolic, instead of `setMode`.
    QStringList include{}; ///< CopyFrom of a folder: patterns of what is below it, as in .dockerignore...
    QStringList exclude{}; ///< ...and of what is left out.
};

/// What a command sees beside its image (extension `mounts`). Only caches outlive it.
struct RunMount
{
    enum class Type {
        Bind,     ///< A path of an image; what is written to it is thrown away.
        Cache,    ///< A folder that the engine keeps.
        Tmpfs,    ///< An empty folder in memory.
        File,     ///< A file in memory.
        Variable, ///< A variable of the environment that nobody else is told.
        Ssh,      ///< The socket of an SSH agent of this machine.
    };
    Type type = Type::Bind;
    QString target{};
    bool readOnly = true;
    QString image{};  ///< Bind and Cache: uuid of what it shows, or begins with; empty: nothing.
    QString source{}; ///< A path in it.
    QString id{};     ///< Cache.
    QString sharing = QStringLiteral("shared"); ///< Cache: or "private", "locked".
    qint64 size = 0;                            ///< Tmpfs: most bytes; 0: no limit of its own.
    QByteArray content{};                       ///< File and Variable. May be a secret: in no log, no error.
    QString name{};                             ///< Variable.
    QString agent{};                            ///< Ssh: path of the agent's socket.
    quint32 uid = 0;
    quint32 gid = 0;
    quint32 mode = 0755;
};

struct RunRequest
{
    QString image; ///< uuid or "tag:NAME"
    QString command;
    QStringList args{};
    bool shell = false; ///< Run as `/bin/sh -c command`.
    QMap<QString, QString> env{};
    QString cwd{}; ///< Empty: the image's working directory.
    quint32 uid = 0;
    quint32 gid = 0;
    QString hostname{};
    QByteArray stdinData{};
    int timeoutSeconds = 600;
    qint64 truncateOutputAt = 10 * 1024 * 1024;
    bool disposable = false;
    bool networking = true;
    QList<StagedEntry> files{}; ///< Only entries of type File.
    QList<RunMount> mounts{};   ///< Only where the engine offers `mounts`.
};

enum class Stream { Stdout, Stderr };

/// Called as output arrives, on the caller's thread.
using OutputHandler = std::function<void(Stream, const QByteArray &)>;

struct RunOutcome
{
    QString operation;
    QString image; ///< Result image; empty for a disposable run, the input's uuid where nothing changed.
    int exitCode = 0;
    int signal = -1;
    bool timedOut = false;
    qint64 durationMs = 0;
    bool outputTruncated = false;
};

/// A layer made of staged entries alone.
struct CommitRequest
{
    QString image; ///< Parent's uuid; empty: an empty file system (`FROM scratch`).
    QList<StagedEntry> entries{};
    std::optional<QJsonObject> config{}; ///< New OCI image config; absent: the parent's.
    QString stack{}; ///< uuid of an image whose layers are put on top of the parent's; empty: none.
};

struct Credentials
{
    QString username; ///< "<token>": `password` is an identity token.
    QString password;
    QString source{}; ///< Where they were found, in words, for errors; empty: the user gave them.
};

struct ImportRequest
{
    QString reference; ///< Any form that images::Reference::parse accepts. Empty when `archivePath` is given.
    QString archivePath{}; ///< A docker-archive, OCI-layout or root-filesystem tar, or the folder of an OCI
                           ///< layout.
    std::optional<Credentials> credentials{};
    QString tag{}; ///< Empty: derived from the reference.
    int timeoutSeconds = 300;
    bool plainHttp = false; ///< The registry may be spoken to without encryption.
    QString platform{};     ///< "linux/arm64", of an image from a registry; empty: as the engine chooses.
};

/// Bytes known to be done and, where known, the total (else -1).
using ProgressHandler = std::function<void(qint64 done, qint64 total, const QString &what)>;

struct ImportOutcome
{
    QString operation;
    QString image;
    QString tag;
    QStringList notes{}; ///< What the user should know of it, in words.
};

struct PushRequest
{
    QString image;     ///< uuid
    QString reference; ///< Any form that images::Reference::parse accepts, with a tag.
    std::optional<Credentials> credentials{};
    bool plainHttp = false;
    QString compression{}; ///< Of layers the registry lacks: "gzip" or "zstd"; empty: as the engine chooses.
    int timeoutSeconds = 3600;
};

struct PushOutcome
{
    QString operation;
    QString digest; ///< Of the manifest: "sha256:..."
    QStringList notes{};
};

/// An image as a tar (docs/engine-protocol.md).
struct ExportRequest
{
    QString image;                             ///< uuid
    QString format = QStringLiteral("docker"); ///< "docker", "oci" or "rootfs".
    QString compression{};         ///< "none", "gzip", "zstd", "bzip2", "xz"; empty: the format's own.
    QStringList names{};           ///< "repository:tag"; empty: the image's own tags.
    std::optional<qint64> epoch{}; ///< SOURCE_DATE_EPOCH: later times become it.
    /// What the client has kept of the image's settings, for an engine that keeps none.
    std::optional<QJsonObject> config{};
};

struct ExportOutcome
{
    qint64 size = 0;   ///< Bytes written.
    QString warning{}; ///< What may hinder the use of the result; empty: nothing.
};

/// One entry of a folder in an image (contract section 2.8).
struct FileItem
{
    QString name;
    qint64 size = 0;
    quint32 mode = 0; ///< Full st_mode.
    quint32 uid = 0;
    quint32 gid = 0;
    QString owner{};
    QString group{};
    QDateTime mtime{};
    QString linkTarget{};
    bool isFolder = false;
    bool isRegular = false;
    bool isSymlink = false;
};

/// One of an image's layers.
struct LayerRecord
{
    QString id;
    QString diffId{}; ///< Empty where the engine does not know it.
    qint64 size = 0;
};

/// One path in which two images differ.
struct ImageChange
{
    enum class Kind { Added, Changed, Removed };
    Kind kind = Kind::Changed;
    QString path;
    bool content = false; ///< Changed: the bytes (or a link's target, or the type), not only attributes.
    qint64 size = 0;      ///< 0 where it was removed...
    quint32 mode = 0;     ///< ...and the full st_mode likewise.
    qint64 baseSize = 0;  ///< 0 where it was added.
    quint32 baseMode = 0;

    bool operator==(const ImageChange &) const = default;
};

struct ImageDiff
{
    QList<ImageChange> changes{}; ///< Sorted by path; at most as many as were asked for.
    qint64 added = 0;             ///< The counts are of all changes.
    qint64 changed = 0;
    qint64 removed = 0;
    bool truncated = false;
};

/// A search in an image's files (contract section 2.8).
struct GrepRequest
{
    enum class Case { Sensitive, Insensitive, Smart };
    QString image; ///< uuid
    QStringList patterns{};
    QStringList paths{}; ///< Empty: everywhere.
    QStringList globs{}; ///< Empty: every file.
    Case caseMode = Case::Sensitive;
    int before = 0; ///< Lines of context.
    int after = 0;
    int maxPerFile = 0; ///< 0: no limit of the caller's.
    int maxTotal = 0;
};

struct GrepLine
{
    QString path; ///< Without the leading slash.
    qint64 number = 0;
    QString text{};
    bool isContext = false;
};

struct GrepOutcome
{
    QList<GrepLine> lines{};
    bool truncated = false; ///< A limit ended the search; there may be more.
};

enum class OperationState { Pending, Assigned, Executing, Success, Failed, Cancelled };

struct OperationRecord
{
    QString uuid;
    QString kind; ///< "instance" or "image_import"
    OperationState state = OperationState::Pending;
    QString error{};
    QDateTime createdAt{};
    double durationSeconds = 0;
    QString image{};
    QString resultImage{};
    QJsonObject metadata{};
};

/// An uploaded file.
struct FileRecord
{
    QString uuid;
    QByteArray sha256;
    qint64 size = 0;
};

/// ADD of a URL: what is remembered of it between builds.
struct UrlValidators
{
    QString etag{};
    QString lastModified{};
    QString contentMd5{};

    [[nodiscard]] bool isEmpty() const
    {
        return etag.isEmpty() && lastModified.isEmpty() && contentMd5.isEmpty();
    }
    bool operator==(const UrlValidators &) const = default;
};

struct UrlUpload
{
    QString url;
    UrlValidators known{};  ///< From an earlier build; empty: no conditional request.
    FileRecord knownFile{}; ///< The file these validators belong to.
    QByteArray expected{};  ///< A digest: if the engine has such a file, nothing is fetched.
};

struct UrlOutcome
{
    enum class How { Uploaded, HeadMatched, NotModified, Expected };
    How how = How::Uploaded;
    FileRecord file;
    UrlValidators validators;
};

} // namespace cooperage::engine
