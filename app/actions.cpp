#include "app/actions.h"

#include "app/icons.h"

using namespace Qt::StringLiterals;

namespace cooperage::gui {

QAction *makeAction(const ActionSpec &spec, QObject *parent)
{
    auto *action = new QAction(icon(spec.icon), spec.text, parent);
    action->setObjectName(spec.name);
    action->setShortcut(spec.shortcut);
    action->setStatusTip(spec.tip);
    const QString keys = spec.shortcut.toString(QKeySequence::NativeText);
    action->setToolTip(keys.isEmpty() ? spec.tip : u"%1 (%2)"_s.arg(spec.tip, keys));
    return action;
}

} // namespace cooperage::gui
