#include "app/images/exportdialog.h"

#include "app/accessibility.h"
#include "app/icons.h"
#include "app/settings.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

namespace {

/// One of the forms an image can be saved in.
struct Form
{
    QString key;
    QString format;
    QStringList compressions; ///< The first is the usual one.
    bool isFolder = false;
};

const QList<Form> &forms()
{
    static const QList<Form> list{
        {u"docker"_s, u"docker"_s, {}},
        {u"layout"_s, u"oci"_s, {u"gzip"_s, u"zstd"_s, u"none"_s}, true},
        {u"oci"_s, u"oci"_s, {u"gzip"_s, u"zstd"_s, u"none"_s}},
        {u"rootfs"_s, u"rootfs"_s, {u"gzip"_s, u"none"_s, u"zstd"_s, u"bzip2"_s, u"xz"_s}}};
    return list;
}

QString suffixOf(const Form &form, const QString &compression)
{
    static const QMap<QString, QString> suffixes{
        {u"gzip"_s, u".gz"_s}, {u"zstd"_s, u".zst"_s}, {u"bzip2"_s, u".bz2"_s}, {u"xz"_s, u".xz"_s}};
    if (form.isFolder)
        return {};
    return form.format == "rootfs"_L1 ? u".tar"_s + suffixes.value(compression) : u".tar"_s;
}

} // namespace

ExportDialog::ExportDialog(const engine::ImageRecord &image, QWidget *parent)
    : QDialog(parent),
      m_image(image),
      m_form(new QComboBox(this)),
      m_compression(new QComboBox(this)),
      m_place(new QLineEdit(this)),
      m_hint(new QLabel(this))
{
    setObjectName(u"exportDialog"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Export — %1").arg(image.tag.isEmpty() ? image.uuid : image.tag));
    setMinimumWidth(520);
    nameWidget(m_form, u"exportForm"_s, tr("Form of the export"));
    nameWidget(m_compression, u"exportCompression"_s, tr("Compression"));
    nameWidget(m_place, u"exportPlace"_s, tr("File or folder to write"));
    m_form->addItems({tr("Archive for docker load"), tr("OCI layout, a folder"), tr("OCI layout, one file"),
                      tr("Files of the image alone")});
    m_hint->setObjectName(u"exportHint"_s);
    m_hint->setWordWrap(true);
    m_hint->setTextFormat(Qt::PlainText);
    auto *choose = new QPushButton(icon(u"folder"_s), tr("&Choose…"), this);
    nameWidget(choose, u"exportChoose"_s, tr("Choose where to write"));
    choose->setAutoDefault(false);
    auto *place = new QWidget(this);
    auto *row = new QHBoxLayout(place);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_place, 1);
    row->addWidget(choose);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_export = buttons->addButton(tr("&Export"), QDialogButtonBox::AcceptRole);
    m_export->setDefault(true);
    auto *form = new QFormLayout(this);
    form->addRow(tr("&Form:"), m_form);
    form->addRow(tr("Co&mpression:"), m_compression);
    auto *label = new QLabel(tr("&To:"), this);
    label->setBuddy(m_place);
    form->addRow(label, place);
    form->addRow(m_hint);
    form->addRow(buttons);
    connect(m_form, &QComboBox::currentIndexChanged, this, &ExportDialog::chooseForm);
    connect(m_compression, &QComboBox::currentIndexChanged, this, &ExportDialog::choosePlace);
    connect(m_place, &QLineEdit::textChanged, this, &ExportDialog::check);
    connect(choose, &QPushButton::clicked, this, [this] {
        const bool folder = forms()[m_form->currentIndex()].isFolder;
        auto *dialog = new QFileDialog(this, tr("Export to"), output());
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setAcceptMode(QFileDialog::AcceptSave);
        dialog->setOption(QFileDialog::DontConfirmOverwrite, folder);
        connect(dialog, &QFileDialog::fileSelected, m_place, &QLineEdit::setText);
        dialog->open();
    });
    connect(buttons, &QDialogButtonBox::accepted, this, &ExportDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    chooseForm();
}

void ExportDialog::chooseForm()
{
    const Form &form = forms()[m_form->currentIndex()];
    m_compression->clear();
    m_compression->addItems(form.compressions.isEmpty() ? QStringList{u"none"_s} : form.compressions);
    m_compression->setEnabled(form.compressions.size() > 1);
    choosePlace();
}

// The name follows the form; the folder is where the last one went.
void ExportDialog::choosePlace()
{
    QString name = m_image.tag.isEmpty() ? m_image.uuid : m_image.tag.section(u'/', -1);
    name.replace(u':', u'-');
    const QString before = m_place->text();
    const QString folder = before.isEmpty() ? settings::exportFolder.get() : QFileInfo(before).path();
    const Form &form = forms()[m_form->currentIndex()];
    m_place->setText(QDir(folder.isEmpty() ? QDir::homePath() : folder)
                         .filePath(name + suffixOf(form, m_compression->currentText())));
}

QString ExportDialog::output() const
{
    return m_place->text().trimmed();
}

void ExportDialog::check()
{
    const QFileInfo place(output());
    const bool folder = forms()[m_form->currentIndex()].isFolder;
    QString hint;
    bool usable = place.isAbsolute() && place.dir().exists();
    if (!usable) {
        hint = tr("The folder %1 does not exist.").arg(place.path());
    } else if (folder && place.exists() && !QDir(output()).isEmpty()) {
        hint = tr("There is something in that folder. Choose a new one.");
        usable = false;
    } else if (!folder && place.isDir()) {
        hint = tr("This is a folder; write the name of a file.");
        usable = false;
    } else if (!folder && place.exists()) {
        hint = tr("The file exists and will be replaced.");
    }
    m_hint->setText(hint);
    m_export->setEnabled(usable);
}

void ExportDialog::accept()
{
    const Form &form = forms()[m_form->currentIndex()];
    engine::ExportRequest request;
    request.image = m_image.uuid;
    request.format = form.format;
    if (!form.compressions.isEmpty())
        request.compression = m_compression->currentText();
    if (!m_image.tag.isEmpty() && form.format != "rootfs"_L1)
        request.names = {m_image.tag};
    settings::exportFolder.set(QFileInfo(output()).path());
    Q_EMIT chosen(request, form.isFolder ? output() + u'/' : output());
    QDialog::accept();
}

} // namespace cooperage::gui
