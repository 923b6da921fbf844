#include "app/transfers/transfermodel.h"
#include "app/transfers/transferqueue.h"
#include "core/engine/launcher.h"
#include "tests/app/windowfixture.h"

#include <QSignalSpy>
#include <QTemporaryDir>

using namespace Qt::StringLiterals;
using namespace cooperage;
using gui::Transfer;
using test::Window;

/// Imports, exports and pushes of the window, with the real engine and a real registry.
class TransferQueueTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();

    void exportsAndImportsAFile();
    void pushesAndImportsFromARegistry();
    void failuresSayWhyAndAreRetried();
    void waitingOnesAreCancelledAtOnce();
    void finishedOnesAreCleared();

private:
    [[nodiscard]] static const Transfer &ended(Window &w, int id)
    {
        gui::TransferQueue *queue = w.workbench.transfers();
        if (!QTest::qWaitFor([&] { return queue->at(queue->indexOf(id)).isOver(); }, 60'000))
            qFatal("the transfer does not end");
        return queue->at(queue->indexOf(id));
    }
    [[nodiscard]] static QString busybox(Window &w)
    {
        const auto image = QCoro::waitFor(w.workbench.session()->engine()->resolve(u"busybox:latest"_s));
        return image ? image->uuid : QString();
    }
    [[nodiscard]] static engine::ImportRequest import(const QString &reference)
    {
        engine::ImportRequest request;
        request.reference = reference;
        return request;
    }

    test::Registry m_registry;
    QTemporaryDir m_folder;
};

void TransferQueueTest::initTestCase()
{
    if (!QFile::exists(qEnvironmentVariable("COOPERAGE_ENGINE")))
        QSKIP("cooperage-engine is not built: whole program skipped");
    const auto started = m_registry.start();
    if (!started)
        QSKIP("docker-registry is not installed: whole program skipped");
}

void TransferQueueTest::cleanupTestCase()
{
    if (const auto paths = engine::LocalPaths::standard())
        QVERIFY(QCoro::waitFor(engine::stopLocalEngine(*paths)));
}

void TransferQueueTest::exportsAndImportsAFile()
{
    Window w;
    engine::ExportRequest request;
    request.image = busybox(w);
    request.names = {u"busybox:latest"_s};
    const QString file = m_folder.filePath(u"busybox.tar"_s);
    const Transfer out = ended(w, w.workbench.transfers()->exportImage(request, u"busybox:latest"_s, file));
    QVERIFY2(out.state == Transfer::State::Done, qPrintable(out.error.text()));
    QVERIFY(QFileInfo(file).size() > 100'000);
    engine::ImportRequest back;
    back.archivePath = file;
    back.tag = u"back:1"_s;
    QSignalSpy imported(w.workbench.transfers(), &gui::TransferQueue::imported);
    const Transfer in = ended(w, w.workbench.transfers()->import(back));
    QVERIFY2(in.state == Transfer::State::Done, qPrintable(in.error.text()));
    QCOMPARE(imported.size(), 1);
    QVERIFY(QCoro::waitFor(w.workbench.session()->engine()->resolve(u"back:1"_s)));
}

void TransferQueueTest::pushesAndImportsFromARegistry()
{
    Window w;
    engine::PushRequest request;
    request.image = busybox(w);
    request.reference = m_registry.reference(u"team/box:1"_s);
    const Transfer pushed = ended(w, w.workbench.transfers()->push(request, u"busybox:latest"_s));
    QVERIFY2(pushed.state == Transfer::State::Done, qPrintable(pushed.error.text()));
    QVERIFY(pushed.result.startsWith("sha256:"_L1));
    const Transfer in = ended(w, w.workbench.transfers()->import(import(request.reference)));
    QVERIFY2(in.state == Transfer::State::Done, qPrintable(in.error.text()));
    QCOMPARE(gui::stateText(in), u"imported"_s);
}

void TransferQueueTest::failuresSayWhyAndAreRetried()
{
    Window w;
    gui::TransferQueue *queue = w.workbench.transfers();
    const int id = queue->import(import(m_registry.reference(u"team/none:1"_s)));
    const Transfer failed = ended(w, id);
    QCOMPARE(failed.state, Transfer::State::Failed);
    QVERIFY(!gui::progressText(failed).isEmpty());
    engine::PushRequest request;
    request.image = busybox(w);
    request.reference = m_registry.reference(u"team/none:1"_s);
    QCOMPARE(ended(w, queue->push(request, u"busybox"_s)).state, Transfer::State::Done);
    queue->retry(id);
    QVERIFY(!queue->at(queue->indexOf(id)).isOver());
    QCOMPARE(ended(w, id).state, Transfer::State::Done);
}

void TransferQueueTest::waitingOnesAreCancelledAtOnce()
{
    Window w;
    gui::TransferQueue *queue = w.workbench.transfers();
    QList<int> ids;
    for (int i = 0; i <= gui::TransferQueue::AtOnce; ++i)
        ids.append(queue->import(import(m_registry.reference(u"team/box:1"_s))));
    QCOMPARE(queue->at(gui::TransferQueue::AtOnce).state, Transfer::State::Waiting);
    queue->cancel(ids.last());
    QCOMPARE(queue->at(gui::TransferQueue::AtOnce).state, Transfer::State::Cancelled);
    queue->cancel(ids.first());
    for (const int id : std::as_const(ids))
        QVERIFY(ended(w, id).state != Transfer::State::Failed);
}

void TransferQueueTest::finishedOnesAreCleared()
{
    Window w;
    gui::TransferQueue *queue = w.workbench.transfers();
    gui::TransferModel model(queue);
    (void)ended(w, queue->import(import(m_registry.reference(u"team/box:1"_s))));
    QCOMPARE(model.rowCount(), 1);
    QCOMPARE(model.index(0, gui::TransferModel::StateColumn).data().toString(), u"imported"_s);
    queue->removeFinished();
    QCOMPARE(model.rowCount(), 0);
}

int main(int argc, char *argv[])
{
    const test::GuiProgram program(argc, argv, COOPERAGE_BIN_DIR "/cooperage-engine");
    TransferQueueTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_transferqueue.moc"
