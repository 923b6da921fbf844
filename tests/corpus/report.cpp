#include "tests/corpus/report.h"

#include <QFile>
#include <QTextStream>

namespace cooperage::corpus {

static QString indented(const QString &text)
{
    QString result;
    for (const QString &line : text.split(u'\n'))
        result += QStringLiteral("    ") + line + u'\n';
    return result;
}

void Report::compare(const QString &name, const QString &expected, const QString &got)
{
    if (expected == got)
        pass();
    else
        fail(name, expected, got);
}

void Report::fail(const QString &name, const QString &expected, const QString &got)
{
    ++m_failed;
    QTextStream(stdout) << "FAILED " << name << "\n  expected:\n"
                        << indented(expected) << "  got:\n"
                        << indented(got);
}

void Report::printTotal() const
{
    QTextStream(stdout) << m_passed << " passed, " << m_failed << " failed\n";
}

Result<QByteArray> readFile(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return failure(ErrorKind::BadInput, file.errorString(), path);
    return file.readAll();
}

} // namespace cooperage::corpus
