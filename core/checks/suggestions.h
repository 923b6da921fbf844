#pragma once

#include <QStringList>

#include <functional>

namespace cooperage::checks {

/// The nearest of many names to a mistyped one. Every mistake would cost time proportional to the names;
/// after some thousand comparisons no more are made, so that a file full of mistakes is still checked in
/// linear time.
class Suggestions
{
public:
    /// Empty where none of the `count` names is near enough (spec 1.5). They are asked for only if they are
    /// compared.
    [[nodiscard]] QString nearest(const QString &name, qsizetype count,
                                  const std::function<QStringList()> &names);

private:
    qsizetype m_comparisonsLeft = 2'000;
};

} // namespace cooperage::checks
