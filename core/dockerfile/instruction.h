#pragma once

#include "core/dockerfile/token.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <memory>
#include <optional>

namespace cooperage::dockerfile {

enum class Keyword {
    Unknown,
    Add,
    Arg,
    Cmd,
    Copy,
    Entrypoint,
    Env,
    Expose,
    From,
    Healthcheck,
    Label,
    Maintainer,
    Onbuild,
    Run,
    Shell,
    Stopsignal,
    User,
    Volume,
    Workdir,
};

/// How the arguments were written.
enum class Form { Words, Json, Text, KeyValues };

/// One instruction. Which of `words`, `pairs` is filled follows from the keyword (spec 1.6).
struct Instruction
{
    Keyword keyword = Keyword::Unknown;
    QString keywordText; ///< As written, e.g. "run".
    SourceRange keywordRange;
    QList<Flag> flags;
    Form form = Form::Words;
    QList<Word> words;     ///< Arguments; for Form::Text one word holding the whole rest.
    QList<KeyValue> pairs; ///< ENV, LABEL.
    QList<Heredoc> heredocs;
    std::shared_ptr<const Instruction> trigger; ///< ONBUILD's instruction; it has the here-documents, too.
    QString original;                           ///< The logical line: continuations joined, comments dropped.
    QList<LinePiece> pieces;   ///< Where the characters of `original` stand; a trigger has none.
    SourceRange range;         ///< First physical line to last, heredoc terminators included.
    QStringList comments;      ///< Description lines above it.
    QStringList skippedChecks; ///< From `# check=skip=...` directly above it.

    /// Value of a flag; nullopt where it is absent; an empty string for a bare flag.
    [[nodiscard]] std::optional<QString> flag(QStringView name) const;
    [[nodiscard]] bool isJson() const { return form == Form::Json; }
};

} // namespace cooperage::dockerfile
