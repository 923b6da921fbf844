#pragma once

#include "core/build/stagestate.h"
#include "core/context/foldercontext.h"
#include "core/context/gitsource.h"
#include "core/context/modechange.h"
#include "core/dockerfile/mountoptions.h"
#include "core/engine/values.h"

#include <optional>
#include <variant>

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
    QString url{};
};

/// A git repository as source of ADD.
struct AddedGit
{
    context::GitSource source;
    QString commit;
    bool keepGitDir = false;
};

/// A path of what --from names.
struct OriginSource
{
    QString path;          ///< Absolute there, with wildcards.
    QStringList include{}; ///< COPY --parents: what is meant of that folder.
};

using CopySource = std::variant<context::ResolvedSource, OriginSource, AddedUrl, AddedGit, InlineFile>;

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
    std::optional<context::ModeChange> chmod{};
    bool unpack = false;     ///< Archives among local files are unpacked...
    bool unpackUrls = false; ///< ...and URLs' contents.
    bool link = false;       ///< A layer by itself, put on top of the others.
    bool parents = false;    ///< Sources come with their folders.
    QStringList exclude{};
    std::optional<CopyOrigin> origin{}; ///< COPY --from
    QList<CopySource> sources{};        ///< Carried out one after another; heredocs last.
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
    std::optional<QByteArray> key{};      ///< Absent: no layer of its own.
    std::optional<QByteArray> layerKey{}; ///< COPY --link: of the layer by itself, whatever is below it.
    std::optional<RunOrder> run{};
    std::optional<CopyOrder> copy{};
    QString folder{};  ///< WORKDIR's folder, to be made.
    QString history{}; ///< `created_by` of the layer that it makes.
    QString note{};
};

} // namespace cooperage::build
