#pragma once

#include "core/sessions/values.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QSplitter;
class QStackedWidget;
class QTreeView;

namespace cooperage::gui {

class HistoryActions;
class HistoryController;
class HistoryModel;
class ImageCatalog;
class InlineMessage;
class RunPanel;

/// Sessions and the graph of their history; beside it the commands that are run there.
class HistoryPane : public QWidget
{
    Q_OBJECT

public:
    HistoryPane(HistoryController *controller, ImageCatalog *images, QWidget *parent = nullptr);
    ~HistoryPane() override;

    [[nodiscard]] HistoryActions *actions() const { return m_actions; }
    [[nodiscard]] HistoryModel *model() const { return m_model; }

Q_SIGNALS:
    /// The files of that image should be shown. Without a listener the action is not offered.
    void imageWanted(const QString &uuid);
    /// The image should become the base in the editor.
    void fromWanted(const QString &uuid);

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    QWidget *makeTopRow();
    QWidget *makeToolBar();
    void makeView();
    void connectActions();
    void followController();
    void showSessions();
    void showView();
    void updateState();
    void setZoom(int zoom);
    void find(int direction);
    void startSession();
    void askForSession(const QStringList &tags);
    void beginBranch();
    void addFiles();
    [[nodiscard]] const sessions::HistoryEntry *selected() const;
    void select(qint64 entry);

    HistoryController *m_controller;
    ImageCatalog *m_images;
    HistoryActions *m_actions;
    HistoryModel *m_model;
    QComboBox *m_chooser;
    QComboBox *m_filter;
    QLineEdit *m_search;
    QLabel *m_found;
    InlineMessage *m_message;
    bool m_showsFailure = false;
    QSplitter *m_splitter;
    QStackedWidget *m_stack;
    QLabel *m_empty;
    QTreeView *m_view;
    RunPanel *m_run;
};

} // namespace cooperage::gui
