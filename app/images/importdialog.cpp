#include "app/images/importdialog.h"

#include "app/accessibility.h"
#include "app/icons.h"
#include "app/images/imagebrowsermodel.h"
#include "app/images/imagecatalog.h"
#include "core/images/reference.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTreeWidget>

#include <algorithm>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace cooperage::gui {

enum PreviewColumn { ReferenceColumn, TagColumn, NoteColumn };

ImportDialog::ImportDialog(ImageCatalog *catalog, QWidget *parent)
    : QDialog(parent), m_catalog(catalog), m_hint(new QLabel(this))
{
    setObjectName(u"importDialog"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Import Images"));
    resize(680, 500);
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
    m_pause.setSingleShot(true);
    m_pause.setInterval(200ms);
    connect(&m_pause, &QTimer::timeout, this, &ImportDialog::askForHolders);
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
    const auto field = [fields](const QString &name, const QString &accessibleName,
                                const QString &placeholder) {
        auto *edit = new QLineEdit(fields);
        nameWidget(edit, name, accessibleName);
        edit->setPlaceholderText(placeholder);
        return edit;
    };
    QWidget *source = makeSource();
    m_tag = field(u"importTag"_s, tr("Tag of the imported image"), {});
    m_preview = new QTreeWidget(fields);
    nameWidget(m_preview, u"importPreview"_s, tr("What will be imported"));
    m_preview->setHeaderLabels({tr("Image"), tr("Tag"), tr("Note")});
    m_preview->setRootIsDecorated(false);
    m_preview->setUniformRowHeights(true);
    m_preview->setTextElideMode(Qt::ElideMiddle);
    m_preview->header()->resizeSection(ReferenceColumn, 190);
    m_preview->header()->resizeSection(TagColumn, 130);
    m_user = field(u"importUser"_s, tr("User name at the registry"), tr("only for private images"));
    m_password =
        field(u"importPassword"_s, tr("Password or token at the registry"), tr("used once, kept nowhere"));
    m_password->setEchoMode(QLineEdit::Password);
    m_timeout = new QSpinBox(fields);
    nameWidget(m_timeout, u"importTimeout"_s, tr("Seconds after which an import is given up"));
    m_timeout->setRange(10, 3600);
    m_timeout->setValue(600);
    m_timeout->setSuffix(tr(" s"));
    m_plainHttp = new QCheckBox(tr("Allow a registry with&out encryption"), fields);
    nameWidget(m_plainHttp, u"importPlainHttp"_s, tr("Speak http with a registry that knows no https"));
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
    form->addRow(tr("Time &limit:"), m_timeout);
    form->addRow(QString(), m_plainHttp);
    return fields;
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

static QTreeWidgetItem *row(const QString &reference, const QString &tag, const QString &note)
{
    auto *item = new QTreeWidgetItem({reference, tag, note});
    for (int column = 0; column < 3; ++column)
        item->setToolTip(column, item->text(column));
    return item;
}

void ImportDialog::showRow(const images::ListedReference &listed, bool clashes)
{
    QString note = listed.problem;
    if (note.isEmpty() && clashes)
        note = tr("another one gets the same tag");
    QTreeWidgetItem *item = row(listed.reference, listed.tag, note);
    if (!note.isEmpty())
        item->setIcon(NoteColumn, icon(u"warning"_s, Tone::Warning));
    m_preview->addTopLevelItem(item);
}

void ImportDialog::check()
{
    const QString text = m_source->toPlainText().trimmed();
    const QString tag = m_tag->text().trimmed();
    const Result<> tagValid = tag.isEmpty() ? Result<>() : images::checkTag(tag);
    m_preview->clear();
    m_listed.clear();
    QString hint;
    const QString file = path();
    if (!file.isEmpty()) {
        m_preview->addTopLevelItem(row(file, tag, {}));
        if (!QFileInfo::exists(file))
            hint = tr("There is no file %1.").arg(file);
    } else {
        m_listed = images::referencesIn(text);
        if (m_listed.size() == 1 && !tag.isEmpty())
            m_listed.first().tag = tag;
        const QStringList clashing = images::clashingTags(m_listed);
        for (const images::ListedReference &listed : std::as_const(m_listed))
            showRow(listed, clashing.contains(listed.tag));
        if (!clashing.isEmpty())
            hint = tr("Some images would get the same tag, and the last one imported keeps it. Import them "
                      "one by one "
                      "to give them tags of their own.");
    }
    m_tag->setEnabled(m_listed.size() <= 1);
    m_tag->setPlaceholderText(m_listed.size() == 1 ? m_listed.first().tag : QString());
    if (!tagValid)
        hint = tagValid.error().text();
    const bool importable = std::ranges::any_of(
        m_listed, [](const images::ListedReference &listed) { return listed.problem.isEmpty(); });
    m_import->setEnabled(tagValid && (file.isEmpty() ? importable : QFileInfo::exists(file)));
    m_hint->setText(hint);
    m_pause.start();
}

void ImportDialog::askForHolders()
{
    for (int index = 0; index < m_preview->topLevelItemCount(); ++index) {
        const QString tag = m_preview->topLevelItem(index)->text(TagColumn);
        if (tag.isEmpty() || !images::checkTag(tag))
            continue;
        m_catalog->findHolder(tag, this, [this, index, tag](const QString &uuid) {
            QTreeWidgetItem *item = m_preview->topLevelItem(index);
            if (uuid.isEmpty() || !item || item->text(TagColumn) != tag || !item->text(NoteColumn).isEmpty())
                return;
            item->setText(NoteColumn, tr("takes the tag from image %1").arg(shortId(uuid)));
            item->setToolTip(NoteColumn, item->text(NoteColumn));
        });
    }
}

engine::ImportRequest ImportDialog::request(const images::ListedReference &listed) const
{
    engine::ImportRequest request{.reference = listed.reference};
    request.tag = listed.tag;
    request.timeoutSeconds = m_timeout->value();
    request.plainHttp = m_plainHttp->isChecked();
    if (!m_user->text().isEmpty()) {
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
