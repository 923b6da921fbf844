#pragma once

#include <QObject>
#include <QStringList>

namespace cooperage::gui {

/// Files opened lately, newest first, kept in the settings.
class RecentFiles : public QObject
{
    Q_OBJECT

public:
    static constexpr int Limit = 12;

    explicit RecentFiles(QObject *parent = nullptr);

    [[nodiscard]] QStringList paths() const { return m_paths; }
    void add(const QString &path);
    void remove(const QString &path);
    void clear();

Q_SIGNALS:
    void changed();

private:
    void store();

    QStringList m_paths;
};

} // namespace cooperage::gui
