#pragma once

#include "core/engine/engine.h"

#include <QBuffer>
#include <QTest>

#include <archive.h>
#include <archive_entry.h>

namespace cooperage::test {

/// Everything an image's file system holds but times, one line each, sorted: "f 644 0:0 etc/x = content" (of
/// a file its first bytes), "l 777 0:0 etc/l -> x", "h ... = path" for a further name of a file.
[[nodiscard]] inline QStringList imageListing(engine::Engine &engine, const QString &image)
{
    QBuffer tar;
    tar.open(QIODevice::WriteOnly);
    const auto fetched = QCoro::waitFor(engine.archive(image, QStringLiteral("/"), &tar));
    if (!fetched) {
        QTest::qFail(qPrintable(fetched.error().text()), __FILE__, __LINE__);
        return {};
    }
    archive *reader = archive_read_new();
    archive_read_support_format_tar(reader);
    archive_read_open_memory(reader, tar.data().constData(), static_cast<size_t>(tar.data().size()));
    QStringList lines;
    for (archive_entry *entry = nullptr; archive_read_next_header(reader, &entry) == ARCHIVE_OK;) {
        QByteArray head(4096, '\0');
        const auto got = archive_read_data(reader, head.data(), static_cast<size_t>(head.size()));
        head.resize(got > 0 ? static_cast<qsizetype>(got) : 0);
        const char *twin = archive_entry_hardlink(entry);
        const char *target = archive_entry_symlink(entry);
        const char kind = twin != nullptr                             ? 'h'
                          : target != nullptr                         ? 'l'
                          : archive_entry_filetype(entry) == AE_IFDIR ? 'd'
                          : archive_entry_filetype(entry) == AE_IFREG ? 'f'
                                                                      : '?';
        QString line = QStringLiteral("%1 %2 %3:%4 %5")
                           .arg(QLatin1Char(kind))
                           .arg(archive_entry_perm(entry), 0, 8)
                           .arg(archive_entry_uid(entry))
                           .arg(archive_entry_gid(entry))
                           .arg(QString::fromUtf8(archive_entry_pathname(entry)));
        if (twin != nullptr || kind == 'f')
            line += QStringLiteral(" = ") +
                    (twin != nullptr ? QString::fromUtf8(twin) : QString::fromLatin1(head));
        else if (target != nullptr)
            line += QStringLiteral(" -> ") + QString::fromUtf8(target);
        lines << line.trimmed();
    }
    archive_read_free(reader);
    lines.sort();
    return lines;
}

/// The lines of `lines` that `others` does not have.
[[nodiscard]] inline QStringList missingFrom(const QStringList &others, QStringList lines)
{
    lines.removeIf([&others](const QString &line) { return others.contains(line); });
    return lines;
}

} // namespace cooperage::test
