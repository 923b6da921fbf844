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
/// What enters, per directive:
///
/// | directive | parent           | state                    | contribution                              |
/// pending         |
/// |-----------|------------------|--------------------------|-------------------------------------------|-----------------|
/// | FROM      | none: sha256("FROM:" + image uuid, or "scratch"); a stage as base: that stage's key,
/// unchanged     | | RUN       | step before      | args, env, user, workdir | shell or exec form, text,
/// heredoc bodies, | staged by COPY, | |           |                  |                          | SHELL and
/// network where not the default   | if not committed| | COPY, ADD | step before      | empty | absolute
/// destination, owner, mode, names  | every file: path| |           |                  | | of the sources,
/// what --from stands for    | digest, mode... | | WORKDIR   | step before      | user                     |
/// absolute path                             | none            | | the rest  | no layer: changes the state of
/// later steps or only the image's config                                | | config    | last step        |
/// none                     | the target's OCI config and history       | none            |
///
/// File times never enter, and ENV or ARG only reach COPY, ADD and WORKDIR through their expanded text. On an
/// engine that cannot commit files alone only FROM and RUN have keys, as contree-cli makes them.
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
    bool networking = true;
};

[[nodiscard]] QByteArray baseKey(const QString &imageUuid);
[[nodiscard]] QByteArray scratchKey();
[[nodiscard]] QByteArray runKey(const QByteArray &parent, const KeyState &state, const RunText &text,
                                const QJsonArray &pending);
[[nodiscard]] QByteArray copyKey(const QByteArray &parent, const QJsonObject &contribution,
                                 const QJsonArray &pending);
[[nodiscard]] QByteArray workdirKey(const QByteArray &parent, const QString &user, const QString &path);
[[nodiscard]] QByteArray configKey(const QByteArray &parent, const QJsonObject &config);

/// JSON exactly as Python's `json.dumps(value, sort_keys=True)` writes it. Numbers are integers.
[[nodiscard]] QByteArray pythonJson(const QJsonValue &value);

} // namespace cooperage::build
