#include "app/details/filetransfer.h"

#include "core/engine/filecopies.h"

#include <QPointer>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

FileTransfer::FileTransfer(QObject *parent) : QObject(parent) {}

FileTransfer::~FileTransfer()
{
    m_stop.request_stop();
}

void FileTransfer::start(const QList<Job> &jobs, qint64 most)
{
    if (isRunning() || jobs.isEmpty())
        return;
    m_jobs = jobs;
    m_current = 0;
    m_done = 0;
    m_before = 0;
    m_most = most;
    m_skipped.clear();
    m_stop = {};
    next();
}

void FileTransfer::cancel()
{
    m_stop.request_stop();
}

qint64 FileTransfer::total() const
{
    qint64 sum = 0;
    for (const Job &job : m_jobs) {
        if (job.item.isFolder || job.item.size < 0)
            return -1;
        sum += job.item.size;
    }
    return sum;
}

QString FileTransfer::text() const
{
    return isRunning() ? tr("Copying %1…").arg(m_jobs[m_current].item.file.path) : QString();
}

void FileTransfer::next()
{
    Q_EMIT changed();
    const Job &job = m_jobs[m_current];
    const ImageFile &file = job.item.file;
    const auto progress = [self = QPointer(this)](qint64 done, qint64, const QString &) {
        if (!self)
            return;
        self->m_done = self->m_before + done;
        Q_EMIT self->changed();
    };
    if (job.replace) {
        QCoro::connect(engine::saveAsFile(file.side.engine, file.side.uuid, file.path, job.target, false,
                                          progress, m_stop.get_token()),
                       this, [this](const Result<qint64> &size) {
                           take(size.transform([](qint64) { return QStringList(); }));
                       });
        return;
    }
    const qint64 left = m_most < 0 ? -1 : std::max<qint64>(0, m_most - m_before);
    QCoro::connect(engine::saveAsTree(file.side.engine, file.side.uuid, file.path, job.target, progress,
                                      m_stop.get_token(), left),
                   this, [this](const Result<engine::UnpackedTree> &tree) {
                       take(tree.transform([](const engine::UnpackedTree &done) { return done.skipped; }));
                   });
}

void FileTransfer::take(const Result<QStringList> &skipped)
{
    if (!skipped) {
        end();
        Q_EMIT failed(skipped.error());
        return;
    }
    m_skipped += *skipped;
    m_before = m_done;
    if (++m_current < m_jobs.size()) {
        next();
        return;
    }
    const QList<Job> jobs = m_jobs;
    end();
    Q_EMIT finished(jobs, m_skipped);
}

void FileTransfer::end()
{
    m_jobs.clear();
    m_current = 0;
    Q_EMIT changed();
}

} // namespace cooperage::gui
