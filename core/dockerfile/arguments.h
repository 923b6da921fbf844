#pragma once

#include "core/dockerfile/sourcetext.h"

#include <expected>
#include <optional>

namespace cooperage::dockerfile {

/// A part of a logical line that is being parsed.
struct Span
{
    const LogicalLine &line;
    qsizetype begin = 0;
    qsizetype end = 0;

    [[nodiscard]] QStringView text() const { return QStringView(line.text()).sliced(begin, end - begin); }
    /// The same without white space at both ends.
    [[nodiscard]] Span trimmed() const;
    [[nodiscard]] Word word() const { return {text().toString(), line.range(begin, end)}; }
};

/// White space that separates keywords and simple arguments: `[\t\v\f\r ]`.
[[nodiscard]] bool isBlank(QChar c);

/// Flags at the front, and what is left (spec 1.5).
struct SplitFlags
{
    QList<Flag> flags;
    Span rest;
};
[[nodiscard]] SplitFlags splitFlags(const Span &span, QChar escape);

/// Words between blanks; quotes mean nothing.
[[nodiscard]] QList<Word> splitAtBlanks(const Span &span);
/// Words of ENV, LABEL and ARG: quotes and escapes protect and stay (spec 1.8).
[[nodiscard]] QList<Word> splitQuoted(const Span &span, QChar escape);
/// Pairs of ENV and LABEL in either form; an error is the message.
[[nodiscard]] std::expected<QList<KeyValue>, QString> splitPairs(const Span &span, QChar escape,
                                                                 const QString &keyword);
/// The elements of a JSON array of strings; nullopt where the text is no JSON array; an error where some
/// element is not a string (spec 1.7).
[[nodiscard]] std::expected<std::optional<QList<Word>>, QString> splitJson(const Span &span);

/// Fills `form`, `words` and `pairs` from the text after the flags (spec 1.6), except for ONBUILD; an error
/// is the message.
[[nodiscard]] std::expected<void, QString> parseArguments(Instruction &instruction, const Span &rest,
                                                          QChar escape);

} // namespace cooperage::dockerfile
