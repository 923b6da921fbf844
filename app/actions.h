#pragma once

#include <QAction>
#include <QKeySequence>

namespace cooperage::gui {

/// What every command of the program has. `text` with its `&`; `tip` is a whole sentence.
struct ActionSpec
{
    QString name; ///< Object name: "fileOpen".
    QString icon;
    QString text;
    QString tip;
    QKeySequence shortcut{};
};

/// The action of that description, owned by `parent`; the tool tip names the shortcut.
[[nodiscard]] QAction *makeAction(const ActionSpec &spec, QObject *parent);

} // namespace cooperage::gui
