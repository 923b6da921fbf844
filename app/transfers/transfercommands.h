#pragma once

#include "core/engine/values.h"

#include <QObject>

class QDockWidget;
class QMainWindow;

namespace cooperage::gui {

class ImagePane;
class Workbench;
struct Transfer;

/// Importing, exporting and pushing in the window: the dialogs that ask, and the dock that shows what goes
/// on.
class TransferCommands : public QObject
{
    Q_OBJECT

public:
    /// The dock is a tab beside `beside`.
    TransferCommands(Workbench *workbench, ImagePane *images, QDockWidget *beside, QMainWindow *window);

    [[nodiscard]] QDockWidget *dock() const { return m_dock; }

    /// `text`: references, or the path of an archive.
    void askForImport(const QString &text = {});

private:
    void askForExport(const engine::ImageRecord &image);
    void askForPush(const engine::ImageRecord &image);
    void report(const Transfer &transfer);
    void signIn(const Transfer &transfer);

    Workbench *m_workbench;
    ImagePane *m_images;
    QMainWindow *m_window;
    QDockWidget *m_dock;
};

} // namespace cooperage::gui
