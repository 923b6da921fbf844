#include "core/dockerfile/parser.h"
#include "tests/corpus/lineexpectation.h"
#include "tests/corpus/report.h"

#include <QDir>

namespace cooperage::corpus {

using namespace Qt::StringLiterals;
using dockerfile::Diagnostic;
using dockerfile::Dockerfile;

static QString errorsOf(const Dockerfile &file)
{
    QStringList lines;
    for (const Diagnostic &diagnostic : file.diagnostics) {
        if (diagnostic.severity == dockerfile::Severity::Error)
            lines.append(u"error in line %1: "_s.arg(diagnostic.range.firstLine) + diagnostic.message);
    }
    return lines.join(u'\n');
}

static Result<Dockerfile> parseFile(const QString &path)
{
    const Result<QByteArray> bytes = readFile(path);
    if (!bytes)
        return std::unexpected(bytes.error());
    return dockerfile::parseSyntax(QString::fromUtf8(*bytes));
}

static QStringList caseFolders(const QString &folder)
{
    return QDir(folder).entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name);
}

static Result<> runPositive(const QString &folder, Report &report)
{
    for (const QString &name : caseFolders(folder)) {
        const QString path = folder + u'/' + name;
        const Result<Dockerfile> file = parseFile(path + u"/Dockerfile"_s);
        const Result<QByteArray> expected = readFile(path + u"/result"_s);
        if (!file || !expected)
            return std::unexpected(file ? expected.error() : file.error());
        report.compare(path, QString::fromUtf8(*expected),
                       file->hasErrors() ? errorsOf(*file) : file->treeText());
    }
    return {};
}

static Result<> runNegative(const QString &folder, Report &report)
{
    for (const QString &name : caseFolders(folder)) {
        const QString path = folder + u'/' + name;
        const Result<Dockerfile> file = parseFile(path + u"/Dockerfile"_s);
        if (!file)
            return std::unexpected(file.error());
        if (file->hasErrors())
            report.pass();
        else
            report.fail(path, u"an error"_s, file->treeText());
    }
    return {};
}

/// The expected lines stand in the file `lines` beside the Dockerfile, or else in the README of the folder
/// above. Where neither names any, the file has to parse.
static Result<> runLines(const QString &folder, Report &report)
{
    const Result<Dockerfile> file = parseFile(folder + u"/Dockerfile"_s);
    if (!file)
        return std::unexpected(file.error());
    Result<QByteArray> words = readFile(folder + u"/lines"_s);
    if (!words)
        words = readFile(QDir::cleanPath(folder + u"/../README.md"_s));
    const LineExpectation expected = readLineExpectation(QString::fromUtf8(words.value_or(QByteArray())));
    if (file->hasErrors())
        report.fail(folder, u"no error"_s, errorsOf(*file));
    else
        report.compare(folder, expected.text(), linesOf(*file).text(expected));
    return {};
}

Result<> runDockerfiles(const QString &folder, Report &report)
{
    const QDir dir(folder);
    Result<> result;
    if (dir.exists(u"testfiles"_s))
        result = runPositive(dir.filePath(u"testfiles"_s), report);
    if (result && dir.exists(u"testfiles-negative"_s))
        result = runNegative(dir.filePath(u"testfiles-negative"_s), report);
    if (result && dir.exists(u"testfile-line"_s))
        result = runLines(dir.filePath(u"testfile-line"_s), report);
    if (result && report.total() == 0)
        return failure(ErrorKind::BadInput,
                       u"no case found in testfiles, testfiles-negative or testfile-line"_s, folder);
    return result;
}

} // namespace cooperage::corpus
