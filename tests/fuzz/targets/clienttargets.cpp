#include "core/engine/contree/errors.h"
#include "core/engine/contree/eventstream.h"
#include "core/engine/contree/json.h"
#include "core/engine/contree/transport.h"
#include "core/engine/contree/unpack.h"
#include "tests/fuzz/targets/scratch.h"
#include "tests/fuzz/targets/targets.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace cooperage::engine;
using namespace cooperage::engine::contree;

namespace cooperage::fuzz {

void eventStream(const QByteArray &bytes)
{
    EventStreamParser whole;
    const auto atOnce = whole.feed(bytes);
    EventStreamParser parts;
    QList<StreamEvent> events;
    for (qsizetype at = 0, size = 1; at < bytes.size(); at += size, size = size % 7 + 1) {
        const auto more = parts.feed(QByteArrayView(bytes).sliced(at, std::min(size, bytes.size() - at)));
        if (!more)
            return;
        events += *more;
    }
    must(atOnce && events == *atOnce, "events do not depend on how their bytes come");
}

void engineJson(const QByteArray &bytes)
{
    const Endpoint endpoint{.socketPath = u"/s"_s};
    const Response response{.status = 200, .body = bytes};
    (void)errorOfStatus(endpoint, 500, bytes);
    (void)arrayOf(endpoint, response, "images"_L1);
    const auto object = objectOf(endpoint, response);
    if (!object)
        return;
    (void)toEngineInfo(*object, u"engine"_s);
    (void)toImage(*object);
    (void)toFile(*object);
    (void)toFileItem(*object);
    (void)toOperation(*object);
    (void)toRunOutcome(*object);
    must(decodeStream(encodeStream(bytes)) == bytes, "streams keep their bytes");
    (void)decodeStream(*object);
}

void inspectArchive(const QByteArray &bytes)
{
    const int fd = fileOf(bytes);
    const Scratch scratch;
    scratch.makeFolder("out");
    (void)unpackTar(u"/proc/self/fd/%1"_s.arg(fd), u"/a"_s, QString::fromStdString(scratch.path("out")));
    ::close(fd);
    must(::access(scratch.path("evil").c_str(), F_OK) != 0, "nothing is written outside of the folder");
}

} // namespace cooperage::fuzz
