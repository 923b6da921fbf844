#pragma once

#include "core/credentials/dockerlogins.h"

#include <QDialog>

#include <stop_token>

class QCheckBox;
class QLabel;
class QListWidget;
class QPushButton;

namespace cooperage::gui {

class InlineMessage;

/// Lists the sign-ins that Docker has, without their passwords, and copies the ticked ones.
class DockerImportDialog : public QDialog
{
    Q_OBJECT

public:
    explicit DockerImportDialog(credentials::SecretStore *store, QWidget *parent = nullptr);
    ~DockerImportDialog() override;

Q_SIGNALS:
    void imported(int count);

private:
    void showFound(const Result<QList<credentials::DockerLogin>> &found);
    [[nodiscard]] QList<credentials::DockerLogin> ticked() const;
    void start();
    void finish(const Result<> &done, int count);
    void updateState();

    credentials::SecretStore *m_store;
    std::stop_source m_stop;
    QList<credentials::DockerLogin> m_logins;
    InlineMessage *m_message;
    QLabel *m_heading;
    QListWidget *m_list;
    QCheckBox *m_forThisRun;
    QPushButton *m_import;
};

} // namespace cooperage::gui
