#pragma once

#include "core/engine/values.h"

#include <QDialog>

class QDialogButtonBox;
class QLabel;
class QLineEdit;

namespace cooperage::gui {

/// Asks for a further tag of an image, and says at once what is wrong with it or which image would lose it.
class TagDialog : public QDialog
{
    Q_OBJECT

public:
    TagDialog(const engine::ImageRecord &image, QList<engine::ImageRecord> others, QWidget *parent = nullptr);

Q_SIGNALS:
    void chosen(const QString &image, const QString &tag);

private:
    void check();

    engine::ImageRecord m_image;
    QList<engine::ImageRecord> m_others;
    QLineEdit *m_tag;
    QLabel *m_hint;
    QDialogButtonBox *m_buttons;
};

} // namespace cooperage::gui
