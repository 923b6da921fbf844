#include "app/cli/support.h"

#include "app/cli/cli.h"
#include "core/engine/localengine.h"

#include <QCoreApplication>

#include <cstdio>

using namespace Qt::StringLiterals;

namespace cooperage::cli {

std::unique_ptr<engine::Engine> openEngine()
{
    const QString url = qEnvironmentVariable("COOPERAGE_URL");
    if (url.isEmpty())
        return std::make_unique<engine::LocalEngine>();
    engine::contree::Endpoint endpoint;
    endpoint.baseUrl = QUrl(url);
    endpoint.token = qgetenv("COOPERAGE_TOKEN");
    endpoint.project = qEnvironmentVariable("COOPERAGE_PROJECT");
    return std::make_unique<engine::contree::ContreeEngine>(endpoint);
}

QString engineScope()
{
    const QString url = qEnvironmentVariable("COOPERAGE_URL");
    return url.isEmpty() ? u"embedded"_s : url + u' ' + qEnvironmentVariable("COOPERAGE_PROJECT");
}

static void writeLine(std::FILE *stream, const QString &text)
{
    const QByteArray line = text.toUtf8() + '\n';
    std::fwrite(line.constData(), 1, static_cast<size_t>(line.size()), stream);
    std::fflush(stream);
}

void print(const QString &text)
{
    writeLine(stdout, text);
}

void printError(const QString &text)
{
    writeLine(stderr, text);
}

int fail(const Error &error)
{
    printError(u"cooperage: "_s + error.text());
    return error.kind == ErrorKind::Cancelled && interrupted().stop_requested() ? interruptedExit : Failure;
}

int usageError(const QString &verb, const QString &text)
{
    printError(
        QCoreApplication::translate("Cli", "cooperage %1: %2 (see `cooperage %1 --help`)").arg(verb, text));
    return Usage;
}

} // namespace cooperage::cli
