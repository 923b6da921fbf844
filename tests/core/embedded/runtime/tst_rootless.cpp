#include "core/embedded/runtime/namespaces.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <cerrno>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace cooperage;
using namespace cooperage::embedded;

static const char s_user[] = "cooperage-test"; // Made by the build root, with subordinate ids.

/// What an ordinary user is told where the engine cannot work: the reason and the fix, from the engine and
/// from the program that starts it. What has to be broken for that is broken in namespaces of the test's own.
class TestRootless : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void causesAreToldApart_data();
    void causesAreToldApart();
    void brokenMachinesAreExplained_data();
    void brokenMachinesAreExplained();
    void theProgramShowsWhatTheEngineSays();

private:
    /// Runs a shell script as root in a mount namespace of its own. There $AS_USER runs what follows it as
    /// the user, and $FOLDER is a folder of that user with the programs in it.
    QByteArray runBroken(const QString &script);
};

void TestRootless::causesAreToldApart_data()
{
    QTest::addColumn<int>("error");
    QTest::addColumn<long>("clone");
    QTest::addColumn<long>("most");
    QTest::addColumn<long>("apparmor");
    QTest::addColumn<QString>("fix");
    QTest::newRow("disabled") << EPERM << 0L << 100000L << -1L << u"kernel.unprivileged_userns_clone=1"_s;
    QTest::newRow("limit of none") << ENOSPC << -1L << 0L << -1L << u"user.max_user_namespaces=15000"_s;
    QTest::newRow("AppArmor, mounting") << EACCES << 1L << 100000L << 1L << u"/etc/apparmor.d"_s;
    QTest::newRow("AppArmor, other ids")
        << EPERM << -1L << 100000L << 1L << u"kernel.apparmor_restrict_unprivileged_userns=0"_s;
    QTest::newRow("AppArmor without restriction") << EPERM << 1L << 100000L << 0L << u"Run it on the host"_s;
    QTest::newRow("restricted container") << EPERM << -1L << 100000L << -1L << u"Run it on the host"_s;
}

void TestRootless::causesAreToldApart()
{
    QFETCH(int, error);
    QFETCH(long, clone);
    QFETCH(long, most);
    QFETCH(long, apparmor);
    QFETCH(QString, fix);
    const Error said = namespaceError(error, {clone, most, apparmor});
    QCOMPARE(said.kind, ErrorKind::Denied);
    QVERIFY2(said.next.contains(fix), qPrintable(said.text()));
    QVERIFY(!said.what.isEmpty());
}

QByteArray TestRootless::runBroken(const QString &script)
{
    QTemporaryDir folder(QDir::tempPath() + u"/cr-XXXXXX"_s);
    const passwd *user = ::getpwnam(s_user);
    for (const QString &name : {u"cooperage-engine"_s, u"cooperage"_s})
        if (!QFile::copy(QStringLiteral(COOPERAGE_BIN_DIR "/") + name, folder.filePath(name)))
            return "the programs are not built";
    QDir(folder.path()).mkdir(u"xdg"_s);
    for (const QString &path : {folder.path(), folder.filePath(u"xdg"_s)})
        if (::chown(QFile::encodeName(path).constData(), user->pw_uid, user->pw_gid) != 0)
            return "the folder cannot be given away";
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    QProcessEnvironment environment;
    environment.insert(u"PATH"_s, u"/usr/sbin:/usr/bin:/sbin:/bin"_s);
    environment.insert(u"LC_ALL"_s, u"C.UTF-8"_s);
    environment.insert(u"FOLDER"_s, folder.path());
    environment.insert(u"AS_USER"_s, u"setpriv --reuid %1 --regid %1 --init-groups --inh-caps=-all --"_s.arg(
                                         QLatin1StringView(s_user)));
    environment.insert(u"SERVE"_s, u"serve --socket %1/s --store %1/d"_s.arg(folder.path()));
    for (const QString &name :
         {u"DATA_HOME"_s, u"STATE_HOME"_s, u"CONFIG_HOME"_s, u"CACHE_HOME"_s, u"RUNTIME_DIR"_s})
        environment.insert(u"XDG_"_s + name, folder.filePath(u"xdg"_s));
    process.setProcessEnvironment(environment);
    process.start(u"unshare"_s, {u"--mount"_s, u"--propagation"_s, u"private"_s, u"sh"_s, u"-c"_s, script});
    process.waitForFinished();
    return process.readAll();
}

void TestRootless::brokenMachinesAreExplained_data()
{
    QTest::addColumn<QString>("script");
    QTest::addColumn<QByteArray>("reason");
    QTest::addColumn<QByteArray>("fix");
    QTest::newRow("no subordinate ids")
        << u"mount --bind /dev/null /etc/subuid; exec $AS_USER $FOLDER/cooperage-engine $SERVE"_s
        << QByteArray("There is no line for cooperage-test in /etc/subuid")
        << QByteArray("usermod --add-subuids 100000-165535 --add-subgids 100000-165535 cooperage-test");
    QTest::newRow("no subordinate groups")
        << u"mount --bind /dev/null /etc/subgid; exec $AS_USER $FOLDER/cooperage-engine $SERVE"_s
        << QByteArray("There is no line for cooperage-test in /etc/subgid")
        << QByteArray("usermod --add-subuids");
    QTest::newRow("newuidmap missing")
        << u"exec $AS_USER env PATH=/nowhere $FOLDER/cooperage-engine $SERVE"_s
        << QByteArray("newuidmap is not installed") << QByteArray("Install the package uidmap");
    QTest::newRow("newuidmap without its rights")
        << u"cp /usr/bin/newuidmap /usr/bin/newgidmap $FOLDER; exec $AS_USER env PATH=$FOLDER:$PATH "
           "$FOLDER/cooperage-engine $SERVE"_s
        << QByteArray("uid_map") << QByteArray("newuidmap may have lost its setuid bit");
    QTest::newRow("no user namespaces left")
        << u"exec unshare --user --map-users=0,0,300000 --map-groups=0,0,300000 sh -c "
           "'echo 0 >/proc/sys/user/max_user_namespaces; exec $AS_USER $FOLDER/cooperage-engine $SERVE'"_s
        << QByteArray("The limit on user namespaces is reached")
        << QByteArray("sysctl user.max_user_namespaces=15000");
}

void TestRootless::brokenMachinesAreExplained()
{
    if (::geteuid() != 0 || ::getpwnam(s_user) == nullptr)
        QSKIP("needs root and the user cooperage-test");
    QFETCH(QString, script);
    QFETCH(QByteArray, reason);
    QFETCH(QByteArray, fix);
    const QByteArray said = runBroken(script);
    QVERIFY2(said.startsWith("cooperage-engine: "), said.constData());
    QVERIFY2(said.contains(reason), said.constData());
    QVERIFY2(said.contains(fix), said.constData());
}

void TestRootless::theProgramShowsWhatTheEngineSays()
{
    if (::geteuid() != 0 || ::getpwnam(s_user) == nullptr)
        QSKIP("needs root and the user cooperage-test");
    const QByteArray said =
        runBroken(u"mount --bind /dev/null /etc/subuid; exec $AS_USER $FOLDER/cooperage engine start"_s);
    QVERIFY2(said.contains("There is no line for cooperage-test in /etc/subuid"), said.constData());
    QVERIFY2(said.contains("usermod --add-subuids"), said.constData());
}

QTEST_GUILESS_MAIN(TestRootless)
#include "tst_rootless.moc"
