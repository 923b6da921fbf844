#include "app/details/filestab.h"

#include "app/accessibility.h"
#include "app/details/dragout.h"
#include "app/details/filestree.h"
#include "app/details/imagedetails.h"
#include "app/details/imagefilesmodel.h"
#include "app/details/progressrow.h"
#include "app/inlinemessage.h"
#include "app/settings.h"

#include <QAction>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QStackedWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

FilesTab::FilesTab(ImageDetails *details, QWidget *parent)
    : QWidget(parent),
      m_details(details),
      m_source(new LayerFiles(details, this)),
      m_transfer(new FileTransfer(this)),
      m_dragOut(new DragOut(this)),
      m_message(new InlineMessage(this)),
      m_layer(new QComboBox(this)),
      m_onlyChanges(new QCheckBox(tr("Only what the layer &changed"), this)),
      m_stack(new QStackedWidget(this)),
      m_empty(new QLabel(this)),
      m_view(new FilesTree(m_dragOut, this))
{
    makeActions();
    m_message->setObjectName(u"imageFilesMessage"_s);
    nameWidget(m_view, u"imageFiles"_s, tr("Files of the image"));
    m_view->setItems([this] { return selectedItems(); });
    m_empty->setObjectName(u"imageFilesEmpty"_s);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setForegroundRole(QPalette::PlaceholderText);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_view);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeBar());
    layout->addWidget(makeButtons());
    layout->addWidget(new ProgressRow(m_transfer, this));
    layout->addWidget(new ProgressRow(m_dragOut->transfer(), this));
    layout->addWidget(m_message);
    layout->addWidget(m_stack, 1);
    setFocusProxy(m_view);
    const auto fail = [this](const Error &error) {
        if (error.kind != ErrorKind::Cancelled)
            m_message->show(Tone::Bad, error.text());
    };
    connect(m_source, &LayerFiles::ready, this, &FilesTab::showSource);
    connect(m_source, &LayerFiles::failed, this, fail);
    connect(m_transfer, &FileTransfer::failed, this, fail);
    connect(m_dragOut->transfer(), &FileTransfer::failed, this, fail);
    connect(m_transfer, &FileTransfer::finished, this,
            [this](const QList<FileTransfer::Job> &jobs, const QStringList &skipped) {
                QString text = jobs.size() == 1
                                   ? tr("Saved %1 as %2.").arg(jobs[0].item.file.path, jobs[0].target)
                                   : tr("Saved %1 items.").arg(jobs.size());
                if (!skipped.isEmpty())
                    text +=
                        u' ' +
                        tr("Devices, pipes and sockets were left out, for example %1.").arg(skipped.first());
                m_message->show(Tone::Good, text);
            });
    connect(m_view, &FilesTree::readyToDrag, this, [this] {
        m_message->show(Tone::Neutral, tr("The copy is ready: now drag it to where you want it."));
    });
    connect(m_view, &QTreeView::activated, this, [this](const QModelIndex &index) {
        if (!index.data(ImageFilesModel::FolderRole).toBool())
            m_open->trigger();
    });
    connect(details, &ImageDetails::rowsChanged, this, &FilesTab::listLayers);
    listLayers();
    read();
}

FilesTab::~FilesTab()
{
    if (m_model)
        settings::filesHeader.set(m_view->header()->saveState());
}

// The layers come when they are known; what is chosen stays chosen.
void FilesTab::listLayers()
{
    const int chosen = m_layer->currentData().toInt();
    const QSignalBlocker quiet(m_layer);
    m_layer->clear();
    m_layer->addItem(tr("Whole image"), 0);
    for (const HistoryRow &row : m_details->rows()) {
        if (row.count > 0)
            m_layer->addItem(layerTitle(row), row.count);
    }
    m_layer->setCurrentIndex(std::max(0, m_layer->findData(chosen)));
    m_layer->setEnabled(m_layer->count() > 1);
    m_layer->setToolTip(m_details->missing());
}

void FilesTab::showLayer(int layer)
{
    const int index = m_layer->findData(layer);
    if (index >= 0)
        m_layer->setCurrentIndex(index);
    m_view->setFocus();
}

void FilesTab::showPath(const QString &path)
{
    m_sought = path;
    if (m_layer->currentIndex() != 0)
        m_layer->setCurrentIndex(0);
    else if (m_model)
        m_model->seek(std::exchange(m_sought, {}));
}

void FilesTab::read()
{
    m_message->hide();
    m_empty->setText(tr("Reading the files…"));
    m_stack->setCurrentWidget(m_empty);
    m_source->read(m_layer->currentData().toInt());
}

void FilesTab::showSource(const FilesSource &source)
{
    m_shown = source;
    m_onlyChanges->setEnabled(source.layer > 0);
    m_onlyChanges->setToolTip(source.layer > 0
                                  ? tr("Otherwise all files up to this layer are listed, with marks")
                                  : tr("Choose a layer first."));
    if (source.truncated)
        m_message->show(Tone::Neutral, tr("Only the first %1 changes of this layer are shown.")
                                           .arg(QLocale().toString(LayerFiles::mostChanges)));
    showModel();
}

void FilesTab::showModel()
{
    delete m_model;
    engine::Engine *engine = m_details->engine();
    if (m_shown.layer == 0)
        m_model = new ImageFilesModel(engine, m_shown.image.uuid, this);
    else
        m_model = new ImageFilesModel(engine, m_shown.image.uuid, m_shown.base.uuid, m_shown.changes,
                                      m_onlyChanges->isChecked() ? ImageFilesModel::Show::Changes
                                                                 : ImageFilesModel::Show::Everything,
                                      this);
    m_view->setModel(m_model);
    QHeaderView *header = m_view->header();
    if (!header->restoreState(settings::filesHeader.get())) {
        header->resizeSection(ImageFilesModel::NameColumn, 320);
        header->resizeSection(ImageFilesModel::SizeColumn, 90);
        header->resizeSection(ImageFilesModel::OwnerColumn, 110);
    }
    m_view->setColumnHidden(ImageFilesModel::ChangeColumn, !m_model->hasChanges());
    const bool empty = m_shown.layer > 0 && m_onlyChanges->isChecked() && m_shown.changes.isEmpty();
    m_empty->setText(tr("This layer changes no file."));
    m_stack->setCurrentIndex(empty ? 0 : 1);
    connect(m_model, &ImageFilesModel::failed, this,
            [this](const Error &error) { m_message->show(Tone::Bad, error.text()); });
    connect(m_model, &ImageFilesModel::reached, this, &FilesTab::select);
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this, &FilesTab::update);
    if (!m_sought.isEmpty())
        m_model->seek(std::exchange(m_sought, {}));
    update();
}

void FilesTab::select(const QModelIndex &index)
{
    m_view->setCurrentIndex(index);
    m_view->scrollTo(index, QTreeView::PositionAtCenter);
    m_view->setFocus();
}

ImageItem FilesTab::itemAt(const QModelIndex &index) const
{
    const QString uuid = m_model->imageOf(index);
    const ImageSide &side = uuid == m_shown.image.uuid ? m_shown.image : m_shown.base;
    const bool isRegular = index.data(ImageFilesModel::RegularRole).toBool();
    return {.file = {side, index.data(ImageFilesModel::PathRole).toString()},
            .isFolder = index.data(ImageFilesModel::FolderRole).toBool(),
            .size = isRegular ? index.data(ImageFilesModel::SizeRole).toLongLong() : -1};
}

QModelIndexList FilesTab::selectedRows() const
{
    return m_view->selectionModel() ? m_view->selectionModel()->selectedRows() : QModelIndexList();
}

QList<ImageItem> FilesTab::selectedItems() const
{
    QList<ImageItem> items;
    for (const QModelIndex &index : selectedRows())
        items.append(itemAt(index));
    return items;
}

void FilesTab::update()
{
    const QModelIndexList rows = selectedRows();
    const QModelIndex one = rows.size() == 1 ? rows.first() : QModelIndex();
    const bool isReadable = one.data(ImageFilesModel::ReadableRole).toBool();
    const auto enable = [](QAction *action, const QString &reason) {
        action->setEnabled(reason.isEmpty());
        action->setToolTip(reason.isEmpty() ? action->statusTip() : reason);
    };
    const QString noFile = isReadable ? QString() : tr("Select one file.");
    enable(m_open, noFile);
    enable(m_compareWith, noFile);
    const bool changed = one.data(ImageFilesModel::ChangedRole).toBool();
    enable(m_difference, !noFile.isEmpty()    ? noFile
                         : m_shown.layer == 0 ? tr("Choose a layer first.")
                         : changed            ? QString()
                                              : tr("The layer did not change this file."));
    enable(m_save, rows.isEmpty() ? tr("Select files or folders.") : QString());
    enable(m_copyPath, rows.isEmpty() ? tr("Select files or folders.") : QString());
}

void FilesTab::copyPaths()
{
    QStringList paths;
    for (const ImageItem &item : selectedItems())
        paths.append(item.file.path);
    QGuiApplication::clipboard()->setText(paths.join(u'\n'));
}

} // namespace cooperage::gui
