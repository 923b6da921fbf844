#include "app/transfers/signedin.h"

namespace cooperage::gui {

using engine::Task;

// A kept account is used where the user gave none; a place that cannot be read is no reason to fail.
static Task<> addCredentials(std::optional<engine::Credentials> *credentials,
                             credentials::CredentialFinder finder, QString reference, std::stop_token stop)
{
    if (*credentials || reference.isEmpty())
        co_return Result<>{};
    const auto found = co_await finder(reference, stop);
    if (!found)
        co_return std::unexpected(found.error());
    *credentials = *found;
    co_return Result<>{};
}

// Names the place that could not be read, when the registry wants an account.
template <typename T>
static void explainRefusal(Result<T> *outcome, const Result<> &found)
{
    if (!*outcome && outcome->error().kind == ErrorKind::Denied && !found)
        outcome->error().next += u' ' + found.error().text();
}

Task<engine::ImportOutcome> signedIn(engine::Engine *engine, credentials::CredentialFinder finder,
                                     engine::ImportRequest request, engine::ProgressHandler progress,
                                     std::stop_token stop)
{
    const Result<> found = co_await addCredentials(&request.credentials, finder, request.reference, stop);
    auto outcome = co_await engine->importImage(request, progress, stop);
    explainRefusal(&outcome, found);
    co_return outcome;
}

Task<engine::PushOutcome> signedIn(engine::Engine *engine, credentials::CredentialFinder finder,
                                   engine::PushRequest request, engine::ProgressHandler progress,
                                   std::stop_token stop)
{
    const Result<> found = co_await addCredentials(&request.credentials, finder, request.reference, stop);
    auto outcome = co_await engine->pushImage(request, progress, stop);
    explainRefusal(&outcome, found);
    co_return outcome;
}

} // namespace cooperage::gui
