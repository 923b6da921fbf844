#include "core/embedded/server/context.h"
#include "core/embedded/server/imagetar.h"
#include "core/embedded/store/rootpath.h"

#include <httplib.h>

namespace cooperage::embedded {

static Result<> archive(ServerContext &context, Exchange &exchange)
{
    std::string path = exchange.queryBytes("path").value_or("/");
    if (!path.starts_with('/'))
        path.insert(0, 1, '/');
    const Result<std::string> plain = plainPath(path);
    if (!plain)
        return std::unexpected(plain.error());
    Result<OpenedPath> start =
        context.views.view(exchange.parameter("uuid")).and_then([&](const std::shared_ptr<ImageView> &view) {
            return openImagePath(view, *plain);
        });
    if (!start)
        return std::unexpected(start.error());
    const auto opened = std::make_shared<OpenedPath>(std::move(*start));
    exchange.response.status = 200;
    exchange.response.set_chunked_content_provider(
        "application/x-tar", [opened, path = *plain](size_t, httplib::DataSink &sink) {
            const Result<> written = writeTar(
                *opened, path, [&sink](const char *bytes, size_t size) { return sink.write(bytes, size); });
            // After a failure the connection breaks off: nobody may take half an archive for a whole one.
            if (!written) {
                qWarning("engine: archive: %s", qPrintable(written.error().text()));
                return false;
            }
            sink.done();
            return true;
        });
    return {};
}

void addArchive(Router &router, ServerContext &context)
{
    router.add("GET", "/v1/inspect/{uuid}/archive",
               [&context](Exchange &exchange) { return archive(context, exchange); });
}

} // namespace cooperage::embedded
