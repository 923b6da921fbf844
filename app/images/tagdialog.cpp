#include "app/images/tagdialog.h"

#include "app/accessibility.h"
#include "app/images/imagebrowsermodel.h"
#include "app/images/imagecatalog.h"
#include "core/images/reference.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace cooperage::gui {

TagDialog::TagDialog(const engine::ImageRecord &image, Purpose purpose, ImageCatalog *catalog,
                     QWidget *parent)
    : QDialog(parent),
      m_image(image),
      m_catalog(catalog),
      m_tag(new QLineEdit(this)),
      m_hint(new QLabel(this)),
      m_buttons(new QDialogButtonBox(QDialogButtonBox::Cancel, this))
{
    const bool adds = purpose == Purpose::Add;
    const QString subject = image.tag.isEmpty() ? shortId(image.uuid) : image.tag;
    setObjectName(u"tagDialog"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(adds ? tr("Add a Tag — %1").arg(subject) : tr("Rename Tag — %1").arg(subject));
    nameWidget(m_tag, u"tagEdit"_s, tr("New tag"));
    m_tag->setPlaceholderText(tr("name:version"));
    m_tag->setText(image.tag);
    m_tag->selectAll();
    m_tag->setMinimumWidth(320);
    m_hint->setObjectName(u"tagHint"_s);
    m_hint->setTextFormat(Qt::PlainText);
    m_hint->setWordWrap(true);
    m_hint->setMinimumHeight(2 * m_hint->fontMetrics().lineSpacing());
    m_buttons->addButton(adds ? tr("Add &Tag") : tr("Rename &Tag"), QDialogButtonBox::AcceptRole)
        ->setDefault(true);
    m_pause.setSingleShot(true);
    m_pause.setInterval(150ms);

    auto *form = new QFormLayout(this);
    form->addRow(tr("&New tag:"), m_tag);
    form->addRow(m_hint);
    form->addRow(m_buttons);
    connect(m_tag, &QLineEdit::textChanged, this, &TagDialog::check);
    connect(&m_pause, &QTimer::timeout, this, &TagDialog::askForHolder);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_buttons, &QDialogButtonBox::accepted, this, [this] {
        Q_EMIT chosen(m_tag->text().trimmed());
        accept();
    });
    check();
}

void TagDialog::check()
{
    const QString tag = m_tag->text().trimmed();
    const auto valid = images::checkTag(tag);
    m_pause.stop();
    if (tag.isEmpty()) {
        show({}, false);
    } else if (!valid) {
        show(valid.error().text(), false);
    } else if (tag == m_image.tag) {
        show(tr("This image has that tag already."), false);
    } else {
        show({}, true);
        m_pause.start();
    }
}

void TagDialog::askForHolder()
{
    const QString tag = m_tag->text().trimmed();
    m_catalog->findHolder(tag, this, [this, tag](const QString &uuid) {
        if (tag != m_tag->text().trimmed() || uuid.isEmpty())
            return;
        if (uuid == m_image.uuid)
            show(tr("This image has that tag already."), false);
        else
            show(tr("Image %1 has this tag now; it will move here.").arg(shortId(uuid)), true);
    });
}

void TagDialog::show(const QString &hint, bool usable)
{
    m_hint->setText(hint);
    for (QAbstractButton *button : m_buttons->buttons()) {
        if (m_buttons->buttonRole(button) == QDialogButtonBox::AcceptRole)
            button->setEnabled(usable);
    }
}

} // namespace cooperage::gui
