#include "core/embedded/server/operationrunner.h"

#include <QDir>
#include <QFile>
#include <QSet>

#include <algorithm>

// How long the records of operations are kept.
namespace cooperage::embedded {

using namespace Qt::StringLiterals;

static constexpr int keptDays = 30;
static constexpr int keptMost = 10'000;

void OperationRunner::removeLogs(const QString &uuid) const
{
    for (const char *suffix : {".events", ".result"})
        QFile::remove(QFile::decodeName(path(uuid, suffix).c_str()));
}

void OperationRunner::forgetOld()
{
    const Result<QStringList> gone =
        m_table.forget(QDateTime::currentDateTimeUtc().addDays(-keptDays), keptMost);
    if (!gone)
        qWarning("engine: %s", qUtf8Printable(gone.error().text()));
    else
        std::ranges::for_each(*gone, [this](const QString &uuid) { removeLogs(uuid); });
}

// Left by a crash between a log and its row, or between its row and the log. Before the first operation.
void OperationRunner::removeUnknownLogs()
{
    const Result<QStringList> uuids = m_table.uuids();
    if (!uuids)
        return;
    const QSet<QString> known(uuids->begin(), uuids->end());
    const QDir folder(QFile::decodeName(m_folder.c_str()));
    for (const QString &name : folder.entryList(QDir::Files | QDir::Hidden))
        if (!known.contains(name.section(u'.', 0, 0)) || name.count(u'.') != 1)
            QFile::remove(folder.filePath(name));
}

} // namespace cooperage::embedded
