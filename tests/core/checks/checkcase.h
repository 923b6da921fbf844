#pragma once

#include "core/build/buildchecks.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>

namespace cooperage::test {

/// A folder of tests/core/checks/cases: a rule, a file that violates it (bad), one that nearly does (near),
/// and the first one mended (fixed), where there is a fix. `context` is what COPY takes from; case.json has
/// options.
class CheckCase
{
public:
    explicit CheckCase(const QString &rule) : m_rule(rule), m_folder(root().filePath(rule))
    {
        m_options = QJsonDocument::fromJson(read(QStringLiteral("case.json"))).object();
    }

    static QDir root() { return QDir(QStringLiteral(COOPERAGE_SOURCE_DIR "/tests/core/checks/cases")); }

    [[nodiscard]] const QString &rule() const { return m_rule; }
    [[nodiscard]] bool has(const QString &which) const { return m_folder.exists(which + dockerfile()); }
    [[nodiscard]] QString text(const QString &which) const
    {
        return QString::fromUtf8(read(which + dockerfile()));
    }
    /// What a real BuildKit said: lines "bad | Rule | line | message".
    [[nodiscard]] QStringList recorded() const
    {
        return QString::fromUtf8(read(QStringLiteral("docker.txt"))).split(u'\n', Qt::SkipEmptyParts);
    }
    [[nodiscard]] bool hasRecording() const { return m_folder.exists(QStringLiteral("docker.txt")); }

    [[nodiscard]] checks::CheckResult check(const QString &text) const
    {
        return checks::Checker(settings()).check(text);
    }

private:
    [[nodiscard]] static QString dockerfile() { return QStringLiteral(".Dockerfile"); }

    [[nodiscard]] QByteArray read(const QString &name) const
    {
        QFile file(m_folder.filePath(name));
        return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray();
    }

    [[nodiscard]] checks::CheckSettings settings() const
    {
        build::CheckRequest request;
        const QJsonObject args = m_options.value(QStringLiteral("build-args")).toObject();
        for (const QString &name : args.keys())
            request.buildArgs.insert(name, args[name].toString());
        if (const QJsonValue keeps = m_options.value(QStringLiteral("keeps-config")); keeps.isBool())
            request.engineKeepsConfig = keeps.toBool();
        checks::CheckSettings settings = build::checkSettings(request);
        settings.platform.insert(QStringLiteral("TARGETPLATFORM"), QStringLiteral("linux/amd64"));
        if (m_folder.exists(QStringLiteral("context")))
            settings.sources =
                checks::CopySources::open(m_folder.filePath(QStringLiteral("context")), {}, true).value();
        if (const QJsonObject image = m_options.value(QStringLiteral("image")).toObject(); !image.isEmpty()) {
            settings.image = [platform =
                                  image.value(QStringLiteral("platform")).toString()](const QString &) {
                return checks::KnownImage{.env = {QStringLiteral("A=1")}, .platform = platform};
            };
        }
        return settings;
    }

    QString m_rule;
    QDir m_folder;
    QJsonObject m_options;
};

} // namespace cooperage::test
