#pragma once

#include "core/dockerfile/tree.h"

namespace cooperage::dockerfile {

/// Syntax phase only (spec 1.1-1.10): no flag names, arity, unknown keywords. Errors are in the result's
/// diagnostics.
[[nodiscard]] Dockerfile parseSyntax(const QString &text);

/// Syntax and instruction phase (spec 1.11): unknown keywords, flags, arity, FROM form, HEALTHCHECK,
/// JSON-only forms, instructions before the first FROM. This is what the editor and the builder use.
[[nodiscard]] Dockerfile parse(const QString &text);

/// As `parse`, from the bytes of a file: byte-order mark dropped, over-long physical lines reported.
[[nodiscard]] Dockerfile parseBytes(const QByteArray &bytes);

/// "ADD", "RUN"... in upper case.
[[nodiscard]] QString keywordName(Keyword keyword);

} // namespace cooperage::dockerfile
