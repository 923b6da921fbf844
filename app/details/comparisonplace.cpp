#include "app/details/comparisonplace.h"

#include "app/accessibility.h"
#include "app/actions.h"
#include "app/connections/enginesession.h"
#include "app/details/rowscopy.h"
#include "app/icons.h"
#include "app/inlinemessage.h"
#include "app/settings.h"
#include "core/engine/engine.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QSortFilterProxyModel>
#include <QTabWidget>
#include <QToolButton>
#include <QTreeView>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <sys/stat.h>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

static constexpr int mostChanges = 10'000;

ComparisonPlace::ComparisonPlace(EngineSession *session, ImageSide image, ImageSide base, QWidget *parent)
    : QWidget(parent),
      m_session(session),
      m_image(std::move(image)),
      m_base(std::move(base)),
      m_message(new InlineMessage(this)),
      m_summary(new QLabel(tr("Comparing…"), this)),
      m_tabs(new QTabWidget(this)),
      m_model(new ComparisonModel(this)),
      m_sorted(new QSortFilterProxyModel(this)),
      m_view(new QTreeView(this)),
      m_open(
          makeAction({u"comparisonOpen"_s, u"details"_s, tr("Show &Difference"),
                      tr("Show what changed in the selected file, or the file itself where only one side has "
                         "it")},
                     this))
{
    setObjectName(u"comparisonPlace"_s);
    setWindowTitle(tr("%1 → %2").arg(m_base.name, m_image.name));
    m_message->setObjectName(u"comparisonMessage"_s);
    m_summary->setObjectName(u"comparisonSummary"_s);
    nameWidget(m_tabs, u"comparisonTabs"_s, tr("What is compared"));
    m_tabs->setDocumentMode(true);
    auto *heading = new QLabel(tr("From %1 to %2").arg(m_base.name, m_image.name), this);
    heading->setTextFormat(Qt::PlainText);
    heading->setMargin(6);
    heading->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_tabs->addTab(makeFiles(), tr("Fi&les"));
    m_config = makeFacts(u"comparisonConfig"_s, tr("Confi&guration"));
    m_sizes = makeFacts(u"comparisonSizes"_s, tr("Si&ze"));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(heading);
    layout->addWidget(m_message);
    layout->addWidget(m_tabs, 1);
    setFocusProxy(m_view);
    update();
    ask();
}

ComparisonPlace::~ComparisonPlace()
{
    m_stop.request_stop();
    settings::comparisonHeader.set(m_view->header()->saveState());
}

QWidget *ComparisonPlace::makeFiles()
{
    auto *page = new QWidget(m_tabs);
    nameWidget(m_view, u"comparisonList"_s, tr("Differences"));
    m_sorted->setSourceModel(m_model);
    m_sorted->setSortRole(ComparisonModel::SortRole);
    m_view->setModel(m_sorted);
    m_view->setRootIsDecorated(false);
    m_view->setUniformRowHeights(true);
    m_view->setAllColumnsShowFocus(true);
    m_view->setTextElideMode(Qt::ElideMiddle);
    m_view->setSortingEnabled(true);
    m_view->sortByColumn(ComparisonModel::PathColumn, Qt::AscendingOrder);
    m_view->header()->resizeSection(ComparisonModel::ChangeColumn, 110);
    m_view->header()->resizeSection(ComparisonModel::PathColumn, 420);
    m_view->header()->resizeSection(ComparisonModel::SizeColumn, 160);
    m_view->header()->restoreState(settings::comparisonHeader.get());
    m_view->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_view->addAction(m_open);
    addRowsCopy(m_view);
    auto *button = new QToolButton(page);
    button->setDefaultAction(m_open);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::StrongFocus);
    nameWidget(button, u"comparisonOpenButton"_s, m_open->text().remove(u'&'));
    connect(m_open, &QAction::triggered, this, &ComparisonPlace::open);
    connect(m_view, &QTreeView::activated, m_open, &QAction::trigger);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this, &ComparisonPlace::update);
    auto *row = new QHBoxLayout;
    row->setContentsMargins(6, 2, 4, 2);
    row->addWidget(m_summary, 1);
    row->addWidget(button);
    auto *layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(row);
    layout->addWidget(m_view, 1);
    return page;
}

void ComparisonPlace::update()
{
    const auto isFile = [](quint32 mode) { return S_ISREG(mode) || S_ISLNK(mode); };
    const QModelIndex source = m_sorted->mapToSource(m_view->currentIndex());
    const bool can = source.isValid() && (isFile(m_model->changeAt(source.row()).mode) ||
                                          isFile(m_model->changeAt(source.row()).baseMode));
    m_open->setEnabled(can);
    m_open->setToolTip(can ? m_open->statusTip() : tr("Select a file; folders have no text to compare."));
}

QTreeWidget *ComparisonPlace::makeFacts(const QString &name, const QString &title)
{
    auto *table = new QTreeWidget(m_tabs);
    QString plain = title;
    nameWidget(table, name, plain.remove(u'&'));
    table->setHeaderLabels({tr("Name"), tr("Change"), tr("Before"), tr("Now")});
    table->setRootIsDecorated(false);
    table->setUniformRowHeights(true);
    table->setAllColumnsShowFocus(true);
    table->setTextElideMode(Qt::ElideMiddle);
    m_tabs->addTab(table, title);
    return table;
}

void ComparisonPlace::fail(const Error &error)
{
    if (error.kind == ErrorKind::Cancelled)
        return;
    m_session->report(error);
    m_message->show(Tone::Bad, error.text());
}

void ComparisonPlace::ask()
{
    if (!m_base.uuid.isEmpty() && m_base.engine != m_image.engine) {
        m_summary->clear();
        fail({ErrorKind::Unsupported,
              tr("Images of different engines cannot be compared as a whole"),
              {},
              tr("Compare single files instead.")});
        return;
    }
    QCoro::connect(m_image.engine->diff(m_image.uuid, m_base.uuid, u"/"_s, mostChanges, m_stop.get_token()),
                   this, [this](const Result<engine::ImageDiff> &diff) { showDiff(diff); });
    askForConfigs();
    askForLayers();
}

// An empty file system has no config and no layers.
void ComparisonPlace::askForConfigs()
{
    const auto both = [this](const QJsonObject &before) {
        QCoro::connect(m_image.engine->imageConfig(m_image.uuid, m_stop.get_token()), this,
                       [this, before](const Result<QJsonObject> &after) {
                           if (after)
                               showFacts(m_config, compareConfigs(before, *after));
                           else
                               fail(after.error());
                       });
    };
    if (m_base.uuid.isEmpty()) {
        both({});
        return;
    }
    QCoro::connect(m_base.engine->imageConfig(m_base.uuid, m_stop.get_token()), this,
                   [this, both](const Result<QJsonObject> &before) {
                       if (before)
                           both(*before);
                       else
                           fail(before.error());
                   });
}

void ComparisonPlace::askForLayers()
{
    using Layers = QList<engine::LayerRecord>;
    if (!m_session->info().offers(engine::extension::layers)) {
        m_tabs->setTabEnabled(m_tabs->indexOf(m_sizes), false);
        m_tabs->setTabToolTip(m_tabs->indexOf(m_sizes),
                              tr("%1 does not tell what layers an image has.").arg(m_session->info().name));
        return;
    }
    const auto both = [this](const Layers &before) {
        QCoro::connect(m_image.engine->layers(m_image.uuid, m_stop.get_token()), this,
                       [this, before](const Result<Layers> &after) {
                           if (after)
                               showFacts(m_sizes, compareSizes(before, *after));
                           else
                               fail(after.error());
                       });
    };
    if (m_base.uuid.isEmpty()) {
        both({});
        return;
    }
    QCoro::connect(m_base.engine->layers(m_base.uuid, m_stop.get_token()), this,
                   [this, both](const Result<Layers> &before) {
                       if (before)
                           both(*before);
                       else
                           fail(before.error());
                   });
}

void ComparisonPlace::showDiff(const Result<engine::ImageDiff> &diff)
{
    if (!diff) {
        m_summary->clear();
        fail(diff.error());
        return;
    }
    m_model->setChanges(diff->changes);
    if (m_sorted->rowCount() > 0)
        m_view->setCurrentIndex(m_sorted->index(0, 0));
    m_summary->setText(
        diff->changes.isEmpty()
            ? tr("Both images hold the same files.")
            : tr("%1 added, %2 changed, %3 removed").arg(diff->added).arg(diff->changed).arg(diff->removed));
    if (diff->truncated)
        m_message->show(
            Tone::Neutral,
            tr("Only the first %1 differences are listed.").arg(QLocale().toString(m_model->rowCount())));
}

void ComparisonPlace::showFacts(QTreeWidget *table, const QList<FactChange> &facts)
{
    using Kind = FactChange::Kind;
    table->clear();
    for (const FactChange &fact : facts) {
        const Kind kind = fact.kind();
        const QString word = kind == Kind::Same      ? tr("same")
                             : kind == Kind::Added   ? tr("added")
                             : kind == Kind::Removed ? tr("removed")
                                                     : tr("changed");
        auto *item = new QTreeWidgetItem({fact.name, word, fact.before, fact.after});
        if (kind != Kind::Same)
            item->setIcon(1, kind == Kind::Added     ? icon(u"add"_s, Tone::Good)
                             : kind == Kind::Removed ? icon(u"delete"_s, Tone::Bad)
                                                     : icon(u"rename"_s, Tone::Active));
        item->setToolTip(2, fact.before);
        item->setToolTip(3, fact.after);
        table->addTopLevelItem(item);
    }
    if (facts.isEmpty())
        table->addTopLevelItem(new QTreeWidgetItem({tr("Neither image has a configuration."), {}, {}, {}}));
    for (int column = 0; column < 3; ++column)
        table->resizeColumnToContents(column);
    table->header()->resizeSection(2, std::min(table->header()->sectionSize(2), 320));
}

void ComparisonPlace::open()
{
    const QModelIndex source = m_sorted->mapToSource(m_view->currentIndex());
    if (!source.isValid())
        return;
    const engine::ImageChange &change = m_model->changeAt(source.row());
    const ImageFile before{m_base, change.path};
    const ImageFile after{m_image, change.path};
    const bool wasFile = !S_ISDIR(change.baseMode) && change.kind != engine::ImageChange::Kind::Added;
    const bool isFile = !S_ISDIR(change.mode) && change.kind != engine::ImageChange::Kind::Removed;
    if (wasFile && isFile)
        Q_EMIT differenceWanted(before, after);
    else if (isFile)
        Q_EMIT openWanted(after);
    else if (wasFile)
        Q_EMIT openWanted(before);
}

} // namespace cooperage::gui
