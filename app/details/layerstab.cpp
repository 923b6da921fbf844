#include "app/details/layerstab.h"

#include "app/accessibility.h"
#include "app/actions.h"
#include "app/connections/enginesession.h"
#include "app/details/imagedetails.h"
#include "app/details/layersmodel.h"
#include "app/details/rowscopy.h"
#include "app/images/imageactions.h"
#include "app/settings.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QStackedWidget>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

LayersTab::LayersTab(ImageDetails *details, ImageActions *actions, QWidget *parent)
    : QWidget(parent),
      m_details(details),
      m_actions(actions),
      m_model(new LayersModel(this)),
      m_stack(new QStackedWidget(this)),
      m_empty(new QLabel(tr("Asking the engine…"), this)),
      m_view(new QTreeView(this)),
      m_menu(new QMenu(this))
{
    makeActions();
    nameWidget(m_view, u"imageHistory"_s, tr("History and layers"));
    m_view->setModel(m_model);
    m_view->setRootIsDecorated(false);
    m_view->setUniformRowHeights(true);
    m_view->setAllColumnsShowFocus(true);
    m_copyRows = addRowsCopy(m_view);
    m_view->setTextElideMode(Qt::ElideMiddle);
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    QHeaderView *header = m_view->header();
    header->resizeSection(LayersModel::NumberColumn, 60);
    header->resizeSection(LayersModel::StepColumn, 340);
    header->resizeSection(LayersModel::PlaceColumn, 150);
    header->resizeSection(LayersModel::SizeColumn, 90);
    header->resizeSection(LayersModel::MadeColumn, 130);
    header->restoreState(settings::layersHeader.get());
    m_empty->setObjectName(u"imageHistoryEmpty"_s);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setForegroundRole(QPalette::PlaceholderText);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_view);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeBar());
    layout->addWidget(m_stack, 1);
    setFocusProxy(m_view);
    connect(details, &ImageDetails::rowsChanged, this, &LayersTab::showRows);
    connect(details->session(), &EngineSession::engineChanged, this, &LayersTab::update);
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this, &LayersTab::update);
    connect(m_view, &QTreeView::activated, m_changes, &QAction::trigger);
    connect(m_view, &QWidget::customContextMenuRequested, this,
            [this](const QPoint &place) { showMenu(m_view->viewport()->mapToGlobal(place)); });
    update();
}

LayersTab::~LayersTab()
{
    settings::layersHeader.set(m_view->header()->saveState());
}

void LayersTab::makeActions()
{
    m_changes = makeAction({u"layerChanges"_s, u"details"_s, tr("Show &Changes"),
                            tr("List the files that the selected layer added, changed and removed")},
                           this);
    connect(m_changes, &QAction::triggered, this, [this] {
        if (const QList<int> layers = selectedLayers(); layers.size() == 1)
            compare(layers.first(), layers.first() - 1);
    });
    m_files = makeAction(
        {u"layerFiles"_s, u"folder"_s, tr("Browse &Files"), tr("Show the selected layer's files as a tree")},
        this);
    connect(m_files, &QAction::triggered, this, [this] { Q_EMIT filesWanted(selectedLayers().first()); });
    m_line = makeAction({u"layerLine"_s, u"goto"_s, tr("&Go to Line"),
                         tr("Open the Dockerfile at the line that made the selected layer")},
                        this);
    connect(m_line, &QAction::triggered, this, [this] {
        const HistoryRow row = m_details->layerRow(selectedLayers().first());
        Q_EMIT lineWanted(row.place.dockerfile, row.place.line);
    });
    m_more = makeAction({u"layerMore"_s, u"image"_s, tr("&Use Layer…"),
                         tr("Tag, run, export... the image as it is up to the selected layer")},
                        this);
    connect(m_more, &QAction::triggered, this, [this] {
        showMenu(m_view->viewport()->mapToGlobal(m_view->visualRect(m_view->currentIndex()).bottomLeft()));
    });
    makeCompareActions();
}

void LayersTab::makeCompareActions()
{
    m_compareBoth = makeAction({u"layerCompareBoth"_s, u"compare"_s, tr("Compare &Both"),
                                tr("Compare the image up to the lower with the image up to the upper of two "
                                   "selected layers")},
                               this);
    connect(m_compareBoth, &QAction::triggered, this, [this] {
        const QList<int> layers = selectedLayers();
        compare(layers.last(), layers.first());
    });
    m_compareWith = makeAction({u"layerCompareWith"_s, u"compare"_s, tr("Compare &With…"),
                                tr("Compare the image up to the selected layer with another image or layer")},
                               this);
    connect(m_compareWith, &QAction::triggered, this, [this] {
        const int layer = selectedLayers().first();
        m_details->makeLayer(layer, this, [this, layer](const engine::ImageRecord &image) {
            Q_EMIT compareWithWanted(m_details->layerSide(layer, image));
        });
    });
}

QWidget *LayersTab::makeBar()
{
    auto *bar = new QWidget(this);
    auto *layout = new QHBoxLayout(bar);
    layout->setContentsMargins(4, 2, 4, 2);
    layout->setSpacing(2);
    for (QAction *action : {m_changes, m_files, m_line, m_compareBoth, m_compareWith, m_more}) {
        auto *button = new QToolButton(bar);
        button->setDefaultAction(action);
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::StrongFocus);
        nameWidget(button, action->objectName() + u"Button"_s, action->text().remove(u'&'));
        layout->addWidget(button);
    }
    layout->addStretch(1);
    return bar;
}

QList<int> LayersTab::selectedLayers() const
{
    QList<int> layers;
    for (const QModelIndex &index : m_view->selectionModel()->selectedRows()) {
        if (const int layer = index.data(LayersModel::LayerRole).toInt(); layer > 0)
            layers.append(layer);
    }
    std::ranges::sort(layers);
    return layers;
}

// What was selected stays so: names of layers come a moment after them.
void LayersTab::showRows()
{
    QItemSelection selection;
    const QModelIndexList chosen = m_view->selectionModel()->selectedRows();
    QList<int> rows;
    for (const QModelIndex &index : chosen)
        rows.append(index.row());
    m_model->setRows(m_details->rows());
    for (const int row : std::as_const(rows))
        selection.select(m_model->index(row, 0), m_model->index(row, LayersModel::ColumnCount - 1));
    m_view->selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
    m_empty->setText(tr("The engine tells neither the history nor the layers of this image."));
    m_stack->setCurrentIndex(m_model->rowCount() > 0 ? 1 : 0);
    update();
}

void LayersTab::update()
{
    const QList<int> layers = selectedLayers();
    const auto enable = [](QAction *action, const QString &reason) {
        action->setEnabled(reason.isEmpty());
        action->setToolTip(reason.isEmpty() ? action->statusTip() : reason);
    };
    const QString missing = m_details->missing();
    const auto unless = [&missing](bool possible, const QString &reason) {
        return !missing.isEmpty() ? missing : possible ? QString() : reason;
    };
    const QString one = unless(layers.size() == 1, tr("Select a step that made a layer."));
    for (QAction *action : {m_changes, m_files, m_compareWith})
        enable(action, one);
    const bool isCurrent = m_details->engine() == m_details->session()->engine();
    enable(m_more, one.isEmpty() && !isCurrent ? tr("The window has turned to another engine.") : one);
    const bool isKnown = one.isEmpty() && m_details->layerRow(layers.first()).place.line > 0;
    enable(m_line, one.isEmpty() && !isKnown
                       ? tr("Which line of a Dockerfile made this layer is not known on this computer.")
                       : one);
    enable(m_compareBoth, unless(layers.size() == 2, tr("Select two layers.")));
}

void LayersTab::compare(int layer, int base)
{
    m_details->makeLayer(layer, this, [this, layer, base](const engine::ImageRecord &image) {
        m_details->makeLayer(base, this, [this, layer, base, image](const engine::ImageRecord &below) {
            Q_EMIT comparisonWanted(m_details->layerSide(layer, image), m_details->layerSide(base, below));
        });
    });
}

// The image's actions need an image: the layer's is made when the menu is wanted, not when a row is looked
// at.
void LayersTab::showMenu(const QPoint &place)
{
    const QList<int> layers = selectedLayers();
    m_menu->clear();
    if (!m_more->isEnabled()) {
        m_menu->addActions({m_changes, m_files, m_compareBoth, m_copyRows});
        m_menu->popup(place);
        return;
    }
    m_details->makeLayer(layers.first(), this, [this, place](const engine::ImageRecord &image) {
        m_actions->setSelection({engine::ImageListRow{.image = image}});
        m_menu->clear();
        m_menu->addActions({m_changes, m_files, m_line, m_compareWith, m_copyRows});
        for (const QList<QAction *> &group : m_actions->groups()) {
            m_menu->addSeparator();
            for (QAction *action : group) {
                if (!m_actions->listActions().contains(action))
                    m_menu->addAction(action);
            }
        }
        m_menu->popup(place);
    });
}

} // namespace cooperage::gui
