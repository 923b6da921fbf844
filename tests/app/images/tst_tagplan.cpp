#include "app/images/tagplan.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace cooperage;
using engine::ImageRecord;
using gui::PlannedTag;
using gui::TagPurpose;

/// What typing tags would do to images.
class TagPlanTest : public QObject
{
    Q_OBJECT

    static ImageRecord image(const QString &uuid, const QString &tag = {})
    {
        return {.uuid = uuid, .tag = tag, .createdAt = {}};
    }
    static QStringList tags(const QList<PlannedTag> &plan)
    {
        QStringList tags;
        for (const PlannedTag &planned : plan)
            tags.append(planned.tag);
        return tags;
    }

private Q_SLOTS:
    void severalWordsAreSeveralTags()
    {
        const auto plan =
            gui::planTags({image(u"1"_s, u"app:1"_s)}, TagPurpose::Add, u" app:2, app:3\tapp:2 "_s);
        QCOMPARE(tags(plan), (QStringList{u"app:2"_s, u"app:3"_s}));
        QVERIFY(plan[0].problem.isEmpty() && plan[1].problem.isEmpty());
        const auto changes = gui::changesOf(plan, TagPurpose::Add);
        QCOMPARE(changes.size(), 2);
        QCOMPARE(changes[1].after, u"1"_s);
    }

    void severalImagesTakeTagsOfTheirOwn()
    {
        const QList<ImageRecord> images{image(u"1"_s, u"team/app:1"_s), image(u"2"_s, u"tool:7"_s)};
        QCOMPARE(tags(gui::planTags(images, TagPurpose::Add, u":stable"_s)),
                 (QStringList{u"team/app:stable"_s, u"tool:stable"_s}));
        QCOMPARE(tags(gui::planTags(images, TagPurpose::Add, u"old/{name}:{version}"_s)),
                 (QStringList{u"old/team/app:1"_s, u"old/tool:7"_s}));
    }

    void oneTagCannotNameTwoImages()
    {
        const auto plan =
            gui::planTags({image(u"1"_s, u"a:1"_s), image(u"2"_s, u"b:1"_s)}, TagPurpose::Add, u"same:1"_s);
        QVERIFY(plan[0].problem.contains("{name}"_L1));
        QVERIFY(gui::changesOf(plan, TagPurpose::Add).isEmpty());
    }

    void wrongTagsSayWhy()
    {
        QVERIFY(!gui::planTags({image(u"1"_s)}, TagPurpose::Add, u"../x"_s).first().problem.isEmpty());
        QVERIFY(!gui::planTags({image(u"1"_s)}, TagPurpose::Add, u":stable"_s).first().problem.isEmpty());
        QVERIFY(
            !gui::planTags({image(u"1"_s, u"a:1"_s)}, TagPurpose::Add, u"a:1"_s).first().problem.isEmpty());
        QVERIFY(gui::planTags({image(u"1"_s)}, TagPurpose::Add, u"  "_s).isEmpty());
    }

    void renamingTakesTheOldTagAway()
    {
        const QList<ImageRecord> images{image(u"1"_s, u"a:1"_s), image(u"2"_s, u"b:1"_s)};
        const auto changes =
            gui::changesOf(gui::planTags(images, TagPurpose::Rename, u"{name}:2"_s), TagPurpose::Rename);
        QCOMPARE(changes.size(), 4);
        QCOMPARE(changes[0].tag, u"a:2"_s);
        QCOMPARE(changes[1].tag, u"a:1"_s);
        QVERIFY(changes[1].after.isEmpty());
        QVERIFY(!gui::planTags(images, TagPurpose::Rename, u"x y"_s).first().problem.isEmpty());
        const QList<ImageRecord> chain{image(u"1"_s, u"a:1"_s), image(u"2"_s, u"x/a:1"_s)};
        QVERIFY(!gui::planTags(chain, TagPurpose::Rename, u"x/{name}:1"_s).first().problem.isEmpty());
    }

    void effectsNameWhoLosesTheTagAndWhatIsHidden()
    {
        PlannedTag planned{.image = image(u"1"_s), .tag = u"a:1"_s};
        QVERIFY(gui::effectText(planned).isEmpty()); // Not asked yet.
        planned.holders = sessions::TagHolders{};
        QVERIFY(gui::effectText(planned).contains("new"_L1));
        planned.holders->own = u"11111111-2222-3333-4444-000099998888"_s;
        QVERIFY(gui::effectText(planned).contains("99998888"_L1));
        planned.holders->publicImage = u"other"_s;
        QVERIFY(gui::effectText(planned).contains("hidden"_L1));
        planned.holders->own = u"1"_s;
        QVERIFY(planned.hasAlready());
        QVERIFY(gui::changesOf({planned}, TagPurpose::Add).isEmpty());
    }
};

QTEST_GUILESS_MAIN(TagPlanTest)
#include "tst_tagplan.moc"
