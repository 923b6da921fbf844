#pragma once

#include "core/base/error.h"

#include <QByteArray>
#include <QString>

namespace cooperage::corpus {

/// Counts cases, and prints the failing ones as they come.
class Report
{
public:
    /// One case; it passes where `got` is what was expected.
    void compare(const QString &name, const QString &expected, const QString &got);
    void fail(const QString &name, const QString &expected, const QString &got);
    void pass() { ++m_passed; }
    /// Prints "N passed, N failed".
    void printTotal() const;

    [[nodiscard]] int failed() const { return m_failed; }
    [[nodiscard]] int total() const { return m_passed + m_failed; }

private:
    int m_passed = 0;
    int m_failed = 0;
};

/// The bytes of a file; the error names it.
[[nodiscard]] Result<QByteArray> readFile(const QString &path);

/// Cases of the parser: `testfiles`, `testfiles-negative` and `testfile-line` in a folder, as far as they are
/// there.
[[nodiscard]] Result<> runDockerfiles(const QString &folder, Report &report);
/// Cases of the ignore matcher in a JSON file.
[[nodiscard]] Result<> runIgnoreRules(const QString &file, Report &report);
/// Cases of variable expansion: `envVarTest`, `wordsTest` and `modifiers.json` in a folder, as far as they
/// are there.
[[nodiscard]] Result<> runExpansion(const QString &folder, Report &report);

} // namespace cooperage::corpus
