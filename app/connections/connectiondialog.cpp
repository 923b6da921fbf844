#include "app/connections/connectiondialog.h"

#include "app/accessibility.h"
#include "app/credentials/keychainbanner.h"
#include "app/inlinemessage.h"
#include "core/connections/profilestore.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

using connections::ConnectionCheck;
using connections::ConnectionProfile;
using connections::ProfileStore;

ConnectionDialog::ConnectionDialog(credentials::SecretStore *store, const ConnectionProfile &profile,
                                   QWidget *parent)
    : QDialog(parent),
      m_store(store),
      m_before(profile),
      m_banner(new KeychainBanner(this)),
      m_message(new InlineMessage(this)),
      m_fields(makeFields()),
      m_progress(new QProgressBar(this))
{
    setObjectName(u"connectionDialog"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(profile.name.isEmpty() ? tr("Connect to ConTree")
                                          : tr("Connection — %1").arg(profile.name));
    setMinimumWidth(500);
    m_message->setObjectName(u"connectionMessage"_s);
    nameWidget(m_progress, u"connectionProgress"_s, tr("The engine is being asked"));
    m_progress->setRange(0, 0);
    m_name->setReadOnly(!profile.name.isEmpty());
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_connect = buttons->addButton(tr("&Test and Save"), QDialogButtonBox::AcceptRole);
    m_connect->setObjectName(u"connectionStart"_s);
    m_connect->setDefault(true);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_banner);
    layout->addWidget(m_message);
    layout->addWidget(m_fields);
    layout->addWidget(m_progress);
    layout->addStretch(1);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &ConnectionDialog::start);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    for (QLineEdit *edit : {m_name, m_url, m_token})
        connect(edit, &QLineEdit::textChanged, this, &ConnectionDialog::validate);
    connect(m_banner, &KeychainBanner::stateChanged, this, [this] {
        if (!m_banner->isUsable())
            m_forThisRun->setChecked(true);
    });
    setBusy(false);
    (profile.name.isEmpty() ? m_name : m_token)->setFocus();
}

ConnectionDialog::~ConnectionDialog()
{
    m_stop.request_stop();
}

QWidget *ConnectionDialog::makeFields()
{
    auto *fields = new QWidget(this);
    const auto field = [fields](const QString &name, const QString &accessibleName, const QString &text,
                                const QString &placeholder) {
        auto *edit = new QLineEdit(text, fields);
        nameWidget(edit, name, accessibleName);
        edit->setPlaceholderText(placeholder);
        return edit;
    };
    const bool exists = !m_before.name.isEmpty();
    m_name = field(u"connectionName"_s, tr("Name of the connection"), m_before.name, tr("work"));
    m_url = field(u"connectionUrl"_s, tr("Address of the engine"), m_before.url.toString(),
                  tr("https://contree.example.com"));
    m_project = field(u"connectionProject"_s, tr("Project"), m_before.project,
                      tr("only where the service asks for one"));
    m_token = field(u"connectionToken"_s, tr("Token"), {}, exists ? tr("unchanged") : QString());
    m_token->setEchoMode(QLineEdit::Password);
    m_forThisRun = new QCheckBox(tr("Use the token for th&is run only, do not save it"), fields);
    nameWidget(m_forThisRun, u"connectionForThisRun"_s, tr("Use the token for this run only"));
    auto *form = new QFormLayout(fields);
    form->setContentsMargins(0, 0, 0, 0);
    form->addRow(tr("&Name:"), m_name);
    form->addRow(tr("&Address:"), m_url);
    form->addRow(tr("&Project:"), m_project);
    form->addRow(tr("T&oken:"), m_token);
    form->addRow(QString(), m_forThisRun);
    return fields;
}

ConnectionProfile ConnectionDialog::given() const
{
    return {ConnectionProfile::Kind::Contree, m_name->text().trimmed(),
            QUrl(m_url->text().trimmed(), QUrl::StrictMode), m_project->text().trimmed()};
}

void ConnectionDialog::validate()
{
    const bool token = !m_token->text().isEmpty() || !m_before.name.isEmpty();
    m_connect->setEnabled(m_fields->isEnabled() && token && !m_name->text().trimmed().isEmpty() &&
                          !m_url->text().trimmed().isEmpty());
}

static engine::Task<ConnectionCheck> tryOut(credentials::SecretStore *store, ConnectionProfile profile,
                                            credentials::Secret token, std::stop_token stop)
{
    if (token.isEmpty()) {
        const auto kept = co_await connections::tokenOf(store, profile);
        if (!kept)
            co_return std::unexpected(kept.error());
        token = *kept;
    }
    const std::shared_ptr<engine::Engine> engine = connections::makeEngine(profile, token);
    co_return co_await connections::checkConnection(engine, stop);
}

void ConnectionDialog::start()
{
    const ConnectionProfile profile = given();
    Result<> usable = profile.check();
    if (usable && m_before.name.isEmpty() && ProfileStore::profile(profile.name))
        usable = failure(ErrorKind::BadInput, tr("There is a connection of this name already"), profile.name,
                         tr("Choose another name."));
    if (!usable) {
        m_message->show(Tone::Warning, usable.error().text());
        return;
    }
    m_message->hide();
    setBusy(true);
    QCoro::connect(tryOut(m_store, profile, credentials::Secret(m_token->text()), m_stop.get_token()), this,
                   [this](const Result<ConnectionCheck> &check) { finishCheck(check); });
}

void ConnectionDialog::finishCheck(const Result<ConnectionCheck> &check)
{
    if (!check) {
        fail(check.error());
        return;
    }
    m_summary = connections::summaryOf(*check);
    if (m_token->text().isEmpty())
        saveProfile();
    else
        saveToken();
}

void ConnectionDialog::saveToken()
{
    const credentials::SecretEntry entry{.key = credentials::SecretKey::contree(given().name),
                                         .checkedAt = QDateTime::currentDateTimeUtc()};
    const auto keep =
        m_forThisRun->isChecked() ? credentials::Keep::ForThisRun : credentials::Keep::InKeychain;
    QCoro::connect(m_store->write(entry, credentials::Secret(m_token->text()), keep), this,
                   [this](const Result<> &written) {
                       if (written) {
                           m_token->clear();
                           saveProfile();
                           return;
                       }
                       setBusy(false);
                       m_banner->refresh();
                       m_message->show(Tone::Bad, written.error().text(), tr("Use &for This Run Only"),
                                       [this] {
                                           m_forThisRun->setChecked(true);
                                           saveToken();
                                       });
                   });
}

void ConnectionDialog::saveProfile()
{
    const ConnectionProfile profile = given();
    if (const auto written = ProfileStore::put(profile); !written) {
        fail(written.error());
        return;
    }
    Q_EMIT saved(profile, m_summary);
    accept();
}

void ConnectionDialog::fail(const Error &error)
{
    setBusy(false);
    m_message->show(Tone::Bad, error.text());
}

void ConnectionDialog::setBusy(bool busy)
{
    m_fields->setEnabled(!busy);
    m_progress->setVisible(busy);
    validate();
    // After a message has come or gone: the fields keep their height.
    QMetaObject::invokeMethod(this, &QWidget::adjustSize, Qt::QueuedConnection);
}

} // namespace cooperage::gui
