// A store of 100,000 images over 1,000 layers: what lists and `engine df` ask of its database.

#include "core/embedded/store/database.h"
#include "core/embedded/store/overlayform.h"
#include "core/embedded/store/store.h"

#include <QCoreApplication>
#include <QDir>
#include <QTemporaryDir>

#include <benchmark/benchmark.h>

using namespace Qt::StringLiterals;
using namespace cooperage::embedded;

namespace {

/// Made once. Every image has ten layers; every fifth has a tag.
class LargeStore
{
public:
    LargeStore()
    {
        const QString path = m_folder.filePath(u"store"_s);
        m_store = Store::open(path).value();
        const QString count = u"WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i+1 FROM n WHERE i<%1) "_s;
        const QStringList statements{
            u"INSERT INTO layers (id, size, allocated, inodes, xattrs, created_at) "_s + count.arg(999) +
                u"SELECT printf('%08x', i), 1000, 4096, 1, '%1', i FROM n"_s.arg(
                    QString::fromLatin1(attributeKind())),
            u"INSERT INTO images (uuid, created_at, size) "_s + count.arg(99'999) +
                u"SELECT printf('%08x-0000-4000-8000-000000000000', i), i, 10000 FROM n"_s,
            u"INSERT INTO image_layers "
            "SELECT i.seq, p.value, printf('%08x', (i.seq*7+p.value)%1000) FROM images i,"
            " json_each('[0,1,2,3,4,5,6,7,8,9]') p"_s,
            u"INSERT INTO tags (name, is_public, image) SELECT 'app:' || seq, 0, seq FROM images WHERE seq%5=0"_s};
        const auto filled = m_store->database().transaction([&]() -> cooperage::Result<> {
            for (const QString &statement : statements)
                if (const auto done = m_store->database().query(statement); !done)
                    return std::unexpected(done.error());
            return {};
        });
        if (!filled)
            qFatal("%s", qUtf8Printable(filled.error().text()));
        for (int i = 0; i < 1000; ++i)
            QDir().mkpath(u"%1/layers/%2"_s.arg(path).arg(i, 8, 16, QChar(u'0')));
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
