#include "core/build/mountorder.h"

#include "core/build/copykey.h"
#include "core/build/origins.h"
#include "core/context/pathnames.h"
#include "core/engine/background.h"

#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace cooperage::build {

using dockerfile::MountOptions;
using engine::Task;
using Type = MountOptions::Type;

// Fills in what is not said; `sockets` are the ssh mounts before this one.
static Result<> completeTarget(MountOptions *mount, const StageState &state, int sockets)
{
    switch (mount->type) {
    case Type::Secret:
        if (mount->id.isEmpty())
            mount->id = !mount->source.isEmpty() ? mount->source : context::lastComponent(mount->target);
        if (mount->target.isEmpty() && !mount->env)
            mount->target = u"/run/secrets/"_s + context::lastComponent(mount->id);
        if (!mount->target.isEmpty())
            mount->target = context::cleanPath(u'/' + mount->target);
        return {};
    case Type::Ssh:
        if (mount->id.isEmpty())
            mount->id = u"default"_s;
        mount->target = mount->target.isEmpty() ? u"/run/buildkit/ssh_agent.%1"_s.arg(sockets)
                                                : context::cleanPath(u'/' + mount->target);
        return {};
    case Type::Cache:
        if (mount->id.isEmpty())
            mount->id = context::cleanPath(mount->target);
        break;
    case Type::Bind:
    case Type::Tmpfs:
        break;
    }
    mount->target = context::cleanPath(state.absolute(mount->target));
    if (mount->target == "/"_L1)
        return failure(ErrorKind::BadInput, u"invalid mount target \"/\""_s);
    mount->source = context::cleanPath(u'/' + mount->source);
    return {};
}

// A source of the context is a path, not a pattern.
static QString literal(const QString &path)
{
    QString result;
    for (const QChar c : path) {
        if (u"*?[\\"_s.contains(c))
            result += u'\\';
        result += c;
    }
    return result;
}

static Task<CopyOrder> contextOrder(const Preparation *preparation, QString source)
{
    auto work = [context = preparation->context, path = literal(source.sliced(1)), stop = preparation->stop] {
        return context->resolve(path.isEmpty() ? u"."_s : path, {}, stop);
    };
    Result<context::ResolvedSource> resolved = co_await inBackground(std::move(work));
    if (!resolved)
        co_return std::unexpected(resolved.error());
    CopyOrder order{u"/source"_s};
    order.sources << *std::move(resolved);
    co_return order;
}

Task<QList<MountOrder>> mountOrders(const Preparation *preparation, PlannedStep step, StageState state)
{
    const dockerfile::Instruction &instruction = preparation->plan->instruction(step);
    const QString cacheSpace = preparation->plan->options.buildArgs.value(u"BUILDKIT_CACHE_MOUNT_NS"_s);
    QList<MountOrder> orders;
    int sockets = 0;
    for (const dockerfile::Flag &flag : instruction.flags) {
        if (flag.name != "mount"_L1)
            continue;
        Result<MountOptions> mount = dockerfile::readMount(
            flag.value.value_or(QString()), [&state](const QString &text) { return state.expand(text); });
        if (!mount)
            co_return std::unexpected(mount.error());
        if (const Result<> complete = completeTarget(&*mount, state, sockets); !complete)
            co_return std::unexpected(complete.error());
        sockets += mount->type == Type::Ssh ? 1 : 0;
        if (mount->type == Type::Cache)
            mount->id = cacheSpace + u'/' + mount->id;
        MountOrder order{*mount};
        const std::optional<StageSource> source = step.mounts.value(orders.size());
        const bool takes = mount->type == Type::Bind || mount->type == Type::Cache;
        if (takes && source) {
            Result<CopyOrigin> origin = co_await originOf(preparation, step, *source);
            if (!origin)
                co_return std::unexpected(origin.error());
            order.origin = *std::move(origin);
        } else if (mount->type == Type::Bind) {
            Result<CopyOrder> files = co_await contextOrder(preparation, mount->source);
            if (!files)
                co_return std::unexpected(files.error());
            order.files = *std::move(files);
        }
        orders << order;
    }
    co_return orders;
}

static QJsonObject ownership(const MountOptions &mount)
{
    QJsonObject result;
    if (mount.mode)
        result[u"mode"_s] = u"%1"_s.arg(*mount.mode, 4, 8, QChar(u'0'));
    if (mount.uid)
        result[u"uid"_s] = static_cast<qint64>(*mount.uid);
    if (mount.gid)
        result[u"gid"_s] = static_cast<qint64>(*mount.gid);
    return result;
}

static QJsonObject contribution(const MountOrder &order)
{
    static const QStringList names{u"bind"_s, u"cache"_s, u"tmpfs"_s, u"secret"_s, u"ssh"_s};
    const MountOptions &mount = order.options;
    const bool isPrivate = mount.type == Type::Secret || mount.type == Type::Ssh;
    QJsonObject result = mount.type == Type::Bind ? QJsonObject() : ownership(mount);
    result[u"type"_s] = names[static_cast<int>(mount.type)];
    result[u"target"_s] = mount.target;
    if (!isPrivate)
        result[u"read_only"_s] = mount.readOnly;
    else
        result[u"id"_s] = mount.id;
    if (mount.env)
        result[u"env"_s] = *mount.env;
    if (mount.size > 0)
        result[u"size"_s] = mount.size;
    if (order.origin) {
        result[u"from"_s] = QString::fromLatin1(order.origin->key);
        result[u"source"_s] = mount.source;
    }
    if (order.files)
        result[u"files"_s] = stagedFiles(*order.files);
    return result;
}

QJsonArray mountContributions(const QList<MountOrder> &mounts)
{
    QJsonArray result;
    for (const MountOrder &mount : mounts)
        result.append(contribution(mount));
    return result;
}

} // namespace cooperage::build
