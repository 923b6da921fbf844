#pragma once

#include "core/engine/values.h"

#include <QDialog>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace cooperage::gui {

/// Asks in which form and where to an image is saved on this computer.
class ExportDialog : public QDialog
{
    Q_OBJECT

public:
    explicit ExportDialog(const engine::ImageRecord &image, QWidget *parent = nullptr);

Q_SIGNALS:
    void chosen(const cooperage::engine::ExportRequest &request, const QString &output);

private:
    void chooseForm();
    void choosePlace();
    void check();
    void accept() override;
    [[nodiscard]] QString output() const;

    engine::ImageRecord m_image;
    QComboBox *m_form;
    QComboBox *m_compression;
    QLineEdit *m_place;
    QLabel *m_hint;
    QPushButton *m_export;
};

} // namespace cooperage::gui
