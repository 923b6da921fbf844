#include "app/images/comparisonplace.h"

#include "app/accessibility.h"
#include "app/connections/enginesession.h"
#include "app/icons.h"
#include "app/images/imageactions.h"
#include "app/images/imagefilesmodel.h"
#include "app/inlinemessage.h"
#include "core/engine/engine.h"

#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QTreeView>
#include <QVBoxLayout>

#include <sys/stat.h>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

using engine::ImageChange;

static constexpr int mostChanges = 10'000;

void ComparisonModel::setChanges(const QList<ImageChange> &changes)
{
    beginResetModel();
    m_changes = changes;
    endResetModel();
}

int ComparisonModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_changes.size());
}

int ComparisonModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

static QString changeText(const ImageChange &change)
{
    switch (change.kind) {
    case ImageChange::Kind::Added:
        return ComparisonModel::tr("added");
    case ImageChange::Kind::Removed:
        return ComparisonModel::tr("removed");
    case ImageChange::Kind::Changed:
        break;
    }
    return change.content ? ComparisonModel::tr("changed") : ComparisonModel::tr("attributes");
}

// A folder's own size says nothing.
static QString sizeText(quint32 mode, qint64 size)
{
    return S_ISREG(mode) ? QLocale().formattedDataSize(size) : QString();
}

static QString beforeAndAfter(const ImageChange &change, const QString &before, const QString &after)
{
    if (change.kind == ImageChange::Kind::Added)
        return after;
    if (change.kind == ImageChange::Kind::Removed)
        return before;
    return before == after ? after : ComparisonModel::tr("%1 → %2").arg(before, after);
}

QVariant ComparisonModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const ImageChange &change = m_changes[index.row()];
    if (role == Qt::ToolTipRole)
        return change.path;
    if (role == Qt::DecorationRole && index.column() == ChangeColumn)
        return change.kind == ImageChange::Kind::Added     ? icon(u"add"_s, Tone::Good)
               : change.kind == ImageChange::Kind::Removed ? icon(u"delete"_s, Tone::Bad)
                                                           : icon(u"rename"_s, Tone::Active);
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case ChangeColumn:
        return changeText(change);
    case PathColumn:
        return change.path;
    case SizeColumn:
        return beforeAndAfter(change, sizeText(change.baseMode, change.baseSize),
                              sizeText(change.mode, change.size));
    default:
        return beforeAndAfter(change, modeLetters(change.baseMode), modeLetters(change.mode));
    }
}

QVariant ComparisonModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    const QString names[] = {tr("Change"), tr("Path"), tr("Size"), tr("Mode")};
    return names[section];
}

ComparisonPlace::ComparisonPlace(EngineSession *session, const engine::ImageRecord &image,
                                 const engine::ImageRecord &base, QWidget *parent)
    : QWidget(parent),
      m_session(session),
      m_message(new InlineMessage(this)),
      m_summary(new QLabel(tr("Comparing…"), this)),
      m_model(new ComparisonModel(this)),
      m_view(new QTreeView(this))
{
    setObjectName(u"comparisonPlace"_s);
    setWindowTitle(tr("%1 → %2").arg(referenceOf(base), referenceOf(image)));
    m_message->setObjectName(u"comparisonMessage"_s);
    m_summary->setObjectName(u"comparisonSummary"_s);
    m_summary->setTextFormat(Qt::PlainText);
    m_summary->setMargin(6);
    nameWidget(m_view, u"comparisonList"_s, tr("Paths in which the images differ"));
    m_view->setModel(m_model);
    m_view->setRootIsDecorated(false);
    m_view->setUniformRowHeights(true);
    m_view->setTextElideMode(Qt::ElideMiddle);
    m_view->header()->resizeSection(ComparisonModel::ChangeColumn, 110);
    m_view->header()->resizeSection(ComparisonModel::PathColumn, 460);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_summary);
    layout->addWidget(m_message);
    layout->addWidget(m_view, 1);
    setFocusProxy(m_view);
    QCoro::connect(session->engine()->diff(image.uuid, base.uuid, u"/"_s, mostChanges, m_stop.get_token()),
                   this, [this](const Result<engine::ImageDiff> &diff) { show(diff); });
}

ComparisonPlace::~ComparisonPlace()
{
    m_stop.request_stop();
}

void ComparisonPlace::show(const Result<engine::ImageDiff> &diff)
{
    if (!diff) {
        m_session->report(diff.error());
        m_summary->clear();
        m_message->show(Tone::Bad, diff.error().text());
        return;
    }
    m_model->setChanges(diff->changes);
    m_summary->setText(
        diff->changes.isEmpty()
            ? tr("Both images hold the same files.")
            : tr("%1 added, %2 changed, %3 removed").arg(diff->added).arg(diff->changed).arg(diff->removed));
    if (diff->truncated)
        m_message->show(Tone::Neutral,
                        tr("Only the first %1 differences are listed.").arg(m_model->rowCount()));
}

} // namespace cooperage::gui
