#pragma once

#include "tests/core/embedded/runtime/busyboxstore.h"

#include <QByteArray>
#include <QProcess>
#include <QStringList>

#include <optional>

namespace cooperage::test {

/// What came of a run.
struct Ran
{
    Result<embedded::ProcessOutcome> outcome = embedded::ProcessOutcome{};
    QByteArray out;
    QByteArray err;
    int code() const { return outcome ? outcome->exitCode : -1000; }
};

inline embedded::ProcessSpec shell(const std::string &script)
{
    return {.argv = {"/bin/sh", "-c", script}, .cwd = "/"};
}

/// Runs commands over the busybox image, each test in a draft of its own.
struct RunFixture
{
    BusyboxStore base;
    std::optional<embedded::LayerDraft> draft;

    void begin() { draft.emplace(std::move(*base.store->beginLayer())); }

    Ran run(const embedded::ProcessSpec &spec) { return runIn(*draft, base.layers, spec); }
    Ran runIn(const embedded::LayerDraft &in, const std::vector<embedded::LayerId> &layers,
              const embedded::ProcessSpec &spec)
    {
        Ran ran;
        const embedded::OutputSink sink = [&](embedded::OutputStream stream, const char *bytes,
                                              std::size_t size) {
            (stream == embedded::OutputStream::Stdout ? ran.out : ran.err).append(bytes, qsizetype(size));
        };
        ran.outcome = embedded::runProcess(base.runtime, *base.store, layers, in, spec, sink, {});
        if (!ran.outcome)
            qInfo("%s", qPrintable(ran.outcome.error().text()));
        return ran;
    }
    /// The paths in the draft's upper folder.
    QStringList upper() const
    {
        QProcess find;
        find.start(QStringLiteral("find"),
                   {QFile::decodeName(draft->upper().c_str()), QStringLiteral("-mindepth"),
                    QStringLiteral("1"), QStringLiteral("-printf"), QStringLiteral("%P\\n")});
        find.waitForFinished();
        QStringList found = QString::fromUtf8(find.readAllStandardOutput()).split(u'\n', Qt::SkipEmptyParts);
        found.sort();
        return found;
    }
};

} // namespace cooperage::test
