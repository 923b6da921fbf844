#pragma once

#include "core/engine/values.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace cooperage::gui {

/// Asks to which registry, under which name and with which account an image is pushed.
class PushDialog : public QDialog
{
    Q_OBJECT

public:
    explicit PushDialog(const engine::ImageRecord &image, QWidget *parent = nullptr);

Q_SIGNALS:
    void chosen(const cooperage::engine::PushRequest &request);

private:
    void check();
    void accept() override;

    engine::ImageRecord m_image;
    QLineEdit *m_reference;
    QLineEdit *m_user;
    QLineEdit *m_password;
    QComboBox *m_compression;
    QCheckBox *m_plainHttp;
    QLabel *m_hint;
    QPushButton *m_push;
};

} // namespace cooperage::gui
