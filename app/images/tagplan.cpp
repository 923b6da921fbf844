#include "app/images/tagplan.h"

#include "app/images/imagecells.h"
#include "core/images/reference.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

using engine::ImageRecord;
using sessions::TagChange;

static QString tr(const char *text)
{
    return QCoreApplication::translate("TagPlan", text);
}

// "a/b" and "1" of "a/b:1".
static std::pair<QString, QString> partsOf(const QString &tag)
{
    const qsizetype colon = tag.lastIndexOf(u':');
    if (colon <= tag.lastIndexOf(u'/'))
        return {tag, {}};
    return {tag.first(colon), tag.sliced(colon + 1)};
}

static PlannedTag planned(const ImageRecord &image, const QString &word)
{
    PlannedTag wanted{.image = image, .tag = word.startsWith(u':') ? u"{name}"_s + word : word};
    const bool namesParts = wanted.tag.contains("{name}"_L1) || wanted.tag.contains("{version}"_L1);
    const auto [name, version] = partsOf(image.tag);
    wanted.tag.replace("{name}"_L1, name).replace("{version}"_L1, version);
    if (namesParts && image.tag.isEmpty())
        wanted.problem = tr("This image has no tag to take a part from: write the whole tag.");
    else if (const auto valid = images::checkTag(wanted.tag); !valid)
        wanted.problem = valid.error().text();
    else if (wanted.tag == image.tag)
        wanted.problem = tr("This image has that tag already.");
    return wanted;
}

// One tag cannot name two images, and one that is renamed itself cannot be taken.
static void findClashes(QList<PlannedTag> *plan, const QList<ImageRecord> &images, TagPurpose purpose)
{
    for (PlannedTag &wanted : *plan) {
        const auto same = [&wanted](const PlannedTag &other) { return other.tag == wanted.tag; };
        if (!wanted.problem.isEmpty())
            continue;
        if (std::ranges::count_if(*plan, same) > 1)
            wanted.problem = tr("Several images would get this tag: write {name} or {version} where they "
                                "are to differ, such as {name}:stable.");
        else if (purpose == TagPurpose::Rename &&
                 std::ranges::contains(images, wanted.tag, &ImageRecord::tag))
            wanted.problem = tr("Another of the selected images has this tag.");
    }
}

QList<PlannedTag> planTags(const QList<ImageRecord> &images, TagPurpose purpose, const QString &text)
{
    static const QRegularExpression gap(u"[\\s,]+"_s);
    QStringList words = text.split(gap, Qt::SkipEmptyParts);
    words.removeDuplicates();
    QList<PlannedTag> plan;
    for (const ImageRecord &image : images) {
        for (const QString &word : std::as_const(words))
            plan.append(planned(image, word));
    }
    if (purpose == TagPurpose::Rename && words.size() > 1) {
        for (PlannedTag &wanted : plan)
            wanted.problem = tr("A tag can be renamed to one other only.");
    }
    findClashes(&plan, images, purpose);
    return plan;
}

QString effectText(const PlannedTag &planned)
{
    if (!planned.problem.isEmpty())
        return planned.problem;
    if (!planned.holders)
        return {};
    if (planned.hasAlready())
        return tr("This image has that tag already.");
    QString text;
    if (!planned.holders->own.isEmpty())
        text = tr("Image %1 has this tag now; it will move here.").arg(shortId(planned.holders->own));
    if (planned.holders->publicImage.isEmpty())
        return text.isEmpty() ? tr("A new tag.") : text;
    const QString hides = planned.holders->publicImage == planned.image.uuid
                              ? tr("The public image has this tag too.")
                              : tr("A public image has this tag too and will be hidden by yours.");
    return text.isEmpty() ? hides : text + u' ' + hides;
}

QList<TagChange> changesOf(const QList<PlannedTag> &plan, TagPurpose purpose)
{
    QList<TagChange> changes;
    for (const PlannedTag &wanted : plan) {
        if (!wanted.problem.isEmpty() || wanted.hasAlready())
            continue;
        changes.append({.tag = wanted.tag, .after = wanted.image.uuid});
        if (purpose == TagPurpose::Rename)
            changes.append({.tag = wanted.image.tag, .before = wanted.image.uuid});
    }
    return changes;
}

QString changeText(const QList<TagChange> &changes)
{
    const TagChange &last = changes.last();
    if (changes.size() > 1)
        return tr("%1 tags changed.").arg(changes.size());
    if (last.after.isEmpty())
        return tr("Removed the tag %1.").arg(last.tag);
    if (last.before.isEmpty())
        return tr("Added the tag %1.").arg(last.tag);
    return tr("Moved the tag %1 from %2 to %3.").arg(last.tag, shortId(last.before), shortId(last.after));
}

} // namespace cooperage::gui
