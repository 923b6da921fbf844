#include "app/images/tagdialog.h"

#include "app/accessibility.h"
#include "app/images/imagelistmodel.h"
#include "core/images/reference.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

TagDialog::TagDialog(const engine::ImageRecord &image, QList<engine::ImageRecord> others, QWidget *parent)
    : QDialog(parent),
      m_image(image),
      m_others(std::move(others)),
      m_tag(new QLineEdit(this)),
      m_hint(new QLabel(this)),
      m_buttons(new QDialogButtonBox(QDialogButtonBox::Cancel, this))
{
    setObjectName(u"tagDialog"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Add a Tag — %1").arg(image.tag.isEmpty() ? shortId(image.uuid) : image.tag));
    nameWidget(m_tag, u"tagEdit"_s, tr("New tag"));
    m_tag->setPlaceholderText(tr("name:version"));
    m_tag->setText(image.tag);
    m_tag->selectAll();
    m_tag->setMinimumWidth(320);
    m_hint->setWordWrap(true);
    m_hint->setMinimumHeight(2 * m_hint->fontMetrics().lineSpacing());
    m_buttons->addButton(tr("Add &Tag"), QDialogButtonBox::AcceptRole)->setDefault(true);

    auto *form = new QFormLayout(this);
    form->addRow(tr("&New tag:"), m_tag);
    form->addRow(m_hint);
    form->addRow(m_buttons);
    connect(m_tag, &QLineEdit::textChanged, this, &TagDialog::check);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_buttons, &QDialogButtonBox::accepted, this, [this] {
        Q_EMIT chosen(m_image.uuid, m_tag->text().trimmed());
        accept();
    });
    check();
}

void TagDialog::check()
{
    const QString tag = m_tag->text().trimmed();
    const auto valid = images::checkTag(tag);
    const auto holder = std::ranges::find(m_others, tag, &engine::ImageRecord::tag);
    QString hint;
    bool usable = valid.has_value();
    if (tag.isEmpty()) {
        usable = false;
    } else if (!valid) {
        hint = valid.error().text();
    } else if (holder != m_others.end() && holder->uuid == m_image.uuid) {
        hint = tr("This image has that tag already.");
        usable = false;
    } else if (holder != m_others.end()) {
        hint = tr("Image %1 has this tag now; it will move here.").arg(shortId(holder->uuid));
    }
    m_hint->setText(hint);
    for (QAbstractButton *button : m_buttons->buttons()) {
        if (m_buttons->buttonRole(button) == QDialogButtonBox::AcceptRole)
            button->setEnabled(usable);
    }
}

} // namespace cooperage::gui
