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
/// What enters, per directive (parent; state; contribution; pending):
///
/// - FROM: no chain, but sha256("FROM:" + image uuid, or "scratch"); a stage as base: that stage's key,
///   unchanged.
/// - RUN: the step before; args, env, user, workdir; shell or exec form, text, heredoc bodies, and where they
///   are not the default SHELL, network, host name and mounts; what COPY staged, if it was not committed.
///   - Of every mount: type, target, whether it can be written, mode, uid and gid where they are given.
///   - bind: of the build context every file that it shows (as for COPY); of a stage or an image that one's
///   key
///     and the path in it.
///   - cache: likewise what it begins with; neither its id nor how it is shared nor what is in it.
///   - tmpfs: its size. secret: id and variable, never the value. ssh: id.
///   - Not: proxies given as build arguments, unless an ARG declares them.
/// - COPY, ADD: the step before; nothing; absolute destination, owner, mode, names of the sources, what
/// --from
///   stands for; every file: path, digest, mode...
/// - WORKDIR: the step before; user; absolute path; nothing.
/// - config: the last step; nothing; the target's OCI config and history; nothing.
/// - The rest makes no layer: it changes the state of later steps or only the image's config.
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
[[nodiscard]] QByteArray workdirKey(const QByteArray &parent, const QString &user, const QString &path);
[[nodiscard]] QByteArray configKey(const QByteArray &parent, const QJsonObject &config);

/// JSON exactly as Python's `json.dumps(value, sort_keys=True)` writes it. Numbers are integers.
[[nodiscard]] QByteArray pythonJson(const QJsonValue &value);

} // namespace cooperage::build
