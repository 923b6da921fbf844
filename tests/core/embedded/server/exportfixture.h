#pragma once

#include "core/embedded/store/overlayform.h"
#include "tests/core/embedded/archive/hardtree.h"
#include "tests/core/embedded/archive/testimage.h"
#include "tests/core/embedded/archive/treelisting.h"
#include "tests/core/embedded/server/serverfixture.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>

namespace cooperage::test {

/// A server with an image that holds everything that gets lost easily, and ways to look at what comes out.
class ExportFixture : public ServerFixture
{
public:
    // QTemporaryDir cannot remove names that are not UTF-8.
    ~ExportFixture()
    {
        stop();
        std::error_code error;
        std::filesystem::remove_all(folder().toStdString(), error);
    }
    /// Two layers from an archive (with busybox), and one that commands made; the image's uuid.
    [[nodiscard]] QString makeHardImage()
    {
        std::vector<TarEntry> base = hardBase();
        const std::vector<TarEntry> devices = hardDevices();
        base.insert(base.end(), devices.begin(), devices.end());
        QFile busybox(embedded::staticBusybox());
        if (!busybox.open(QFile::ReadOnly))
            return {};
        TarEntry shell = file("bin/busybox", busybox.readAll().toStdString());
        shell.mode = 0755;
        base.insert(base.end(), {test::folder("bin"), shell, hardLink("bin/sh", "bin/busybox"),
                                 test::folder("many"), file("many/a"), file("many/b/c")});
        const TestImage image({tarOf(base), tarOf(hardSecond())}, ARCHIVE_FILTER_NONE);
        const QString imported = importFile(write(u"hard.tar"_s, tarOf(image.dockerArchive())), u"hard:1"_s);
        const QJsonObject changed = run(
            {{u"image"_s, imported},
             {u"shell"_s, true},
             {u"command"_s,
              u"PATH=/bin; b=busybox\n"
              "$b rm -r /many /setuid; $b mkdir /many; echo new > /many/new; $b ln /many/new /many/again\n"
              "$b mv /shared /moved; $b chmod 04711 /one; $b rm -r /d/new; $b mkfifo /made\n"
              "$b chown 1000:1000 /tmp; $b rm /na*; $b touch -d @1000000 /many/old"_s}});
        if (statusOf(changed) != u"SUCCESS"_s || stateOf(changed).value(u"exit_code"_s).toInt() != 0)
            qWarning("%s", qPrintable(QString::fromUtf8(QJsonDocument(changed).toJson())));
        return imageOf(changed);
    }
    /// Imports an archive or folder; the image's uuid.
    [[nodiscard]] QString importFile(const QString &path, const QString &tag = {})
    {
        QJsonObject request{{u"archive"_s, QJsonObject{{u"path"_s, path}}}};
        if (!tag.isEmpty())
            request[u"tag"_s] = tag;
        const QJsonObject operation = run(request, "/v1/images/import");
        if (statusOf(operation) != u"SUCCESS"_s)
            qWarning("%s", qPrintable(operation.value(u"error"_s).toString()));
        return imageOf(operation);
    }
    /// GET .../export; `query` without its question mark.
    [[nodiscard]] Reply exported(const QString &image, const std::string &query = {})
    {
        return client().Get("/v1/images/" + image.toStdString() + "/export?" + query);
    }
    /// The export in a file; its path.
    [[nodiscard]] QString exportedFile(const QString &image, const std::string &query, const QString &name)
    {
        const Reply reply = exported(image, query);
        if (reply.status != 200)
            qWarning("%s", reply.body.c_str());
        return write(name, QByteArray::fromStdString(reply.body));
    }
    [[nodiscard]] QString write(const QString &name, const QByteArray &bytes) const
    {
        QFile file(path(name));
        if (file.open(QFile::WriteOnly))
            file.write(bytes);
        return file.fileName();
    }
    [[nodiscard]] QString path(const QString &name) const { return folder() + u'/' + name; }

    /// What an image's merged tree holds.
    [[nodiscard]] TreeListing treeOf(const QString &image)
    {
        embedded::LayerDraft draft = store().beginLayer().value();
        const auto view = embedded::MountedRoot::view(store(), store().image(image)->layers, draft);
        return view ? listTree(view->path()) : TreeListing{{view.error().text().toStdString(), {}}};
    }
    [[nodiscard]] QStringList diffIdsOf(const QByteArray &config)
    {
        QStringList ids;
        for (const QJsonValue &id : QJsonDocument::fromJson(config)[u"rootfs"_s][u"diff_ids"_s].toArray())
            ids << id.toString();
        return ids;
    }
    [[nodiscard]] QStringList diffIdsOf(const QString &image)
    {
        return diffIdsOf(store().image(image)->config);
    }

    /// Runs a program; its output, or what it said when it failed.
    [[nodiscard]] static Result<QByteArray> tool(const QString &program, const QStringList &arguments)
    {
        QProcess process;
        process.start(program, arguments);
        if (!process.waitForFinished(60'000) || process.exitCode() != 0)
            return failure(ErrorKind::Failed, process.errorString() + u": "_s +
                                                  QString::fromUtf8(process.readAllStandardError()));
        return process.readAllStandardOutput();
    }
};

} // namespace cooperage::test
