#pragma once

#include <QString>

#include <expected>

namespace cooperage {

/// Why something failed, as far as the program itself acts on it. Everything else is in the words.
enum class ErrorKind {
    Failed,      ///< It was tried and did not work.
    BadInput,    ///< What the user gave is wrong; the place says where.
    NotFound,    ///< Image, tag, file, stage... does not exist.
    Denied,      ///< Credentials missing or wrong, or permission refused.
    Unreachable, ///< No connection; trying again may help.
    Cancelled,   ///< The user stopped it.
    Full,        ///< No space left.
    Unsupported, ///< This engine or machine cannot do it.
};

/// A failure in words for a person: what happened, where, and what to do next. All parts are translated
/// sentences or literal paths; none ever holds a secret.
struct Error
{
    ErrorKind kind = ErrorKind::Failed;
    QString what;
    QString where{}; ///< "file:line:column", a URL, a path; may be empty.
    QString next{};  ///< What the user can do now; may be empty.

    /// One paragraph: "where: what. next".
    [[nodiscard]] QString text() const;

    bool operator==(const Error &) const = default;
};

/// The one result type of core/.
template <typename T = void>
using Result = std::expected<T, Error>;

/// Short form for `return std::unexpected(Error{...})`.
[[nodiscard]] inline std::unexpected<Error> failure(ErrorKind kind, QString what, QString where = {},
                                                    QString next = {})
{
    return std::unexpected(Error{kind, std::move(what), std::move(where), std::move(next)});
}

/// Failure of a system call, with errno put into words. ENOSPC and EDQUOT become ErrorKind::Full, ENOENT
/// NotFound, EACCES and EPERM Denied.
[[nodiscard]] Error systemError(int errnoValue, const QString &what, const QString &where = {});

} // namespace cooperage
