#pragma once

#include "core/dockerfile/sourcetext.h"

#include <optional>

namespace cooperage::dockerfile {

/// An instruction's lines as they stand in the file.
struct InstructionLines
{
    LogicalLine line;
    SourceRange range;
    bool hasEmptyContinuation = false; ///< A blank line inside, which does not end it (spec 1.4).
    QStringList comments{};            ///< Description lines above it (spec 1.3).
};

/// Lines of a here-document.
struct BodyLines
{
    SourceRange range;
    qsizetype end = 0; ///< Where the terminator ends; of an unterminated body, where the text does.
    bool terminated = false;
};

/// Goes through the physical lines and joins what belongs to one instruction.
class LineReader
{
public:
    LineReader(const SourceText &source, QChar escape, qsizetype firstLine);

    /// The next instruction; nullopt at the end of the file.
    [[nodiscard]] std::optional<InstructionLines> next();
    /// The here-document that begins with the line after the one read last.
    [[nodiscard]] BodyLines readBody(const QString &terminator, bool stripTabs);

    [[nodiscard]] const SourceText &source() const { return m_source; }
    [[nodiscard]] qsizetype linesRead() const { return m_next; }

private:
    void takeComment(qsizetype begin, qsizetype end);
    /// Where the escape that continues the line stands; -1 if it is not continued.
    [[nodiscard]] qsizetype continuation(qsizetype begin, qsizetype end) const;
    [[nodiscard]] InstructionLines join();

    const SourceText &m_source;
    QChar m_escape;
    qsizetype m_next;
    QStringList m_comments;
};

} // namespace cooperage::dockerfile
