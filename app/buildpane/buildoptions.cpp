#include "app/buildpane/buildoptions.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDir>
#include <QFileInfo>
#include <QProcess>
#include <QRegularExpression>
#include <QSettings>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

namespace {

QString groupOf(const QString &dockerfile)
{
    const QByteArray digest = QCryptographicHash::hash(dockerfile.toUtf8(), QCryptographicHash::Sha1);
    return u"build-"_s + QString::fromLatin1(digest.toHex().first(16));
}

bool looksSecret(const QString &name)
{
    static const QRegularExpression pattern(u"token|password|passwd|secret|credential|api_?key|private"_s,
                                            QRegularExpression::CaseInsensitiveOption);
    return pattern.match(name).hasMatch();
}

/// The line without arguments whose value must not reach a file; empty where it cannot be told.
QString withoutSecrets(const QString &line)
{
    const auto arguments = parseArguments(line);
    if (!arguments)
        return {};
    for (const QString &name : arguments->keys()) {
        if (looksSecret(name))
            return {};
    }
    return line;
}

} // namespace

QString suggestedTag(const QString &folder)
{
    QString name = QDir(folder).dirName().toLower();
    static const QRegularExpression foreign(u"[^a-z0-9_.-]+"_s);
    static const QRegularExpression edges(u"^[._-]+|[._-]+$"_s);
    name.replace(foreign, u"-"_s).remove(edges);
    return name.isEmpty() ? QString() : name + u":latest"_s;
}

Result<QMap<QString, QString>> parseArguments(const QString &line)
{
    QMap<QString, QString> result;
    for (const QString &word : QProcess::splitCommand(line)) {
        const qsizetype equals = word.indexOf(u'=');
        if (equals <= 0)
            return failure(
                ErrorKind::BadInput,
                QCoreApplication::translate("BuildOptions", "“%1” is not a build argument").arg(word), {},
                QCoreApplication::translate("BuildOptions", "Write NAME=value, with quotes around spaces."));
        result.insert(word.first(equals), word.sliced(equals + 1));
    }
    return result;
}

BuildOptions BuildOptions::load(const QString &dockerfile)
{
    QSettings settings;
    settings.beginGroup(groupOf(dockerfile));
    return {.tag = settings.value(u"tag"_s, suggestedTag(QFileInfo(dockerfile).path())).toString(),
            .arguments = settings.value(u"arguments"_s).toString(),
            .target = settings.value(u"target"_s).toString(),
            .noCache = settings.value(u"noCache"_s, false).toBool()};
}

void BuildOptions::store(const QString &dockerfile) const
{
    QSettings settings;
    settings.beginGroup(groupOf(dockerfile));
    settings.setValue(u"dockerfile"_s, dockerfile);
    settings.setValue(u"tag"_s, tag);
    settings.setValue(u"arguments"_s, withoutSecrets(arguments));
    settings.setValue(u"target"_s, target);
    settings.setValue(u"noCache"_s, noCache);
}

} // namespace cooperage::gui
