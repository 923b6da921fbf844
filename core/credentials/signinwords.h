#pragma once

#include "core/credentials/registryprobe.h"
#include "core/credentials/signincheck.h"

/// What came of a sign-in, in words. None of them quotes a password: what a server says is shown only where
/// it cannot have repeated it.
namespace cooperage::credentials::words {

/// There was no answer.
[[nodiscard]] SignInCheck unanswered(const QString &host, const ProbeAnswer &answer);
/// The answer to a request that carried the password was not 200.
[[nodiscard]] SignInCheck refused(const QString &host, const engine::Credentials &credentials,
                                  const ProbeAnswer &answer);
[[nodiscard]] SignInCheck notNeeded(const QString &host);
[[nodiscard]] SignInCheck notRegistry(const QString &host);
[[nodiscard]] SignInCheck plainHttp(const QString &host);
[[nodiscard]] SignInCheck unsafeService(const QString &host);
[[nodiscard]] SignInCheck oddAnswer(const QString &host);
[[nodiscard]] SignInCheck rateLimited(const QString &host, const QByteArray &retryAfter);
/// What Docker keeps is an identity token, which is no password.
[[nodiscard]] SignInCheck identityToken(const QString &host);
[[nodiscard]] SignInCheck cancelled();

} // namespace cooperage::credentials::words
