#pragma once

#include "core/build/stagestate.h"
#include "core/context/foldercontext.h"
#include "core/dockerfile/mountoptions.h"
#include "core/engine/values.h"

#include <optional>

namespace cooperage::build {

/// A heredoc source of COPY or ADD.
struct InlineFile
{
    QString name;
    QByteArray content;
};

/// A URL source of ADD, in the engine's file store.
struct AddedUrl
{
    QString name; ///< Last component of the URL's path.
    engine::FileRecord file{};
    std::optional<qint64> mtimeNs{};
    QString note{};
};

/// A finished stage, or an image that COPY --from names.
struct CopyOrigin
{
    QByteArray key; ///< What it stands for in a layer key.
    QString image;  ///< Empty: an empty file system (or not known, in a forecast).
};

/// A COPY or ADD, ready to be carried out: words expanded, sources found and hashed.
struct CopyOrder
{
    QString destination; ///< Absolute and clean; a trailing slash says that it is a folder.
    QString chown{};     ///< As written; empty: not given.
    std::optional<quint32> chmod{};
    bool unpack = false; ///< ADD: local archives are unpacked.
    QList<context::ResolvedSource> local{};
    QList<InlineFile> heredocs{};
    QList<AddedUrl> urls{};
    std::optional<CopyOrigin> origin{}; ///< COPY --from
    QStringList originPaths{};          ///< Absolute in the origin, with wildcards.
    bool sourceIsAmbiguous = false;     ///< Several sources: the destination must be a folder.
};

/// A --mount of a RUN, ready: its values expanded, its target absolute.
struct MountOrder
{
    dockerfile::MountOptions options;
    std::optional<CopyOrigin> origin{}; ///< A stage or an image that it takes from...
    std::optional<CopyOrder> files{};   ///< ...or what it takes of the build context, placed at "/source".
};

/// A RUN, ready to be carried out.
struct RunOrder
{
    RunText text;            ///< What enters its key.
    QStringList commandLine; ///< Program and arguments; the shell is part of it.
    QByteArray script{};     ///< A heredoc that begins with "#!": the command is the path of this file.
    QList<MountOrder> mounts{};
};

/// One step, ready: what it does, the state behind it, and the key of the layer that it makes.
struct PreparedStep
{
    StageState after;
    std::optional<QByteArray> key{}; ///< Absent: no layer of its own.
    std::optional<RunOrder> run{};
    std::optional<CopyOrder> copy{};
    QString folder{};  ///< WORKDIR's folder, to be made.
    QString history{}; ///< `created_by` of the layer that it makes.
    QString note{};
};

} // namespace cooperage::build
