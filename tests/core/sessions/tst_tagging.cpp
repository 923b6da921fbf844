#include "core/sessions/tagging.h"
#include "tests/core/build/buildfixture.h"

using namespace Qt::StringLiterals;
using namespace cooperage;
using sessions::TagChange;

/// Tags that are changed with a journal, on the real engine.
class TestTagging : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_fixture.reset(); }

    void changesAreWrittenDownAndTakenBack();
    void movingKnowsWhoHadTheTag();
    void nothingToDoIsNoChange();
    void publicTagIsNotSomebodyElses();
    void buildsAreInTheJournal();

private:
    [[nodiscard]] Result<TagChange> change(const QString &tag, const QString &before, const QString &after)
    {
        TagChange wanted;
        wanted.tag = tag;
        wanted.before = before;
        wanted.after = after;
        wanted.command = u"test"_s;
        return QCoro::waitFor(sessions::changeTag(&m_fixture->engine, m_fixture->sessions.get(), wanted));
    }
    [[nodiscard]] QString holder(const QString &tag)
    {
        return QCoro::waitFor(sessions::tagHolder(&m_fixture->engine, tag)).value_or(u"(failed)"_s);
    }
    [[nodiscard]] QString build(const QString &line, const QStringList &tags = {})
    {
        build::BuildRequest request;
        request.tags = tags;
        const auto report = m_fixture->build(u"FROM busybox\n"_s + line, request);
        return report.result ? report.result->image : QString();
    }

    std::unique_ptr<test::BuildFixture> m_fixture;
    QString m_one;
    QString m_two;
};

void TestTagging::initTestCase()
{
    if (!test::BuildFixture::isPossible())
        QSKIP("cooperage-engine is not built: whole program skipped");
    m_fixture = std::make_unique<test::BuildFixture>();
    QVERIFY(m_fixture->sessions);
    m_one = build(u"RUN echo 1 > /n\n"_s);
    m_two = build(u"RUN echo 2 > /n\n"_s);
    QVERIFY(!m_one.isEmpty() && !m_two.isEmpty());
}

void TestTagging::changesAreWrittenDownAndTakenBack()
{
    const auto added = change(u"app:1"_s, {}, m_one);
    QVERIFY2(added, qPrintable(added ? QString() : added.error().text()));
    QCOMPARE(holder(u"app:1"_s), m_one);
    const TagChange back = sessions::reversed(*added);
    QVERIFY(change(back.tag, back.before, back.after));
    QCOMPARE(holder(u"app:1"_s), QString());
    const auto journal = sessions::TagJournal(*m_fixture->sessions).changes(u"app:1"_s);
    QVERIFY(journal);
    QCOMPARE(journal->size(), 2);
    QCOMPARE(journal->at(1).after, m_one);
    QCOMPARE(journal->at(0).before, m_one);
}

void TestTagging::movingKnowsWhoHadTheTag()
{
    QVERIFY(change(u"app:2"_s, {}, m_one));
    const auto moved = change(u"app:2"_s, {}, m_two);
    QVERIFY(moved);
    QCOMPARE(moved->before, m_one);
    QCOMPARE(holder(u"app:2"_s), m_two);
    QCOMPARE(holder(u"app:"_s), QString()); // Only the whole tag counts.
}

void TestTagging::nothingToDoIsNoChange()
{
    QVERIFY(change(u"app:3"_s, {}, m_one));
    const auto again = change(u"app:3"_s, {}, m_one);
    QVERIFY(again);
    QCOMPARE(again->before, again->after);
    QCOMPARE(sessions::TagJournal(*m_fixture->sessions).changes(u"app:3"_s).value().size(), 1);
}

void TestTagging::publicTagIsNotSomebodyElses()
{
    QCOMPARE(holder(u"busybox:latest"_s), QString());
    const auto shadowing = change(u"busybox:latest"_s, {}, m_two);
    QVERIFY(shadowing);
    QCOMPARE(shadowing->before, QString());
    QVERIFY(change(u"busybox:latest"_s, m_two, {}));
}

void TestTagging::buildsAreInTheJournal()
{
    const QString image = build(u"RUN echo 3 > /n\n"_s, {u"built:1"_s});
    QVERIFY(!image.isEmpty());
    const auto last = sessions::TagJournal(*m_fixture->sessions).last(u"built:1"_s);
    QVERIFY(last && *last);
    QCOMPARE((*last)->after, image);
    QCOMPARE((*last)->command, u"build"_s);
}

QTEST_GUILESS_MAIN(TestTagging)
#include "tst_tagging.moc"
