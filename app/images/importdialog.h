#pragma once

#include "core/engine/engine.h"

#include <QDialog>

#include <stop_token>

class QDialogButtonBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;

namespace cooperage::gui {

class InlineMessage;

/// Brings an image from a registry. The password goes to the engine and is kept nowhere. Closing the dialog
/// cancels.
class ImportDialog : public QDialog
{
    Q_OBJECT

public:
    explicit ImportDialog(engine::Engine *engine, QWidget *parent = nullptr);
    ~ImportDialog() override;

    void setReference(const QString &reference);

Q_SIGNALS:
    void imported(const cooperage::engine::ImportOutcome &outcome);

private:
    QWidget *makeFields();
    void check();
    void start();
    void showProgress(qint64 done, qint64 total, const QString &what);
    void finish(const Result<engine::ImportOutcome> &outcome);
    void setBusy(bool busy);

    engine::Engine *m_engine;
    std::stop_source m_stop;
    QWidget *m_fields;
    QLineEdit *m_reference;
    QLineEdit *m_tag;
    QLineEdit *m_user;
    QLineEdit *m_password;
    InlineMessage *m_message;
    QProgressBar *m_progress;
    QLabel *m_progressText;
    QPushButton *m_import;
};

} // namespace cooperage::gui
