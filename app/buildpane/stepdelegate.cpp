#include "app/buildpane/stepdelegate.h"

#include "app/icons.h"

namespace cooperage::gui {

using build::StepState;

namespace {

Tone toneOf(StepState state)
{
    switch (state) {
    case StepState::Running:
        return Tone::Active;
    case StepState::Done:
    case StepState::Cached:
        return Tone::Good;
    case StepState::Failed:
        return Tone::Bad;
    case StepState::Cancelled:
        return Tone::Warning;
    case StepState::Waiting:
    case StepState::Skipped:
        break;
    }
    return Tone::Neutral;
}

} // namespace

QIcon stateIcon(StepState state)
{
    return icon(stateName(state), toneOf(state));
}

StepDelegate::StepDelegate(int role, QObject *parent) : QStyledItemDelegate(parent), m_role(role) {}

void StepDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    const auto state = static_cast<StepState>(index.data(m_role).toInt());
    option->icon = stateIcon(state);
    option->features |= QStyleOptionViewItem::HasDecoration;
    option->palette.setColor(QPalette::Text, toneColor(toneOf(state), option->palette));
}

} // namespace cooperage::gui
