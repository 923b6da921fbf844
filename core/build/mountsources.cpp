#include "core/build/mountsources.h"

#include "core/build/copykey.h"
#include "core/build/placement.h"
#include "core/sessions/sessionstore.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace cooperage::build {

using dockerfile::MountOptions;
using engine::RunMount;
using engine::Task;
using Type = MountOptions::Type;

static QString tr(const char *text)
{
    return QCoreApplication::translate("MountSources", text);
}

// An image of the files alone, the one of an earlier build if it is still there.
static Task<QString> imageOfFiles(BuildJob *job, CopyOrder files)
{
    const std::stop_token stop = job->stop.get_token();
    const QByteArray key = copyKey(scratchKey(), copyContribution(files), stagedFiles(files));
    if (const auto known = job->sessions->layer(job->session, key)) {
        const Result<engine::ImageRecord> record = co_await job->engine->resolve(known->image, stop);
        if (record)
            co_return record->uuid;
        if (record.error().kind != ErrorKind::NotFound)
            co_return std::unexpected(record.error());
    }
    const Result<Placement> placed = co_await placeCopy(job->tree.get(), files, {}, {}, {.stop = stop});
    if (!placed)
        co_return std::unexpected(placed.error());
    engine::CommitRequest commit;
    commit.entries = placed->entries;
    if (commit.entries.isEmpty()) { // An empty folder.
        engine::StagedEntry folder;
        folder.type = engine::StagedEntry::Type::Folder;
        folder.path = files.destination;
        folder.mode = 0755;
        commit.entries << folder;
    }
    const Result<engine::ImageRecord> record = co_await job->engine->commit(commit, stop);
    if (!record)
        co_return std::unexpected(record.error());
    const sessions::CachedLayer layer{key, record->uuid, tr("files of a mount"), 0};
    if (const Result<> done = job->sessions->rememberLayer(job->session, layer); !done)
        job->warn(-1, done.error().text()); // Only the next build will not find it.
    co_return record->uuid;
}

static RunMount mountOf(const MountOptions &options, RunMount::Type type, quint32 mode)
{
    RunMount mount;
    mount.type = type;
    mount.target = options.target;
    mount.readOnly = options.readOnly;
    mount.uid = options.uid.value_or(0);
    mount.gid = options.gid.value_or(0);
    mount.mode = options.mode.value_or(mode);
    return mount;
}

static Task<QList<RunMount>> bindMount(BuildJob *job, MountOrder order)
{
    RunMount mount = mountOf(order.options, RunMount::Type::Bind, 0755);
    mount.source = order.options.source;
    if (order.origin)
        mount.image = order.origin->image;
    if (order.files) {
        const Result<QString> image = co_await imageOfFiles(job, *order.files);
        if (!image)
            co_return std::unexpected(image.error());
        mount.image = *image;
        mount.source = order.files->destination;
    }
    co_return QList<RunMount>{mount};
}

static RunMount cacheMount(const MountOrder &order)
{
    RunMount mount = mountOf(order.options, RunMount::Type::Cache, 0755);
    mount.id = order.options.id;
    if (!order.options.sharing.isEmpty())
        mount.sharing = order.options.sharing;
    mount.source = order.options.source;
    if (order.origin)
        mount.image = order.origin->image;
    return mount;
}

static Result<QList<RunMount>> secretMounts(const BuildJob &job, const MountOptions &options)
{
    const auto value = job.secrets.constFind(options.id);
    if (value == job.secrets.constEnd()) {
        if (!options.required)
            return {};
        return failure(
            ErrorKind::NotFound, tr("secret %1: not found").arg(options.id), {},
            tr("Give it with --secret id=%1,src=FILE or --secret id=%1,env=VARIABLE.").arg(options.id));
    }
    QList<RunMount> mounts;
    if (!options.target.isEmpty()) {
        mounts << mountOf(options, RunMount::Type::File, 0400);
        mounts.last().content = *value;
    }
    if (options.env) {
        mounts << RunMount{.type = RunMount::Type::Variable, .content = *value, .name = *options.env};
    }
    return mounts;
}

static Result<QList<RunMount>> agentMounts(const BuildJob &job, const MountOptions &options)
{
    const auto socket = job.agents.constFind(options.id);
    if (socket == job.agents.constEnd()) {
        if (!options.required)
            return {};
        return failure(ErrorKind::NotFound, tr("unset ssh forward key %1").arg(options.id), {},
                       tr("Give it with --ssh %1.").arg(options.id));
    }
    RunMount mount = mountOf(options, RunMount::Type::Ssh, 0600);
    mount.agent = *socket;
    return QList{mount};
}

static Task<QList<RunMount>> mountsOf(BuildJob *job, MountOrder order)
{
    switch (order.options.type) {
    case Type::Bind:
        co_return co_await bindMount(job, order);
    case Type::Cache:
        co_return QList{cacheMount(order)};
    case Type::Tmpfs: {
        RunMount mount = mountOf(order.options, RunMount::Type::Tmpfs, 0);
        mount.size = order.options.size;
        co_return QList{mount};
    }
    case Type::Secret:
        co_return secretMounts(*job, order.options);
    case Type::Ssh:
        co_return agentMounts(*job, order.options);
    }
    co_return QList<RunMount>();
}

Task<QList<RunMount>> runMounts(BuildJob *job, QList<MountOrder> orders)
{
    QList<RunMount> mounts;
    for (const MountOrder &order : std::as_const(orders)) {
        const Result<QList<RunMount>> some = co_await mountsOf(job, order);
        if (!some)
            co_return std::unexpected(some.error());
        mounts << *some;
    }
    co_return mounts;
}

void tellAgent(const QList<MountOrder> &orders, QMap<QString, QString> *environment)
{
    for (const MountOrder &order : orders) {
        if (order.options.type == Type::Ssh && !environment->contains(u"SSH_AUTH_SOCK"_s))
            environment->insert(u"SSH_AUTH_SOCK"_s, order.options.target);
    }
}

} // namespace cooperage::build
