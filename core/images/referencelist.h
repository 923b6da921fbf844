#pragma once

#include <QList>
#include <QString>
#include <QStringList>

namespace cooperage::images {

/// One image that a pasted text names.
struct ListedReference
{
    QString reference; ///< As written, braces expanded.
    QString tag{};     ///< Under which an import files it.
    QString problem{}; ///< Why it cannot be imported, in words; empty: it can.

    bool operator==(const ListedReference &) const = default;
};

/// The images that a text names: references one per line or with commas or blanks between them, `docker pull
/// X`, the `image:` lines of a compose file, the bases of a Dockerfile (but not its own stages). One group of
/// braces in each is expanded: `ubuntu:{22.04,24.04}`. Each image once, in the order of the text.
[[nodiscard]] QList<ListedReference> referencesIn(const QString &text);

/// `a:{1,2}` becomes `a:1`, `a:2`; a text without a whole group of braces stays as it is.
[[nodiscard]] QStringList expandBraces(const QString &text);

/// Tags that more than one of the references would get.
[[nodiscard]] QStringList clashingTags(const QList<ListedReference> &references);

} // namespace cooperage::images
