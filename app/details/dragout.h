#pragma once

#include "app/details/filetransfer.h"

#include <QUrl>

namespace cooperage::gui {

/// Copies of what is dragged out of the window, in a folder that other programs take them from and that stays
/// until this one ends. Nothing waits for them: a drag begins when its files are there.
class DragOut : public QObject
{
    Q_OBJECT

public:
    explicit DragOut(QObject *parent = nullptr);

    [[nodiscard]] FileTransfer *transfer() const { return m_transfer; }
    /// What can be dragged now; empty where it must be prepared first.
    [[nodiscard]] QList<QUrl> ready(const QList<ImageItem> &items) const;
    /// Makes copies, unless that is under way; `prepared` follows, or the transfer's `failed`.
    void prepare(const QList<ImageItem> &items);

    /// Removes what earlier runs of the program left behind. Touches the disk.
    static void removeLeftOvers(const QString &folder);
    /// Where the copies are made, below the user's cache.
    [[nodiscard]] static QString folder();
    /// More is not prepared: saving takes it.
    static constexpr qint64 mostBytes = qint64(2) << 30;

Q_SIGNALS:
    void prepared(const QList<cooperage::gui::ImageItem> &items);

private:
    FileTransfer *m_transfer;
    QList<ImageItem> m_wanted{};
    QList<FileTransfer::Job> m_copies{};
};

} // namespace cooperage::gui
