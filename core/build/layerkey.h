#pragma once

#include <QByteArray>
#include <QJsonArray>
#include <QJsonValue>
#include <QMap>
#include <QString>
#include <QStringList>

/// Layer keys: which snapshot a step stands for, known without an engine. A key is a chain hash
/// (contree-api section 6.3):
///
///     key = sha256(parent key, NUL, state, NUL, contribution, NUL, pending)      64 hex digits
///
/// docs/layer-keys.md says what enters the key of each directive, and what does not.
namespace cooperage::build {

/// The part of a stage's state that a RUN sees.
struct KeyState
{
    QString workdir = QStringLiteral("/");
    QString user{};
    QMap<QString, QString> env{};
    QMap<QString, QString> args{}; ///< Declared ARGs that have a value, with the value in effect.
};

/// How a RUN was written.
struct RunText
{
    bool shell = true;
    QStringList parts;         ///< Shell form: the text, then heredoc bodies. Exec form: the arguments.
    QStringList interpreter{}; ///< SHELL, where it is not the default.
    QString network{};         ///< "none" or "host"; empty: the default.
    QString hostname{};        ///< Empty: the default.
    QJsonArray mounts{};       ///< mountContributions()
};

[[nodiscard]] QByteArray baseKey(const QString &imageUuid);
[[nodiscard]] QByteArray scratchKey();
[[nodiscard]] QByteArray runKey(const QByteArray &parent, const KeyState &state, const RunText &text,
                                const QJsonArray &pending);
[[nodiscard]] QByteArray copyKey(const QByteArray &parent, const QJsonObject &contribution,
                                 const QJsonArray &pending);
/// COPY --link: a layer that was made by itself, put on top of the step before.
[[nodiscard]] QByteArray linkedKey(const QByteArray &parent, const QByteArray &layer);
[[nodiscard]] QByteArray workdirKey(const QByteArray &parent, const QString &user, const QString &path);
[[nodiscard]] QByteArray configKey(const QByteArray &parent, const QJsonObject &config);

/// JSON exactly as Python's `json.dumps(value, sort_keys=True)` writes it. Numbers are integers.
[[nodiscard]] QByteArray pythonJson(const QJsonValue &value);

} // namespace cooperage::build
