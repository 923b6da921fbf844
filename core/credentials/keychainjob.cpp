#include "core/credentials/keychainjob.h"

#include "core/credentials/keychainservice.h"

#include <QCoreApplication>
#include <qt6keychain/keychain.h>

using namespace Qt::StringLiterals;

namespace cooperage::credentials {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(Keychain)
};

const QString serviceName = u"cooperage"_s;

struct LaterDeleter
{
    void operator()(QObject *object) const { object->deleteLater(); }
};

template <typename Job>
using JobPtr = std::unique_ptr<Job, LaterDeleter>;

template <typename Job>
JobPtr<Job> makeJob(const QString &name)
{
    JobPtr<Job> job(new Job(serviceName));
    job->setAutoDelete(false);
    job->setInsecureFallback(false);
    job->setKey(name);
    return job;
}

/// `co_await JobEnd(job)`: starts it and waits until it has ended.
class JobEnd
{
public:
    explicit JobEnd(QKeychain::Job *job) : m_job(job) {}

    [[nodiscard]] bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> waiting)
    {
        QObject::connect(m_job, &QKeychain::Job::finished, m_job, [waiting] { waiting.resume(); });
        m_job->start();
    }
    void await_resume() const {}

private:
    QKeychain::Job *m_job;
};

Error errorOf(const QKeychain::Job &job)
{
    switch (job.error()) {
    case QKeychain::EntryNotFound:
        return {ErrorKind::NotFound,
                Texts::tr("The keychain no longer holds this password"),
                {},
                Texts::tr("Sign in again, or remove the entry.")};
    case QKeychain::AccessDeniedByUser:
        return {ErrorKind::Cancelled,
                Texts::tr("The access to the keychain was turned down"),
                {},
                Texts::tr("Allow it, or use the password for this run only.")};
    case QKeychain::AccessDenied:
        return {
            ErrorKind::Denied,
            Texts::tr("The keychain refuses the access to this program"),
            {},
            Texts::tr("Allow it in the system's keychain program, or use the password for this run only.")};
    case QKeychain::NoBackendAvailable:
    case QKeychain::NotImplemented:
        return keychainError(KeychainState::Absent);
    default:
        return {ErrorKind::Failed,
                Texts::tr("The keychain failed: %1").arg(job.errorString()),
                {},
                Texts::tr("Try again, or use the password for this run only.")};
    }
}

engine::Task<> checkOpen()
{
    const KeychainState state = co_await keychainState();
    if (state != KeychainState::Available)
        co_return std::unexpected(keychainError(state));
    co_return {};
}

} // namespace

engine::Task<Secret> readKeychain(QString name)
{
    if (const auto open = co_await checkOpen(); !open)
        co_return std::unexpected(open.error());
    const auto job = makeJob<QKeychain::ReadPasswordJob>(name);
    co_await JobEnd(job.get());
    if (job->error() != QKeychain::NoError)
        co_return std::unexpected(errorOf(*job));
    co_return Secret(job->textData());
}

engine::Task<> writeKeychain(QString name, Secret secret)
{
    if (const auto open = co_await checkOpen(); !open)
        co_return open;
    const auto job = makeJob<QKeychain::WritePasswordJob>(name);
    job->setTextData(secret.text());
    co_await JobEnd(job.get());
    if (job->error() != QKeychain::NoError)
        co_return std::unexpected(errorOf(*job));
    co_return {};
}

engine::Task<> removeFromKeychain(QString name)
{
    if (const auto open = co_await checkOpen(); !open)
        co_return open;
    const auto job = makeJob<QKeychain::DeletePasswordJob>(name);
    co_await JobEnd(job.get());
    const QKeychain::Error error = job->error();
    // Some backends have but one error for a secret that is gone.
    if (error != QKeychain::NoError && error != QKeychain::EntryNotFound &&
        error != QKeychain::CouldNotDeleteEntry)
        co_return std::unexpected(errorOf(*job));
    co_return {};
}

} // namespace cooperage::credentials
