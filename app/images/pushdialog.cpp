#include "app/images/pushdialog.h"

#include "app/accessibility.h"
#include "core/images/reference.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

PushDialog::PushDialog(const engine::ImageRecord &image, QWidget *parent)
    : QDialog(parent),
      m_image(image),
      m_reference(new QLineEdit(this)),
      m_user(new QLineEdit(this)),
      m_password(new QLineEdit(this)),
      m_compression(new QComboBox(this)),
      m_plainHttp(new QCheckBox(tr("Allow a registry with&out encryption"), this)),
      m_hint(new QLabel(this))
{
    setObjectName(u"pushDialog"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Push — %1").arg(image.tag.isEmpty() ? image.uuid : image.tag));
    setMinimumWidth(460);
    nameWidget(m_reference, u"pushReference"_s, tr("Registry, repository and tag"));
    m_reference->setPlaceholderText(tr("registry.example.com/team/app:1.0"));
    m_reference->setText(image.tag);
    nameWidget(m_user, u"pushUser"_s, tr("User name at the registry"));
    m_user->setPlaceholderText(tr("empty: the account that is kept for the registry"));
    nameWidget(m_password, u"pushPassword"_s, tr("Password or token at the registry"));
    m_password->setPlaceholderText(tr("used once, kept nowhere"));
    m_password->setEchoMode(QLineEdit::Password);
    nameWidget(m_compression, u"pushCompression"_s, tr("Compression of new layers"));
    m_compression->addItems({u"gzip"_s, u"zstd"_s});
    nameWidget(m_plainHttp, u"pushPlainHttp"_s, tr("Speak http with a registry that knows no https"));
    m_hint->setObjectName(u"pushHint"_s);
    m_hint->setWordWrap(true);
    m_hint->setTextFormat(Qt::PlainText);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_push = buttons->addButton(tr("&Push"), QDialogButtonBox::AcceptRole);
    m_push->setDefault(true);
    auto *form = new QFormLayout(this);
    form->addRow(tr("&To:"), m_reference);
    form->addRow(tr("&User:"), m_user);
    form->addRow(tr("Pass&word:"), m_password);
    form->addRow(tr("Co&mpression:"), m_compression);
    form->addRow(QString(), m_plainHttp);
    form->addRow(m_hint);
    form->addRow(buttons);
    connect(m_reference, &QLineEdit::textChanged, this, &PushDialog::check);
    connect(buttons, &QDialogButtonBox::accepted, this, &PushDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    check();
}

void PushDialog::check()
{
    const QString text = m_reference->text().trimmed();
    const auto reference = images::Reference::parse(text);
    QString hint;
    if (!text.isEmpty() && !reference)
        hint = reference.error().text();
    else if (reference)
        hint = tr("Goes to %1.").arg(reference->toString());
    m_hint->setText(hint);
    m_push->setEnabled(reference.has_value());
}

void PushDialog::accept()
{
    engine::PushRequest request;
    request.image = m_image.uuid;
    request.reference = m_reference->text().trimmed();
    request.plainHttp = m_plainHttp->isChecked();
    request.compression = m_compression->currentText();
    if (!m_user->text().isEmpty()) {
        engine::Credentials account;
        account.username = m_user->text();
        account.password = m_password->text();
        request.credentials = account;
    }
    m_password->clear();
    Q_EMIT chosen(request);
    QDialog::accept();
}

} // namespace cooperage::gui
