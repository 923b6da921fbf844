#include "app/images/imagepane.h"

#include "app/accessibility.h"
#include "app/actions.h"
#include "app/connections/enginesession.h"
#include "app/images/imagecatalog.h"
#include "app/images/imagelistmodel.h"
#include "app/images/importdialog.h"
#include "app/images/tagdialog.h"
#include "app/inlinemessage.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QSortFilterProxyModel>
#include <QStackedWidget>
#include <QToolButton>
#include <QTreeView>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

ImagePane::ImagePane(ImageCatalog *catalog, QWidget *parent)
    : QWidget(parent),
      m_catalog(catalog),
      m_model(new ImageListModel(this)),
      m_sorted(new QSortFilterProxyModel(this)),
      m_filter(new QLineEdit(this)),
      m_message(new InlineMessage(this)),
      m_stack(new QStackedWidget(this)),
      m_empty(new QLabel(this)),
      m_view(new QTreeView(this))
{
    makeActions();
    makeView();
    nameWidget(m_filter, u"imageFilter"_s, tr("Filter of the images by tag"));
    m_filter->setPlaceholderText(tr("Filter by tag"));
    m_filter->setClearButtonEnabled(true);
    m_message->setObjectName(u"imageMessage"_s);
    m_empty->setObjectName(u"imagesEmpty"_s);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setMargin(12);
    m_empty->setForegroundRole(QPalette::PlaceholderText);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_view);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(6, 4, 6, 4);
    layout->setSpacing(4);
    layout->addWidget(makeToolRow());
    layout->addWidget(m_filter);
    layout->addWidget(m_message);
    layout->addWidget(m_stack, 1);
    followCatalog();
    refresh();
}

void ImagePane::makeActions()
{
    const auto make = [this](const ActionSpec &spec) { return makeAction(spec, this); };
    m_import = make({u"imageImport"_s, u"import"_s, tr("&Import…"), tr("Bring an image from a registry")});
    m_copy = make({u"imageCopy"_s, u"copy"_s, tr("&Copy Reference"),
                   tr("Copy the image's tag, or its id without one")});
    m_addTag =
        make({u"imageAddTag"_s, u"tag"_s, tr("Add &Tag…"), tr("Give the selected image a further tag")});
    m_removeTag = make({u"imageRemoveTag"_s, u"untag"_s, tr("Re&move Tag"),
                        tr("Take this tag away; the image itself stays, and so do its other tags")});
    m_refresh =
        make({u"imageRefresh"_s, u"refresh"_s, tr("Re&fresh"), tr("Ask the engine for its images again")});
    m_untagged =
        make({u"imageUntagged"_s, u"image"_s, tr("Show &Untagged"), tr("Show images without a tag too")});
    m_untagged->setCheckable(true);
    m_untagged->setChecked(m_catalog->showsUntagged());

    connect(m_import, &QAction::triggered, this, [this] { openImport(); });
    connect(m_copy, &QAction::triggered, this, [this] {
        if (const auto image = selected())
            QGuiApplication::clipboard()->setText(image->tag.isEmpty() ? image->uuid : image->tag);
    });
    connect(m_addTag, &QAction::triggered, this, &ImagePane::addTag);
    connect(m_removeTag, &QAction::triggered, this, [this] {
        if (const auto image = selected())
            m_catalog->removeTag(*image);
    });
    connect(m_refresh, &QAction::triggered, m_catalog, &ImageCatalog::refresh);
    connect(m_untagged, &QAction::toggled, m_catalog, &ImageCatalog::setShowUntagged);
}

QWidget *ImagePane::makeToolRow()
{
    auto *row = new QWidget(this);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    for (QAction *action : {m_import, m_addTag, m_removeTag, m_copy, m_untagged, m_refresh}) {
        auto *button = new QToolButton(row);
        button->setDefaultAction(action);
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::StrongFocus);
        nameWidget(button, action->objectName() + u"Button"_s, action->text().remove(u'&'));
        if (action == m_import)
            button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        layout->addWidget(button);
    }
    layout->insertStretch(1);
    return row;
}

void ImagePane::makeView()
{
    nameWidget(m_view, u"imageList"_s, tr("Images"));
    m_sorted->setSourceModel(m_model);
    m_sorted->setSortRole(ImageListModel::SortRole);
    m_sorted->setFilterKeyColumn(ImageListModel::TagColumn);
    m_sorted->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_view->setModel(m_sorted);
    m_view->setRootIsDecorated(false);
    m_view->setUniformRowHeights(true);
    m_view->setAllColumnsShowFocus(true);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setTextElideMode(Qt::ElideMiddle);
    m_view->setSortingEnabled(true);
    m_view->sortByColumn(ImageListModel::CreatedColumn, Qt::DescendingOrder);
    m_view->header()->setStretchLastSection(false);
    m_view->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_view->header()->setSectionResizeMode(ImageListModel::TagColumn, QHeaderView::Stretch);
    m_view->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_view->addActions({m_copy, m_addTag, m_removeTag, m_import, m_untagged, m_refresh});

    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_sorted->setFilterFixedString(text.trimmed());
        updateEmptyText();
    });
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &ImagePane::updateActions);
    connect(m_view, &QTreeView::activated, m_copy, &QAction::trigger);
}

void ImagePane::followCatalog()
{
    connect(m_catalog, &ImageCatalog::changed, this, &ImagePane::refresh);
    connect(m_catalog, &ImageCatalog::tagRemoved, this, &ImagePane::offerUndo);
    connect(m_catalog, &ImageCatalog::failed, this,
            [this](const Error &error) { m_message->show(Tone::Bad, error.text()); });
    connect(m_catalog->session(), &EngineSession::stateChanged, this, [this] {
        updateEmptyText();
        updateActions();
    });
}

void ImagePane::refresh()
{
    m_model->setImages(m_catalog->images());
    updateEmptyText();
    updateActions();
}

void ImagePane::updateEmptyText()
{
    m_stack->setCurrentIndex(m_sorted->rowCount() > 0 ? 1 : 0);
    const auto state = m_catalog->session()->state();
    if (m_model->rowCount() > 0)
        m_empty->setText(tr("No tag contains “%1”.").arg(m_filter->text().trimmed()));
    else if (state == EngineSession::State::Unreachable)
        m_empty->setText(
            tr("The engine does not answer, so its images are not known. Press Retry in the status line."));
    else if (!m_catalog->isLoaded())
        m_empty->setText(tr("Waiting for the engine…"));
    else
        m_empty->setText(
            tr("No images yet. Build a Dockerfile, or press Import to bring one from a registry."));
}

void ImagePane::updateActions()
{
    const auto image = selected();
    const bool ready = m_catalog->session()->state() == EngineSession::State::Ready;
    m_copy->setEnabled(image.has_value());
    m_addTag->setEnabled(image && ready);
    m_removeTag->setEnabled(image && ready && !image->tag.isEmpty());
    m_import->setEnabled(ready);
    m_refresh->setEnabled(ready);
}

void ImagePane::addTag()
{
    const auto image = selected();
    if (!image)
        return;
    auto *dialog = new TagDialog(*image, m_catalog->images(), this);
    connect(dialog, &TagDialog::chosen, m_catalog, &ImageCatalog::setTag);
    dialog->open();
}

void ImagePane::openImport(const QString &reference)
{
    auto *dialog = new ImportDialog(m_catalog->session()->engine(), this);
    dialog->setReference(reference);
    connect(dialog, &ImportDialog::imported, this, [this](const engine::ImportOutcome &outcome) {
        m_message->show(Tone::Good, tr("Imported %1.").arg(outcome.tag));
        m_catalog->refresh();
    });
    dialog->open();
}

void ImagePane::offerUndo(const engine::ImageRecord &image)
{
    m_message->show(Tone::Neutral, tr("Removed the tag %1.").arg(image.tag), tr("Undo"),
                    [this, image] { m_catalog->setTag(image.uuid, image.tag); });
}

std::optional<engine::ImageRecord> ImagePane::selected() const
{
    const QModelIndexList rows = m_view->selectionModel()->selectedRows();
    if (rows.isEmpty())
        return std::nullopt;
    return m_model->imageAt(m_sorted->mapToSource(rows.first()).row());
}

} // namespace cooperage::gui
