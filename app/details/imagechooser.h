#pragma once

#include "app/details/imagefile.h"
#include "core/engine/values.h"

#include <QDialog>
#include <QTimer>

#include <stop_token>

class QComboBox;
class QDialogButtonBox;
class QLabel;
class QLineEdit;

namespace cooperage::gui {

class ImageCatalog;

/// Asks for another image, and for how many of its layers, to compare something with.
class ImageChooser : public QDialog
{
    Q_OBJECT

public:
    /// `subject` is what it will be compared with.
    ImageChooser(ImageCatalog *catalog, const QString &subject, QWidget *parent = nullptr);
    ~ImageChooser() override;

Q_SIGNALS:
    void chosen(const cooperage::gui::ImageSide &side);

private:
    void resolve();
    void showImage(const engine::ImageRecord &image);
    void choose();
    void setUsable(bool usable);

    ImageCatalog *m_catalog;
    engine::Engine *m_engine;
    QLineEdit *m_name;
    QComboBox *m_layer;
    QLabel *m_hint;
    QDialogButtonBox *m_buttons;
    QTimer m_pause; ///< The engine is asked when typing pauses.
    engine::ImageRecord m_image{};
    std::stop_source m_stop;
};

} // namespace cooperage::gui
