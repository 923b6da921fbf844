#include "app/buildpane/buildcontroller.h"
#include "app/buildpane/buildpane.h"
#include "app/buildpane/stepmodel.h"
#include "app/connections/enginesession.h"
#include "app/connections/enginestatus.h"
#include "app/images/imagebrowsermodel.h"
#include "app/images/imagecatalog.h"
#include "app/inlinemessage.h"
#include "app/transfers/transferqueue.h"
#include "core/connections/profilestore.h"
#include "tests/app/cli/program.h"
#include "tests/app/windowfixture.h"
#include "tests/support/keyring.h"

#include <QAbstractItemModel>
#include <QDialog>
#include <QDir>
#include <QFile>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QTreeView>

using namespace Qt::StringLiterals;
using namespace cooperage;
using connections::ProfileStore;
using gui::EngineSession;
using test::Window;

// The engine starts as fast as the machine lets it.
constexpr int patience = 60'000;

static const QByteArray token = "canary-token";

/// A second embedded engine, on a port and with a token, stands for a hosted one.
class ConnectionsTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<test::SessionBus> m_bus;
    test::Keyring m_keyring;
    test::ServiceProcess m_engine;
    QTemporaryDir m_folder;
    QString m_url;

    static void openPage(Window &w);
    void fill(Window &w, const QString &name, const QByteArray &secret) const;

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void refusesAWrongTokenAndSavesTheRightOne();
    void listsEnginesWithTheirState();
    void turnsTheWindowToAnotherEngine();
    void buildsStayWithTheirEngine();
    void transfersStayWithTheirEngine();
    void deletionsStayWithTheirEngine();
    void startsWithTheDefaultEngine();
    void takesProfilesOverFromContree();
    void putsARemovedConnectionBack();
    void worksFromTheCommandLine();
    void saysWhyAnEngineIsNotReady();
};

void ConnectionsTest::initTestCase()
{
    if (!QFile::exists(qEnvironmentVariable("COOPERAGE_ENGINE")))
        QSKIP("the engine is not built: the whole program");
    m_bus = std::make_unique<test::SessionBus>();
    if (m_bus->problem())
        QSKIP(qPrintable(*m_bus->problem()));
    QVERIFY(m_keyring.start("keyring password"));
    QFile file(m_folder.filePath(u"token"_s));
    QVERIFY(file.open(QFile::WriteOnly));
    file.write(token);
    file.close();
    QFile::setPermissions(file.fileName(), QFile::ReadOwner | QFile::WriteOwner);
    const quint16 port = test::freePort();
    m_url = u"http://127.0.0.1:%1"_s.arg(port);
    const auto started =
        m_engine.start(qEnvironmentVariable("COOPERAGE_ENGINE"),
                       {u"serve"_s, u"--socket"_s, m_folder.filePath(u"s"_s), u"--store"_s,
                        m_folder.filePath(u"store"_s), u"--idle-exit"_s, u"0"_s, u"--listen"_s,
                        u"127.0.0.1:%1"_s.arg(port), u"--token-file"_s, file.fileName()},
                       [port] { return test::accepts(port); });
    QVERIFY2(started, started ? "" : qPrintable(started.error().text()));
}

void ConnectionsTest::cleanupTestCase()
{
    QProcess::execute(QStringLiteral(COOPERAGE_BIN_DIR "/cooperage"), {u"engine"_s, u"stop"_s});
}

void ConnectionsTest::openPage(Window &w)
{
    w.find<QMenu>(u"engineMenu"_s)->aboutToShow();
    w.action(u"engineConnections"_s)->trigger();
}

void ConnectionsTest::fill(Window &w, const QString &name, const QByteArray &secret) const
{
    w.find<QLineEdit>(u"connectionName"_s)->setText(name);
    w.find<QLineEdit>(u"connectionUrl"_s)->setText(m_url);
    w.find<QLineEdit>(u"connectionToken"_s)->setText(QString::fromLatin1(secret));
    w.find<QPushButton>(u"connectionStart"_s)->click();
}

void ConnectionsTest::refusesAWrongTokenAndSavesTheRightOne()
{
    Window w;
    openPage(w);
    w.action(u"connectionAdd"_s)->trigger();
    fill(w, u"work"_s, "wrong-token");
    auto *message = w.find<gui::InlineMessage>(u"connectionMessage"_s);
    QTRY_VERIFY2(message->text().contains("token"_L1), qPrintable(message->text()));
    QVERIFY(!message->text().contains("wrong-token"_L1));
    QCOMPARE(ProfileStore::profiles().size(), 1);
    fill(w, u"work"_s, token);
    QTRY_COMPARE(ProfileStore::profiles().size(), 2);
    QTRY_VERIFY(w.find<gui::InlineMessage>(u"connectionsMessage"_s)->text().contains("answers in"_L1));
}

void ConnectionsTest::listsEnginesWithTheirState()
{
    Window w;
    openPage(w);
    const QAbstractItemModel *model = w.find<QTreeView>(u"connectionList"_s)->model();
    QVERIFY(model->index(0, 0).data().toString().startsWith("Embedded engine (in use, default)"_L1));
    QCOMPARE(model->index(1, 0).data().toString(), u"work"_s);
    QTRY_VERIFY_WITH_TIMEOUT(!model->index(0, 2).data().toString().startsWith("Asking"_L1), patience);
    const QString own = model->index(0, 2).data().toString();
    QVERIFY2(own.startsWith("Ready"_L1), qPrintable(own));
    QTRY_VERIFY_WITH_TIMEOUT(model->index(1, 2).data().toString().startsWith("Ready"_L1), patience);
}

void ConnectionsTest::turnsTheWindowToAnotherEngine()
{
    Window w;
    EngineSession *session = w.workbench.session();
    session->connectEngine();
    QTRY_COMPARE_WITH_TIMEOUT(session->state(), EngineSession::State::Ready, patience);
    const auto first = session->store();
    QVERIFY(first);
    const auto *images = w.window.findChild<gui::ImageBrowserModel *>();
    QTRY_VERIFY(images->isLoaded());
    w.find<QMenu>(u"engineMenu"_s)->aboutToShow();
    w.action(u"engine-work"_s)->trigger();
    QVERIFY(!images->isLoaded());
    QTRY_COMPARE_WITH_TIMEOUT(session->state(), EngineSession::State::Ready, patience);
    QCOMPARE(session->info().name, u"work"_s);
    QVERIFY(!session->info().offers(engine::extension::localFiles));
    QTRY_VERIFY(images->isLoaded());
    QVERIFY(*session->store() != *first);
    QTRY_VERIFY(w.window.findChild<gui::EngineStatus *>()->text().startsWith("work"_L1));
    session->use(connections::ConnectionProfile::embedded());
    QTRY_COMPARE_WITH_TIMEOUT(session->state(), EngineSession::State::Ready, patience);
    QCOMPARE(*session->store(), *first);
}

void ConnectionsTest::buildsStayWithTheirEngine()
{
    Window w;
    EngineSession *session = w.workbench.session();
    session->connectEngine();
    QTRY_COMPARE_WITH_TIMEOUT(session->state(), EngineSession::State::Ready, patience);
    engine::Engine *own = session->engine();
    QDir().mkpath(m_folder.filePath(u"project"_s));
    QFile file(m_folder.filePath(u"project/Dockerfile"_s));
    QVERIFY(file.open(QFile::WriteOnly));
    file.write("FROM busybox:latest\nRUN sleep 1; echo one > /one\nRUN echo two > /two\n");
    file.close();
    build::BuildRequest request;
    request.contextFolder = QFileInfo(file).path();
    request.dockerfilePath = file.fileName();
    request.dockerfileText = u"FROM busybox:latest\nRUN sleep 1; echo one > /one\nRUN echo two > /two\n"_s;
    request.tags = {u"stayed:1"_s};
    gui::BuildController *builds = w.workbench.builds();
    builds->start(request);
    const auto *steps = w.window.findChild<gui::BuildPane *>()->steps();
    QTRY_VERIFY_WITH_TIMEOUT(steps->rowCount() > 0, patience);
    session->use(*ProfileStore::profile(u"work"_s));
    auto *message = w.find<gui::InlineMessage>(u"windowMessage"_s);
    QVERIFY2(message->text().contains("goes on at Embedded"_L1), qPrintable(message->text()));
    QVERIFY(builds->isElsewhere());
    QTRY_VERIFY_WITH_TIMEOUT(!builds->isRunning(), patience);
    QVERIFY2(message->text().contains("Embedded engine has succeeded"_L1), qPrintable(message->text()));
    QTRY_COMPARE_WITH_TIMEOUT(session->state(), EngineSession::State::Ready, patience);
    QVERIFY(QCoro::waitFor(own->resolve(u"stayed:1"_s)));
    QVERIFY(!QCoro::waitFor(session->engine()->resolve(u"stayed:1"_s)));
    // The next one is of the engine that the window shows.
    builds->start(request);
    QVERIFY(!builds->isElsewhere());
    builds->stop();
    QTRY_VERIFY_WITH_TIMEOUT(!builds->isRunning(), patience);
}

void ConnectionsTest::transfersStayWithTheirEngine()
{
    Window w;
    EngineSession *session = w.workbench.session();
    session->connectEngine();
    QTRY_COMPARE_WITH_TIMEOUT(session->state(), EngineSession::State::Ready, patience);
    const auto image = QCoro::waitFor(session->engine()->resolve(u"busybox:latest"_s));
    QVERIFY(image);
    engine::ExportRequest request;
    request.image = image->uuid; // The other engine has none of that id.
    gui::TransferQueue *queue = w.workbench.transfers();
    for (int i = 0; i <= gui::TransferQueue::AtOnce; ++i)
        (void)queue->exportImage(request, u"busybox"_s, m_folder.filePath(u"%1.tar"_s.arg(i)));
    QCOMPARE(queue->at(gui::TransferQueue::AtOnce).state, gui::Transfer::State::Waiting);
    session->use(*ProfileStore::profile(u"work"_s));
    QVERIFY(w.find<gui::InlineMessage>(u"windowMessage"_s)->text().contains("began: 4"_L1));
    QTRY_COMPARE_WITH_TIMEOUT(queue->active(), 0, patience);
    for (int i = 0; i <= gui::TransferQueue::AtOnce; ++i) {
        QVERIFY2(queue->at(i).state == gui::Transfer::State::Done, qPrintable(queue->at(i).error.text()));
        QCOMPARE(queue->at(i).engine, u"Embedded engine"_s);
    }
}

void ConnectionsTest::deletionsStayWithTheirEngine()
{
    Window w;
    EngineSession *session = w.workbench.session();
    session->connectEngine();
    QTRY_COMPARE_WITH_TIMEOUT(session->state(), EngineSession::State::Ready, patience);
    engine::Engine *own = session->engine();
    const auto image = QCoro::waitFor(own->resolve(u"stayed:1"_s));
    QVERIFY(image);
    QSignalSpy removed(w.workbench.images(), &gui::ImageCatalog::removed);
    w.workbench.images()->removeLater({image->uuid});
    session->use(*ProfileStore::profile(u"work"_s));
    w.workbench.images()->removeLater({}); // The time for an undo is over.
    QTRY_COMPARE_WITH_TIMEOUT(removed.size(), 1, patience);
    QVERIFY(!QCoro::waitFor(own->resolve(u"stayed:1"_s)));
}

void ConnectionsTest::startsWithTheDefaultEngine()
{
    {
        Window w;
        openPage(w);
        auto *list = w.find<QTreeView>(u"connectionList"_s);
        list->setCurrentIndex(list->model()->index(1, 0));
        w.action(u"connectionDefault"_s)->trigger();
    }
    {
        Window w;
        QCOMPARE(w.workbench.session()->profile().name, u"work"_s);
        w.workbench.session()->connectEngine();
        QTRY_COMPARE_WITH_TIMEOUT(w.workbench.session()->state(), EngineSession::State::Ready, patience);
    }
    QVERIFY(ProfileStore::setDefault(u"embedded"_s));
}

void ConnectionsTest::takesProfilesOverFromContree()
{
    qputenv("CONTREE_HOME", QFile::encodeName(m_folder.path()));
    QFile file(m_folder.filePath(u"auth.ini"_s));
    QVERIFY(file.open(QFile::WriteOnly));
    file.write("[profile:cloud]\ntoken = " + token + "\nurl = " + m_url.toLatin1() + "\ntype = jwt\n");
    file.close();
    Window w;
    openPage(w);
    auto *offer = w.find<gui::InlineMessage>(u"connectionsOffer"_s);
    QTRY_VERIFY(offer->text().contains("cloud"_L1));
    QVERIFY(!offer->text().contains(QString::fromLatin1(token)));
    offer->findChild<QPushButton *>(u"messageButton"_s)->click();
    QTRY_VERIFY(ProfileStore::profile(u"cloud"_s).has_value());
    const QAbstractItemModel *model = w.find<QTreeView>(u"connectionList"_s)->model();
    QTRY_VERIFY_WITH_TIMEOUT(model->index(1, 2).data().toString().startsWith("Ready"_L1), patience);
}

void ConnectionsTest::putsARemovedConnectionBack()
{
    Window w;
    openPage(w);
    auto *list = w.find<QTreeView>(u"connectionList"_s);
    list->setCurrentIndex(list->model()->index(1, 0));
    w.action(u"connectionRemove"_s)->trigger();
    auto *message = w.find<gui::InlineMessage>(u"connectionsMessage"_s);
    QTRY_VERIFY(message->text().startsWith("Removed the connection cloud"_L1));
    QVERIFY(!ProfileStore::profile(u"cloud"_s));
    message->findChild<QPushButton *>(u"messageButton"_s)->click();
    QTRY_VERIFY(ProfileStore::profile(u"cloud"_s).has_value());
    const QAbstractItemModel *model = list->model();
    QTRY_COMPARE(model->index(1, 0).data().toString(), u"cloud"_s);
    list->setCurrentIndex(list->model()->index(1, 0));
    w.action(u"connectionTest"_s)->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(model->index(1, 2).data().toString().startsWith("Ready"_L1), patience);
}

void ConnectionsTest::worksFromTheCommandLine()
{
    const test::Outcome list = test::run({u"connections"_s, u"list"_s});
    QCOMPARE(list.exitCode, 0);
    QVERIFY2(list.output.contains(u"work"_s) && list.output.contains(m_url), qPrintable(list.output));
    const test::Outcome ready = test::run({u"connections"_s, u"test"_s, u"work"_s});
    QVERIFY2(ready.exitCode == 0 && ready.output.startsWith("work: ready"_L1),
             qPrintable(ready.output + ready.errors));
    QCOMPARE(test::run({u"tag"_s, u"--engine"_s, u"work"_s, u"busybox:latest"_s, u"there:1"_s}).exitCode, 0);
    QVERIFY(!test::run({u"images"_s, u"--engine"_s, u"embedded"_s}).output.contains("there:1"_L1));
    qputenv("COOPERAGE_ENGINE_PROFILE", "work");
    QVERIFY(test::run({u"images"_s}).output.contains("there:1"_L1));
    qunsetenv("COOPERAGE_ENGINE_PROFILE");
    const test::Outcome unknown = test::run({u"images"_s, u"--engine"_s, u"nobody"_s});
    QCOMPARE(unknown.exitCode, 1);
    QVERIFY2(unknown.errors.contains("There are: embedded"_L1), qPrintable(unknown.errors));
}

void ConnectionsTest::saysWhyAnEngineIsNotReady()
{
    m_engine.kill();
    Window w;
    openPage(w);
    const QAbstractItemModel *model = w.find<QTreeView>(u"connectionList"_s)->model();
    QTRY_VERIFY_WITH_TIMEOUT(model->index(2, 2).data().toString().startsWith("Not ready"_L1), patience);
    QVERIFY(m_keyring.lock());
    w.workbench.session()->use(*ProfileStore::profile(u"work"_s));
    QTRY_COMPARE(w.workbench.session()->state(), EngineSession::State::Unreachable);
    QVERIFY(w.workbench.session()->problem().what.contains("locked"_L1));
}

int main(int argc, char *argv[])
{
    test::GuiProgram program(argc, argv, COOPERAGE_BIN_DIR "/cooperage-engine");
    ConnectionsTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_connections.moc"
