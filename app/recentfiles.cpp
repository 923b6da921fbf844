#include "app/recentfiles.h"

#include "app/settings.h"

namespace cooperage::gui {

RecentFiles::RecentFiles(QObject *parent) : QObject(parent), m_paths(settings::recentFiles.get()) {}

void RecentFiles::add(const QString &path)
{
    m_paths.removeAll(path);
    m_paths.prepend(path);
    m_paths = m_paths.first(qMin(m_paths.size(), qsizetype(Limit)));
    store();
}

void RecentFiles::remove(const QString &path)
{
    if (m_paths.removeAll(path) > 0)
        store();
}

void RecentFiles::clear()
{
    m_paths.clear();
    store();
}

void RecentFiles::store()
{
    settings::recentFiles.set(m_paths);
    Q_EMIT changed();
}

} // namespace cooperage::gui
