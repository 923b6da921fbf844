#pragma once

#include <QWidget>

class QLabel;
class QStackedWidget;
class QTreeView;

namespace cooperage::credentials {
class SecretStore;
struct SecretEntry;
struct SignInCheck;
} // namespace cooperage::credentials

namespace cooperage::gui {

class InlineMessage;
class KeychainBanner;
class SignIns;
class SignInModel;

/// The settings' page of registry accounts: add, replace, test, remove, take over from Docker. Passwords are
/// never shown.
class RegistriesPage : public QWidget
{
    Q_OBJECT

public:
    explicit RegistriesPage(credentials::SecretStore *store, QWidget *parent = nullptr);
    ~RegistriesPage() override;

private:
    void makeActions();
    void makeView();
    void updateState();
    void signIn(const QString &host, const QString &user);
    void importFromDocker();
    void showTest(const credentials::SecretEntry &account, const credentials::SignInCheck &check);
    void showRemoved(const credentials::SecretEntry &account, bool canPutBack);
    [[nodiscard]] int selectedRow() const;

    credentials::SecretStore *m_store;
    SignIns *m_signIns;
    SignInModel *m_model;
    KeychainBanner *m_banner;
    InlineMessage *m_message;
    QStackedWidget *m_stack;
    QLabel *m_empty;
    QTreeView *m_view;
    QAction *m_add = nullptr;
    QAction *m_replace = nullptr;
    QAction *m_test = nullptr;
    QAction *m_remove = nullptr;
    QAction *m_import = nullptr;
};

} // namespace cooperage::gui
