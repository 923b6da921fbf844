#include "core/engine/contree/commits.h"
#include "core/engine/contree/copies.h"
#include "core/engine/contree/errors.h"
#include "core/engine/contree/images.h"
#include "core/engine/contree/json.h"
#include "core/engine/contree/operations.h"

#include <QCoreApplication>
#include <QHash>
#include <QTemporaryDir>

using namespace Qt::StringLiterals;

// Layers without the `commit` extension.
namespace cooperage::engine::contree {

static QString quoted(QString text)
{
    return u"'"_s + text.replace(u"'"_s, u"'\\''"_s) + u"'"_s;
}

static QString parentOf(const QString &path)
{
    const qsizetype slash = path.lastIndexOf(u'/');
    return slash <= 0 ? u"/"_s : path.first(slash);
}

// Files bring their parents with them, as 0755 root.
static QSet<QString> impliedFolders(const QList<StagedEntry> &files)
{
    QSet<QString> result;
    for (const StagedEntry &file : files) {
        for (QString folder = parentOf(file.path); folder != u"/"_s && !result.contains(folder);
             folder = parentOf(folder))
            result.insert(folder);
    }
    return result;
}

static bool isPlainFolder(const StagedEntry &folder)
{
    return folder.mode == 0755 && folder.uid == 0 && folder.gid == 0 && !folder.overwriteAttributes;
}

static QString folderCommand(const StagedEntry &folder)
{
    const QString path = quoted(folder.path);
    const QString make = u"mkdir -p %1 && chmod %2 %1 && chown %3:%4 %1"_s.arg(path, modeText(folder.mode))
                             .arg(folder.uid)
                             .arg(folder.gid);
    return folder.overwriteAttributes ? make : u"{ [ -d %1 ] || { %2; }; }"_s.arg(path, make);
}

// `ln` would put the link into a folder of that name.
static QString linkCommand(const StagedEntry &link)
{
    const QString path = quoted(link.path);
    return u"mkdir -p %1 && { [ -L %2 ] || [ ! -d %2 ]; } && ln -sfn -- %3 %2 && chown -h %4:%5 %2"_s
        .arg(quoted(parentOf(link.path)), path, quoted(link.linkTarget))
        .arg(link.uid)
        .arg(link.gid);
}

// What must be done by commands before the files are staged; empty: nothing.
static QString scriptFor(const QList<StagedEntry> &entries, const QList<StagedEntry> &files)
{
    const QSet<QString> implied = impliedFolders(files);
    QStringList commands;
    for (const StagedEntry &entry : entries) {
        if (entry.type == StagedEntry::Type::Symlink)
            commands.append(linkCommand(entry));
        else if (entry.type == StagedEntry::Type::Folder &&
                 !(isPlainFolder(entry) && implied.contains(entry.path)))
            commands.append(folderCommand(entry));
    }
    return commands.join(u" &&\n"_s);
}

static Task<QString> runForLayer(TransportPtr transport, RunRequest request, std::stop_token stop)
{
    auto said = std::make_shared<QByteArray>();
    OutputHandler collect = [said](Stream, const QByteArray &bytes) { *said = (*said + bytes).right(2048); };
    request.shell = true;
    const auto outcome = co_await runInstance(transport, std::move(request), std::move(collect), stop);
    if (!outcome)
        co_return std::unexpected(outcome.error());
    if (outcome->exitCode != 0 || outcome->image.isEmpty())
        co_return failure(
            ErrorKind::Failed,
            QCoreApplication::translate("Engine", "The files could not be put into the image: %1")
                .arg(QString::fromUtf8(*said).trimmed()),
            transport->endpoint().displayName(),
            QCoreApplication::translate("Engine", "This engine does it by running a shell inside the image, "
                                                  "so the image needs /bin/sh, mkdir, ln, chmod and chown."));
    co_return outcome->image;
}

static Error noEmptyImage(const Endpoint &endpoint)
{
    return {ErrorKind::Unsupported,
            QCoreApplication::translate("Engine", "This engine cannot begin with an empty image"),
            endpoint.displayName(),
            QCoreApplication::translate("Engine", "Build this stage with the embedded engine.")};
}

// The API takes files, folders and links; of two files for one path the last one is meant.
static Result<QList<StagedEntry>> plainEntries(const QList<StagedEntry> &entries)
{
    QList<StagedEntry> result;
    QHash<QString, StagedEntry> files;
    for (StagedEntry entry : entries) {
        if (entry.type == StagedEntry::Type::Special)
            return failure(ErrorKind::Unsupported,
                           QCoreApplication::translate("Engine", "A device, pipe or socket cannot be put "
                                                                 "into an image by this engine"),
                           entry.path,
                           QCoreApplication::translate("Engine", "Make it with a RUN, or build with the "
                                                                 "embedded engine."));
        if (entry.type == StagedEntry::Type::HardLink) { // A file of its own, with the same bytes.
            const QString path = entry.path;
            entry = files.value(entry.linkTarget);
            entry.path = path;
        }
        if (entry.type == StagedEntry::Type::File) {
            if (files.contains(entry.path))
                result.removeIf([&entry](const StagedEntry &earlier) {
                    return earlier.type == StagedEntry::Type::File && earlier.path == entry.path;
                });
            files.insert(entry.path, entry);
        }
        result.append(entry);
    }
    return result;
}

Task<ImageRecord> commitByRunning(TransportPtr transport, CommitRequest request, std::stop_token stop)
{
    if (request.image.isEmpty())
        co_return std::unexpected(noEmptyImage(transport->endpoint()));
    const QTemporaryDir folder;
    const auto expanded = co_await expandCopies(transport, request.entries, folder.path(), stop);
    if (!expanded)
        co_return std::unexpected(expanded.error());
    const auto entries = plainEntries(*expanded);
    if (!entries)
        co_return std::unexpected(entries.error());
    QList<StagedEntry> files;
    for (const StagedEntry &entry : *entries) {
        if (entry.type == StagedEntry::Type::File)
            files.append(entry);
    }
    QString image = request.image;
    const QString script = scriptFor(*entries, files);
    const std::pair<QString, QList<StagedEntry>> rounds[] = {{script, {}},
                                                             {files.isEmpty() ? QString() : u":"_s, files}};
    for (const auto &[command, staged] : rounds) {
        if (command.isEmpty())
            continue;
        RunRequest run{.image = image, .command = command};
        run.files = staged;
        const auto made = co_await runForLayer(transport, std::move(run), stop);
        if (!made)
            co_return std::unexpected(made.error());
        image = *made;
    }
    co_return co_await resolveImage(transport, image, stop);
}

} // namespace cooperage::engine::contree
