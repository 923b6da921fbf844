#include "app/images/importdialog.h"

#include "app/accessibility.h"
#include "app/inlinemessage.h"
#include "core/credentials/registrycredentials.h"
#include "core/images/reference.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPointer>
#include <QProgressBar>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

ImportDialog::ImportDialog(engine::Engine *engine, QWidget *parent)
    : QDialog(parent),
      m_engine(engine),
      m_fields(makeFields()),
      m_message(new InlineMessage(this)),
      m_progress(new QProgressBar(this)),
      m_progressText(new QLabel(this))
{
    setObjectName(u"importDialog"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Import an Image"));
    setMinimumWidth(460);
    m_message->setObjectName(u"importMessage"_s);
    nameWidget(m_progress, u"importProgress"_s, tr("Progress of the import"));
    m_progress->setTextVisible(false);
    m_progressText->setTextFormat(Qt::PlainText);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_import = buttons->addButton(tr("&Import"), QDialogButtonBox::AcceptRole);
    m_import->setObjectName(u"importStart"_s);
    m_import->setDefault(true);

    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_message);
    layout->addWidget(m_fields);
    layout->addWidget(m_progress);
    layout->addWidget(m_progressText);
    layout->addStretch(1);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &ImportDialog::start);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_reference, &QLineEdit::textChanged, this, &ImportDialog::check);
    connect(m_tag, &QLineEdit::textChanged, this, &ImportDialog::check);
    setBusy(false);
    check();
}

ImportDialog::~ImportDialog()
{
    m_stop.request_stop();
}

QWidget *ImportDialog::makeFields()
{
    auto *fields = new QWidget(this);
    const auto field = [fields](const QString &name, const QString &accessibleName,
                                const QString &placeholder) {
        auto *edit = new QLineEdit(fields);
        nameWidget(edit, name, accessibleName);
        edit->setPlaceholderText(placeholder);
        return edit;
    };
    m_reference =
        field(u"importReference"_s, tr("Image reference"), tr("busybox:latest, ghcr.io/owner/name:1.2"));
    m_tag = field(u"importTag"_s, tr("Tag of the imported image"), {});
    m_user = field(u"importUser"_s, tr("User name at the registry"), tr("only for private images"));
    m_password =
        field(u"importPassword"_s, tr("Password or token at the registry"), tr("used once, kept nowhere"));
    m_password->setEchoMode(QLineEdit::Password);
    auto *form = new QFormLayout(fields);
    form->setContentsMargins(0, 0, 0, 0);
    form->addRow(tr("&Image:"), m_reference);
    form->addRow(tr("&Tag:"), m_tag);
    form->addRow(tr("&User:"), m_user);
    form->addRow(tr("&Password:"), m_password);
    return fields;
}

void ImportDialog::setReference(const QString &reference)
{
    m_reference->setText(reference);
}

void ImportDialog::check()
{
    const QString reference = m_reference->text().trimmed();
    const auto parsed = images::Reference::parse(reference);
    const QString tag = m_tag->text().trimmed();
    const auto tagValid = tag.isEmpty() ? Result<>() : images::checkTag(tag);
    m_tag->setPlaceholderText(parsed ? images::derivedTag(reference) : QString());
    m_import->setEnabled(parsed && tagValid);
    if (!reference.isEmpty() && !parsed)
        m_message->show(Tone::Warning, parsed.error().text());
    else if (!tagValid)
        m_message->show(Tone::Warning, tagValid.error().text());
    else
        m_message->hide();
}

// With the account that Docker or Podman keep for the registry, unless one was typed in.
static engine::Task<engine::ImportOutcome> importSignedIn(QPointer<engine::Engine> engine,
                                                          engine::ImportRequest request,
                                                          engine::ProgressHandler progress,
                                                          std::stop_token stop)
{
    Result<std::optional<engine::Credentials>> found = request.credentials;
    if (!request.credentials)
        found = co_await credentials::registryCredentials(request.reference, stop);
    if (found)
        request.credentials = *found;
    if (!engine)
        co_return std::unexpected(Error{ErrorKind::Cancelled, {}});
    auto outcome = co_await engine->importImage(request, progress, stop);
    if (!outcome && outcome.error().kind == ErrorKind::Denied && !found)
        outcome.error().next += u' ' + found.error().text();
    co_return outcome;
}

void ImportDialog::start()
{
    engine::ImportRequest request;
    request.reference = m_reference->text().trimmed();
    request.tag = m_tag->text().trimmed();
    if (!m_user->text().isEmpty())
        request.credentials = engine::Credentials{m_user->text(), m_password->text()};
    m_message->hide();
    setBusy(true);
    auto progress = [self = QPointer(this)](qint64 done, qint64 total, const QString &what) {
        if (self)
            self->showProgress(done, total, what);
    };
    QCoro::connect(importSignedIn(m_engine, request, progress, m_stop.get_token()), this,
                   [this](const Result<engine::ImportOutcome> &outcome) { finish(outcome); });
}

void ImportDialog::showProgress(qint64 done, qint64 total, const QString &what)
{
    const QLocale locale;
    m_progress->setRange(0, total > 0 ? 1000 : 0);
    if (total > 0)
        m_progress->setValue(int(done * 1000 / total));
    const QString bytes =
        total > 0 ? tr("%1 of %2").arg(locale.formattedDataSize(done), locale.formattedDataSize(total))
                  : locale.formattedDataSize(done);
    m_progressText->setText(what.isEmpty() ? bytes : u"%1 — %2"_s.arg(what, bytes));
}

void ImportDialog::finish(const Result<engine::ImportOutcome> &outcome)
{
    setBusy(false);
    if (!outcome) {
        m_message->show(Tone::Bad, outcome.error().text());
        return;
    }
    Q_EMIT imported(*outcome);
    accept();
}

void ImportDialog::setBusy(bool busy)
{
    m_fields->setEnabled(!busy);
    m_import->setEnabled(!busy);
    m_progress->setVisible(busy);
    m_progress->setRange(0, 0);
    m_progressText->setVisible(busy);
    m_progressText->setText(tr("Asking the registry…"));
}

} // namespace cooperage::gui
