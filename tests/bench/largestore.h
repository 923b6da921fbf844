#pragma once

#include "core/embedded/store/database.h"
#include "core/embedded/store/overlayform.h"
#include "core/embedded/store/store.h"

#include <QDir>

namespace cooperage::bench {

/// Makes a fresh store one of 100,000 images over 1,000 layers: ten layers an image, a tag on every fifth.
inline void fillStore(embedded::Store &store, const QString &path)
{
    using namespace Qt::StringLiterals;
    const QString count = u"WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i+1 FROM n WHERE i<%1) "_s;
    const QStringList statements{
        u"INSERT INTO layers (id, size, allocated, inodes, xattrs, created_at) "_s + count.arg(999) +
            u"SELECT printf('%08x', i), 1000, 4096, 1, '%1', i FROM n"_s.arg(
                QString::fromLatin1(embedded::attributeKind())),
        u"INSERT INTO images (uuid, created_at, size) "_s + count.arg(99'999) +
            u"SELECT printf('%08x-0000-4000-8000-000000000000', i), i, 10000 FROM n"_s,
        u"INSERT INTO image_layers "
        "SELECT i.seq, p.value, printf('%08x', (i.seq*7+p.value)%1000) FROM images i,"
        " json_each('[0,1,2,3,4,5,6,7,8,9]') p"_s,
        u"INSERT INTO tags (name, is_public, image) SELECT 'app:' || seq, 0, seq FROM images WHERE seq%5=0"_s};
    const auto filled = store.database().transaction([&]() -> Result<> {
        for (const QString &statement : statements)
            if (const auto done = store.database().query(statement); !done)
                return std::unexpected(done.error());
        return {};
    });
    if (!filled)
        qFatal("%s", qUtf8Printable(filled.error().text()));
    for (int i = 0; i < 1000; ++i)
        QDir().mkpath(u"%1/layers/%2"_s.arg(path).arg(i, 8, 16, QChar(u'0')));
}

} // namespace cooperage::bench
