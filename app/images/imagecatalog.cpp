#include "app/images/imagecatalog.h"

#include "app/connections/enginesession.h"
#include "app/images/imagebrowsermodel.h"
#include "app/images/imageorigin.h"

#include <QPointer>

#include <utility>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace cooperage::gui {

using engine::Task;
using sessions::TagChange;

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
                                   answer(model, ticket, page);
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

void ImageCatalog::answer(ImageBrowserModel *model, int ticket, const Result<engine::ImagePage> &page)
{
    if (!page) {
        model->giveUp(ticket);
        fail(page.error());
        return;
    }
    const auto store = m_session->store();
    if (!store) {
        model->setPage(ticket, *page);
        return;
    }
    describeOrigins(model, **store, *page,
                    [model, ticket](const engine::ImagePage &told) { model->setPage(ticket, told); });
}

void ImageCatalog::refresh()
{
    if (m_session->state() == EngineSession::State::Ready)
        Q_EMIT refreshed();
}

void ImageCatalog::findHolder(const QString &tag, QObject *context, Holder then)
{
    findHolders(tag, context,
                [then = std::move(then)](const sessions::TagHolders &holders) { then(holders.own); });
}

void ImageCatalog::findHolders(const QString &tag, QObject *context,
                               std::function<void(const sessions::TagHolders &holders)> then)
{
    QCoro::connect(sessions::tagHolders(m_session->engine(), tag, m_stop.get_token()), context,
                   [this, then = std::move(then)](const Result<sessions::TagHolders> &holders) {
                       if (holders)
                           then(*holders);
                       else
                           fail(holders.error());
                   });
}

void ImageCatalog::listTags(QObject *context, std::function<void(const QStringList &tags)> then)
{
    QCoro::connect(m_session->engine()->browse({}, m_stop.get_token()), context,
                   [then = std::move(then)](const Result<engine::ImagePage> &page) {
                       QStringList tags;
                       for (const engine::ImageListRow &row :
                            page ? page->rows : QList<engine::ImageListRow>())
                           tags.append(row.image.tag);
                       then(tags);
                   });
}

namespace {

/// What was done before something failed counts too: it can be undone.
struct Carried
{
    QList<TagChange> done;
    Result<> end;
};

} // namespace

static QCoro::Task<Carried> carryOut(engine::Engine *engine, sessions::SessionStore *store,
                                     QList<TagChange> changes, std::stop_token stop)
{
    Carried carried;
    for (const TagChange &wanted : std::as_const(changes)) {
        const auto change = co_await sessions::changeTag(engine, store, wanted, stop);
        if (!change) {
            carried.end = std::unexpected(change.error());
            break;
        }
        if (change->before != change->after)
            carried.done.append(*change);
    }
    co_return Carried(carried); // QCoro moves out of what is returned.
}

void ImageCatalog::change(QList<TagChange> changes, const QString &command)
{
    const auto store = m_session->store();
    if (!store) {
        fail(store.error());
        return;
    }
    for (TagChange &change : changes)
        change.command = command;
    QCoro::connect(carryOut(m_session->engine(), *store, changes, m_stop.get_token()), this,
                   [this](const Carried &carried) {
                       refresh();
                       if (!carried.done.isEmpty())
                           Q_EMIT tagsChanged(carried.done);
                       if (!carried.end)
                           fail(carried.end.error());
                   });
}

void ImageCatalog::undo(const QList<TagChange> &changes)
{
    QList<TagChange> back;
    for (const TagChange &change : changes)
        back.prepend(sessions::reversed(change));
    change(back, tr("Undo"));
}

void ImageCatalog::setTag(const QString &image, const QString &tag)
{
    change({{.tag = tag, .after = image}}, tr("Tag"));
}

void ImageCatalog::removeTags(const QList<engine::ImageRecord> &images)
{
    QList<TagChange> changes;
    for (const engine::ImageRecord &image : images) {
        if (!image.tag.isEmpty())
            changes.append({.tag = image.tag, .before = image.uuid});
    }
    change(changes, tr("Remove tag"));
}

void ImageCatalog::removeLater(const QStringList &uuids)
{
    if (!m_leaving.isEmpty())
        removeNow(); // One undo at a time.
    if (uuids.isEmpty())
        return;
    m_leaving = uuids;
    m_leaving.removeDuplicates();
    m_leavingFrom = m_session->engine();
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
    QCoro::connect(removeAll(m_leavingFrom, uuids), this, [this, uuids](const Result<> &gone) {
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
