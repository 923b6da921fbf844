#include "core/credentials/credentialfinder.h"
#include "core/credentials/secretstore.h"
#include "tests/support/keyring.h"
#include "tests/support/processes.h"

#include <QSignalSpy>
#include <QTest>

using namespace cooperage;
using namespace cooperage::credentials;
using namespace Qt::StringLiterals;

static const SecretKey key = SecretKey::registry(u"ghcr.io"_s, u"ann"_s);
static const Secret password(u"canary-pässword"_s);

/// One bus serves all tests, in their order: the keychain is absent, then open, then locked.
class SecretStoreTest : public QObject
{
    Q_OBJECT

    test::PrivateHome m_home;
    std::unique_ptr<test::SessionBus> m_bus;
    test::Keyring m_keyring;

private Q_SLOTS:
    void initTestCase();
    void namesSecretsWithoutThem();
    void understandsRegistryNames_data();
    void understandsRegistryNames();
    void saysThatThereIsNoKeychain();
    void keepsASecretForThisRunWithoutAKeychain();
    void keepsASecretInTheKeychain();
    void prefersTheSecretOfThisRun();
    void findsTheAccountUsedLast();
    void saysWhatTheKeychainNoLongerHolds();
    void saysThatTheKeychainIsLocked();
    void saysThatNobodyUnlockedIt();
    void readsAgainAfterUnlocking();
};

void SecretStoreTest::initTestCase()
{
    m_bus = std::make_unique<test::SessionBus>();
    if (m_bus->problem())
        QSKIP(qPrintable(*m_bus->problem()));
}

void SecretStoreTest::namesSecretsWithoutThem()
{
    for (const SecretKey &name : {SecretKey::registry(u"localhost:5000"_s, u"me"_s),
                                  SecretKey::contree(u"work"_s), SecretKey::dockerTls(u"remote"_s)})
        QCOMPARE(SecretKey::parse(name.toString()), name);
    QCOMPARE(SecretKey::registry(u"localhost:5000"_s, u"me"_s).toString(), u"registry:localhost:5000:me"_s);
    QVERIFY(!SecretKey::parse(u"registry:ghcr.io"_s));
    QVERIFY(!SecretKey::parse(u"something:else"_s));
}

void SecretStoreTest::understandsRegistryNames_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("host");
    QTest::newRow("plain") << u"ghcr.io"_s << u"ghcr.io"_s;
    QTest::newRow("Docker Hub of old") << u"https://index.docker.io/v1/"_s << u"docker.io"_s;
    QTest::newRow("with port and scheme")
        << u"https://Reg.example.com:5000/v2/"_s << u"reg.example.com:5000"_s;
    QTest::newRow("this computer") << u"localhost:5000"_s << u"localhost:5000"_s;
    QTest::newRow("a word that references take for a repository") << u"myname"_s << QString();
    QTest::newRow("nothing") << u" "_s << QString();
}

void SecretStoreTest::understandsRegistryNames()
{
    QFETCH(const QString, text);
    QFETCH(const QString, host);
    QCOMPARE(registryHost(text).value_or(QString()), host);
}

void SecretStoreTest::saysThatThereIsNoKeychain()
{
    QCOMPARE(QCoro::waitFor(keychainState()), KeychainState::Absent);
    SecretStore store;
    const auto written = QCoro::waitFor(store.write({.key = key}, password, Keep::InKeychain));
    QVERIFY(!written);
    QCOMPARE(written.error().kind, ErrorKind::Unsupported);
    QVERIFY(written.error().next.contains("for this run only"_L1));
    QVERIFY(store.list().isEmpty());
    QCOMPARE(QCoro::waitFor(unlockKeychain()).error().kind, ErrorKind::Unsupported);
}

void SecretStoreTest::keepsASecretForThisRunWithoutAKeychain()
{
    {
        SecretStore store;
        QSignalSpy changed(&store, &SecretStore::changed);
        QVERIFY(QCoro::waitFor(store.write({.key = key}, password, Keep::ForThisRun)));
        QCOMPARE(changed.count(), 1);
        QCOMPARE(store.list().size(), 1);
        QVERIFY(store.list().first().forThisRun);
        QCOMPARE(QCoro::waitFor(store.read(key))->text(), password.text());
    }
    QVERIFY(SecretStore().list().isEmpty());
}

void SecretStoreTest::keepsASecretInTheKeychain()
{
    QVERIFY(m_keyring.start("keyring password"));
    QCOMPARE(QCoro::waitFor(keychainState()), KeychainState::Available);
    {
        SecretStore store;
        const auto written = QCoro::waitFor(store.write({.key = key}, password, Keep::InKeychain));
        QVERIFY2(written, written ? "" : qPrintable(written.error().text()));
        store.noteChecked(key);
    }
    SecretStore later;
    QCOMPARE(later.list().size(), 1);
    QCOMPARE(later.list().first().key, key);
    QVERIFY(later.list().first().checkedAt.isValid());
    const auto read = QCoro::waitFor(later.read(key));
    QVERIFY2(read, read ? "" : qPrintable(read.error().text()));
    QCOMPARE(read->text(), password.text());
    QVERIFY(QCoro::waitFor(later.remove(key)));
    QVERIFY(later.list().isEmpty());
    QCOMPARE(QCoro::waitFor(later.read(key)).error().kind, ErrorKind::NotFound);
    QVERIFY(QCoro::waitFor(later.remove(key)));
}

void SecretStoreTest::prefersTheSecretOfThisRun()
{
    SecretStore store;
    QVERIFY(QCoro::waitFor(store.write({.key = key}, Secret(u"saved"_s), Keep::InKeychain)));
    QVERIFY(QCoro::waitFor(store.write({.key = key}, Secret(u"for this run"_s), Keep::ForThisRun)));
    QCOMPARE(store.list().size(), 1);
    QCOMPARE(QCoro::waitFor(store.read(key))->text(), u"for this run"_s);
    QVERIFY(QCoro::waitFor(store.remove(key)));
    QCOMPARE(QCoro::waitFor(store.read(key))->text(), u"saved"_s);
}

void SecretStoreTest::findsTheAccountUsedLast()
{
    SecretStore store;
    const SecretKey other = SecretKey::registry(u"ghcr.io"_s, u"bob"_s);
    QVERIFY(QCoro::waitFor(store.write({.key = other}, Secret(u"bob's"_s), Keep::InKeychain)));
    const CredentialFinder finder(&store);
    QCOMPARE((*QCoro::waitFor(finder(u"ghcr.io/a/b:1"_s)))->username, u"bob"_s);
    store.noteUsed(key);
    const auto found = QCoro::waitFor(finder(u"ghcr.io/a/b:1"_s));
    QVERIFY(found && *found);
    QCOMPARE((*found)->username, u"ann"_s);
    QCOMPARE((*found)->password, u"saved"_s);
    QCOMPARE((*found)->source, u"the keychain"_s);
    QVERIFY(!*QCoro::waitFor(finder(u"quay.io/a/b:1"_s)));
    QVERIFY(QCoro::waitFor(store.remove(other)));
}

void SecretStoreTest::saysWhatTheKeychainNoLongerHolds()
{
    const SecretKey lost = SecretKey::contree(u"work"_s);
    QVERIFY(SecretIndex::put({.key = lost}));
    SecretStore store;
    QCOMPARE(QCoro::waitFor(store.read(lost)).error().kind, ErrorKind::NotFound);
    QVERIFY(QCoro::waitFor(store.remove(lost)));
}

void SecretStoreTest::saysThatTheKeychainIsLocked()
{
    QVERIFY(m_keyring.lock());
    QCOMPARE(QCoro::waitFor(keychainState()), KeychainState::Locked);
    SecretStore store;
    QCOMPARE(store.list().size(), 1);
    const auto read = QCoro::waitFor(store.read(key));
    QVERIFY(!read);
    QCOMPARE(read.error().kind, ErrorKind::Denied);
    QVERIFY(read.error().what.contains("locked"_L1));
    QVERIFY(!QCoro::waitFor(store.remove(key)));
    QVERIFY(!QCoro::waitFor(store.write({.key = key}, password, Keep::InKeychain)));
    const CredentialFinder finder(&store);
    QVERIFY(!QCoro::waitFor(finder(u"ghcr.io/a/b:1"_s)));
    QVERIFY(QCoro::waitFor(finder(u"quay.io/a/b:1"_s)).has_value());
    QVERIFY(QCoro::waitFor(store.write({.key = key}, password, Keep::ForThisRun)));
    QCOMPARE((*QCoro::waitFor(finder(u"ghcr.io/a/b:1"_s)))->source, u"the sign-in for this run"_s);
}

// Nobody is on this bus who could ask for the password: as if the user had closed the question.
void SecretStoreTest::saysThatNobodyUnlockedIt()
{
    const auto unlocked = QCoro::waitFor(unlockKeychain());
    QVERIFY(!unlocked);
    QCOMPARE(unlocked.error().kind, ErrorKind::Cancelled);
}

void SecretStoreTest::readsAgainAfterUnlocking()
{
    QVERIFY(m_keyring.unlock("keyring password"));
    QVERIFY(QCoro::waitFor(unlockKeychain()));
    SecretStore store;
    QCOMPARE(QCoro::waitFor(store.read(key))->text(), u"saved"_s);
}

QTEST_GUILESS_MAIN(SecretStoreTest)
#include "tst_secretstore.moc"
