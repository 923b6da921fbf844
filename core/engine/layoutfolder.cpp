#include "core/engine/layoutfolder.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>
#include <QSaveFile>

#include <archive.h>
#include <archive_entry.h>
#include <cstdio>
#include <memory>

using namespace Qt::StringLiterals;

namespace cooperage::engine {

using contree::ByteQueue;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(Engine)
};

struct ArchiveReader
{
    void operator()(archive *a) const { archive_read_free(a); }
};

/// The queue as a source of libarchive, which wants each piece to stay until it asks for the next.
struct Source
{
    ByteQueue &queue;
    QByteArray piece{};
};

la_ssize_t nextPiece(archive *, void *source, const void **bytes)
{
    auto *from = static_cast<Source *>(source);
    from->piece = from->queue.pop().value_or(QByteArray());
    *bytes = from->piece.constData();
    return from->piece.size();
}

Result<> damaged(archive *a)
{
    const char *words = archive_error_string(a);
    return failure(
        ErrorKind::Failed,
        Texts::tr("The engine sent a damaged archive: %1").arg(QString::fromUtf8(words ? words : "?")));
}

/// Names come from the engine, and only those of an OCI layout are taken.
bool isLayoutFile(const QString &name)
{
    static const QRegularExpression grammar(
        QRegularExpression::anchoredPattern(u"oci-layout|index\\.json|blobs/sha256/[0-9a-f]{64}"_s));
    return grammar.match(name).hasMatch();
}

Result<> writeFile(archive *a, const QString &path)
{
    QFile file(path);
    if (!file.open(QFile::WriteOnly | QFile::NewOnly))
        return failure(ErrorKind::Failed, file.errorString(), path);
    for (;;) {
        const void *bytes = nullptr;
        size_t size = 0;
        la_int64_t offset = 0;
        const int code = archive_read_data_block(a, &bytes, &size, &offset);
        if (code == ARCHIVE_EOF)
            break;
        if (code != ARCHIVE_OK)
            return damaged(a);
        if (file.write(static_cast<const char *>(bytes), static_cast<qint64>(size)) !=
            static_cast<qint64>(size))
            return failure(file.error() == QFile::ResourceError ? ErrorKind::Full : ErrorKind::Failed,
                           file.errorString(), path);
    }
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup | QFile::ReadOther);
    return file.flush() ? Result<>() : failure(ErrorKind::Failed, file.errorString(), path);
}

Result<> unpack(ByteQueue &queue, const QString &folder)
{
    const std::unique_ptr<archive, ArchiveReader> reader(archive_read_new());
    archive *a = reader.get();
    Source source{queue};
    archive_read_support_format_tar(a);
    if (!QDir(folder).mkpath(u"blobs/sha256"_s) ||
        archive_read_open(a, &source, nullptr, nextPiece, nullptr) != ARCHIVE_OK)
        return damaged(a);
    archive_entry *entry = nullptr;
    for (;;) {
        const int code = archive_read_next_header(a, &entry);
        if (code == ARCHIVE_EOF) {
            while (queue.pop()) { // What pads the archive.
            }
            return queue.isComplete() ? Result<>() : damaged(a);
        }
        const QString name =
            code == ARCHIVE_OK ? QString::fromUtf8(archive_entry_pathname(entry)) : QString();
        if (!isLayoutFile(name) || archive_entry_filetype(entry) != AE_IFREG)
            return damaged(a);
        if (Result<> written = writeFile(a, folder + u'/' + name); !written)
            return written;
    }
}

} // namespace

static QString templateBeside(const QString &target)
{
    const QFileInfo info(target);
    return info.absolutePath() + u"/."_s + info.fileName() + u"-XXXXXX"_s;
}

LayoutFolder::LayoutFolder(const QString &target)
    : m_target(QDir::cleanPath(QFileInfo(target).absoluteFilePath())), m_folder(templateBeside(m_target))
{
}

LayoutFolder::~LayoutFolder()
{
    m_queue.abort();
    if (m_unpacked.valid())
        m_unpacked.wait();
}

Result<> LayoutFolder::begin()
{
    const QFileInfo existing(m_target);
    if (existing.exists() &&
        (!existing.isDir() ||
         !QDir(m_target).isEmpty(QDir::AllEntries | QDir::NoDotAndDotDot | QDir::Hidden)))
        return failure(ErrorKind::BadInput, Texts::tr("There is something already"), m_target,
                       Texts::tr("Remove it, or choose another folder."));
    if (!m_folder.isValid())
        return failure(ErrorKind::Failed, m_folder.errorString(), m_target);
    open(QIODevice::WriteOnly | QIODevice::Unbuffered);
    m_unpacked = std::async(std::launch::async, [this] {
        Result<> done = unpack(m_queue, m_folder.path());
        if (!done)
            m_queue.abort(); // The writer must not wait for room.
        return done;
    });
    return {};
}

Result<> LayoutFolder::commit()
{
    m_queue.end();
    if (Result<> done = m_unpacked.get(); !done)
        return done;
    QFile::setPermissions(m_folder.path(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner |
                                               QFile::ReadGroup | QFile::ExeGroup | QFile::ReadOther |
                                               QFile::ExeOther);
    // Unlike QDir::rename this replaces an empty folder.
    if (std::rename(QFile::encodeName(m_folder.path()).constData(),
                    QFile::encodeName(m_target).constData()) != 0)
        return std::unexpected(systemError(errno, Texts::tr("Cannot move the folder into place"), m_target));
    m_folder.setAutoRemove(false);
    return {};
}

qint64 LayoutFolder::readData(char *, qint64)
{
    return -1;
}

qint64 LayoutFolder::writeData(const char *data, qint64 size)
{
    if (m_queue.push(QByteArrayView(data, size)))
        return size;
    // The thread has ended, and knows why.
    const Result<> done = m_unpacked.get();
    setErrorString(done ? Texts::tr("The archive goes on behind its end") : done.error().text());
    return -1;
}

} // namespace cooperage::engine
