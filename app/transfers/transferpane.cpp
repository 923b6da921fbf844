#include "app/transfers/transferpane.h"

#include "app/accessibility.h"
#include "app/actions.h"
#include "app/transfers/transfermodel.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QStackedWidget>
#include <QToolButton>
#include <QTreeView>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

TransferPane::TransferPane(TransferQueue *queue, QWidget *parent)
    : QWidget(parent),
      m_queue(queue),
      m_model(new TransferModel(queue, this)),
      m_stack(new QStackedWidget(this)),
      m_empty(new QLabel(
          tr("No transfers. What is imported, exported or pushed appears here, with its progress."), this)),
      m_view(new QTreeView(this))
{
    makeActions();
    makeView();
    m_empty->setObjectName(u"transfersEmpty"_s);
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
    layout->addWidget(m_stack, 1);
    connect(queue, &TransferQueue::added, this, &TransferPane::updateEmpty);
    connect(queue, &TransferQueue::removed, this, &TransferPane::updateEmpty);
    connect(queue, &TransferQueue::changed, this, &TransferPane::updateActions);
    updateEmpty();
}

void TransferPane::makeActions()
{
    const auto make = [this](const ActionSpec &spec, void (TransferQueue::*act)(int)) {
        QAction *action = makeAction(spec, this);
        connect(action, &QAction::triggered, this, [this, act] {
            for (const int id : selected())
                (m_queue->*act)(id);
        });
        return action;
    };
    m_cancel = make({u"transferCancel"_s, u"stop"_s, tr("&Cancel"), tr("Stop the selected transfers")},
                    &TransferQueue::cancel);
    m_retry =
        make({u"transferRetry"_s, u"refresh"_s, tr("&Retry"), tr("Do the selected transfers once more")},
             &TransferQueue::retry);
    m_remove = make({u"transferRemove"_s, u"close"_s, tr("Re&move from List"),
                     tr("Take the selected transfers from this list; images and files stay")},
                    &TransferQueue::remove);
    m_clear = makeAction({u"transferClear"_s, u"delete"_s, tr("C&lear Finished"),
                          tr("Take all transfers that are over from this list")},
                         this);
    connect(m_clear, &QAction::triggered, m_queue, &TransferQueue::removeFinished);
}

QWidget *TransferPane::makeToolRow()
{
    auto *row = new QWidget(this);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    for (QAction *action : {m_cancel, m_retry, m_remove, m_clear}) {
        auto *button = new QToolButton(row);
        button->setDefaultAction(action);
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::StrongFocus);
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        nameWidget(button, action->objectName() + u"Button"_s, action->text().remove(u'&'));
        layout->addWidget(button);
    }
    layout->addStretch(1);
    return row;
}

void TransferPane::makeView()
{
    nameWidget(m_view, u"transferList"_s, tr("Imports, exports and pushes"));
    m_view->setModel(m_model);
    m_view->setRootIsDecorated(false);
    m_view->setUniformRowHeights(true);
    m_view->setAllColumnsShowFocus(true);
    m_view->setSelectionMode(QTreeView::ExtendedSelection);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setTextElideMode(Qt::ElideMiddle);
    m_view->header()->resizeSection(TransferModel::StateColumn, 110);
    m_view->header()->resizeSection(TransferModel::WhatColumn, 260);
    m_view->header()->resizeSection(TransferModel::ProgressColumn, 320);
    m_view->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_view->addActions({m_cancel, m_retry, m_remove, m_clear});
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &TransferPane::updateActions);
}

QList<int> TransferPane::selected() const
{
    QList<int> ids;
    for (const QModelIndex &index : m_view->selectionModel()->selectedRows())
        ids.append(index.data(TransferModel::IdRole).toInt());
    return ids;
}

void TransferPane::updateActions()
{
    bool running = false;
    bool over = false;
    bool failed = false;
    for (const int id : selected()) {
        const Transfer &transfer = m_queue->at(m_queue->indexOf(id));
        running = running || !transfer.isOver();
        over = over || transfer.isOver();
        failed = failed || (transfer.isOver() && transfer.state != Transfer::State::Done);
    }
    m_cancel->setEnabled(running);
    m_retry->setEnabled(failed);
    m_remove->setEnabled(over);
    m_clear->setEnabled(m_queue->active() < m_queue->count());
}

void TransferPane::updateEmpty()
{
    m_stack->setCurrentIndex(m_queue->count() > 0 ? 1 : 0);
    updateActions();
}

} // namespace cooperage::gui
