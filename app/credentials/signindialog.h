#pragma once

#include "core/credentials/secretstore.h"
#include "core/credentials/signincheck.h"

#include <QDialog>

#include <stop_token>

class QCheckBox;
class QLineEdit;
class QProgressBar;
class QPushButton;

namespace cooperage::gui {

class InlineMessage;
class KeychainBanner;

/// Signs in to a registry: the user's name and password are tried there and, if they are accepted, kept in
/// the keychain or for this run. A password that is kept already is never shown.
class SignInDialog : public QDialog
{
    Q_OBJECT

public:
    /// `host` and `user` are filled in; a given user is an account whose password is replaced.
    SignInDialog(credentials::SecretStore *store, const QString &host = {}, const QString &user = {},
                 QWidget *parent = nullptr);
    ~SignInDialog() override;

Q_SIGNALS:
    void signedIn(const QString &host, const QString &user);

private:
    QWidget *makeFields();
    void validate();
    void start();
    void finishCheck(const credentials::SignInCheck &check);
    void save();
    void finishSave(const Result<> &saved);
    void setBusy(bool busy);

    credentials::SecretStore *m_store;
    std::stop_source m_stop;
    KeychainBanner *m_banner;
    InlineMessage *m_message;
    QWidget *m_fields;
    QLineEdit *m_host;
    QLineEdit *m_user;
    QLineEdit *m_password;
    QCheckBox *m_forThisRun;
    QProgressBar *m_progress;
    QPushButton *m_signIn;
};

} // namespace cooperage::gui
