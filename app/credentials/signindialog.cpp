#include "app/credentials/signindialog.h"

#include "app/accessibility.h"
#include "app/credentials/keychainbanner.h"
#include "app/inlinemessage.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

using credentials::SecretKey;
using credentials::SignInState;

SignInDialog::SignInDialog(credentials::SecretStore *store, const QString &host, const QString &user,
                           QWidget *parent)
    : QDialog(parent),
      m_store(store),
      m_banner(new KeychainBanner(this)),
      m_message(new InlineMessage(this)),
      m_fields(makeFields()),
      m_progress(new QProgressBar(this))
{
    setObjectName(u"signInDialog"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(user.isEmpty() ? tr("Sign In to a Registry") : tr("New Password — %1").arg(user));
    setMinimumWidth(480);
    m_message->setObjectName(u"signInMessage"_s);
    nameWidget(m_progress, u"signInProgress"_s, tr("The registry is being asked"));
    m_progress->setRange(0, 0);
    m_host->setText(host);
    m_user->setText(user);
    m_host->setReadOnly(!user.isEmpty());
    m_user->setReadOnly(!user.isEmpty());
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_signIn = buttons->addButton(tr("&Sign In"), QDialogButtonBox::AcceptRole);
    m_signIn->setObjectName(u"signInStart"_s);
    m_signIn->setDefault(true);

    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_banner);
    layout->addWidget(m_message);
    layout->addWidget(m_fields);
    layout->addWidget(m_progress);
    layout->addStretch(1);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &SignInDialog::start);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    for (QLineEdit *edit : {m_host, m_user, m_password})
        connect(edit, &QLineEdit::textChanged, this, &SignInDialog::validate);
    connect(m_banner, &KeychainBanner::stateChanged, this, [this] {
        if (!m_banner->isUsable())
            m_forThisRun->setChecked(true);
    });
    setBusy(false);
    (host.isEmpty() ? m_host : user.isEmpty() ? m_user : m_password)->setFocus();
}

SignInDialog::~SignInDialog()
{
    m_stop.request_stop();
}

QWidget *SignInDialog::makeFields()
{
    auto *fields = new QWidget(this);
    const auto field = [fields](const QString &name, const QString &accessibleName,
                                const QString &placeholder) {
        auto *edit = new QLineEdit(fields);
        nameWidget(edit, name, accessibleName);
        edit->setPlaceholderText(placeholder);
        return edit;
    };
    m_host = field(u"signInHost"_s, tr("Host of the registry"), tr("docker.io, ghcr.io, localhost:5000"));
    m_user = field(u"signInUser"_s, tr("User name"), {});
    m_password = field(u"signInPassword"_s, tr("Password or access token"), {});
    m_password->setEchoMode(QLineEdit::Password);
    m_forThisRun = new QCheckBox(tr("Use &it for this run only, do not save it"), fields);
    nameWidget(m_forThisRun, u"signInForThisRun"_s, tr("Use it for this run only"));
    m_forThisRun->setToolTip(tr("The password stays in memory until the program ends"));
    auto *form = new QFormLayout(fields);
    form->setContentsMargins(0, 0, 0, 0);
    form->addRow(tr("&Registry:"), m_host);
    form->addRow(tr("User &name:"), m_user);
    form->addRow(tr("&Password or token:"), m_password);
    form->addRow(QString(), m_forThisRun);
    return fields;
}

void SignInDialog::validate()
{
    const bool complete =
        !m_host->text().isEmpty() && !m_user->text().isEmpty() && !m_password->text().isEmpty();
    m_signIn->setEnabled(complete && m_fields->isEnabled());
}

void SignInDialog::start()
{
    const auto host = credentials::registryHost(m_host->text());
    if (!host) {
        m_message->show(Tone::Warning, host.error().text());
        m_host->setFocus();
        return;
    }
    m_message->hide();
    setBusy(true);
    engine::Credentials given{m_user->text(), m_password->text()};
    QCoro::connect(credentials::checkSignIn(m_host->text().trimmed(), std::move(given), m_stop.get_token()),
                   this, [this](const credentials::SignInCheck &check) { finishCheck(check); });
}

void SignInDialog::finishCheck(const credentials::SignInCheck &check)
{
    if (check.isAccepted()) {
        save();
        return;
    }
    setBusy(false);
    m_message->show(check.state == SignInState::NotNeeded ? Tone::Neutral : Tone::Bad, check.error.text());
    if (check.state == SignInState::WrongPassword || check.state == SignInState::NeedsToken) {
        m_password->setFocus();
        m_password->selectAll();
    }
}

void SignInDialog::save()
{
    const QString host = credentials::registryHost(m_host->text()).value_or(QString());
    const credentials::SecretEntry entry{.key = SecretKey::registry(host, m_user->text()),
                                         .checkedAt = QDateTime::currentDateTimeUtc()};
    const auto keep =
        m_forThisRun->isChecked() ? credentials::Keep::ForThisRun : credentials::Keep::InKeychain;
    QCoro::connect(m_store->write(entry, credentials::Secret(m_password->text()), keep), this,
                   [this](const Result<> &saved) { finishSave(saved); });
}

void SignInDialog::finishSave(const Result<> &saved)
{
    setBusy(false);
    if (!saved) {
        m_banner->refresh();
        m_message->show(Tone::Bad, saved.error().text(), tr("Use &for This Run Only"), [this] {
            m_forThisRun->setChecked(true);
            save();
        });
        return;
    }
    m_password->clear();
    Q_EMIT signedIn(credentials::registryHost(m_host->text()).value_or(QString()), m_user->text());
    accept();
}

void SignInDialog::setBusy(bool busy)
{
    m_fields->setEnabled(!busy);
    m_progress->setVisible(busy);
    validate();
    // After a message has come or gone: the fields keep their height.
    QMetaObject::invokeMethod(this, &QWidget::adjustSize, Qt::QueuedConnection);
}

} // namespace cooperage::gui
