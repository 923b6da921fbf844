#pragma once

#include <QTimer>
#include <QWidget>

class QAction;
class QCheckBox;
class QLabel;
class QSortFilterProxyModel;
class QSplitter;
class QStackedWidget;
class QTreeView;

namespace cooperage::engine {
struct OperationDetails;
}

namespace cooperage::gui {

struct Activity;
class InlineMessage;
class OperationList;
class OperationModel;
class StepLogs;

/// What goes on and went on, with its output; cancelling it.
class OperationPane : public QWidget
{
    Q_OBJECT

public:
    explicit OperationPane(OperationList *list, QWidget *parent = nullptr);
    ~OperationPane() override;

Q_SIGNALS:
    /// The selected row is a build: its log is in the build pane.
    void buildWanted();

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void makeActions();
    QWidget *makeToolRow();
    void makeView();
    void refresh();
    void updateState();
    void showSelected();
    void showOutput(const QString &id, const engine::OperationDetails &details);
    [[nodiscard]] const Activity *selected() const;

    OperationList *m_list;
    OperationModel *m_model;
    QSortFilterProxyModel *m_sorted;
    InlineMessage *m_message;
    QSplitter *m_splitter;
    QStackedWidget *m_stack;
    QLabel *m_empty;
    QTreeView *m_view;
    QLabel *m_about;
    StepLogs *m_logs;
    QAction *m_cancel = nullptr;
    QAction *m_copy = nullptr;
    QAction *m_refresh = nullptr;
    QTimer m_clock; ///< Renews the times of what runs.
    QString m_shown;
    QByteArray m_printed; ///< Of the shown operation, to show only what is new.
};

} // namespace cooperage::gui
