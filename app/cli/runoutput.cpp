#include "app/cli/runoutput.h"

#include "app/cli/support.h"

#include <QCoreApplication>

#include <unistd.h>

using namespace Qt::StringLiterals;

namespace cooperage::cli {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(Cli)
};

} // namespace

// The exit code of timeout(1).
static constexpr int timedOutExit = 124;
static constexpr int signalExitBase = 128;

void writeRaw(engine::Stream stream, const QByteArray &bytes)
{
    const int fd = stream == engine::Stream::Stdout ? STDOUT_FILENO : STDERR_FILENO;
    for (qsizetype written = 0; written < bytes.size();) {
        const ssize_t count =
            ::write(fd, bytes.constData() + written, static_cast<size_t>(bytes.size() - written));
        if (count <= 0)
            return; // Nobody reads any more; the command goes on.
        written += count;
    }
}

Result<QMap<QString, QString>> variables(const QStringList &words)
{
    QMap<QString, QString> result;
    for (const QString &word : words) {
        const qsizetype equals = word.indexOf(u'=');
        const QString name = equals < 0 ? word : word.first(equals);
        if (name.isEmpty())
            return failure(ErrorKind::BadInput,
                           Texts::tr("a variable is written NAME=VALUE, not \"%1\"").arg(word));
        result.insert(name, equals < 0 ? qEnvironmentVariable(name.toLocal8Bit().constData())
                                       : word.sliced(equals + 1));
    }
    return result;
}

int exitCodeOf(const engine::RunOutcome &outcome)
{
    if (outcome.timedOut) {
        printError(Texts::tr("cooperage: the command was ended because its time was up"));
        return timedOutExit;
    }
    return outcome.signal > 0 ? signalExitBase + outcome.signal : outcome.exitCode;
}

} // namespace cooperage::cli
