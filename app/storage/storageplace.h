#pragma once

#include <QWidget>

class QAction;
class QCheckBox;
class QComboBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QStackedWidget;
class QTreeView;

namespace cooperage::gui {

class EngineSession;
class InlineMessage;
class StorageController;
class StorageModel;

/// The storage page: what takes space, what a click would free, image by image, and the click.
class StoragePlace : public QWidget
{
    Q_OBJECT

public:
    StoragePlace(StorageController *controller, const EngineSession *session, QWidget *parent = nullptr);
    ~StoragePlace() override;

private:
    QWidget *makeUses();
    QWidget *makeChoice();
    QWidget *makeImages();
    QWidget *makeBottom();
    void follow();
    void choose();
    void update();
    void updateTotal();
    [[nodiscard]] QString emptyText() const;
    void showFreed(qint64 bytes, int images, int wanted);
    [[nodiscard]] bool isOffered() const;

    StorageController *m_controller;
    const EngineSession *m_session;
    StorageModel *m_model;
    InlineMessage *m_message;
    QLabel *m_disk;
    QAction *m_refresh;
    QTreeView *m_uses;
    QCheckBox *m_images;
    QCheckBox *m_files;
    QComboBox *m_age;
    QStackedWidget *m_stack;
    QLabel *m_empty;
    QTreeView *m_list;
    QPushButton *m_all;
    QPushButton *m_none;
    QLabel *m_total;
    QProgressBar *m_progress;
    QPushButton *m_cancel;
    QPushButton *m_free;
};

} // namespace cooperage::gui
