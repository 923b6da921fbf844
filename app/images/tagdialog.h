#pragma once

#include "app/images/tagplan.h"

#include <QDialog>
#include <QTimer>

class QDialogButtonBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QTreeWidget;

namespace cooperage::gui {

class ImageCatalog;

/// Asks for tags of images, further ones or another name for those that they have, and says at once what is
/// wrong with them, which image would lose one, and which public one would be hidden.
class TagDialog : public QDialog
{
    Q_OBJECT

public:
    TagDialog(const QList<engine::ImageRecord> &images, TagPurpose purpose, ImageCatalog *catalog,
              QWidget *parent = nullptr);

Q_SIGNALS:
    void chosen(const QList<cooperage::sessions::TagChange> &changes);

private:
    [[nodiscard]] QString title() const;
    [[nodiscard]] QString hint() const;
    void check();
    void askForHolders();
    void show();

    QList<engine::ImageRecord> m_images;
    TagPurpose m_purpose;
    ImageCatalog *m_catalog;
    QList<PlannedTag> m_plan{};
    QLineEdit *m_tag;
    QLabel *m_hint;
    QTreeWidget *m_preview;
    QDialogButtonBox *m_buttons;
    QPushButton *m_accept;
    QTimer m_pause;  ///< The engine is asked when typing pauses.
    int m_typed = 0; ///< Answers about what was typed before are of no use.
};

} // namespace cooperage::gui
