#include "app/buildpane/stepdelegate.h"

#include "app/icons.h"

using namespace Qt::StringLiterals;

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

QString iconNameOf(StepState state)
{
    switch (state) {
    case StepState::Waiting:
        return u"waiting"_s;
    case StepState::Running:
        return u"running"_s;
    case StepState::Cached:
        return u"cached"_s;
    case StepState::Done:
        return u"done"_s;
    case StepState::Failed:
        return u"failed"_s;
    case StepState::Cancelled:
        return u"cancelled"_s;
    case StepState::Skipped:
        break;
    }
    return u"skipped"_s;
}

} // namespace

QIcon stateIcon(StepState state)
{
    return icon(iconNameOf(state), toneOf(state));
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
