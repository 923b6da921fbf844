#pragma once

#include "core/connections/connection.h"

#include <QDialog>

#include <stop_token>

class QCheckBox;
class QLineEdit;
class QProgressBar;
class QPushButton;

namespace cooperage::gui {

class InlineMessage;
class KeychainBanner;

/// Sets up a hosted ConTree engine: the connection is tried, and saved if the engine lets us in. The token
/// goes to the keychain and is never shown again.
class ConnectionDialog : public QDialog
{
    Q_OBJECT

public:
    /// With the name of an existing profile, it is changed, and an empty token keeps the saved one.
    ConnectionDialog(credentials::SecretStore *store, const connections::ConnectionProfile &profile,
                     QWidget *parent = nullptr);
    ~ConnectionDialog() override;

Q_SIGNALS:
    void saved(const cooperage::connections::ConnectionProfile &profile, const QString &summary);

private:
    QWidget *makeFields();
    [[nodiscard]] connections::ConnectionProfile given() const;
    void validate();
    void start();
    void finishCheck(const Result<connections::ConnectionCheck> &check);
    void saveToken();
    void saveProfile();
    void setBusy(bool busy);
    void fail(const Error &error);

    credentials::SecretStore *m_store;
    connections::ConnectionProfile m_before;
    QString m_summary;
    std::stop_source m_stop;
    KeychainBanner *m_banner;
    InlineMessage *m_message;
    QWidget *m_fields;
    QLineEdit *m_name;
    QLineEdit *m_url;
    QLineEdit *m_project;
    QLineEdit *m_token;
    QCheckBox *m_forThisRun;
    QProgressBar *m_progress;
    QPushButton *m_connect;
};

} // namespace cooperage::gui
