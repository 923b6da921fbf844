#pragma once

#include "core/engine/imagelist.h"
#include "core/sessions/tagjournal.h"

#include <QWidget>

class QAction;
class QLabel;
class QStackedWidget;
class QTreeView;

namespace cooperage::gui {

class ImageActions;
class ImageBrowserModel;
class ImageCatalog;
class ImageFilterBar;
class ImageViewMemory;
class InlineMessage;

/// The list of images: filter, groups, tags, and what else can be done with an image.
class ImagePane : public QWidget
{
    Q_OBJECT

public:
    explicit ImagePane(ImageCatalog *catalog, QWidget *parent = nullptr);
    ~ImagePane() override;

    [[nodiscard]] ImageActions *actions() const { return m_actions; }
    [[nodiscard]] InlineMessage *message() const { return m_message; }
    /// For the window's Image menu.
    [[nodiscard]] QList<QList<QAction *>> actionGroups() const;

Q_SIGNALS:
    void importWanted();

private:
    void makeView();
    QWidget *makeToolRow();
    void showOrder();
    void followModel();
    void followCatalog();
    void browse();
    void updateEmptyText();
    void followSelection();
    void showTagChanges(const QList<sessions::TagChange> &changes);
    void showRemoval(const QStringList &uuids);

    ImageCatalog *m_catalog;
    ImageBrowserModel *m_model;
    ImageActions *m_actions;
    ImageFilterBar *m_filter;
    InlineMessage *m_message;
    QStackedWidget *m_stack;
    QLabel *m_empty;
    QLabel *m_note; ///< About the selected rows.
    QTreeView *m_view;
    ImageViewMemory *m_memory = nullptr;
    QAction *m_import;
    QAction *m_refresh;
};

} // namespace cooperage::gui
