#include "app/credentials/registriespage.h"

#include "app/accessibility.h"
#include "app/actions.h"
#include "app/credentials/dockerimportdialog.h"
#include "app/credentials/keychainbanner.h"
#include "app/credentials/signindialog.h"
#include "app/credentials/signinmodel.h"
#include "app/credentials/signins.h"
#include "app/inlinemessage.h"
#include "app/settings/pageparts.h"

#include <QHeaderView>
#include <QLabel>
#include <QStackedWidget>
#include <QTreeView>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

using credentials::SecretEntry;
using credentials::SignInCheck;

RegistriesPage::RegistriesPage(credentials::SecretStore *store, QWidget *parent)
    : QWidget(parent),
      m_store(store),
      m_signIns(new SignIns(store, this)),
      m_model(new SignInModel(m_signIns, this)),
      m_banner(new KeychainBanner(this)),
      m_message(new InlineMessage(this)),
      m_stack(new QStackedWidget(this)),
      m_empty(
          emptyText(tr("No saved sign-ins. Public images need none.\nPress Sign In to give the account of a "
                       "registry, or take over what Docker has."),
                    this)),
      m_view(pageList(u"registryList"_s, tr("Saved registry accounts"), this))
{
    setObjectName(u"registriesPage"_s);
    m_message->setObjectName(u"registriesMessage"_s);
    makeActions();
    makeView();
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_banner);
    layout->addWidget(m_message);
    layout->addWidget(m_stack, 1);
    layout->addWidget(buttonRow({m_add, m_replace, m_test, m_remove, m_import}, this));
    connect(m_signIns, &SignIns::tested, this, &RegistriesPage::showTest);
    connect(m_signIns, &SignIns::removed, this, &RegistriesPage::showRemoved);
    connect(m_signIns, &SignIns::failed, this, [this](const Error &error) {
        m_banner->refresh();
        m_message->show(Tone::Bad, error.text());
    });
    connect(m_model, &QAbstractItemModel::modelReset, this, &RegistriesPage::updateState);
    updateState();
}

RegistriesPage::~RegistriesPage() = default;

void RegistriesPage::makeActions()
{
    const auto make = [this](const ActionSpec &spec) { return makeAction(spec, this); };
    m_add = make({u"registryAdd"_s, u"add"_s, tr("&Sign In…"), tr("Give the account of a registry")});
    m_replace = make({u"registryReplace"_s, u"redo"_s, tr("Re&place Password…"),
                      tr("Give the selected account another password")});
    m_test = make({u"registryTest"_s, u"refresh"_s, tr("&Test"),
                   tr("Ask the registry whether it still accepts the saved password")});
    m_remove = make({u"registryRemove"_s, u"untag"_s, tr("&Remove"),
                     tr("Remove the account's password from the keychain"), QKeySequence(Qt::Key_Delete)});
    m_import = make({u"registryImport"_s, u"import"_s, tr("&Import from Docker…"),
                     tr("Take over sign-ins from Docker's configuration and its credential helpers")});
    m_remove->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    const auto selected = [this] { return m_model->account(selectedRow()); };
    connect(m_add, &QAction::triggered, this, [this] { signIn({}, {}); });
    connect(m_replace, &QAction::triggered, this,
            [this, selected] { signIn(selected().key.scope, selected().key.user); });
    connect(m_test, &QAction::triggered, this, [this, selected] { m_signIns->test(selected()); });
    connect(m_remove, &QAction::triggered, this, [this, selected] { m_signIns->remove(selected()); });
    connect(m_import, &QAction::triggered, this, &RegistriesPage::importFromDocker);
}

void RegistriesPage::makeView()
{
    m_view->setModel(m_model);
    m_view->header()->setSectionResizeMode(SignInModel::StateColumn, QHeaderView::Stretch);
    // A path: the state beside it must stay in sight.
    m_view->header()->setSectionResizeMode(SignInModel::SourceColumn, QHeaderView::Interactive);
    m_view->header()->resizeSection(SignInModel::SourceColumn, 170);
    m_view->addActions({m_replace, m_test, m_remove});
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_view);
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &RegistriesPage::updateState);
    connect(m_view, &QTreeView::activated, m_replace, &QAction::trigger);
}

int RegistriesPage::selectedRow() const
{
    const QModelIndexList rows = m_view->selectionModel()->selectedRows();
    return rows.isEmpty() ? -1 : rows.first().row();
}

void RegistriesPage::updateState()
{
    m_stack->setCurrentWidget(m_model->rowCount() > 0 ? static_cast<QWidget *>(m_view) : m_empty);
    for (QAction *action : {m_replace, m_test, m_remove})
        action->setEnabled(selectedRow() >= 0);
}

void RegistriesPage::signIn(const QString &host, const QString &user)
{
    auto *dialog = new SignInDialog(m_store, host, user, this);
    connect(dialog, &SignInDialog::signedIn, this, [this](const QString &at, const QString &who) {
        m_message->show(Tone::Good, tr("%1 accepts %2.").arg(at, who));
        m_banner->refresh();
    });
    dialog->open();
}

void RegistriesPage::importFromDocker()
{
    auto *dialog = new DockerImportDialog(m_store, this);
    connect(dialog, &DockerImportDialog::imported, this, [this](int count) {
        m_message->show(Tone::Good, tr("Sign-ins taken over: %1. Docker keeps its own.").arg(count));
    });
    dialog->open();
}

void RegistriesPage::showTest(const SecretEntry &account, const SignInCheck &check)
{
    if (check.isAccepted())
        m_message->show(Tone::Good, tr("%1 accepts %2.").arg(account.key.scope, account.key.user));
    else
        m_message->show(Tone::Bad, check.error.text());
    m_banner->refresh();
}

void RegistriesPage::showRemoved(const SecretEntry &account, bool canPutBack)
{
    const QString text = tr("Removed the sign-in of %1 at %2.").arg(account.key.user, account.key.scope);
    if (canPutBack)
        m_message->show(Tone::Neutral, text, tr("U&ndo"), [this] { m_signIns->putBack(); });
    else
        m_message->show(Tone::Neutral, text);
}

} // namespace cooperage::gui
