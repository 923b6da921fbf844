#include "app/buildpane/buildcontroller.h"
#include "app/buildpane/buildpane.h"
#include "app/buildpane/buildstatus.h"
#include "app/images/imagecatalog.h"
#include "app/inlinemessage.h"
#include "core/connections/profilestore.h"
#include "tests/app/cli/program.h"
#include "tests/app/credentials/canary.h"
#include "tests/app/windowfixture.h"
#include "tests/support/keyring.h"

#include <QLineEdit>
#include <QPushButton>
#include <QTest>
#include <QTreeView>

using namespace Qt::StringLiterals;
using namespace cooperage;
using test::Window;

// Builds take as long as the machine lets them.
constexpr int patience = 60'000;

static const QByteArray canary = "canary+7f3e/pässword";
static const QByteArray tokenCanary = "canary-token-51c2";

/// One way through everything that handles a password or a token, in the order of the tests; the last one
/// looks for them where they must not be.
class CanaryTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<test::SessionBus> m_bus;
    std::unique_ptr<test::ProcessWatch> m_watch;
    test::Keyring m_keyring;
    test::Registry m_registry;
    QString m_host;
    QStringList m_said; ///< What windows and commands have said.

    static QByteArrayList forms() { return test::formsOf(canary, "ann") + test::formsOf(tokenCanary, "ann"); }
    test::Outcome cooperage(const QStringList &arguments)
    {
        test::Outcome outcome = test::run(arguments);
        m_said << outcome.output << outcome.errors;
        return outcome;
    }
    static QString message(Window &w, const QString &name)
    {
        return w.find<gui::InlineMessage>(name)->text();
    }
    static void signIn(Window &w, const QByteArray &password)
    {
        w.find<QLineEdit>(u"signInUser"_s)->setText(u"ann"_s);
        w.find<QLineEdit>(u"signInPassword"_s)->setText(QString::fromUtf8(password));
        w.find<QPushButton>(u"signInStart"_s)->click();
    }
    static void build(Window &w)
    {
        w.action(u"buildStart"_s)->trigger();
        QTRY_VERIFY(w.workbench.builds()->isRunning());
        QTRY_VERIFY_WITH_TIMEOUT(!w.workbench.builds()->isRunning(), patience);
    }
    void openDockerfile(Window &w) const;

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void savesASignIn();
    void pushesWithTheSavedPassword();
    void buildsFromAPrivateImage();
    void offersToSignInWhenABaseIsRefused();
    void refusesATokenThatIsWrong();
    void leavesNoTraceOfAPassword();
};

void CanaryTest::initTestCase()
{
    if (!test::findPrograms())
        QSKIP("cooperage or cooperage-engine is not built: the whole program");
    m_bus = std::make_unique<test::SessionBus>();
    if (m_bus->problem())
        QSKIP(qPrintable(*m_bus->problem()));
    QVERIFY(m_keyring.start("keyring password"));
    if (const auto started = m_registry.start(u"ann"_s, QString::fromUtf8(canary)); !started)
        QSKIP(qPrintable(started.error().text() + u": the whole program"_s));
    m_host = u"127.0.0.1:%1"_s.arg(m_registry.port());
    m_watch = std::make_unique<test::ProcessWatch>(forms());
    QCOMPARE(cooperage({u"engine"_s, u"start"_s}).exitCode, 0);
}

void CanaryTest::cleanupTestCase()
{
    if (m_bus && !m_bus->problem())
        QCOMPARE(cooperage({u"engine"_s, u"stop"_s}).exitCode, 0);
}

void CanaryTest::savesASignIn()
{
    Window w;
    w.action(u"editSettings"_s)->trigger();
    w.action(u"registryAdd"_s)->trigger();
    w.find<QLineEdit>(u"signInHost"_s)->setText(m_host);
    signIn(w, "not the " + canary);
    QTRY_VERIFY(message(w, u"signInMessage"_s).contains("does not accept"_L1));
    m_said << message(w, u"signInMessage"_s);
    signIn(w, canary);
    QTRY_VERIFY(message(w, u"registriesMessage"_s).contains("accepts ann"_L1));
    m_said << message(w, u"registriesMessage"_s);
}

void CanaryTest::pushesWithTheSavedPassword()
{
    const test::Outcome pushed =
        cooperage({u"push"_s, u"busybox:latest"_s, m_registry.reference(u"base:1"_s)});
    QVERIFY2(pushed.exitCode == 0, qPrintable(pushed.errors));
}

void CanaryTest::openDockerfile(Window &w) const
{
    const QString path = qEnvironmentVariable("HOME") + u"/project/Dockerfile"_s;
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    QVERIFY(file.open(QFile::WriteOnly));
    file.write("FROM " + m_registry.reference(u"base:1"_s).toUtf8() + "\nRUN echo hello\n");
    file.close();
    w.workbench.session()->connectEngine();
    w.window.openPaths({path});
    QTRY_VERIFY(w.page() && !w.page()->document()->text().isEmpty());
}

void CanaryTest::buildsFromAPrivateImage()
{
    Window w;
    openDockerfile(w);
    build(w);
    const QString result = w.window.findChild<gui::BuildStatus *>()->text();
    QVERIFY2(result.startsWith("Built"_L1), qPrintable(result));
}

void CanaryTest::offersToSignInWhenABaseIsRefused()
{
    QCOMPARE(cooperage({u"tag"_s, u"-d"_s, u"base:1"_s, u"base:1"_s}).exitCode, 0);
    Window w;
    const auto key = credentials::SecretKey::registry(m_host, u"ann"_s);
    QVERIFY(QCoro::waitFor(w.workbench.secrets()->remove(key)));
    openDockerfile(w);
    build(w);
    m_said << w.window.findChild<gui::BuildStatus *>()->text() << message(w, u"buildSignIn"_s);
    QVERIFY2(message(w, u"buildSignIn"_s).contains(m_host), qPrintable(m_said.join(u'\n')));
    auto *button = w.find<gui::InlineMessage>(u"buildSignIn"_s)->findChild<QPushButton *>(u"messageButton"_s);
    button->click();
    QCOMPARE(w.find<QLineEdit>(u"signInHost"_s)->text(), m_host);
    signIn(w, canary);
    QTRY_VERIFY(message(w, u"buildSignIn"_s).startsWith("Signed in"_L1)); // And goes on by itself.
    QTRY_VERIFY_WITH_TIMEOUT(!w.workbench.builds()->isRunning(), patience);
    const QString result = w.window.findChild<gui::BuildStatus *>()->text();
    QVERIFY2(result.startsWith("Built"_L1), qPrintable(result));
}

void CanaryTest::refusesATokenThatIsWrong()
{
    const QString url = u"http://"_s + m_host;
    const connections::ConnectionProfile profile{
        connections::ConnectionProfile::Kind::Contree, u"work"_s, QUrl(url), {}};
    QVERIFY(connections::ProfileStore::put(profile));
    credentials::SecretStore store;
    QVERIFY(QCoro::waitFor(store.write({.key = credentials::SecretKey::contree(u"work"_s)},
                                       credentials::Secret(QByteArrayView(tokenCanary)),
                                       credentials::Keep::InKeychain)));
    QCOMPARE(cooperage({u"connections"_s, u"test"_s, u"work"_s}).exitCode, 1);
    QCOMPARE(cooperage({u"images"_s, u"--engine"_s, u"work"_s}).exitCode, 1);
    QVERIFY(m_keyring.lock());
    const test::Outcome locked = cooperage({u"images"_s, u"--engine"_s, u"work"_s});
    QCOMPARE(locked.exitCode, 1);
    QVERIFY2(locked.errors.contains("locked"_L1), qPrintable(locked.errors));
}

void CanaryTest::leavesNoTraceOfAPassword()
{
    QVERIFY(m_watch->rounds() > 10);
    QCOMPARE(m_watch->found(), QStringList());
    QCOMPARE(test::filesHolding(qEnvironmentVariable("HOME"), forms(), {}), QStringList());
    QVERIFY(QFile::exists(qEnvironmentVariable("XDG_CONFIG_HOME") + u"/cooperage/credentials.ini"_s));
    QVERIFY(QFile::exists(qEnvironmentVariable("XDG_STATE_HOME") + u"/cooperage/engine.log"_s));
    for (const QString &text : std::as_const(m_said))
        QVERIFY2(!test::holdsAny(text.toUtf8(), forms()), qPrintable(text));
}

int main(int argc, char *argv[])
{
    test::GuiProgram program(argc, argv, COOPERAGE_BIN_DIR "/cooperage-engine");
    CanaryTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_canary.moc"
