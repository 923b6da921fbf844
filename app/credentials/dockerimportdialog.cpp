#include "app/credentials/dockerimportdialog.h"

#include "app/accessibility.h"
#include "app/inlinemessage.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

using credentials::DockerLogin;

DockerImportDialog::DockerImportDialog(credentials::SecretStore *store, QWidget *parent)
    : QDialog(parent),
      m_store(store),
      m_message(new InlineMessage(this)),
      m_heading(new QLabel(tr("Reading Docker's configuration and asking its credential helpers…"), this)),
      m_list(new QListWidget(this)),
      m_forThisRun(new QCheckBox(tr("&Use them for this run only, do not save them"), this))
{
    setObjectName(u"dockerImportDialog"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Import Sign-Ins from Docker"));
    setMinimumSize(480, 300);
    m_message->setObjectName(u"dockerImportMessage"_s);
    m_heading->setWordWrap(true);
    nameWidget(m_list, u"dockerImportList"_s, tr("Sign-ins found"));
    nameWidget(m_forThisRun, u"dockerImportForThisRun"_s, tr("Use them for this run only"));
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_import = buttons->addButton(tr("&Import"), QDialogButtonBox::AcceptRole);
    m_import->setObjectName(u"dockerImportStart"_s);
    m_import->setDefault(true);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_message);
    layout->addWidget(m_heading);
    layout->addWidget(m_list, 1);
    layout->addWidget(m_forThisRun);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &DockerImportDialog::start);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_list, &QListWidget::itemChanged, this, &DockerImportDialog::updateState);
    updateState();
    QCoro::connect(credentials::findDockerLogins(m_stop.get_token()), this,
                   [this](const Result<QList<DockerLogin>> &found) { showFound(found); });
}

DockerImportDialog::~DockerImportDialog()
{
    m_stop.request_stop();
}

void DockerImportDialog::showFound(const Result<QList<DockerLogin>> &found)
{
    if (!found) {
        m_heading->setText(tr("Nothing can be imported."));
        m_message->show(Tone::Bad, found.error().text());
        return;
    }
    m_logins = *found;
    m_heading->setText(m_logins.isEmpty() ? tr("Docker has no sign-ins on this computer.")
                                          : tr("Their passwords are copied; Docker keeps its own."));
    for (const DockerLogin &login : std::as_const(m_logins)) {
        auto *item =
            new QListWidgetItem(tr("%1 at %2 — %3").arg(login.user, login.host, login.source), m_list);
        item->setCheckState(Qt::Checked);
    }
    updateState();
}

QList<DockerLogin> DockerImportDialog::ticked() const
{
    QList<DockerLogin> result;
    for (int row = 0; row < m_list->count(); ++row) {
        if (m_list->item(row)->checkState() == Qt::Checked)
            result.append(m_logins.at(row));
    }
    return result;
}

void DockerImportDialog::updateState()
{
    m_import->setEnabled(!ticked().isEmpty());
}

static engine::Task<> importAll(credentials::SecretStore *store, QList<DockerLogin> logins,
                                credentials::Keep keep)
{
    for (const DockerLogin &login : std::as_const(logins)) {
        const auto done = co_await credentials::importDockerLogin(store, login, keep);
        if (!done)
            co_return done;
    }
    co_return {};
}

void DockerImportDialog::start()
{
    const QList<DockerLogin> chosen = ticked();
    const auto keep =
        m_forThisRun->isChecked() ? credentials::Keep::ForThisRun : credentials::Keep::InKeychain;
    m_import->setEnabled(false);
    QCoro::connect(
        importAll(m_store, chosen, keep), this,
        [this, count = static_cast<int>(chosen.size())](const Result<> &done) { finish(done, count); });
}

void DockerImportDialog::finish(const Result<> &done, int count)
{
    updateState();
    if (!done) {
        m_message->show(Tone::Bad, done.error().text());
        return;
    }
    Q_EMIT imported(count);
    accept();
}

} // namespace cooperage::gui
