#pragma once

#include "core/engine/values.h"

#include <QDialog>
#include <QTimer>

class QDialogButtonBox;
class QLabel;
class QLineEdit;

namespace cooperage::gui {

class ImageCatalog;

/// Asks for a tag of an image, a further one or another name for one that it has, and says at once what is
/// wrong with it or which image would lose it.
class TagDialog : public QDialog
{
    Q_OBJECT

public:
    enum class Purpose { Add, Rename };

    TagDialog(const engine::ImageRecord &image, Purpose purpose, ImageCatalog *catalog,
              QWidget *parent = nullptr);

Q_SIGNALS:
    void chosen(const QString &tag);

private:
    void check();
    void askForHolder();
    void show(const QString &hint, bool usable);

    engine::ImageRecord m_image;
    ImageCatalog *m_catalog;
    QLineEdit *m_tag;
    QLabel *m_hint;
    QDialogButtonBox *m_buttons;
    QTimer m_pause; ///< The engine is asked when typing pauses.
};

} // namespace cooperage::gui
