// What Build does before the engine is asked: scanning the context, ignore rules, hashing.

#include "core/base/sha256.h"
#include "core/context/foldercontext.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include <benchmark/benchmark.h>

using namespace Qt::StringLiterals;
using namespace cooperage;

// Files of 4 KiB, a hundred to a folder, with an ignore file of the usual size.
static void fill(const QString &folder, int64_t files)
{
    const QByteArray content(4096, 'x');
    for (int64_t index = 0; index < files; ++index) {
        const QString below = u"%1/d%2"_s.arg(folder).arg(index / 100);
        if (index % 100 == 0)
            QDir().mkpath(below);
        QFile file(u"%1/f%2.txt"_s.arg(below).arg(index));
        if (file.open(QFile::WriteOnly))
            file.write(content + QByteArray::number(index));
    }
    QFile ignore(folder + u"/.dockerignore"_s);
    if (ignore.open(QFile::WriteOnly))
        ignore.write("**/*.log\n*.md\n!README.md\n**/tmp\ndocs/**\n");
}

static void scanContext(benchmark::State &state)
{
    const QTemporaryDir folder;
    fill(folder.path(), state.range(0));
    for (auto _ : state) {
        auto context = context::FolderContext::open(folder.path());
        benchmark::DoNotOptimize((*context)->scan());
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(scanContext)->Arg(1'000)->Arg(16'000)->Unit(benchmark::kMillisecond);

static void resolveWholeContext(benchmark::State &state)
{
    const QTemporaryDir folder;
    fill(folder.path(), state.range(0));
    for (auto _ : state) {
        auto context = context::FolderContext::open(folder.path());
        benchmark::DoNotOptimize((*context)->resolve(u"."_s));
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(resolveWholeContext)->Arg(1'000)->Arg(10'000)->Unit(benchmark::kMillisecond);

static void sha256(benchmark::State &state)
{
    const QByteArray bytes(state.range(0), 'x');
    for (auto _ : state)
        benchmark::DoNotOptimize(Sha256::hex(bytes));
    state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(sha256)->Arg(4096)->Arg(64 << 20);
