// A store of 100,000 images over 1,000 layers: what lists and `engine df` ask of its database.

#include "core/embedded/store/store.h"
#include "tests/bench/largestore.h"

#include <QCoreApplication>
#include <QTemporaryDir>

#include <benchmark/benchmark.h>

using namespace Qt::StringLiterals;
using namespace cooperage::embedded;

namespace {

/// Made once.
class LargeStore
{
public:
    LargeStore()
    {
        const QString path = m_folder.filePath(u"store"_s);
        m_store = Store::open(path).value();
        cooperage::bench::fillStore(*m_store, path);
    }
    [[nodiscard]] static Store &store()
    {
        static char name[] = "cooperage-bench";
        static char *arguments[] = {name, nullptr};
        static int count = 1;
        static const QCoreApplication application(count, arguments); // Qt's SQL drivers want one.
        static thread_local LargeStore large; // It has to end before its thread's connections do.
        return *large.m_store;
    }

private:
    QTemporaryDir m_folder;
    std::unique_ptr<Store> m_store;
};

template <typename Call>
void measure(benchmark::State &state, const Call &call)
{
    Store &store = LargeStore::store();
    for (auto _ : state) {
        auto result = call(store);
        if (!result)
            state.SkipWithError("the store refused");
        benchmark::DoNotOptimize(result);
    }
}

} // namespace

static void storageSums(benchmark::State &state)
{
    measure(state, [](Store &store) { return store.storageUse(); });
}
BENCHMARK(storageSums)->Unit(benchmark::kMillisecond);

static void storageImages(benchmark::State &state)
{
    measure(state, [](Store &store) { return store.imageUses(); });
}
BENCHMARK(storageImages)->Unit(benchmark::kMillisecond);

static void collectRehearsal(benchmark::State &state)
{
    measure(state, [](Store &store) { return store.collect({.dryRun = true}); });
}
BENCHMARK(collectRehearsal)->Unit(benchmark::kMillisecond);

static void collectUntaggedRehearsal(benchmark::State &state)
{
    measure(state, [](Store &store) { return store.collect({.dryRun = true, .untaggedImages = true}); });
}
BENCHMARK(collectUntaggedRehearsal)->Unit(benchmark::kMillisecond)->Iterations(1);

static void listFirstPage(benchmark::State &state)
{
    measure(state, [](Store &store) { return store.images({.limit = 100}); });
}
BENCHMARK(listFirstPage)->Unit(benchmark::kMillisecond);

static void listLastPage(benchmark::State &state)
{
    measure(state, [](Store &store) { return store.images({.limit = 100, .offset = 99'900}); });
}
BENCHMARK(listLastPage)->Unit(benchmark::kMillisecond);

static void listByTag(benchmark::State &state)
{
    measure(state, [](Store &store) { return store.images({.tagPrefix = u"app:50000"_s}); });
}
BENCHMARK(listByTag)->Unit(benchmark::kMillisecond);

static void lookUpImage(benchmark::State &state)
{
    measure(state, [](Store &store) { return store.image(u"0000c350-0000-4000-8000-000000000000"_s); });
}
BENCHMARK(lookUpImage)->Unit(benchmark::kMicrosecond);
