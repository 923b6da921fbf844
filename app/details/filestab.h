#pragma once

#include "app/details/filetransfer.h"
#include "app/details/layerfiles.h"

#include <QWidget>

class QAction;
class QCheckBox;
class QComboBox;
class QLabel;
class QStackedWidget;

namespace cooperage::gui {

class DragOut;
class FilesTree;
class ImageFilesModel;
class InlineMessage;

/// The files of an image, or of one of its layers: to look at, to compare, and to copy to this computer.
class FilesTab : public QWidget
{
    Q_OBJECT

public:
    explicit FilesTab(ImageDetails *details, QWidget *parent = nullptr);
    ~FilesTab() override;

    /// Of the whole image with 0, else what that layer did.
    void showLayer(int layer);
    /// Opens the folders that lead to a path of the whole image and selects it.
    void showPath(const QString &path);

Q_SIGNALS:
    void openWanted(const cooperage::gui::ImageFile &file);
    void differenceWanted(const cooperage::gui::ImageFile &before, const cooperage::gui::ImageFile &after);
    void compareWithWanted(const cooperage::gui::ImageFile &file);

private:
    void makeActions();
    QWidget *makeBar();
    QWidget *makeButtons();
    void listLayers();
    void read();
    void showSource(const FilesSource &source);
    void showModel();
    void select(const QModelIndex &index);
    void update();
    void save();
    void saveOne(const ImageItem &item);
    void saveInto(const QList<ImageItem> &items);
    void copyPaths();
    [[nodiscard]] ImageItem itemAt(const QModelIndex &index) const;
    [[nodiscard]] QList<ImageItem> selectedItems() const;
    [[nodiscard]] QModelIndexList selectedRows() const;

    ImageDetails *m_details;
    LayerFiles *m_source;
    FilesSource m_shown{};
    QString m_sought{};
    ImageFilesModel *m_model = nullptr;
    FileTransfer *m_transfer;
    DragOut *m_dragOut;
    InlineMessage *m_message;
    QComboBox *m_layer;
    QCheckBox *m_onlyChanges;
    QStackedWidget *m_stack;
    QLabel *m_empty;
    FilesTree *m_view;
    QAction *m_open = nullptr;
    QAction *m_difference = nullptr;
    QAction *m_compareWith = nullptr;
    QAction *m_save = nullptr;
    QAction *m_copyPath = nullptr;
};

} // namespace cooperage::gui
