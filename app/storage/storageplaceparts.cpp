#include "app/accessibility.h"
#include "app/actions.h"
#include "app/icons.h"
#include "app/inlinemessage.h"
#include "app/settings.h"
#include "app/settings/pageparts.h"
#include "app/storage/spaceusemodel.h"
#include "app/storage/storagemodel.h"
#include "app/storage/storageplace.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QStackedWidget>
#include <QToolButton>
#include <QTreeView>

using namespace Qt::StringLiterals;

// The widgets of the page.
namespace cooperage::gui {

static QPushButton *button(const QString &name, const QString &text, const QString &tip, QWidget *parent)
{
    auto *made = new QPushButton(text, parent);
    nameWidget(made, name, QString(text).remove(u'&'));
    made->setToolTip(tip);
    made->setAutoDefault(false);
    return made;
}

StoragePlace::StoragePlace(StorageController *controller, const EngineSession *session, QWidget *parent)
    : QWidget(parent),
      m_controller(controller),
      m_session(session),
      m_model(new StorageModel(controller, this)),
      m_message(new InlineMessage(this)),
      m_disk(new QLabel(this)),
      m_refresh(makeAction(
          {u"storageRefresh"_s, u"refresh"_s, tr("&Refresh"), tr("Ask the engine again what takes space")},
          this)),
      m_uses(pageList(u"storageUses"_s, tr("What takes space"), this)),
      m_images(new QCheckBox(tr("Images &without a tag,"), this)),
      m_files(new QCheckBox(tr("Uploade&d files,"), this)),
      m_age(new QComboBox(this)),
      m_stack(new QStackedWidget(this)),
      m_empty(gui::emptyText({}, this)),
      m_list(pageList(u"storageImages"_s, tr("Images without a tag, ticked if they go"), this)),
      m_all(button(u"storageAll"_s, tr("Tic&k All"), tr("Have all listed images deleted"), this)),
      m_none(button(u"storageNone"_s, tr("Tick N&one"), tr("Keep all listed images"), this)),
      m_total(new QLabel(this)),
      m_progress(new QProgressBar(this)),
      m_cancel(button(u"storageCancel"_s, tr("Cance&l"),
                      tr("Stop here; images that are deleted already stay deleted"), this)),
      m_free(button(u"storageFree"_s, tr("F&ree"),
                    tr("Delete the ticked images, layers that no image has, and the files if chosen. This "
                       "cannot be undone."),
                    this))
{
    setObjectName(u"storagePlace"_s);
    setWindowTitle(tr("Storage"));
    m_message->setObjectName(u"storageMessage"_s);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 6, 8, 6);
    layout->setSpacing(6);
    layout->addWidget(m_message);
    layout->addWidget(makeUses());
    layout->addWidget(makeChoice());
    layout->addWidget(makeImages(), 1);
    layout->addWidget(makeBottom());
    setFocusProxy(m_list);
    follow();
}

StoragePlace::~StoragePlace()
{
    settings::storageHeader.set(m_list->header()->saveState());
}

QWidget *StoragePlace::makeUses()
{
    auto *part = new QWidget(this);
    m_disk->setObjectName(u"storageDisk"_s);
    m_disk->setTextFormat(Qt::PlainText);
    auto *refresh = new QToolButton(part);
    refresh->setDefaultAction(m_refresh);
    refresh->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    refresh->setAutoRaise(true);
    refresh->setFocusPolicy(Qt::StrongFocus);
    nameWidget(refresh, u"storageRefreshButton"_s, tr("Refresh"));
    auto *model = new SpaceUseModel(m_controller, m_uses);
    m_uses->setModel(model);
    // As high as its rows; in a low window less, so that the whole window stays on the screen.
    const auto fit = [this, model] {
        const int line = qMax(m_uses->sizeHintForRow(0), m_uses->fontMetrics().height());
        const int frame = m_uses->header()->sizeHint().height() + 2 * m_uses->frameWidth() + 2;
        m_uses->setMinimumHeight(frame + 2 * line);
        m_uses->setMaximumHeight(frame + qMax(model->rowCount(), 6) * line);
    };
    connect(model, &QAbstractItemModel::modelReset, m_uses, fit);
    fit();
    m_uses->header()->setSectionResizeMode(SpaceUseModel::WhatColumn, QHeaderView::Stretch);
    auto *head = new QHBoxLayout;
    head->addWidget(m_disk, 1);
    head->addWidget(refresh);
    auto *layout = new QVBoxLayout(part);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addLayout(head);
    layout->addWidget(m_uses);
    return part;
}

QWidget *StoragePlace::makeChoice()
{
    auto *part = new QWidget(this);
    nameWidget(m_images, u"storageChooseImages"_s, tr("Free images without a tag"));
    nameWidget(m_files, u"storageChooseFiles"_s, tr("Free uploaded files"));
    nameWidget(m_age, u"storageAge"_s, tr("For how long they were not made or used"));
    m_images->setChecked(settings::pruneImages.get());
    m_files->setChecked(settings::pruneFiles.get());
    const std::pair<QString, int> ages[] = {{tr("of any age"), 0},
                                            {tr("older than an hour"), 3600},
                                            {tr("older than a day"), 86'400},
                                            {tr("older than a week"), 7 * 86'400},
                                            {tr("older than 30 days"), 30 * 86'400}};
    for (const auto &[text, seconds] : ages)
        m_age->addItem(text, seconds);
    m_age->setCurrentIndex(qMax(0, m_age->findData(settings::pruneAge.get())));
    m_age->setToolTip(tr("Images count from when they were made, files from when they were last used"));
    auto *label = new QLabel(tr("Free:"), part);
    auto *layout = new QHBoxLayout(part);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(label);
    layout->addWidget(m_images);
    layout->addWidget(m_files);
    layout->addWidget(m_age);
    layout->addStretch(1);
    layout->addWidget(m_all);
    layout->addWidget(m_none);
    return part;
}

QWidget *StoragePlace::makeImages()
{
    m_list->setModel(m_model);
    QHeaderView *header = m_list->header();
    header->setSectionResizeMode(QHeaderView::Interactive);
    header->setSectionResizeMode(StorageModel::ImageColumn, QHeaderView::Stretch);
    header->resizeSection(StorageModel::AddsColumn, 80);
    header->resizeSection(StorageModel::SharesColumn, 80);
    header->resizeSection(StorageModel::MadeColumn, 90);
    header->resizeSection(StorageModel::UseColumn, 150);
    m_list->setSortingEnabled(true);
    m_list->sortByColumn(StorageModel::AddsColumn, Qt::DescendingOrder);
    header->restoreState(settings::storageHeader.get());
    m_empty->setObjectName(u"storageEmpty"_s);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_list);
    return m_stack;
}

QWidget *StoragePlace::makeBottom()
{
    auto *part = new QWidget(this);
    m_total->setObjectName(u"storageTotal"_s);
    m_total->setTextFormat(Qt::PlainText);
    nameWidget(m_progress, u"storageProgress"_s, tr("Progress of freeing space"));
    m_progress->setMaximumWidth(180);
    m_progress->setTextVisible(false);
    m_free->setIcon(icon(u"delete"_s));
    auto *layout = new QHBoxLayout(part);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_total, 1);
    layout->addWidget(m_progress);
    layout->addWidget(m_cancel);
    layout->addWidget(m_free);
    return part;
}

} // namespace cooperage::gui
