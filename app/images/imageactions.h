#pragma once

#include "app/images/imagecells.h"
#include "app/images/tagplan.h"

#include <QList>
#include <QObject>

class QAction;
class QWidget;

namespace cooperage::gui {

class ImageCatalog;

/// What can be done with the selected images, for tool bars and menus.
class ImageActions : public QObject
{
    Q_OBJECT

public:
    ImageActions(ImageCatalog *catalog, QWidget *window);

    /// Enables what fits; a disabled action's tool tip says why.
    void setSelection(const QList<engine::ImageListRow> &rows);
    [[nodiscard]] const QList<engine::ImageListRow> &selection() const { return m_rows; }

    /// In groups, for a menu with separators between them.
    [[nodiscard]] QList<QList<QAction *>> groups() const;
    [[nodiscard]] QAction *details() const { return m_details; }
    /// What makes sense for rows of the list alone, not for the image of a layer.
    [[nodiscard]] QList<QAction *> listActions() const { return {m_compare, m_copyRows}; }
    [[nodiscard]] QAction *addTag() const { return m_addTag; }
    [[nodiscard]] QAction *removeTag() const { return m_removeTag; }
    [[nodiscard]] QAction *copy() const { return m_copy; }
    [[nodiscard]] QAction *console() const { return m_console; }

Q_SIGNALS:
    void detailsWanted(const cooperage::engine::ImageRecord &image);
    void comparisonWanted(const cooperage::engine::ImageRecord &image,
                          const cooperage::engine::ImageRecord &base);
    void exportWanted(const cooperage::engine::ImageRecord &image);
    void pushWanted(const cooperage::engine::ImageRecord &image);
    void rowsCopyWanted(); ///< The columns are the view's.
    void useAsBaseWanted(const QString &reference);
    void consoleWanted(const cooperage::engine::ImageRecord &image);
    void runWanted(const cooperage::engine::ImageRecord &image);

private:
    void makeActions();
    void askForTag(TagPurpose purpose);
    void showTagHistory();
    void enable(QAction *action, bool possible, const QString &reason);
    void update();
    [[nodiscard]] bool isReady() const;
    /// Why the engine cannot do this; empty if it can.
    [[nodiscard]] QString missing(const QString &extension) const;

    ImageCatalog *m_catalog;
    QWidget *m_window;
    QList<engine::ImageListRow> m_rows;
    QAction *m_details = nullptr;
    QAction *m_compare = nullptr;
    QAction *m_addTag = nullptr;
    QAction *m_renameTag = nullptr;
    QAction *m_removeTag = nullptr;
    QAction *m_tagHistory = nullptr;
    QAction *m_copy = nullptr;
    QAction *m_copyRows = nullptr;
    QAction *m_copyId = nullptr;
    QAction *m_useAsBase = nullptr;
    QAction *m_console = nullptr;
    QAction *m_run = nullptr;
    QAction *m_export = nullptr;
    QAction *m_push = nullptr;
    QAction *m_remove = nullptr;
};

} // namespace cooperage::gui
