#pragma once

#include "core/embedded/archive/import.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

namespace cooperage::test {

/// A store of its own, and what lies in it.
class StoreFixture
{
public:
    StoreFixture() : m_store(embedded::Store::open(m_folder.filePath(QStringLiteral("store"))).value()) {}

    [[nodiscard]] embedded::Store &store() { return *m_store; }
    [[nodiscard]] QString path(const QString &name) const { return m_folder.filePath(name); }
    [[nodiscard]] QString write(const QString &name, const QByteArray &bytes) const
    {
        QFile file(path(name));
        if (file.open(QFile::WriteOnly))
            file.write(bytes);
        return file.fileName();
    }
    /// A file of a layer.
    [[nodiscard]] QByteArray content(const embedded::LayerId &layer, const QString &name) const
    {
        QFile file(QString::fromStdString(m_store->layerPath(layer)) + u'/' + name);
        return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray();
    }
    /// What is left of layers that were not finished, and of temporary files.
    [[nodiscard]] QStringList leftovers() const
    {
        QStringList names;
        for (const auto *folder : {"active", "tmp", "layers"})
            names += QDir(path(QStringLiteral("store/") + QLatin1StringView(folder)))
                         .entryList(QDir::AllEntries | QDir::NoDotAndDotDot);
        return names;
    }

private:
    QTemporaryDir m_folder;
    std::unique_ptr<embedded::Store> m_store;
};

} // namespace cooperage::test
