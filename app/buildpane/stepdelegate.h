#pragma once

#include "core/build/buildevent.h"

#include <QStyledItemDelegate>

class QIcon;

namespace cooperage::gui {

[[nodiscard]] QIcon stateIcon(build::StepState state);

/// Gives a cell the icon and the colour of the build step's state that it finds under `role`.
class StepDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    explicit StepDelegate(int role, QObject *parent = nullptr);

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;

private:
    int m_role;
};

} // namespace cooperage::gui
