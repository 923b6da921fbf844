#include "app/connections/connectionspage.h"

#include "app/actions.h"
#include "app/connections/connectiondialog.h"
#include "app/connections/connectionmodel.h"
#include "app/connections/enginesession.h"
#include "app/credentials/keychainbanner.h"
#include "app/inlinemessage.h"
#include "app/settings/pageparts.h"
#include "core/connections/profilestore.h"
#include "core/connections/profiletakeover.h"

#include <QHeaderView>
#include <QTreeView>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

using connections::ConnectionProfile;
using connections::ContreeCliProfile;
using connections::ProfileStore;

ConnectionsPage::ConnectionsPage(EngineSession *session, credentials::SecretStore *secrets, QWidget *parent)
    : QWidget(parent),
      m_session(session),
      m_secrets(secrets),
      m_model(new ConnectionModel(session, secrets, this)),
      m_banner(new KeychainBanner(this)),
      m_offer(new InlineMessage(this)),
      m_message(new InlineMessage(this)),
      m_view(pageList(u"connectionList"_s, tr("Engines"), this))
{
    setObjectName(u"connectionsPage"_s);
    m_offer->setObjectName(u"connectionsOffer"_s);
    m_message->setObjectName(u"connectionsMessage"_s);
    makeActions();
    makeView();
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_banner);
    layout->addWidget(m_offer);
    layout->addWidget(m_message);
    layout->addWidget(m_view, 1);
    layout->addWidget(buttonRow({m_add, m_edit, m_test, m_use, m_default, m_remove}, this));
    connect(m_model, &QAbstractItemModel::modelReset, this, &ConnectionsPage::updateState);
    connect(m_model, &ConnectionModel::tested, this, &ConnectionsPage::showTest);
    updateState();
}

void ConnectionsPage::makeActions()
{
    const auto make = [this](const ActionSpec &spec) { return makeAction(spec, this); };
    m_add = make({u"connectionAdd"_s, u"add"_s, tr("&Add…"), tr("Connect to a hosted ConTree engine")});
    m_edit = make({u"connectionEdit"_s, u"redo"_s, tr("C&hange…"),
                   tr("Change the selected connection's address, project or token")});
    m_test = make({u"connectionTest"_s, u"refresh"_s, tr("&Test"), tr("Ask the selected engine how it is")});
    m_use =
        make({u"connectionUse"_s, u"goto"_s, tr("Us&e"), tr("Work with the selected engine in this window")});
    m_default = make({u"connectionDefault"_s, u"done"_s, tr("Make &Default"),
                      tr("Use the selected engine at every start and in the command line")});
    m_remove = make({u"connectionRemove"_s, u"untag"_s, tr("&Remove"),
                     tr("Remove the selected connection and its token"), QKeySequence(Qt::Key_Delete)});
    m_remove->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(m_add, &QAction::triggered, this,
            [this] { edit({ConnectionProfile::Kind::Contree, {}, {}, {}}); });
    connect(m_edit, &QAction::triggered, this, [this] { edit(*selected()); });
    connect(m_test, &QAction::triggered, this, [this] { m_model->test(*selected()); });
    connect(m_use, &QAction::triggered, this, &ConnectionsPage::useSelected);
    connect(m_default, &QAction::triggered, this, &ConnectionsPage::makeDefault);
    connect(m_remove, &QAction::triggered, this, &ConnectionsPage::remove);
}

void ConnectionsPage::makeView()
{
    m_view->setModel(m_model);
    m_view->header()->setSectionResizeMode(ConnectionModel::StateColumn, QHeaderView::Stretch);
    m_view->addActions({m_edit, m_test, m_use, m_default, m_remove});
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &ConnectionsPage::updateState);
    connect(m_view, &QTreeView::activated, m_use, &QAction::trigger);
}

void ConnectionsPage::showEvent(QShowEvent *event)
{
    m_model->reload();
    m_model->testAll();
    offerContreeProfiles();
    QWidget::showEvent(event);
}

int ConnectionsPage::selectedRow() const
{
    const QModelIndexList rows = m_view->selectionModel()->selectedRows();
    return rows.isEmpty() ? -1 : rows.first().row();
}

std::optional<ConnectionProfile> ConnectionsPage::selected() const
{
    return m_model->profile(selectedRow());
}

void ConnectionsPage::updateState()
{
    const auto chosen = selected();
    const bool hosted = chosen && chosen->kind == ConnectionProfile::Kind::Contree;
    m_edit->setEnabled(hosted);
    m_remove->setEnabled(hosted);
    m_test->setEnabled(chosen.has_value());
    m_use->setEnabled(chosen && chosen->name != m_session->profile().name);
    m_default->setEnabled(chosen && chosen->name != ProfileStore::defaultName());
}

void ConnectionsPage::showTest(const ConnectionProfile &profile)
{
    if (m_model->profile(selectedRow()) != profile)
        return;
    if (const auto problem = m_model->problem(selectedRow()))
        m_message->show(Tone::Bad, problem->text());
    else
        m_message->hide();
}

void ConnectionsPage::edit(const ConnectionProfile &profile)
{
    auto *dialog = new ConnectionDialog(m_secrets, profile, this);
    connect(dialog, &ConnectionDialog::saved, this,
            [this](const ConnectionProfile &saved, const QString &summary) {
                m_model->reload();
                m_model->test(saved);
                m_banner->refresh();
                m_message->show(Tone::Good, tr("%1: %2.").arg(saved.name, summary));
                if (saved.name == m_session->profile().name)
                    m_session->use(saved);
            });
    dialog->open();
}

void ConnectionsPage::useSelected()
{
    const auto chosen = selected();
    if (!chosen)
        return;
    m_session->use(*chosen);
    m_message->show(Tone::Neutral, tr("This window works with %1 now.").arg(chosen->displayName()));
}

void ConnectionsPage::makeDefault()
{
    if (const auto done = ProfileStore::setDefault(selected()->name); !done)
        m_message->show(Tone::Bad, done.error().text());
    m_model->reload();
}

void ConnectionsPage::remove()
{
    const ConnectionProfile gone = *selected();
    QCoro::connect(connections::forgetProfile(m_secrets, gone), this,
                   [this, gone](const Result<connections::ForgottenProfile> &forgotten) {
                       m_model->reload();
                       m_banner->refresh();
                       if (!forgotten) {
                           m_message->show(Tone::Bad, forgotten.error().text());
                           return;
                       }
                       if (gone.name == m_session->profile().name)
                           m_session->use(ConnectionProfile::embedded());
                       const auto putBack = [this, back = *forgotten] {
                           QCoro::connect(connections::restoreProfile(m_secrets, back), this,
                                          [this](const Result<> &restored) {
                                              m_model->reload();
                                              if (!restored)
                                                  m_message->show(Tone::Bad, restored.error().text());
                                          });
                       };
                       m_message->show(Tone::Neutral, tr("Removed the connection %1.").arg(gone.name),
                                       tr("U&ndo"), putBack);
                   });
}

void ConnectionsPage::offerContreeProfiles()
{
    const auto found = connections::newContreeProfiles();
    if (!found) {
        m_offer->show(Tone::Warning, found.error().text());
        return;
    }
    if (found->isEmpty()) {
        m_offer->hide();
        return;
    }
    QStringList names;
    for (const ContreeCliProfile &profile : *found)
        names << profile.profile.name;
    m_offer->show(Tone::Neutral,
                  tr("The contree command has connections on this computer: %1. Their tokens would go to the "
                     "keychain; its file stays as it is.")
                      .arg(names.join(u", "_s)),
                  tr("&Import"), [this, profiles = *found] { importContreeProfiles(profiles); });
}

void ConnectionsPage::importContreeProfiles(const QList<ContreeCliProfile> &profiles)
{
    QCoro::connect(connections::takeOver(m_secrets, profiles), this, [this](const Result<> &done) {
        m_model->reload();
        m_model->testAll();
        m_banner->refresh();
        if (!done) {
            m_message->show(Tone::Bad, done.error().text());
            offerContreeProfiles();
        }
    });
}

} // namespace cooperage::gui
