#pragma once

#include "core/connections/contreeprofiles.h"
#include "core/credentials/secretstore.h"

#include <QWidget>

class QTreeView;

namespace cooperage::gui {

class ConnectionModel;
class EngineSession;
class InlineMessage;
class KeychainBanner;

/// The settings' page of engines: which there are, how they are, and which one is used.
class ConnectionsPage : public QWidget
{
    Q_OBJECT

public:
    ConnectionsPage(EngineSession *session, credentials::SecretStore *secrets, QWidget *parent = nullptr);

protected:
    void showEvent(QShowEvent *event) override;

private:
    void makeActions();
    void makeView();
    void updateState();
    void offerContreeProfiles();
    void importContreeProfiles(const QList<connections::ContreeCliProfile> &profiles);
    void edit(const connections::ConnectionProfile &profile);
    void remove();
    void useSelected();
    void makeDefault();
    void showTest(const connections::ConnectionProfile &profile);
    [[nodiscard]] int selectedRow() const;
    [[nodiscard]] std::optional<connections::ConnectionProfile> selected() const;

    EngineSession *m_session;
    credentials::SecretStore *m_secrets;
    ConnectionModel *m_model;
    KeychainBanner *m_banner;
    InlineMessage *m_offer; ///< Profiles of another program.
    InlineMessage *m_message;
    QTreeView *m_view;
    QAction *m_add = nullptr;
    QAction *m_edit = nullptr;
    QAction *m_test = nullptr;
    QAction *m_use = nullptr;
    QAction *m_default = nullptr;
    QAction *m_remove = nullptr;
};

} // namespace cooperage::gui
