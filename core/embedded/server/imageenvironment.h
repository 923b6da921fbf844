#pragma once

#include <QByteArray>
#include <QMap>
#include <QString>

namespace cooperage::embedded {

/// What an OCI image config says about running programs.
struct ImageEnvironment
{
    QMap<QString, QString> env{};
    QString workingDir{};

    /// An empty or damaged config says nothing.
    [[nodiscard]] static ImageEnvironment of(const QByteArray &config);
};

/// The config with these variables added or replaced; byte for byte the same where they are there already.
[[nodiscard]] QByteArray withEnvironment(const QByteArray &config, const QMap<QString, QString> &env);

} // namespace cooperage::embedded
