#pragma once

#include "app/details/imagefile.h"
#include "core/base/error.h"

#include <QObject>

#include <functional>
#include <stop_token>

namespace cooperage::gui {

/// Copies files and folders out of an image, one after the other, and tells how far it is.
class FileTransfer : public QObject
{
    Q_OBJECT

public:
    struct Job
    {
        ImageItem item;
        QString target;       ///< The path that the copy gets on this computer.
        bool replace = false; ///< A file that is there already, which the user agreed to.
    };

    explicit FileTransfer(QObject *parent = nullptr);
    ~FileTransfer() override;

    /// Only while nothing is under way. `most` bytes in all, where not negative.
    void start(const QList<Job> &jobs, qint64 most = -1);
    void cancel();
    [[nodiscard]] bool isRunning() const { return !m_jobs.isEmpty(); }
    [[nodiscard]] qint64 done() const { return m_done; }
    [[nodiscard]] qint64 total() const; ///< -1: not known.
    [[nodiscard]] QString text() const; ///< "Copying /etc/motd…"

Q_SIGNALS:
    void changed(); ///< Began, went on or ended.
    void finished(const QList<cooperage::gui::FileTransfer::Job> &jobs, const QStringList &skipped);
    void failed(const cooperage::Error &error);

private:
    void next();
    void end();
    void take(const Result<QStringList> &skipped);

    QList<Job> m_jobs{};
    qsizetype m_current = 0;
    qint64 m_done = 0;
    qint64 m_before = 0; ///< Bytes of the jobs that are done.
    qint64 m_most = -1;
    QStringList m_skipped{};
    std::stop_source m_stop;
};

} // namespace cooperage::gui
