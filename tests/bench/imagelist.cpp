// The window's list over a store of 100,000 images: when its first rows are there, how long the window is
// busy while it is scrolled, and how much memory that takes. Figures, one a line; ends with 1 where memory
// grows with the rows that were seen.

#include "app/images/imagebrowsermodel.h"
#include "app/settings.h"
#include "core/engine/launcher.h"
#include "tests/app/windowfixture.h"
#include "tests/bench/largestore.h"

#include <QElapsedTimer>
#include <QLabel>
#include <QLineEdit>
#include <QScrollBar>
#include <QThread>
#include <QTreeView>

#include <algorithm>
#include <cstdio>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace cooperage;
using gui::ImageBrowserModel;

namespace {

double megabytesInMemory()
{
    QFile file(u"/proc/self/statm"_s);
    if (!file.open(QFile::ReadOnly))
        qFatal("no /proc/self/statm");
    const qint64 pages = file.readAll().split(' ').value(1).toLongLong();
    return double(pages * ::sysconf(_SC_PAGESIZE)) / 1e6;
}

void print(const char *what, double value, const char *unit)
{
    std::printf("%-58s %10.1f %s\n", what, value, unit);
    std::fflush(stdout);
}

void wait(const std::function<bool()> &condition)
{
    if (!QTest::qWaitFor(condition, 120'000))
        qFatal("the list does not get there");
}

double at(QList<double> values, double share)
{
    std::ranges::sort(values);
    return values[qsizetype(double(values.size() - 1) * share)];
}

class Bench
{
public:
    explicit Bench(test::Window *window)
        : m_list(window->find<QTreeView>(u"imageList"_s)),
          m_model(qobject_cast<ImageBrowserModel *>(m_list->model()))
    {
    }

    [[nodiscard]] ImageBrowserModel *model() const { return m_model; }
    [[nodiscard]] bool isShown() const { return m_model->loadedRow(m_list->indexAt({0, 0})) != nullptr; }

    /// From top to bottom, as a dragged slider does, without waiting for rows.
    void scrollFast()
    {
        QList<double> busy;
        QScrollBar *bar = m_list->verticalScrollBar();
        constexpr int steps = 1000;
        for (int step = 0; step <= steps; ++step) {
            QElapsedTimer timer;
            timer.start();
            bar->setValue(int(qint64(bar->maximum()) * step / steps));
            m_list->viewport()->repaint();
            QCoreApplication::processEvents();
            busy.append(double(timer.nsecsElapsed()) / 1e6);
        }
        QElapsedTimer timer;
        timer.start();
        wait([this] { return isShown(); });
        print("slider drag, 1,000 steps: window busy per step, median", at(busy, 0.5), "ms");
        print("  99th of 100", at(busy, 0.99), "ms");
        print("  longest", at(busy, 1), "ms");
        print("  rows in sight after the last step", double(timer.nsecsElapsed()) / 1e6, "ms");
    }

    /// Every page of rows in turn, each awaited.
    void readThrough()
    {
        QList<double> times;
        for (int row = 0; row < m_model->rowCount(); row += ImageBrowserModel::PageSize) {
            QElapsedTimer timer;
            timer.start();
            const QModelIndex index = m_model->index(row, 0);
            m_list->scrollTo(index, QTreeView::PositionAtTop);
            m_list->viewport()->repaint();
            wait([&] { return m_model->loadedRow(index) != nullptr; });
            times.append(double(timer.nsecsElapsed()) / 1e6);
        }
        print("reading all 500 pages: until a page is there, median", at(times, 0.5), "ms");
        print("  99th of 100", at(times, 0.99), "ms");
        m_list->scrollToTop();
        wait([this] { return isShown(); });
    }

    template <typename Change>
    void measure(const char *what, Change change)
    {
        QElapsedTimer timer;
        timer.start();
        change();
        wait([this] { return m_model->rowCount() > 0 && isShown(); });
        print(what, double(timer.nsecsElapsed()) / 1e6, "ms");
    }
    void sortBy(ImageBrowserModel::Column column)
    {
        m_list->sortByColumn(column, Qt::AscendingOrder);
        m_list->scrollToTop();
    }

private:
    QTreeView *m_list;
    ImageBrowserModel *m_model;
};

/// The storage page over 80,000 images without a tag, all of them to be ticked or not.
void openStorage(test::Window *window)
{
    window->action(u"imageStorage"_s)->trigger();
    const auto *total = window->find<QLabel>(u"storageTotal"_s);
    double longest = 0;
    QElapsedTimer all;
    all.start();
    while (!total->text().startsWith("Frees"_L1) && all.elapsed() < 300'000) {
        QElapsedTimer busy;
        busy.start();
        QCoreApplication::processEvents();
        longest = std::max(longest, double(busy.nsecsElapsed()) / 1e6);
        QThread::msleep(1);
    }
    print("storage page: until all that goes is listed", double(all.elapsed()), "ms");
    print("  window busy at once, longest", longest, "ms");
    print("  images listed", window->find<QTreeView>(u"storageImages"_s)->model()->rowCount(), "");
}

void fill()
{
    const auto paths = engine::LocalPaths::standard();
    if (!paths)
        qFatal("%s", qUtf8Printable(paths.error().text()));
    QDir().mkpath(QFileInfo(paths->store).path());
    // On another thread: the connections to the database end with it.
    const std::unique_ptr<QThread> thread(QThread::create([&] {
        const auto store = embedded::Store::open(paths->store).value();
        bench::fillStore(*store, paths->store);
    }));
    thread->start();
    thread->wait();
}

int run()
{
    gui::settings::imagesShow.set(u"all"_s);
    QElapsedTimer timer;
    timer.start();
    test::Window window;
    window.window.resize(1280, 800);
    Bench bench(&window);
    print("window shown", double(timer.elapsed()), "ms");
    window.workbench.session()->connectEngine();
    wait([&] { return window.workbench.session()->state() == gui::EngineSession::State::Ready; });
    print("engine started over the store", double(timer.restart()), "ms");
    wait([&] { return bench.model()->rowCount() >= 100'000 && bench.isShown(); });
    print("first rows after that", double(timer.elapsed()), "ms");
    print("rows", bench.model()->rowCount(), "");
    bench.scrollFast();
    print("memory of the window before reading", megabytesInMemory(), "MB");
    bench.readThrough();
    const double once = megabytesInMemory();
    print("memory after all 100,000 rows", once, "MB");
    bench.readThrough();
    const double twice = megabytesInMemory();
    print("memory after all rows twice", twice, "MB");
    bench.measure("sorted by tag", [&] { bench.sortBy(ImageBrowserModel::TagColumn); });
    bench.measure("sorted by size", [&] { bench.sortBy(ImageBrowserModel::SizeColumn); });
    bench.measure("filtered by free text",
                  [&] { window.find<QLineEdit>(u"imageFilter"_s)->setText(u"99995"_s); });
    openStorage(&window);
    return twice - once < 5 ? 0 : 1;
}

} // namespace

int main(int argc, char *argv[])
{
    const test::GuiProgram program(argc, argv, COOPERAGE_BIN_DIR "/cooperage-engine");
    fill();
    const int code = run();
    if (const auto paths = engine::LocalPaths::standard())
        (void)QCoro::waitFor(engine::stopLocalEngine(*paths));
    return code;
}
