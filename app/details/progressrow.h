#pragma once

#include <QTimer>
#include <QWidget>

class QLabel;
class QProgressBar;

namespace cooperage::gui {

class FileTransfer;

/// How far a transfer is, with a button that ends it; there only while one runs for more than a moment.
class ProgressRow : public QWidget
{
    Q_OBJECT

public:
    explicit ProgressRow(FileTransfer *transfer, QWidget *parent = nullptr);

private:
    void update();

    FileTransfer *m_transfer;
    QLabel *m_text;
    QProgressBar *m_bar;
    QTimer m_moment;
};

} // namespace cooperage::gui
