#pragma once

#include "core/embedded/store/staging.h"
#include "tests/core/embedded/runtime/runfixture.h"

#include <QMap>
#include <QStandardPaths>

namespace cooperage::test {

/// Runs over the busybox image with each of the machine's runtimes, and with a probe (sandboxprobe.cpp) in
/// the root.
class SandboxFixture : public RunFixture
{
public:
    SandboxFixture() : m_first(base.runtime) {}

    /// Begins a draft that holds the probe, for a runtime by its name; says why there is nothing to test, or
    /// nothing.
    [[nodiscard]] QString beginWith(const QString &runtime)
    {
        if (QString::fromStdString(m_first.program).endsWith(runtime)) {
            base.runtime = m_first;
        } else {
            const QString program = QStandardPaths::findExecutable(runtime);
            if (program.isEmpty())
                return QStringLiteral("this runtime is not installed");
            base.runtime = {QFile::encodeName(program).toStdString(), {}, {}};
            begin();
            if (run(shell("true")).code() != 0)
                return QStringLiteral("this runtime does not work on this machine");
        }
        begin();
        const auto staged = embedded::stageEntries(
            draft->upper(), {{.path = "/probe", .mode = 0755, .hostFile = COOPERAGE_SANDBOX_PROBE}});
        return staged ? QString() : staged.error().text();
    }
    /// What the probe says to these words: name -> errno.
    [[nodiscard]] QMap<QByteArray, int> probe(const QByteArrayList &words,
                                              embedded::ProcessSpec spec = {.argv = {}, .cwd = "/"})
    {
        spec.argv = {"/probe"};
        for (const QByteArray &word : words)
            spec.argv.push_back(word.toStdString());
        QMap<QByteArray, int> said;
        for (const QByteArray &line : run(spec).out.split('\n'))
            if (const qsizetype space = line.lastIndexOf(' '); space > 0)
                said[line.first(space)] = line.sliced(space + 1).toInt();
        return said;
    }
    [[nodiscard]] QByteArray output(const std::string &script) { return run(shell(script)).out.trimmed(); }

private:
    embedded::RuntimeChoice m_first;
};

/// The rows of a test program's initTestCase_data().
inline void addRuntimes()
{
    QTest::addColumn<QString>("runtime");
    for (const char *name : {"crun", "runc"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

} // namespace cooperage::test
