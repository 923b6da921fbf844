#include "app/images/imagecatalog.h"

#include "app/connections/enginesession.h"
#include "app/images/imagebrowsermodel.h"

#include <QPointer>

#include <algorithm>
#include <utility>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace cooperage::gui {

using engine::Task;

ImageCatalog::ImageCatalog(EngineSession *session, QObject *parent) : QObject(parent), m_session(session)
{
    connect(session, &EngineSession::stateChanged, this, [this](EngineSession::State state) {
        if (state == EngineSession::State::Ready)
            refresh();
    });
    m_poll.setInterval(15s);
    connect(&m_poll, &QTimer::timeout, this, &ImageCatalog::refresh);
    m_poll.start();
    m_removal.setSingleShot(true);
    m_removal.setInterval(10s);
    connect(&m_removal, &QTimer::timeout, this, &ImageCatalog::removeNow);
}

ImageCatalog::~ImageCatalog()
{
    m_stop.request_stop();
}

void ImageCatalog::serve(ImageBrowserModel *model)
{
    connect(this, &ImageCatalog::refreshed, model, &ImageBrowserModel::refresh);
    connect(model, &ImageBrowserModel::pageWanted, this,
            [this, model](int ticket, const engine::ImageListQuery &query) {
                QCoro::connect(m_session->engine()->browse(query, m_stop.get_token()), model,
                               [this, model, ticket](const Result<engine::ImagePage> &page) {
                                   if (page) {
                                       model->setPage(ticket, *page);
                                       return;
                                   }
                                   model->giveUp(ticket);
                                   fail(page.error());
                               });
            });
    connect(model, &ImageBrowserModel::groupsWanted, this,
            [this, model](int ticket, engine::ImageGrouping by, const engine::ImageListQuery &query) {
                QCoro::connect(m_session->engine()->groups(by, query, m_stop.get_token()), model,
                               [this, model, ticket](const Result<QList<engine::ImageGroup>> &groups) {
                                   if (groups)
                                       model->setGroups(ticket, *groups);
                                   else
                                       fail(groups.error());
                               });
            });
}

void ImageCatalog::refresh()
{
    if (m_session->state() == EngineSession::State::Ready)
        Q_EMIT refreshed();
}

// The own image with exactly this tag; a public one that the tag would hide does not count.
static Task<QString> holderOf(engine::Engine *engine, QString tag, std::stop_token stop)
{
    const auto info = co_await engine->info(stop);
    if (!info)
        co_return std::unexpected(info.error());
    if (!info->offers(engine::extension::imageList)) {
        const auto image = co_await engine->resolve(u"tag:"_s + tag, stop);
        if (!image && image.error().kind != ErrorKind::NotFound)
            co_return std::unexpected(image.error());
        co_return image ? image->uuid : QString();
    }
    engine::ImageListQuery query{.limit = 3, .tagPrefix = tag};
    query.order = engine::ImageListQuery::Order::Tag;
    query.descending = false;
    const auto page = co_await engine->browse(query, stop);
    if (!page)
        co_return std::unexpected(page.error());
    const auto row = std::ranges::find_if(page->rows, [&tag](const engine::ImageListRow &row) {
        return row.image.tag == tag && !row.isPublic;
    });
    co_return row == page->rows.end() ? QString() : row->image.uuid;
}

void ImageCatalog::findHolder(const QString &tag, QObject *context, Holder then)
{
    QCoro::connect(holderOf(m_session->engine(), tag, m_stop.get_token()), context,
                   [this, then = std::move(then)](const Result<QString> &uuid) {
                       if (uuid)
                           then(*uuid);
                       else
                           fail(uuid.error());
                   });
}

// A further tag moves from whichever image has it; what it was is found out before.
static Task<QList<TagChange>> carryOut(engine::Engine *engine, QList<TagChange> changes, std::stop_token stop)
{
    QList<TagChange> done;
    for (TagChange change : changes) {
        if (change.before.isEmpty()) {
            const auto before = co_await holderOf(engine, change.tag, stop);
            if (!before)
                co_return std::unexpected(before.error());
            change.before = *before;
        }
        if (change.before == change.after)
            continue;
        Result<> applied;
        if (change.after.isEmpty()) {
            applied = co_await engine->removeTag(change.before, change.tag);
        } else {
            const auto tagged = co_await engine->setTag(change.after, change.tag);
            if (!tagged)
                applied = std::unexpected(tagged.error());
        }
        if (!applied)
            co_return std::unexpected(applied.error());
        done.append(change);
    }
    co_return QList<TagChange>(done); // QCoro moves out of what is returned.
}

void ImageCatalog::change(const QList<TagChange> &changes)
{
    QCoro::connect(carryOut(m_session->engine(), changes, m_stop.get_token()), this,
                   [this](const Result<QList<TagChange>> &done) {
                       refresh();
                       if (!done)
                           fail(done.error());
                       else if (!done->isEmpty())
                           Q_EMIT tagsChanged(*done);
                   });
}

void ImageCatalog::setTag(const QString &image, const QString &tag)
{
    change({{.tag = tag, .after = image}});
}

void ImageCatalog::renameTag(const engine::ImageRecord &image, const QString &tag)
{
    change({{.tag = tag, .after = image.uuid}, {.tag = image.tag, .before = image.uuid}});
}

void ImageCatalog::removeTags(const QList<engine::ImageRecord> &images)
{
    QList<TagChange> changes;
    for (const engine::ImageRecord &image : images) {
        if (!image.tag.isEmpty())
            changes.append({.tag = image.tag, .before = image.uuid});
    }
    change(changes);
}

void ImageCatalog::removeLater(const QStringList &uuids)
{
    if (!m_leaving.isEmpty())
        removeNow(); // One undo at a time.
    m_leaving = uuids;
    m_leaving.removeDuplicates();
    m_removal.start();
    Q_EMIT removing(m_leaving);
}

void ImageCatalog::keepAfterAll()
{
    m_removal.stop();
    m_leaving.clear();
    Q_EMIT removing({});
}

static Task<> removeAll(engine::Engine *engine, QStringList uuids)
{
    for (const QString &uuid : uuids) {
        const Result<> gone = co_await engine->removeImage(uuid);
        if (!gone && gone.error().kind != ErrorKind::NotFound)
            co_return gone;
    }
    co_return Result<>{};
}

void ImageCatalog::removeNow()
{
    m_removal.stop();
    const QStringList uuids = std::exchange(m_leaving, {});
    QCoro::connect(removeAll(m_session->engine(), uuids), this, [this, uuids](const Result<> &gone) {
        refresh();
        if (gone)
            Q_EMIT removed(uuids);
        else
            fail(gone.error());
    });
}

void ImageCatalog::fail(const Error &error)
{
    if (error.kind == ErrorKind::Cancelled)
        return;
    m_session->report(error);
    Q_EMIT failed(error);
}

} // namespace cooperage::gui
