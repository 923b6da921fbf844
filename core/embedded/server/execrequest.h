#pragma once

#include "core/base/error.h"
#include "core/embedded/runtime/run.h"
#include "core/embedded/server/jsonfields.h"

#include <QByteArray>
#include <QJsonObject>
#include <QMap>
#include <QStringList>

#include <string>
#include <vector>

namespace cooperage::embedded {

/// ClosableStream (contract 2.5): bytes for a standard input, and whether it ends with them.
struct ClosableStream
{
    QByteArray bytes{};
    bool close = true;

    /// The members of `fields`; `required`: there must be a value.
    [[nodiscard]] static ClosableStream read(JsonFields &fields, bool required);
};

/// ExecSpec (contract 2.7): what an instance and a further process in it have in common.
struct ExecRequest
{
    QString command;
    QStringList args{};
    bool shell = false;
    QMap<QString, QString> env{};
    QString cwd{}; ///< Empty: the image's, or the default.
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    ClosableStream input{};
    qint64 truncateAt = 1048576;

    /// Problems are left in `fields`.
    [[nodiscard]] static ExecRequest read(JsonFields &fields);

    /// What to execute: `/bin/sh -c` with quoted arguments appended for a shell expression.
    [[nodiscard]] std::vector<std::string> argv() const;
    /// `env` with the values of variables that look like secrets replaced.
    [[nodiscard]] QJsonObject shownEnv() const;
    /// Fills in everything but what belongs to the instance. Variables of `base` that the request does not
    /// set are kept.
    [[nodiscard]] ProcessSpec spec(const QMap<QString, QString> &base) const;
};

} // namespace cooperage::embedded
