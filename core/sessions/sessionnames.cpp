#include "core/sessions/sessionnames.h"

#include "core/base/sha256.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>

#include <algorithm>
#include <unistd.h>

namespace cooperage::sessions {

using namespace Qt::StringLiterals;

static constexpr qsizetype longestName = 128;
static constexpr qsizetype hashDigits = 8;

bool isBuildSession(const QString &name)
{
    return name.startsWith("build:"_L1);
}

bool isLayerBranch(const QString &name)
{
    return name.startsWith("layer:"_L1);
}

static Result<> check(const QString &name, const QStringList &reserved)
{
    const auto refuse = [&name](const QString &why) {
        return failure(ErrorKind::BadInput, why, name,
                       QCoreApplication::translate("SessionStore", "Choose another name."));
    };
    if (name.isEmpty() || name.size() > longestName)
        return refuse(
            QCoreApplication::translate("SessionStore", "A name has 1 to %1 characters").arg(longestName));
    if (std::ranges::any_of(name, [](QChar c) { return c.isSpace() || !c.isPrint(); }))
        return refuse(
            QCoreApplication::translate("SessionStore", "A name has no spaces or control characters"));
    if (name.startsWith(u'-'))
        return refuse(QCoreApplication::translate("SessionStore", "A name does not begin with \"-\""));
    for (const QString &prefix : reserved) {
        if (name.startsWith(prefix))
            return refuse(QCoreApplication::translate("SessionStore",
                                                      "Names that begin with \"%1\" are the program's own")
                              .arg(prefix));
    }
    return {};
}

Result<> checkSessionName(const QString &name)
{
    return check(name, {u"build:"_s, u"deleted:"_s});
}

Result<> checkBranchName(const QString &name)
{
    return check(name, {u"layer:"_s});
}

// The terminal's name is given to the next window once this one is closed; with the shell's process it is
// not.
static QByteArray terminal()
{
    for (const int fd : {STDIN_FILENO, STDERR_FILENO, STDOUT_FILENO}) {
        char name[256];
        if (::ttyname_r(fd, name, sizeof name) == 0)
            return QByteArray(name) + ' ' + QByteArray::number(::getsid(0));
    }
    return "no terminal";
}

QString defaultSessionName()
{
    for (const char *variable : {"COOPERAGE_SESSION", "CONTREE_SESSION"}) {
        if (const QString name = qEnvironmentVariable(variable); !name.isEmpty())
            return name;
    }
    const QString folder = QDir::currentPath();
    const QByteArray hash = Sha256::hex(QFile::encodeName(folder) + '\0' + terminal()).first(hashDigits);
    QString base = QDir(folder).dirName().left(longestName / 2);
    std::ranges::replace_if(base, [](QChar c) { return c.isSpace() || !c.isPrint(); }, u'_');
    if (checkSessionName(base + u'+'))
        return base + u'+' + QString::fromLatin1(hash);
    return u"session+"_s + QString::fromLatin1(hash);
}

} // namespace cooperage::sessions
