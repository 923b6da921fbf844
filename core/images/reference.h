#pragma once

#include "core/base/error.h"

#include <QString>

namespace cooperage::images {

/// A registry reference, normalised (engine-notes 4.1): host, repository path, and tag or digest.
struct Reference
{
    QString host;       ///< "docker.io", "localhost:5000"
    QString repository; ///< "library/ubuntu"
    QString tag;        ///< Empty when only a digest was given; else at least "latest".
    QString digest;     ///< "sha256:..." or empty.

    /// Accepts `docker://` and `oci://` prefixes. What is refused is BadInput.
    [[nodiscard]] static Result<Reference> parse(const QString &text);

    [[nodiscard]] QString
    toString() const; ///< "docker.io/library/ubuntu:latest", with "@sha256:..." where given.
    [[nodiscard]] QString url() const { return QStringLiteral("docker://") + toString(); }
    /// Where the registry's API answers: "registry-1.docker.io" for docker.io.
    [[nodiscard]] QString apiHost() const;
    /// localhost, 127.0.0.0/8 and ::1: the only hosts to which plain http is allowed unasked.
    [[nodiscard]] bool isLoopback() const;
    bool operator==(const Reference &) const = default;
};

/// The tag under which an import of `reference` is filed (contree-api section 5): the reference as written
/// minus scheme, minus a first segment containing '.', minus "library/". Empty for a reference with a digest:
/// such an image is imported untagged, because the name may stand for another one already.
[[nodiscard]] QString derivedTag(const QString &reference);

/// Tag rules (contree-api section 5): a-z 0-9 _ - and upper case, with single : / . between them, 1 to 256
/// characters.
[[nodiscard]] Result<> checkTag(const QString &tag);

/// A lower- or upper-case UUID in its 36-character form.
[[nodiscard]] bool isUuid(QStringView text);

} // namespace cooperage::images
