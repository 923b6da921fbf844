#pragma once

#include <QList>
#include <QWidget>

class QAction;
class QLabel;
class QStackedWidget;
class QTreeView;

namespace cooperage::gui {

class TransferModel;
class TransferQueue;

/// What is being imported, exported and pushed, and what was: progress, cancel and retry per row.
class TransferPane : public QWidget
{
    Q_OBJECT

public:
    explicit TransferPane(TransferQueue *queue, QWidget *parent = nullptr);

private:
    void makeActions();
    QWidget *makeToolRow();
    void makeView();
    void updateActions();
    void updateEmpty();
    [[nodiscard]] QList<int> selected() const;

    TransferQueue *m_queue;
    TransferModel *m_model;
    QStackedWidget *m_stack;
    QLabel *m_empty;
    QTreeView *m_view;
    QAction *m_cancel = nullptr;
    QAction *m_retry = nullptr;
    QAction *m_remove = nullptr;
    QAction *m_clear = nullptr;
};

} // namespace cooperage::gui
