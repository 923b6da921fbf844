#pragma once

#include "core/dockerfile/tree.h"

#include <QList>
#include <QString>

namespace cooperage::dockerfile {

/// A physical line: [begin, end) without its line end (spec 1.1), `next` where the following one begins.
struct PhysicalLine
{
    qsizetype begin = 0;
    qsizetype end = 0;
    qsizetype next = 0;
};

/// The text of a file, cut into physical lines.
class SourceText
{
public:
    explicit SourceText(const QString &text);

    [[nodiscard]] const QString &text() const { return m_text; }
    [[nodiscard]] const QList<PhysicalLine> &lines() const { return m_lines; }
    [[nodiscard]] QStringView line(qsizetype index) const;
    /// Position of the line's first character that is no white space; its end if there is none.
    [[nodiscard]] qsizetype contentBegin(qsizetype index) const;
    /// [begin, end) with its line numbers.
    [[nodiscard]] SourceRange range(qsizetype begin, qsizetype end) const;

private:
    [[nodiscard]] int lineNumber(qsizetype position) const;

    QString m_text;
    QList<PhysicalLine> m_lines;
};

/// One instruction's text, continuation lines joined, with the way back to the source.
class LogicalLine
{
public:
    explicit LogicalLine(const SourceText &source) : m_source(&source) {}

    void append(qsizetype sourceBegin, qsizetype sourceEnd);
    [[nodiscard]] const QString &text() const { return m_text; }
    /// The source of the characters [begin, end) of `text`.
    [[nodiscard]] SourceRange range(qsizetype begin, qsizetype end) const;
    [[nodiscard]] const QList<LinePiece> &pieces() const { return m_pieces; }

private:
    const SourceText *m_source;
    QString m_text;
    QList<LinePiece> m_pieces;
};

} // namespace cooperage::dockerfile
