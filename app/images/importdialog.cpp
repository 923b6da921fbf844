#include "app/images/importdialog.h"

#include "app/accessibility.h"
#include "app/connections/enginesession.h"
#include "app/icons.h"
#include "app/images/imagecatalog.h"
#include "app/images/importpreview.h"
#include "core/images/reference.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRegularExpressionValidator>
#include <QSpinBox>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

ImportDialog::ImportDialog(ImageCatalog *catalog, QWidget *parent)
    : QDialog(parent), m_catalog(catalog), m_hint(new QLabel(this))
{
    setObjectName(u"importDialog"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Import Images"));
    resize(700, 520);
    m_hint->setObjectName(u"importHint"_s);
    m_hint->setWordWrap(true);
    m_hint->setTextFormat(Qt::PlainText);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_import = buttons->addButton(tr("&Import"), QDialogButtonBox::AcceptRole);
    m_import->setObjectName(u"importStart"_s);
    m_import->setDefault(true);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(makeFields(), 1);
    layout->addWidget(m_hint);
    layout->addWidget(buttons);
    m_source->setFocus(); // Else Enter would press Cancel while there is nothing to import.
    connect(buttons, &QDialogButtonBox::accepted, this, &ImportDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_source, &QPlainTextEdit::textChanged, this, &ImportDialog::check);
    connect(m_tag, &QLineEdit::textChanged, this, &ImportDialog::check);
    connect(m_platform, &QComboBox::currentTextChanged, this, &ImportDialog::check);
    connect(m_user, &QLineEdit::textChanged, this, &ImportDialog::showHint);
    connect(m_preview, &ImportPreview::accessKnown, this, &ImportDialog::showHint);
    check();
}

QWidget *ImportDialog::makeSource()
{
    auto *row = new QWidget(this);
    m_source = new QPlainTextEdit(row);
    nameWidget(m_source, u"importReference"_s, tr("Images, one per line, or the path of an archive"));
    m_source->setPlaceholderText(
        tr("busybox:latest\nubuntu:{22.04,24.04}\nor paste a compose file or a Dockerfile"));
    m_source->setTabChangesFocus(true);
    m_source->setMinimumHeight(4 * m_source->fontMetrics().lineSpacing());
    auto *choose = new QPushButton(icon(u"folder"_s), tr("&File…"), row);
    nameWidget(choose, u"importChooseFile"_s, tr("Choose an archive on this computer"));
    choose->setAutoDefault(false);
    connect(choose, &QPushButton::clicked, this, &ImportDialog::chooseFile);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_source, 1);
    layout->addWidget(choose, 0, Qt::AlignTop);
    return row;
}

QWidget *ImportDialog::makeFields()
{
    auto *fields = new QWidget(this);
    const auto field = [fields](const QString &name, const QString &accessibleName) {
        auto *edit = new QLineEdit(fields);
        nameWidget(edit, name, accessibleName);
        return edit;
    };
    QWidget *source = makeSource();
    m_tag = field(u"importTag"_s, tr("Tag of the imported image"));
    m_preview = new ImportPreview(m_catalog, fields);
    m_user = field(u"importUser"_s, tr("User name at the registry"));
    m_password = field(u"importPassword"_s, tr("Password or token at the registry"));
    m_password->setEchoMode(QLineEdit::Password);
    m_timeout = new QSpinBox(fields);
    nameWidget(m_timeout, u"importTimeout"_s, tr("Seconds after which an import is given up"));
    m_timeout->setRange(10, 3600);
    m_timeout->setValue(600);
    m_timeout->setSuffix(tr(" s"));
    m_plainHttp = new QCheckBox(tr("Allow a registry with&out encryption"), fields);
    nameWidget(m_plainHttp, u"importPlainHttp"_s, tr("Speak http with a registry that knows no https"));
    makePlatform(fields);
    auto *form = new QFormLayout(fields);
    form->setContentsMargins(0, 0, 0, 0);
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    auto *label = new QLabel(tr("I&mages:"), fields);
    label->setBuddy(m_source);
    form->addRow(label, source);
    form->addRow(tr("&Tag:"), m_tag);
    form->addRow(tr("&Preview:"), m_preview);
    form->addRow(tr("&User:"), m_user);
    form->addRow(tr("Pass&word:"), m_password);
    form->addRow(tr("Platfo&rm:"), m_platform);
    form->addRow(tr("Time &limit:"), m_timeout);
    form->addRow(QString(), m_plainHttp);
    return fields;
}

void ImportDialog::makePlatform(QWidget *parent)
{
    m_platform = new QComboBox(parent);
    nameWidget(m_platform, u"importPlatform"_s, tr("Platform of the image"));
    m_platform->setEditable(true);
    m_platform->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_platform->addItems({QString(), u"linux/amd64"_s, u"linux/arm64"_s, u"linux/arm/v7"_s, u"linux/386"_s,
                          u"linux/ppc64le"_s, u"linux/s390x"_s, u"linux/riscv64"_s});
    static const QRegularExpression form(u"[a-z0-9]+/[a-z0-9_]+(/[a-z0-9.]+)?"_s);
    m_platform->setValidator(new QRegularExpressionValidator(form, m_platform));
    nameWidget(m_platform->lineEdit(), u"importPlatformText"_s, m_platform->accessibleName());
    m_platform->lineEdit()->setPlaceholderText(tr("the one of the engine's machine"));
    const engine::EngineInfo &info = m_catalog->session()->info();
    m_choosesPlatform = info.offers(engine::extension::importPlatform);
    if (!m_choosesPlatform)
        m_platform->setToolTip(tr("%1 chooses the platform by itself.").arg(info.name));
}

void ImportDialog::setText(const QString &text)
{
    m_source->setPlainText(text);
}

void ImportDialog::chooseFile()
{
    auto *dialog = new QFileDialog(this, tr("Import an Archive"));
    dialog->setObjectName(u"importFileDialog"_s);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters(
        {tr("Image archives (*.tar *.tar.gz *.tgz *.tar.xz *.tar.zst *.tar.bz2)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this, &ImportDialog::setText);
    dialog->open();
}

QString ImportDialog::path() const
{
    const QString text = m_source->toPlainText().trimmed();
    if (text.contains(u'\n'))
        return {};
    if (text.startsWith("~/"_L1))
        return QDir::homePath() + text.sliced(1);
    return text.startsWith(u'/') ? text : QString();
}

static QStringList registriesOf(const QList<images::ListedReference> &listed)
{
    QStringList hosts;
    for (const images::ListedReference &one : listed) {
        const auto image = images::Reference::parse(one.reference);
        if (one.problem.isEmpty() && image && !hosts.contains(image->host))
            hosts.append(image->host);
    }
    return hosts;
}

// An account of one registry must not be told to another.
void ImportDialog::takeAccount(bool possible)
{
    m_user->setEnabled(possible);
    m_password->setEnabled(possible);
    m_user->setPlaceholderText(possible ? tr("only for private images")
                                        : tr("only for images of one registry"));
    m_password->setPlaceholderText(possible ? tr("used once, kept nowhere") : QString());
}

void ImportDialog::check()
{
    const QString tag = m_tag->text().trimmed();
    const Result<> tagValid = tag.isEmpty() ? Result<>() : images::checkTag(tag);
    const bool platformValid =
        m_platform->currentText().isEmpty() || m_platform->lineEdit()->hasAcceptableInput();
    m_listed.clear();
    m_problem.clear();
    const QString file = path();
    if (!file.isEmpty())
        showFile(file, tag);
    else
        showReferences(tag);
    m_tag->setEnabled(m_listed.size() <= 1);
    m_tag->setPlaceholderText(m_listed.size() == 1 ? m_listed.first().tag : QString());
    m_platform->setEnabled(m_choosesPlatform && file.isEmpty());
    takeAccount(registriesOf(m_listed).size() <= 1);
    if (!platformValid)
        m_problem = tr("A platform is written like linux/arm64 or linux/arm/v7.");
    if (!tagValid)
        m_problem = tagValid.error().text();
    const bool importable = std::ranges::any_of(
        m_listed, [](const images::ListedReference &listed) { return listed.problem.isEmpty(); });
    m_import->setEnabled(tagValid && platformValid &&
                         (file.isEmpty() ? importable : QFileInfo::exists(file)));
    showHint();
}

void ImportDialog::showFile(const QString &file, const QString &tag)
{
    m_preview->showFile(file, tag);
    if (!QFileInfo::exists(file))
        m_problem = tr("There is no file %1.").arg(file);
}

void ImportDialog::showReferences(const QString &tag)
{
    m_listed = images::referencesIn(m_source->toPlainText().trimmed());
    if (m_listed.size() == 1 && !tag.isEmpty())
        m_listed.first().tag = tag;
    const QStringList clashing = images::clashingTags(m_listed);
    m_preview->showReferences(m_listed, clashing);
    if (!clashing.isEmpty())
        m_problem = tr("Some images would get the same tag, and the last one imported keeps it. Import them "
                       "one by one to give them tags of their own.");
}

void ImportDialog::showHint()
{
    const bool takesAccount = m_user->isEnabled();
    const bool given = takesAccount && !m_user->text().isEmpty();
    const QString closed = given ? QString() : m_preview->closedRegistries().join(u", "_s);
    if (!m_problem.isEmpty() || closed.isEmpty())
        m_hint->setText(m_problem);
    else if (takesAccount)
        m_hint->setText(tr("Wants an account: %1. Give it here for this import, or import and sign in when "
                           "you are asked to.")
                            .arg(closed));
    else
        m_hint->setText(tr("Wants an account: %1. Import, and sign in when you are asked to.").arg(closed));
}

engine::ImportRequest ImportDialog::request(const images::ListedReference &listed) const
{
    engine::ImportRequest request{.reference = listed.reference};
    request.tag = listed.tag;
    request.timeoutSeconds = m_timeout->value();
    request.plainHttp = m_plainHttp->isChecked();
    if (m_platform->isEnabled())
        request.platform = m_platform->currentText();
    if (m_user->isEnabled() && !m_user->text().isEmpty()) {
        engine::Credentials account;
        account.username = m_user->text();
        account.password = m_password->text();
        request.credentials = account;
    }
    return request;
}

void ImportDialog::accept()
{
    QList<engine::ImportRequest> requests;
    if (const QString file = path(); !file.isEmpty()) {
        engine::ImportRequest request;
        request.archivePath = file;
        request.tag = m_tag->text().trimmed();
        request.timeoutSeconds = m_timeout->value();
        requests.append(request);
    }
    for (const images::ListedReference &listed : std::as_const(m_listed)) {
        if (listed.problem.isEmpty())
            requests.append(request(listed));
    }
    m_password->clear();
    Q_EMIT chosen(requests);
    QDialog::accept();
}

} // namespace cooperage::gui
