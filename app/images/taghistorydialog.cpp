#include "app/images/taghistorydialog.h"

#include "app/accessibility.h"
#include "app/icons.h"
#include "app/images/imagecatalog.h"
#include "app/images/taghistory.h"
#include "app/images/tagplan.h"
#include "app/inlinemessage.h"
#include "app/settings.h"
#include "app/settings/pageparts.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QTreeView>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

TagHistoryDialog::TagHistoryDialog(const QString &tag, ImageCatalog *catalog, QWidget *parent)
    : QDialog(parent),
      m_history(new TagHistory(catalog, this)),
      m_message(new InlineMessage(this)),
      m_tag(new QComboBox(this)),
      m_stack(new QStackedWidget(this)),
      m_empty(emptyText(tr("Reading the journal…"), this)),
      m_list(pageList(u"tagHistoryList"_s, tr("Where the tag pointed, the latest first"), this)),
      m_back(new QPushButton(icon(u"rollback"_s), tr("&Move Back"), this))
{
    setObjectName(u"tagHistoryDialog"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Tag History"));
    m_message->setObjectName(u"tagHistoryMessage"_s);
    nameWidget(m_tag, u"tagHistoryTag"_s, tr("Tag"));
    m_tag->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    nameWidget(m_back, u"tagHistoryMoveBack"_s, tr("Move back"));
    m_back->setToolTip(tr("Point the tag to the selected image again; can be undone"));
    m_list->setModel(m_history);
    QHeaderView *header = m_list->header();
    header->setSectionResizeMode(QHeaderView::Interactive);
    header->resizeSection(TagHistory::SinceColumn, 240);
    header->resizeSection(TagHistory::ImageColumn, 130);
    header->setStretchLastSection(true);
    header->restoreState(settings::tagHistoryHeader.get());
    m_empty->setObjectName(u"tagHistoryEmpty"_s);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_list);
    m_stack->setMinimumSize(520, 220);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    buttons->addButton(m_back, QDialogButtonBox::ActionRole);
    auto *form = new QFormLayout(this);
    form->addRow(tr("&Tag:"), m_tag);
    form->addRow(m_message);
    form->addRow(m_stack);
    form->addRow(buttons);

    connect(m_history, &TagHistory::loaded, this, &TagHistoryDialog::showLoaded);
    connect(m_history, &TagHistory::failed, this,
            [this](const Error &error) { m_message->show(Tone::Bad, error.text()); });
    connect(catalog, &ImageCatalog::tagsChanged, this,
            [this, catalog](const QList<sessions::TagChange> &changes) {
                m_message->show(Tone::Neutral, changeText(changes), tr("Undo"),
                                [catalog, changes] { catalog->undo(changes); });
            });
    connect(m_tag, &QComboBox::currentTextChanged, m_history, &TagHistory::showTag);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &TagHistoryDialog::update);
    connect(m_list, &QTreeView::activated, m_back, &QPushButton::click);
    connect(m_back, &QPushButton::clicked, this,
            [this] { m_history->moveBack(m_list->currentIndex().row()); });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    if (!tag.isEmpty())
        m_tag->addItem(tag);
    m_history->showTag(tag);
    update();
}

TagHistoryDialog::~TagHistoryDialog()
{
    settings::tagHistoryHeader.set(m_list->header()->saveState());
}

void TagHistoryDialog::showLoaded()
{
    const QString tag = m_history->tag();
    {
        const QSignalBlocker quiet(m_tag);
        m_tag->clear();
        m_tag->addItems(m_history->tags());
        if (!tag.isEmpty() && m_tag->findText(tag) < 0)
            m_tag->insertItem(0, tag);
        m_tag->setCurrentIndex(tag.isEmpty() ? 0 : m_tag->findText(tag));
    }
    if (tag.isEmpty() && m_tag->count() > 0) {
        m_history->showTag(m_tag->currentText());
        return;
    }
    m_empty->setText(
        tag.isEmpty()
            ? tr("No tag has been changed yet. Each change from now on is listed here.")
            : tr("The tag %1 was never moved from here. Each change from now on is listed.").arg(tag));
    m_stack->setCurrentIndex(m_history->rowCount() > 0 ? 1 : 0);
    if (m_history->rowCount() > 0)
        m_list->setCurrentIndex(m_history->index(qMin(1, m_history->rowCount() - 1), 0));
    update();
}

void TagHistoryDialog::update()
{
    const int row = m_list->currentIndex().row();
    const bool differs = row > 0 && m_history->image(row) != m_history->image(0);
    m_back->setEnabled(differs);
}

} // namespace cooperage::gui
