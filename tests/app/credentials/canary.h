#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QString>
#include <QStringList>

#include <chrono>
#include <mutex>
#include <thread>

namespace cooperage::test {

/// The forms in which a password could get out: as it is, in UTF-16, in the base64 of Basic authentication.
inline QByteArrayList formsOf(const QByteArray &secret, const QByteArray &user)
{
    const QString text = QString::fromUtf8(secret);
    return {secret,
            QByteArray(reinterpret_cast<const char *>(text.utf16()), text.size() * 2),
            secret.toBase64(),
            (user + ':' + secret).toBase64(),
            secret.toHex(),
            secret.toPercentEncoding()};
}

inline bool holdsAny(const QByteArray &bytes, const QByteArrayList &forms)
{
    return std::ranges::any_of(forms, [&](const QByteArray &form) { return bytes.contains(form); });
}

/// Files below a folder that hold one of the forms, but for those named.
inline QStringList filesHolding(const QString &folder, const QByteArrayList &forms, const QStringList &except)
{
    QStringList found;
    QDirIterator files(folder, QDir::Files | QDir::Hidden | QDir::NoSymLinks, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (!except.contains(file.fileName()) && file.open(QFile::ReadOnly) &&
            holdsAny(file.readAll(), forms))
            found << file.fileName();
    }
    return found;
}

/// Looks at every process's arguments, and at the environment of all but this one, again and again until it
/// is asked what it saw.
class ProcessWatch
{
public:
    explicit ProcessWatch(QByteArrayList forms)
        : m_forms(std::move(forms)), m_thread([this](const std::stop_token &stop) { watch(stop); })
    {
    }

    /// Ends the watch.
    [[nodiscard]] QStringList found()
    {
        m_thread.request_stop();
        m_thread.join();
        return m_found;
    }
    [[nodiscard]] int rounds() const { return m_rounds; }

private:
    void watch(const std::stop_token &stop)
    {
        while (!stop.stop_requested()) {
            for (const QString &id : QDir(QStringLiteral("/proc")).entryList(QDir::Dirs)) {
                if (id.front().isDigit())
                    look(id);
            }
            ++m_rounds;
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
    }
    void look(const QString &id)
    {
        const QString folder = QStringLiteral("/proc/") + id;
        QStringList names{QStringLiteral("/cmdline")};
        if (id.toLongLong() != ::getpid())
            names << QStringLiteral("/environ");
        for (const QString &name : names) {
            QFile file(folder + name);
            if (file.open(QFile::ReadOnly) && holdsAny(file.readAll(), m_forms))
                m_found << file.fileName();
        }
    }

    QByteArrayList m_forms;
    QStringList m_found;
    std::atomic<int> m_rounds = 0;
    std::jthread m_thread; ///< The last: it uses the others.
};

} // namespace cooperage::test
