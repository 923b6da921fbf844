#include "core/build/buildsurroundings.h"

#include "core/context/gitrepository.h"
#include "core/engine/background.h"
#include "core/images/reference.h"
#include "core/sessions/sessionstore.h"

#include <QCoreApplication>
#include <QDateTime>

using namespace Qt::StringLiterals;

namespace cooperage::build {

using engine::Task;

static QString tr(const char *text)
{
    return QCoreApplication::translate("BuildSurroundings", text);
}

BuildSurroundings::BuildSurroundings(BuildJob *job) : m_job(job)
{
    for (const PlannedStage &stage : job->plan.stages)
        m_stages.try_emplace(stage.index);
}

void BuildSurroundings::finish(int fileIndex, const Result<StageEnd> &end)
{
    m_stages.at(fileIndex).set(end);
}

Task<StageEnd> BuildSurroundings::stage(int fileIndex)
{
    Result<StageEnd> end = co_await m_stages.at(fileIndex).get();
    if (!end)
        co_return failure(ErrorKind::Cancelled, tr("a stage that this one needs was not built"));
    co_return end;
}

Task<BaseImage> BuildSurroundings::base(QString reference, PlannedStep step)
{
    const auto [slot, isNew] = m_bases.try_emplace(reference);
    SharedResult<BaseImage> &shared = slot->second;
    if (isNew) {
        Result<BaseImage> found = co_await findBase(reference, step.info.index);
        shared.set(std::move(found));
    }
    co_return co_await shared.get();
}

Task<QString> BuildSurroundings::commit(context::GitSource source, PlannedStep)
{
    const auto [slot, isNew] = m_commits.try_emplace({source.remote + u'#' + source.ref, source.checksum});
    SharedResult<QString> &shared = slot->second;
    if (isNew) {
        auto work = [source, stop = m_job->stop.get_token()] {
            return context::resolveGitCommit(source, stop);
        };
        Result<QString> found = co_await inBackground(std::move(work));
        shared.set(std::move(found));
    }
    co_return co_await shared.get();
}

Task<AddedUrl> BuildSurroundings::url(QString url, QByteArray expected, PlannedStep step)
{
    const auto [slot, isNew] = m_urls.try_emplace({url, expected});
    SharedResult<AddedUrl> &shared = slot->second;
    if (isNew) {
        Result<AddedUrl> added = co_await fetchUrl(url, expected, step.info.index);
        shared.set(std::move(added));
    }
    co_return co_await shared.get();
}

engine::ProgressHandler BuildSurroundings::progress(int step) const
{
    return [job = m_job, step](qint64 done, qint64 total, const QString &what) {
        job->emitEvent(StepProgress{step, done, total, what});
    };
}

QStringList imageCandidates(const QString &reference)
{
    if (images::isUuid(reference) || reference.startsWith("tag:"_L1))
        return {reference};
    const auto parsed = images::Reference::parse(reference);
    if (!parsed || !parsed->digest.isEmpty())
        return {};
    QStringList result{reference};
    const QString derived = images::derivedTag(reference);
    if (!result.contains(derived))
        result << derived;
    if (!derived.section(u'/', -1).contains(u':'))
        result << derived + u':' + parsed->tag;
    return result;
}

// The image as the engine knows it, imported if it does not.
Task<BaseImage> BuildSurroundings::locate(QString reference, int step)
{
    const std::stop_token stop = m_job->stop.get_token();
    QStringList candidates = imageCandidates(reference);
    if (candidates.isEmpty()) { // A digest names the same image for ever.
        if (const auto known = m_job->sessions->baseImage(reference))
            candidates << *known;
    }
    for (const QString &candidate : std::as_const(candidates)) {
        const Result<engine::ImageRecord> record = co_await m_job->engine->resolve(candidate, stop);
        if (record)
            co_return BaseImage{record->uuid};
        if (record.error().kind != ErrorKind::NotFound && record.error().kind != ErrorKind::BadInput)
            co_return std::unexpected(record.error());
    }
    if (images::isUuid(reference) || reference.startsWith("tag:"_L1))
        co_return failure(ErrorKind::NotFound, tr("The engine has no image %1").arg(reference), {},
                          tr("List the images with \"cooperage images\"."));
    co_return co_await import(reference, step);
}

Task<BaseImage> BuildSurroundings::import(QString reference, int step)
{
    engine::ImportRequest request;
    request.reference = reference;
    if (const CredentialSource &source = m_job->request.credentials) {
        const Result<std::optional<engine::Credentials>> found =
            co_await source(reference, m_job->stop.get_token());
        if (found)
            request.credentials = *found;
        else // Most images need no account.
            m_job->warn(step, found.error().text());
    }
    const Result<engine::ImportOutcome> outcome =
        co_await m_job->engine->importImage(request, progress(step), m_job->stop.get_token());
    if (!outcome) {
        const auto parsed = images::Reference::parse(reference);
        if (outcome.error().kind == ErrorKind::Denied && parsed)
            m_job->signInNeeded(parsed->host);
        co_return std::unexpected(outcome.error());
    }
    BaseImage imported{outcome->image};
    imported.imported = true;
    co_return imported;
}

Task<BaseImage> BuildSurroundings::findBase(QString reference, int step)
{
    Result<BaseImage> base = co_await locate(reference, step);
    if (!base)
        co_return base;
    if (m_job->keepsConfig()) {
        const Result<QJsonObject> config =
            co_await m_job->engine->imageConfig(base->uuid, m_job->stop.get_token());
        if (!config)
            co_return std::unexpected(config.error());
        base->config = *config;
    } else if (const auto kept = m_configs.find(base->uuid)) {
        base->config = *kept;
    }
    m_configs.remember(base->uuid, base->config);
    if (const Result<> done = m_job->sessions->rememberBaseImage(reference, base->uuid); !done)
        m_job->warn(step, done.error().text());
    co_return base;
}

static std::optional<qint64> modificationTime(const engine::UrlValidators &validators)
{
    QString text = validators.lastModified; // Qt does not know the zone's name that HTTP has.
    text.replace(u" GMT"_s, u" +0000"_s);
    const QDateTime time = QDateTime::fromString(text, Qt::RFC2822Date);
    return time.isValid() ? time.toMSecsSinceEpoch() * 1'000'000 : 0;
}

static QString noteOf(engine::UrlOutcome::How how)
{
    switch (how) {
    case engine::UrlOutcome::How::HeadMatched:
        return u"URL cache hit (HEAD validators match)"_s;
    case engine::UrlOutcome::How::NotModified:
        return u"URL cache hit (GET 304 Not Modified)"_s;
    case engine::UrlOutcome::How::Expected:
        return u"URL cache hit (the checksum is known)"_s;
    case engine::UrlOutcome::How::Uploaded:
        break;
    }
    return {};
}

Task<AddedUrl> BuildSurroundings::fetchUrl(QString url, QByteArray expected, int step)
{
    engine::UrlUpload upload;
    upload.url = url;
    if (const auto known = m_job->sessions->url(m_job->session, url); known && !m_job->request.noCache) {
        upload.known = {known->etag, known->lastModified, known->contentMd5};
        upload.knownFile = {known->fileUuid, known->sha256, known->size};
    }
    // A content that is known by its digest has no time of its own, unless it came from here before.
    if (!upload.known.isEmpty() && upload.knownFile.sha256 == expected)
        upload.expected = expected;
    const Result<engine::UrlOutcome> outcome =
        co_await m_job->engine->uploadUrl(upload, progress(step), m_job->stop.get_token());
    if (!outcome)
        co_return std::unexpected(outcome.error());
    const engine::FileRecord &file = outcome->file;
    const sessions::CachedUrl entry{url,
                                    file.uuid,
                                    file.sha256,
                                    file.size,
                                    outcome->validators.etag,
                                    outcome->validators.lastModified,
                                    outcome->validators.contentMd5};
    if (const Result<> done = m_job->sessions->rememberUrl(m_job->session, entry); !done)
        m_job->warn(step, done.error().text());
    co_return AddedUrl{urlFileName(url), file, modificationTime(outcome->validators), noteOf(outcome->how),
                       url};
}

} // namespace cooperage::build
