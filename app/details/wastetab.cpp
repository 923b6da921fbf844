#include "app/details/wastetab.h"

#include "app/accessibility.h"
#include "app/actions.h"
#include "app/details/imagedetails.h"
#include "app/details/rowscopy.h"
#include "app/details/wastemodel.h"
#include "app/inlinemessage.h"
#include "app/settings.h"
#include "core/engine/engine.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QSortFilterProxyModel>
#include <QStackedWidget>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

static constexpr int mostFiles = 5000;

WasteTab::WasteTab(ImageDetails *details, QWidget *parent)
    : QWidget(parent),
      m_details(details),
      m_message(new InlineMessage(this)),
      m_summary(new QLabel(this)),
      m_model(new WasteModel(this)),
      m_sorted(new QSortFilterProxyModel(this)),
      m_stack(new QStackedWidget(this)),
      m_empty(new QLabel(this)),
      m_view(new QTreeView(this)),
      m_files(makeAction({u"wasteFiles"_s, u"folder"_s, tr("Browse &Layer"),
                          tr("Show the files of the layer that holds the selected file")},
                         this))
{
    m_message->setObjectName(u"wasteMessage"_s);
    nameWidget(m_summary, u"wasteSummary"_s, tr("Wasted space"));
    m_summary->setWordWrap(true);
    m_empty->setObjectName(u"wasteEmpty"_s);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setMargin(12);
    m_empty->setForegroundRole(QPalette::PlaceholderText);
    makeView();
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_view);
    auto *button = new QToolButton(this);
    button->setDefaultAction(m_files);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::StrongFocus);
    nameWidget(button, u"wasteFilesButton"_s, m_files->text().remove(u'&'));
    m_files->setEnabled(false);
    auto *row = new QHBoxLayout;
    row->setContentsMargins(6, 2, 4, 2);
    row->addWidget(m_summary, 1);
    row->addWidget(button);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(row);
    layout->addWidget(m_message);
    layout->addWidget(m_stack, 1);
    setFocusProxy(m_view);
    connect(details, &ImageDetails::rowsChanged, this, [this] { m_model->setSteps(m_details->rows()); });
}

WasteTab::~WasteTab()
{
    m_stop.request_stop();
    settings::wasteHeader.set(m_view->header()->saveState());
}

void WasteTab::makeView()
{
    nameWidget(m_view, u"wasteList"_s, tr("Files that cannot be seen in the image"));
    m_sorted->setSourceModel(m_model);
    m_sorted->setSortRole(WasteModel::SortRole);
    m_view->setModel(m_sorted);
    m_view->setRootIsDecorated(false);
    m_view->setUniformRowHeights(true);
    m_view->setAllColumnsShowFocus(true);
    m_view->setTextElideMode(Qt::ElideMiddle);
    m_view->setSortingEnabled(true);
    m_view->sortByColumn(WasteModel::SizeColumn, Qt::DescendingOrder);
    m_view->header()->resizeSection(WasteModel::PathColumn, 190);
    m_view->header()->resizeSection(WasteModel::SizeColumn, 80);
    m_view->header()->resizeSection(WasteModel::LayerColumn, 170);
    m_view->header()->resizeSection(WasteModel::HowColumn, 110);
    m_view->header()->restoreState(settings::wasteHeader.get());
    m_view->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_view->addAction(m_files);
    addRowsCopy(m_view);
    const auto layerOf = [](const QModelIndex &index) { return index.data(WasteModel::LayerRole).toInt(); };
    connect(m_files, &QAction::triggered, this,
            [this, layerOf] { Q_EMIT layerWanted(layerOf(m_view->currentIndex())); });
    connect(m_view, &QTreeView::activated, m_files, &QAction::trigger);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex &index) { m_files->setEnabled(index.isValid()); });
}

// The layers are read for it: only for who looks.
void WasteTab::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (!m_asked)
        ask();
}

void WasteTab::ask()
{
    m_asked = true;
    m_stack->setCurrentWidget(m_empty);
    if (!m_details->missing().isEmpty()) {
        m_empty->setText(m_details->missing());
        return;
    }
    m_empty->setText(tr("Reading the layers…"));
    QCoro::connect(m_details->engine()->waste(m_details->image().uuid, mostFiles, m_stop.get_token()), this,
                   [this](const Result<engine::WasteReport> &report) { showReport(report); });
}

void WasteTab::showReport(const Result<engine::WasteReport> &report)
{
    if (!report) {
        m_empty->setText(tr("What the layers waste is not known."));
        if (report.error().kind != ErrorKind::Cancelled)
            m_message->show(Tone::Bad, report.error().text(), tr("Try Again"), [this] { ask(); });
        return;
    }
    m_message->hide();
    m_model->setReport(*report);
    if (report->count == 0) {
        m_empty->setText(tr("No layer holds a file that a later one replaces or removes."));
        m_summary->setText(tr("Nothing is wasted."));
        return;
    }
    m_stack->setCurrentWidget(m_view);
    m_view->setCurrentIndex(m_sorted->index(0, 0));
    m_summary->setText(
        tr("%1 in %2 files of lower layers cannot be seen in the image: a later layer replaces or "
           "removes them.")
            .arg(QLocale().formattedDataSize(report->bytes), QLocale().toString(report->count)));
    if (report->count > report->files.size())
        m_message->show(Tone::Neutral,
                        tr("The biggest %1 files are listed.").arg(QLocale().toString(report->files.size())));
}

} // namespace cooperage::gui
