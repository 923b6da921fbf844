#pragma once

#include "core/engine/values.h"

namespace cooperage::gui {

/// The changes of a layer by folder: what a tree of them asks for, in a time that does not grow with their
/// number.
class ChangeIndex
{
public:
    ChangeIndex() = default;
    /// Sorts; not for the window's thread where there are many.
    explicit ChangeIndex(QList<engine::ImageChange> changes);

    struct Child
    {
        QString name;
        const engine::ImageChange *change = nullptr; ///< nullptr: only something below it changed.
        bool hasChildren = false;
    };
    /// What changed in a folder ("/" or "/etc"), or below its folders, by name.
    [[nodiscard]] QList<Child> childrenOf(const QString &folder) const;
    /// nullptr where the path itself did not change.
    [[nodiscard]] const engine::ImageChange *at(const QString &path) const;
    [[nodiscard]] bool hasBelow(const QString &path) const;
    [[nodiscard]] bool isEmpty() const { return m_changes.isEmpty(); }

private:
    QList<engine::ImageChange> m_changes{}; ///< By path.
};

} // namespace cooperage::gui
