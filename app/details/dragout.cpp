#include "app/details/dragout.h"

#include "app/background.h"

#include <QDir>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QUuid>

#include <algorithm>
#include <memory>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

DragOut::DragOut(QObject *parent) : QObject(parent), m_transfer(new FileTransfer(this))
{
    connect(m_transfer, &FileTransfer::finished, this, [this](const QList<FileTransfer::Job> &jobs) {
        m_copies += jobs;
        Q_EMIT prepared(m_wanted);
    });
    inBackground(
        this,
        [] {
            removeLeftOvers(folder());
            return true;
        },
        [](bool) {});
}

QString DragOut::folder()
{
    return QStandardPaths::writableLocation(QStandardPaths::CacheLocation) + u"/drag"_s;
}

void DragOut::removeLeftOvers(const QString &folder)
{
    const QDateTime yesterday = QDateTime::currentDateTimeUtc().addDays(-1);
    for (const QFileInfo &left : QDir(folder).entryInfoList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        if (left.lastModified() < yesterday)
            QDir(left.filePath()).removeRecursively();
    }
}

// One for the whole program: a file manager may still read when the image's tab is closed.
static const QTemporaryDir &copies()
{
    static const auto made = [] {
        QDir().mkpath(DragOut::folder());
        return std::make_unique<QTemporaryDir>(DragOut::folder() + u"/XXXXXX"_s);
    }();
    return *made;
}

QList<QUrl> DragOut::ready(const QList<ImageItem> &items) const
{
    QList<QUrl> urls;
    for (const ImageItem &item : items) {
        const auto copy = std::ranges::find(m_copies, item, &FileTransfer::Job::item);
        if (copy == m_copies.end() || !QFileInfo::exists(copy->target))
            return {};
        urls.append(QUrl::fromLocalFile(copy->target));
    }
    return urls;
}

void DragOut::prepare(const QList<ImageItem> &items)
{
    if (m_transfer->isRunning() || items.isEmpty())
        return;
    if (!copies().isValid()) {
        Q_EMIT m_transfer->failed({ErrorKind::Failed,
                                   tr("No folder for what is dragged: %1").arg(copies().errorString()),
                                   folder(), tr("Use Save instead.")});
        return;
    }
    m_wanted = items;
    QList<FileTransfer::Job> jobs;
    for (const ImageItem &item : items) {
        if (!ready({item}).isEmpty())
            continue;
        // Each in a folder of its own: names repeat, and the copy has the file's own one.
        const QString place = copies().filePath(QUuid::createUuid().toString(QUuid::WithoutBraces));
        QDir().mkpath(place);
        jobs.append({.item = item, .target = place + u'/' + localName(item.file)});
    }
    if (jobs.isEmpty())
        Q_EMIT prepared(items);
    else
        m_transfer->start(jobs, mostBytes);
}

} // namespace cooperage::gui
