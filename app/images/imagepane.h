#pragma once

#include "core/engine/values.h"

#include <QWidget>

#include <optional>

class QAction;
class QLabel;
class QLineEdit;
class QSortFilterProxyModel;
class QStackedWidget;
class QTreeView;

namespace cooperage::gui {

class ImageCatalog;
class ImageListModel;
class InlineMessage;

/// The list of images: filter, tags, import.
class ImagePane : public QWidget
{
    Q_OBJECT

public:
    explicit ImagePane(ImageCatalog *catalog, QWidget *parent = nullptr);

    void openImport(const QString &reference = {});

private:
    void makeActions();
    QWidget *makeToolRow();
    void makeView();
    void followCatalog();
    void refresh();
    void updateEmptyText();
    void updateActions();
    void addTag();
    void offerUndo(const engine::ImageRecord &image);
    [[nodiscard]] std::optional<engine::ImageRecord> selected() const;

    ImageCatalog *m_catalog;
    ImageListModel *m_model;
    QSortFilterProxyModel *m_sorted;
    QLineEdit *m_filter;
    InlineMessage *m_message;
    QStackedWidget *m_stack;
    QLabel *m_empty;
    QTreeView *m_view;
    QAction *m_copy = nullptr;
    QAction *m_addTag = nullptr;
    QAction *m_removeTag = nullptr;
    QAction *m_import = nullptr;
    QAction *m_refresh = nullptr;
    QAction *m_untagged = nullptr;
};

} // namespace cooperage::gui
