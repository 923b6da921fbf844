#pragma once

#include "core/checks/checkedline.h"

namespace cooperage::checks {

/// The lines of an instruction in a text, with the comments and blank lines before it.
struct PlacedLine
{
    std::shared_ptr<const CheckedLine> checked;
    qsizetype begin = 0; ///< Characters [begin, end) of the present text.
    qsizetype end = 0;
    int firstLine = 0; ///< The number of its first line, from 0.
    int lineCount = 0;
    qsizetype shift = 0; ///< From the places in `checked` to those in the present text.
};

/// The instructions of a text that changes.
class LineCache
{
public:
    /// Brings the lines up to date with `source`, and reads anew only what changed.
    const QList<PlacedLine> &update(const dockerfile::SourceText &source);
    [[nodiscard]] const dockerfile::Directives &directives() const { return m_directives; }
    [[nodiscard]] const QList<Diagnostic> &directiveErrors() const { return m_directiveErrors; }

private:
    void readUntilKnown(const dockerfile::SourceText &source, qsizetype firstLine, qsizetype unchangedFrom,
                        QList<PlacedLine> old, qsizetype next);

    QString m_text;
    dockerfile::Directives m_directives;
    qsizetype m_directiveLines = 0;
    QList<Diagnostic> m_directiveErrors;
    QList<PlacedLine> m_lines;
};

} // namespace cooperage::checks
