#pragma once

#include <QHash>
#include <QStringList>

namespace cooperage::checks {

/// The nearest of many names to a mistyped one. Every mistake would cost time proportional to the names;
/// after some thousand comparisons no more are made, so that a file full of mistakes is still checked in
/// linear time.
class Suggestions
{
public:
    explicit Suggestions(QStringList names = {}) : m_names(std::move(names)) {}

    /// Replaces the names to choose from. What may still be compared stays.
    void setNames(QStringList names);
    /// Empty where none is near enough (spec 1.5).
    [[nodiscard]] QString nearest(const QString &name);

private:
    QStringList m_names;
    QHash<QString, QString> m_known;
    qsizetype m_comparisonsLeft = 20'000;
};

} // namespace cooperage::checks
