#include "app/credentials/keychainbanner.h"
#include "app/inlinemessage.h"
#include "app/settings/settingswindow.h"
#include "core/credentials/secretstore.h"
#include "tests/app/windowfixture.h"
#include "tests/support/keyring.h"

#include <QAbstractItemModel>
#include <QCheckBox>
#include <QDir>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QTest>
#include <QTreeView>

using namespace Qt::StringLiterals;
using namespace cooperage;
using test::Window;

static const QString password = u"right-password"_s;

/// The settings' page of registries, with what a user sees and presses on it.
struct Page
{
    Window w;

    Page() { w.action(u"editSettings"_s)->trigger(); }

    [[nodiscard]] QTreeView *list() { return w.find<QTreeView>(u"registryList"_s); }
    [[nodiscard]] QString message() { return w.find<gui::InlineMessage>(u"registriesMessage"_s)->text(); }
    [[nodiscard]] gui::KeychainBanner *bannerWidget()
    {
        return w.find<QWidget>(u"registriesPage"_s)->findChild<gui::KeychainBanner *>();
    }
    [[nodiscard]] QString banner() { return bannerWidget()->text(); }
    [[nodiscard]] QString cell(int row, int column)
    {
        return list()->model()->index(row, column).data().toString();
    }
    void trigger(const QString &action) { w.action(action)->trigger(); }
    void select(int row) { list()->setCurrentIndex(list()->model()->index(row, 0)); }
    void fill(const QString &field, const QString &text) { w.find<QLineEdit>(field)->setText(text); }
    void press(const QString &button) { w.find<QPushButton>(button)->click(); }
    [[nodiscard]] bool dialogIsOpen(const QString &name) { return w.window.findChild<QDialog *>(name); }

    void signIn(const QString &host, const QString &user, const QString &secret)
    {
        trigger(u"registryAdd"_s);
        fill(u"signInHost"_s, host);
        fill(u"signInUser"_s, user);
        fill(u"signInPassword"_s, secret);
        press(u"signInStart"_s);
    }
};

/// The tests share one keychain, in their order: open, then locked.
class RegistriesTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<test::SessionBus> m_bus;
    test::Keyring m_keyring;
    test::Registry m_registry;
    QString m_host;

private Q_SLOTS:
    void initTestCase();
    void explainsAnEmptyList();
    void refusesAWrongPasswordAndSavesTheRightOne();
    void neverShowsThePassword();
    void testsASavedSignIn();
    void putsARemovedSignInBack();
    void takesSignInsOverFromDocker();
    void saysThatTheKeychainIsLocked();
    void usesAPasswordForThisRunWhileTheKeychainIsLocked();
};

void RegistriesTest::initTestCase()
{
    m_bus = std::make_unique<test::SessionBus>();
    if (m_bus->problem())
        QSKIP(qPrintable(*m_bus->problem()));
    QVERIFY(m_keyring.start("keyring password"));
    if (const auto started = m_registry.start(u"ann"_s, password); !started)
        QSKIP(qPrintable(started.error().text() + u": the whole program"_s));
    m_host = u"127.0.0.1:%1"_s.arg(m_registry.port());
}

void RegistriesTest::explainsAnEmptyList()
{
    Page page;
    QVERIFY(page.w.window.findChild<gui::SettingsWindow *>()->isVisible());
    QVERIFY(!page.list()->isVisible());
    QVERIFY(!page.w.action(u"registryRemove"_s)->isEnabled());
    QVERIFY(page.w.action(u"registryAdd"_s)->isEnabled());
    QCOMPARE(page.banner(), QString());
}

void RegistriesTest::refusesAWrongPasswordAndSavesTheRightOne()
{
    Page page;
    page.signIn(m_host, u"ann"_s, u"wrong"_s);
    auto *message = page.w.find<gui::InlineMessage>(u"signInMessage"_s);
    QTRY_VERIFY(message->text().contains("does not accept"_L1));
    QCOMPARE(page.list()->model()->rowCount(), 0);
    page.fill(u"signInPassword"_s, password);
    page.press(u"signInStart"_s);
    QTRY_VERIFY(page.message().contains("accepts ann"_L1));
    QTRY_VERIFY(!page.dialogIsOpen(u"signInDialog"_s));
    QCOMPARE(page.list()->model()->rowCount(), 1);
    QCOMPARE(page.cell(0, 0), m_host);
    QCOMPARE(page.cell(0, 1), u"ann"_s);
    QVERIFY(page.cell(0, 2).startsWith("Accepted"_L1));
}

void RegistriesTest::neverShowsThePassword()
{
    Page page;
    page.select(0);
    page.trigger(u"registryReplace"_s);
    QCOMPARE(page.w.find<QLineEdit>(u"signInUser"_s)->text(), u"ann"_s);
    QCOMPARE(page.w.find<QLineEdit>(u"signInPassword"_s)->text(), QString());
    QCOMPARE(page.w.find<QLineEdit>(u"signInPassword"_s)->echoMode(), QLineEdit::Password);
    for (int column = 0; column < page.list()->model()->columnCount(); ++column) {
        for (int role = 0; role < 32; ++role)
            QVERIFY(!page.list()->model()->index(0, column).data(role).toString().contains(password));
    }
}

void RegistriesTest::testsASavedSignIn()
{
    Page page;
    page.select(0);
    page.trigger(u"registryTest"_s);
    QTRY_COMPARE(page.message(), u"%1 accepts ann."_s.arg(m_host));
}

void RegistriesTest::putsARemovedSignInBack()
{
    Page page;
    page.select(0);
    page.trigger(u"registryRemove"_s);
    QTRY_COMPARE(page.list()->model()->rowCount(), 0);
    QTRY_VERIFY(page.message().startsWith("Removed the sign-in of ann"_L1));
    page.w.find<gui::InlineMessage>(u"registriesMessage"_s)
        ->findChild<QPushButton *>(u"messageButton"_s)
        ->click();
    QTRY_COMPARE(page.list()->model()->rowCount(), 1);
    page.select(0);
    page.trigger(u"registryTest"_s);
    QTRY_COMPARE(page.message(), u"%1 accepts ann."_s.arg(m_host));
}

void RegistriesTest::takesSignInsOverFromDocker()
{
    const QString folder = qEnvironmentVariable("HOME") + u"/.docker"_s;
    QVERIFY(QDir().mkpath(folder));
    QFile config(folder + u"/config.json"_s);
    QVERIFY(config.open(QFile::WriteOnly));
    config.write(R"({"auths":{"ghcr.io":{"auth":")" + QByteArray("bob:from-docker").toBase64() +
                 R"("},"quay.io":{"auth":")" + QByteArray("cid:other").toBase64() + R"("}}})");
    config.close();
    Page page;
    page.trigger(u"registryImport"_s);
    auto *found = page.w.find<QListWidget>(u"dockerImportList"_s);
    QTRY_COMPARE(found->count(), 2);
    QVERIFY(found->item(0)->text().startsWith("bob at ghcr.io"_L1));
    QVERIFY(!found->item(0)->text().contains("from-docker"_L1));
    found->item(1)->setCheckState(Qt::Unchecked);
    page.press(u"dockerImportStart"_s);
    QTRY_COMPARE(page.list()->model()->rowCount(), 2);
    QCOMPARE(page.cell(1, 0), u"ghcr.io"_s);
    QCOMPARE(page.cell(1, 2), u"Not tested"_s);
    const auto secret = QCoro::waitFor(
        credentials::SecretStore().read(credentials::SecretKey::registry(u"ghcr.io"_s, u"bob"_s)));
    QVERIFY(secret);
    QCOMPARE(secret->text(), u"from-docker"_s);
}

void RegistriesTest::saysThatTheKeychainIsLocked()
{
    QVERIFY(m_keyring.lock());
    Page page;
    QTRY_VERIFY(page.banner().contains("locked"_L1));
    QCOMPARE(page.list()->model()->rowCount(), 2);
    page.select(0);
    page.trigger(u"registryRemove"_s);
    QTRY_VERIFY(page.message().contains("locked"_L1));
    QCOMPARE(page.list()->model()->rowCount(), 2);
    QVERIFY(m_keyring.unlock("keyring password"));
    page.bannerWidget()->findChild<QPushButton *>(u"messageButton"_s)->click();
    QTRY_COMPARE(page.banner(), QString());
}

void RegistriesTest::usesAPasswordForThisRunWhileTheKeychainIsLocked()
{
    QVERIFY(m_keyring.lock());
    Page page;
    page.trigger(u"registryAdd"_s);
    QTRY_VERIFY(page.w.find<QCheckBox>(u"signInForThisRun"_s)->isChecked());
    page.fill(u"signInHost"_s, m_host);
    page.fill(u"signInUser"_s, u"ann"_s);
    page.fill(u"signInPassword"_s, password);
    page.press(u"signInStart"_s);
    QTRY_VERIFY(page.message().contains("accepts ann"_L1));
    QTRY_COMPARE(page.cell(0, 3), u"This run only"_s);
}

int main(int argc, char *argv[])
{
    test::GuiProgram program(argc, argv, COOPERAGE_BIN_DIR "/cooperage-engine");
    RegistriesTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_registries.moc"
