#pragma once

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMap>
#include <QProcess>

#include <fcntl.h>
#include <sys/stat.h>

namespace cooperage::test {

/// A folder below cases/, see cases/README.md.
class BuildCase
{
public:
    explicit BuildCase(const QString &folder) : m_folder(folder)
    {
        QFile options(m_folder.filePath(QStringLiteral("case.json")));
        if (!options.open(QFile::ReadOnly))
            return;
        QJsonParseError error{};
        m_options = QJsonDocument::fromJson(options.readAll(), &error).object();
        if (error.error != QJsonParseError::NoError)
            qFatal("%s: %s", qPrintable(options.fileName()), qPrintable(error.errorString()));
    }

    [[nodiscard]] QString name() const { return m_folder.dirName(); }
    [[nodiscard]] QStringList arguments() const
    {
        QStringList words;
        for (const QJsonValue word : m_options[QStringLiteral("arguments")].toArray())
            words << word.toString();
        return words;
    }
    [[nodiscard]] QProcessEnvironment environment() const
    {
        QProcessEnvironment result = QProcessEnvironment::systemEnvironment();
        const QJsonObject values = m_options[QStringLiteral("environment")].toObject();
        for (const QString &variable : values.keys())
            result.insert(variable, values[variable].toString());
        return result;
    }
    [[nodiscard]] bool comparesTimes() const { return m_options[QStringLiteral("times")].toBool(); }
    /// What the message of a failing build says; `side` is "docker" or "cooperage". Empty: the case builds.
    [[nodiscard]] QString words(const QString &side) const
    {
        const QJsonValue fails = m_options[QStringLiteral("fails")];
        return fails.isObject() ? fails[side].toString() : fails.toString();
    }
    /// What differs (a trailing "*" stands for anything) -> the reason.
    [[nodiscard]] QMap<QString, QString> expectedDifferences() const
    {
        QMap<QString, QString> result;
        QFile file(m_folder.filePath(QStringLiteral("expected-differences")));
        if (!file.open(QFile::ReadOnly))
            return result;
        for (const QString &line : QString::fromUtf8(file.readAll()).split(u'\n', Qt::SkipEmptyParts))
            result[line.section(QStringLiteral(": "), 0, 0)] = line.section(QStringLiteral(": "), 1);
        return result;
    }

    /// Makes the context in the empty folder `target`: a copy of context/, the Dockerfile, what context.sh
    /// adds; whatever is of now then gets a time of long ago. Returns what went wrong.
    [[nodiscard]] QString prepare(const QString &target) const
    {
        const QString script =
            QStringLiteral("cd \"$2\" && if [ -d \"$1/context\" ]; then cp -a \"$1/context/.\" .; fi &&"
                           "cp \"$1/Dockerfile\" Dockerfile &&"
                           "if [ -e \"$1/context.sh\" ]; then sh -eu \"$1/context.sh\"; fi &&"
                           "find . -newermt 2021-01-01 -exec touch -h -d 2020-02-03T04:05:06Z {} +");
        QProcess shell;
        shell.start(QStringLiteral("sh"),
                    {QStringLiteral("-c"), script, QStringLiteral("prepare"), m_folder.path(), target});
        shell.waitForFinished();
        return shell.exitCode() == 0 ? QString() : QString::fromUtf8(shell.readAllStandardError());
    }

private:
    QDir m_folder;
    QJsonObject m_options{};
};

} // namespace cooperage::test
