#include "tests/fuzz/targets/targets.h"

#include <QCoreApplication>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>

// libFuzzer's entry points. COOPERAGE_FUZZ_TARGET names the target; without it the names are listed.

using namespace cooperage::fuzz;

static const Target *s_target = nullptr;

extern "C" int LLVMFuzzerInitialize(int *, char ***)
{
    const char *name = std::getenv("COOPERAGE_FUZZ_TARGET");
    if (name == nullptr) {
        for (const Target &target : targets())
            std::puts(target.name);
        std::fflush(stdout);
        std::_Exit(0);
    }
    const auto found = std::ranges::find_if(
        targets(), [&](const Target &target) { return std::string_view(target.name) == name; });
    if (found == targets().end()) {
        std::fprintf(stderr, "cooperage-fuzz: there is no target %s\n", name);
        std::_Exit(2);
    }
    s_target = &*found;
    static int count = 1;
    static char *words[] = {const_cast<char *>("cooperage-fuzz"), nullptr};
    new QCoreApplication(count, words); // For Qt Sql; lives as long as the program.
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    s_target->run(QByteArray(reinterpret_cast<const char *>(bytes), static_cast<qsizetype>(size)));
    return 0;
}
