#pragma once

#include "core/dockerfile/sourcetext.h"

namespace cooperage::cli {

/// Lines and columns, from 1, of places in a text. Takes the logarithm of its lines for each.
class CheckPlaces
{
public:
    explicit CheckPlaces(const QString &text) : m_source(text) {}

    struct Place
    {
        int line = 1;
        int column = 1;
    };
    [[nodiscard]] Place at(qsizetype position) const
    {
        const int line = m_source.range(position, position).firstLine;
        const bool inText = line <= m_source.lines().size();
        return {line, inText ? int(position - m_source.lines()[line - 1].begin) + 1 : 1};
    }
    /// The line's text, without its end.
    [[nodiscard]] QString line(int number) const
    {
        return number <= m_source.lines().size() ? m_source.line(number - 1).toString() : QString();
    }

private:
    dockerfile::SourceText m_source;
};

} // namespace cooperage::cli
