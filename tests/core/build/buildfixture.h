#pragma once

#include "core/build/builder.h"
#include "core/engine/launcher.h"
#include "core/engine/localengine.h"
#include "core/engine/localpaths.h"
#include "core/sessions/sessionstore.h"
#include "tests/core/build/buildreport.h"
#include "tests/support/processes.h"

#include <QBuffer>
#include <QDir>
#include <QTest>

namespace cooperage::test {

using namespace Qt::StringLiterals;

/// The real embedded engine in a home of its own, and a folder to build.
class BuildFixture
{
public:
    BuildFixture() : m_set(qputenv("COOPERAGE_ENGINE", COOPERAGE_BIN_DIR "/cooperage-engine"))
    {
        QDir().mkpath(context());
        auto store = sessions::SessionStore::open(sessions::SessionStore::defaultFile(), u"embedded"_s);
        if (store)
            sessions = std::move(*store);
    }
    ~BuildFixture()
    {
        if (const auto paths = engine::LocalPaths::standard())
            (void)QCoro::waitFor(engine::stopLocalEngine(*paths));
    }

    [[nodiscard]] static bool isPossible()
    {
        return QFile::exists(QStringLiteral(COOPERAGE_BIN_DIR "/cooperage-engine"));
    }
    [[nodiscard]] QString context() const { return m_home.path(u"context"_s); }
    [[nodiscard]] QString home(const QString &below) const { return m_home.path(below); }

    /// Makes the context an empty folder.
    void clear()
    {
        QDir(context()).removeRecursively();
        QDir().mkpath(context());
    }
    void write(const QString &path, const QByteArray &text) const
    {
        const QString name = context() + u'/' + path;
        QDir().mkpath(QFileInfo(name).path());
        QFile file(name);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }

    [[nodiscard]] BuildReport build(const QString &dockerfile, build::BuildRequest request = {})
    {
        return run(dockerfile, std::move(request), false);
    }
    /// Stops the build as soon as a step has printed something.
    [[nodiscard]] BuildReport buildAndStop(const QString &dockerfile) { return run(dockerfile, {}, true); }

    /// A file of an image; "(none)" if it is not there.
    [[nodiscard]] QByteArray read(const QString &image, const QString &path)
    {
        QBuffer buffer;
        buffer.open(QIODevice::WriteOnly);
        return QCoro::waitFor(engine.download(image, path, &buffer)) ? buffer.data() : QByteArray("(none)");
    }
    /// "644 7:8" of a file or folder, "-> target" of a link; "(none)" if it is not there.
    [[nodiscard]] QString describe(const QString &image, const QString &path)
    {
        const QFileInfo info(path);
        const auto items = QCoro::waitFor(engine.list(image, info.path()));
        for (const engine::FileItem &item : items.value_or(QList<engine::FileItem>())) {
            if (item.name == info.fileName())
                return item.isSymlink
                           ? u"-> "_s + item.linkTarget
                           : u"%1 %2:%3"_s.arg(item.mode & 07777, 0, 8).arg(item.uid).arg(item.gid);
        }
        return u"(none)"_s;
    }
    [[nodiscard]] QJsonObject config(const QString &image)
    {
        return QCoro::waitFor(engine.imageConfig(image)).value_or(QJsonObject());
    }

private:
    [[nodiscard]] BuildReport run(const QString &dockerfile, build::BuildRequest request, bool stopAtOutput)
    {
        if (request.contextFolder.isEmpty())
            request.contextFolder = context();
        request.dockerfileText = dockerfile;
        BuildReport report;
        build::Builder builder(&engine, sessions.get());
        QObject::connect(&builder, &build::Builder::event, &builder, [&](const build::BuildEvent &event) {
            report.add(event);
            if (stopAtOutput && std::holds_alternative<build::StepOutput>(event))
                builder.stop();
        });
        report.result = QCoro::waitFor(builder.build(request));
        return report;
    }

    PrivateHome m_home;
    bool m_set;

public:
    engine::LocalEngine engine;
    std::unique_ptr<sessions::SessionStore> sessions;
};

} // namespace cooperage::test
