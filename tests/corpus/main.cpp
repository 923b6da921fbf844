// Runs folders and files of test cases against the Dockerfile parser, the ignore matcher and variable
// expansion.

#include "tests/corpus/report.h"

#include <QCoreApplication>
#include <QTextStream>

using namespace cooperage;
using namespace Qt::StringLiterals;

static constexpr int usageError = 2;

static Result<> run(const QString &kind, const QString &path, corpus::Report &report)
{
    if (kind == u"dockerfiles")
        return corpus::runDockerfiles(path, report);
    if (kind == u"dockerignore")
        return corpus::runIgnoreRules(path, report);
    if (kind == u"expansion")
        return corpus::runExpansion(path, report);
    return failure(ErrorKind::BadInput, u"unknown kind of cases: "_s + kind);
}

int main(int argc, char *argv[])
{
    const QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() != 3) {
        QTextStream(stderr)
            << "usage: cooperage-corpus dockerfiles DIR | dockerignore FILE.json | expansion DIR\n";
        return usageError;
    }
    corpus::Report report;
    if (const Result<> result = run(arguments[1], arguments[2], report); !result) {
        QTextStream(stderr) << "cooperage-corpus: " << result.error().text() << '\n';
        return usageError;
    }
    report.printTotal();
    return report.failed() > 0 ? 1 : 0;
}
