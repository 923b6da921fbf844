// What the editor does at every keystroke: parsing the whole text, and expanding words.

#include "core/checks/checker.h"
#include "core/dockerfile/expansion.h"
#include "core/dockerfile/parser.h"

#include <QString>

#include <benchmark/benchmark.h>

using namespace Qt::StringLiterals;
using namespace cooperage::dockerfile;

static QString dockerfileOf(int64_t lines)
{
    QString text = u"FROM busybox:latest AS base\n"_s;
    for (int64_t line = 1; line < lines; ++line) {
        switch (line % 5) {
        case 0:
            text += u"ENV NAME_%1=\"value %1\" OTHER=$NAME_5\n"_s.arg(line);
            break;
        case 1:
            text += u"RUN echo step %1 && \\\n"_s.arg(line);
            break;
        case 2:
            text += u"    make -C /src/%1 install\n"_s.arg(line);
            break;
        case 3:
            text += u"COPY --chown=1000:1000 src/%1/ /app/%1/\n"_s.arg(line);
            break;
        default:
            text += u"# a comment above line %1\n"_s.arg(line);
            break;
        }
    }
    return text;
}

static void parseDockerfile(benchmark::State &state)
{
    const QString text = dockerfileOf(state.range(0));
    for (auto _ : state)
        benchmark::DoNotOptimize(parse(text));
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(parseDockerfile)->Arg(200)->Arg(2'500)->Arg(10'000)->Unit(benchmark::kMillisecond);

static void checkDockerfile(benchmark::State &state)
{
    const QString text = dockerfileOf(state.range(0));
    for (auto _ : state)
        benchmark::DoNotOptimize(cooperage::checks::Checker().check(text));
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(checkDockerfile)->Arg(1'000)->Arg(10'000)->Unit(benchmark::kMillisecond);

// A key pressed and taken back, at the beginning, in the middle or at the end (in tenths of the text).
static void recheckAfterKeystroke(benchmark::State &state)
{
    const QString text = dockerfileOf(state.range(0));
    const qsizetype at = text.indexOf(u"RUN echo"_s, text.size() * state.range(1) / 10) + 5;
    const QString edited = QString(text).insert(at, u'x');
    cooperage::checks::Checker checker;
    benchmark::DoNotOptimize(checker.check(text));
    bool isEdited = false;
    for (auto _ : state) {
        isEdited = !isEdited;
        benchmark::DoNotOptimize(checker.check(isEdited ? edited : text));
    }
}
BENCHMARK(recheckAfterKeystroke)
    ->Args({10'000, 0})
    ->Args({10'000, 5})
    ->Args({10'000, 9})
    ->Unit(benchmark::kMillisecond);

static void expandWord(benchmark::State &state)
{
    const auto lookup = [](const QString &name) -> std::optional<QString> {
        return name == "VERSION"_L1 ? std::optional(u"1.2.3"_s) : std::nullopt;
    };
    const QString word = u"/opt/app-${VERSION%.*}/${PREFIX:-usr}/\"lib\"/$VERSION"_s;
    for (auto _ : state)
        benchmark::DoNotOptimize(expand(word, lookup));
}
BENCHMARK(expandWord);
