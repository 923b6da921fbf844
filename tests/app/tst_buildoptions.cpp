#include "app/buildpane/buildoptions.h"
#include "app/buildpane/buildstatus.h"
#include "core/images/reference.h"
#include "tests/support/processes.h"

#include <QCoreApplication>
#include <QFile>
#include <QSettings>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace cooperage;
using gui::BuildOptions;

class BuildOptionsTest : public QObject
{
    Q_OBJECT

    test::PrivateHome m_home;

private Q_SLOTS:
    void initTestCase() { QCoreApplication::setOrganizationName(u"cooperage"_s); }

    void argumentsAreSplitAsInAShell()
    {
        const auto arguments = gui::parseArguments(u"A=1 B=\"two words\" C="_s);
        QVERIFY(arguments);
        QCOMPARE(*arguments,
                 (QMap<QString, QString>{{u"A"_s, u"1"_s}, {u"B"_s, u"two words"_s}, {u"C"_s, QString()}}));
        QVERIFY(gui::parseArguments({})->isEmpty());
        QVERIFY(!gui::parseArguments(u"A=1 nonsense"_s));
        QVERIFY(!gui::parseArguments(u"=x"_s));
    }

    void suggestedTagIsValid_data()
    {
        QTest::addColumn<QString>("folder");
        QTest::addColumn<QString>("tag");
        QTest::newRow("plain") << u"/home/me/build-demo"_s << u"build-demo:latest"_s;
        QTest::newRow("upper case and spaces") << u"/home/me/My Api (new)"_s << u"my-api-new:latest"_s;
        QTest::newRow("foreign letters only") << u"/home/me/日本"_s << QString();
        QTest::newRow("root") << u"/"_s << QString();
    }
    void suggestedTagIsValid()
    {
        QFETCH(QString, folder);
        const QString tag = gui::suggestedTag(folder);
        QTEST(tag, "tag");
        if (!tag.isEmpty())
            QVERIFY(images::checkTag(tag));
    }

    void choicesAreRememberedPerDockerfile()
    {
        const BuildOptions mine{.tag = u"x:1"_s, .arguments = u"A=1"_s, .target = u"test"_s, .noCache = true};
        mine.store(u"/p/one/Dockerfile"_s);
        QCOMPARE(BuildOptions::load(u"/p/one/Dockerfile"_s), mine);
        QCOMPARE(BuildOptions::load(u"/p/two/Dockerfile"_s), BuildOptions{.tag = u"two:latest"_s});
    }

    void secretsAreNotWrittenDown()
    {
        const QString canary = u"canary-5c1f"_s;
        BuildOptions{.tag = u"x"_s, .arguments = u"NPM_TOKEN="_s + canary}.store(u"/p/three/Dockerfile"_s);
        QSettings().sync();
        QCOMPARE(BuildOptions::load(u"/p/three/Dockerfile"_s).arguments, QString());
        QFile file(QSettings().fileName());
        QVERIFY(file.open(QFile::ReadOnly));
        QVERIFY(!file.readAll().contains(canary.toUtf8()));
    }

    void lineIsReadFromAnErrorsPlace()
    {
        QCOMPARE(gui::lineInPlace(u"/p/Dockerfile:7"_s), 7);
        QCOMPARE(gui::lineInPlace(u"Dockerfile:12:3"_s), 12);
        QCOMPARE(gui::lineInPlace(u"http://host:80/x"_s), 0);
    }
};

QTEST_GUILESS_MAIN(BuildOptionsTest)
#include "tst_buildoptions.moc"
