#include "app/images/tagdialog.h"

#include "app/accessibility.h"
#include "app/images/imagecatalog.h"
#include "app/images/imagecells.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTreeWidget>

#include <algorithm>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace cooperage::gui {

// More than anybody types; each is a question to the engine.
static constexpr qsizetype mostAsked = 200;

TagDialog::TagDialog(const QList<engine::ImageRecord> &images, TagPurpose purpose, ImageCatalog *catalog,
                     QWidget *parent)
    : QDialog(parent),
      m_images(images),
      m_purpose(purpose),
      m_catalog(catalog),
      m_tag(new QLineEdit(this)),
      m_hint(new QLabel(this)),
      m_preview(new QTreeWidget(this)),
      m_buttons(new QDialogButtonBox(QDialogButtonBox::Cancel, this)),
      m_accept(m_buttons->addButton(purpose == TagPurpose::Add ? tr("Add &Tag") : tr("Rename &Tag"),
                                    QDialogButtonBox::AcceptRole))
{
    setObjectName(u"tagDialog"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(title());
    const bool several = images.size() > 1;
    nameWidget(m_tag, u"tagEdit"_s, purpose == TagPurpose::Add ? tr("New tags") : tr("New tag"));
    m_tag->setPlaceholderText(several                      ? tr("{name}:stable")
                              : purpose == TagPurpose::Add ? tr("name:version, or several")
                                                           : tr("name:version"));
    m_tag->setText(several ? QString() : images.first().tag);
    m_tag->selectAll();
    m_tag->setMinimumWidth(360);
    m_hint->setObjectName(u"tagHint"_s);
    m_hint->setTextFormat(Qt::PlainText);
    m_hint->setWordWrap(true);
    m_hint->setMinimumHeight(2 * m_hint->fontMetrics().lineSpacing());
    nameWidget(m_preview, u"tagPreview"_s, tr("What becomes of each tag"));
    m_preview->setHeaderLabels({tr("Tag"), tr("Image"), tr("What happens")});
    m_preview->setRootIsDecorated(false);
    m_preview->setUniformRowHeights(true);
    m_preview->setTextElideMode(Qt::ElideMiddle);
    m_preview->setMinimumSize(560, 160);
    m_preview->header()->resizeSection(0, 180);
    m_preview->header()->resizeSection(1, 120);
    m_accept->setObjectName(u"tagAccept"_s);
    m_accept->setDefault(true);
    m_pause.setSingleShot(true);
    m_pause.setInterval(150ms);

    auto *form = new QFormLayout(this);
    form->addRow(purpose == TagPurpose::Add ? tr("&New tags:") : tr("&New tag:"), m_tag);
    form->addRow(m_preview);
    form->addRow(m_hint);
    form->addRow(m_buttons);
    connect(m_tag, &QLineEdit::textChanged, this, &TagDialog::check);
    connect(&m_pause, &QTimer::timeout, this, &TagDialog::askForHolders);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_buttons, &QDialogButtonBox::accepted, this, [this] {
        Q_EMIT chosen(changesOf(m_plan, m_purpose));
        accept();
    });
    check();
}

QString TagDialog::title() const
{
    const engine::ImageRecord &first = m_images.first();
    const QString subject = m_images.size() > 1   ? tr("Images: %1").arg(m_images.size())
                            : first.tag.isEmpty() ? shortId(first.uuid)
                                                  : first.tag;
    return m_purpose == TagPurpose::Add ? tr("Add Tags — %1").arg(subject)
                                        : tr("Rename Tag — %1").arg(subject);
}

void TagDialog::check()
{
    ++m_typed;
    m_plan = planTags(m_images, m_purpose, m_tag->text());
    m_pause.start();
    show();
}

void TagDialog::askForHolders()
{
    for (qsizetype index = 0; index < std::min(m_plan.size(), mostAsked); ++index) {
        if (!m_plan[index].problem.isEmpty())
            continue;
        m_catalog->findHolders(m_plan[index].tag, this,
                               [this, index, typed = m_typed](const sessions::TagHolders &holders) {
                                   if (typed != m_typed)
                                       return;
                                   m_plan[index].holders = holders;
                                   show();
                               });
    }
}

QString TagDialog::hint() const
{
    const auto wrong =
        std::ranges::find_if(m_plan, [](const PlannedTag &tag) { return !tag.problem.isEmpty(); });
    if (wrong != m_plan.end())
        return wrong->problem;
    if (m_plan.size() == 1)
        return effectText(m_plan.first());
    if (m_images.size() > 1)
        return tr("{name} and {version} stand for the parts of each image's own tag: {name}:stable or "
                  "team/{name}:{version}.");
    return m_plan.isEmpty() && m_purpose == TagPurpose::Add
               ? tr("Several tags can be given at once, with spaces between them.")
               : QString();
}

void TagDialog::show()
{
    const bool usable = !m_plan.isEmpty() && !changesOf(m_plan, m_purpose).isEmpty() &&
                        std::ranges::all_of(m_plan, &QString::isEmpty, &PlannedTag::problem);
    m_accept->setEnabled(usable);
    m_preview->setVisible(m_plan.size() > 1);
    m_hint->setText(hint());
    m_preview->clear();
    for (const PlannedTag &planned : std::as_const(m_plan)) {
        auto *item =
            new QTreeWidgetItem(m_preview, {planned.tag, referenceOf(planned.image), effectText(planned)});
        for (int column = 0; column < 3; ++column)
            item->setToolTip(column, item->text(column));
    }
}

} // namespace cooperage::gui
