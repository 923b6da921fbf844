#pragma once

#include "app/details/imagefile.h"

#include <QWidget>

class QAction;
class QLabel;
class QMenu;
class QStackedWidget;
class QTreeView;

namespace cooperage::gui {

class ImageActions;
class ImageDetails;
class LayersModel;

/// The history of an image with its layers, and what can be done with each of them.
class LayersTab : public QWidget
{
    Q_OBJECT

public:
    /// `actions` are those of an image; they get a layer's image for as long as its menu is open and until
    /// another one is chosen.
    LayersTab(ImageDetails *details, ImageActions *actions, QWidget *parent = nullptr);
    ~LayersTab() override;

Q_SIGNALS:
    void comparisonWanted(const cooperage::gui::ImageSide &image, const cooperage::gui::ImageSide &base);
    void compareWithWanted(const cooperage::gui::ImageSide &image);
    void filesWanted(int layer); ///< Of that layer.
    void lineWanted(const QString &dockerfile, int line);

private:
    void makeActions();
    void makeCompareActions();
    QWidget *makeBar();
    void showRows();
    void update();
    void showMenu(const QPoint &place);
    void compare(int layer, int base);
    [[nodiscard]] QList<int> selectedLayers() const;

    ImageDetails *m_details;
    ImageActions *m_actions;
    LayersModel *m_model;
    QStackedWidget *m_stack;
    QLabel *m_empty;
    QTreeView *m_view;
    QMenu *m_menu;
    QAction *m_changes = nullptr;
    QAction *m_files = nullptr;
    QAction *m_compareBoth = nullptr;
    QAction *m_compareWith = nullptr;
    QAction *m_line = nullptr;
    QAction *m_more = nullptr;
    QAction *m_copyRows = nullptr;
};

} // namespace cooperage::gui
