#include "core/embedded/archive/confighistory.h"

#include <QJsonDocument>
#include <QTest>

using namespace cooperage::embedded;
using namespace Qt::StringLiterals;

/// The config of an image's lowest layers.
class TestConfigHistory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void historyAndDiffIdsAreCut_data();
    void historyAndDiffIdsAreCut();
    void settingsAreThoseOfTheTime_data();
    void settingsAreThoseOfTheTime();
    void whatIsNoConfigStays();

private:
    static QJsonObject lowest(const QByteArray &config, qsizetype count, qsizetype all)
    {
        return QJsonDocument::fromJson(configOfLowest(config, count, all)).object();
    }
    static QStringList steps(const QJsonObject &config)
    {
        QStringList result;
        for (const QJsonValue &entry : config["history"_L1].toArray())
            result << entry["created_by"_L1].toString();
        return result;
    }
};

// A base of two layers and three more of a build, of which one made no layer.
static const QByteArray s_config = R"({"architecture":"arm64","created":"2024-05-05T00:00:00Z",
  "config":{"Env":["PATH=/bin"],"User":"app","WorkingDir":"/app","Entrypoint":["/app/run"],"Labels":{"a":"b"}},
  "rootfs":{"type":"layers","diff_ids":["d0","d1"]},
  "history":[
    {"created":"2024-01-01T00:00:00Z","created_by":"/bin/sh -c #(nop) ADD rootfs"},
    {"created":"2024-01-02T00:00:00Z","created_by":"/bin/sh -c #(nop)  CMD [\"nginx\" \"-g\" \"off\"]","empty_layer":true},
    {"created":"2024-01-03T00:00:00Z","created_by":"/bin/sh -c apt"},
    {"created_by":"USER builder","empty_layer":true},
    {"created_by":"WORKDIR /app"},
    {"created_by":"USER app","empty_layer":true},
    {"created_by":"ENTRYPOINT [\"/app/run\"]","empty_layer":true},
    {"created_by":"RUN make"}]})";

void TestConfigHistory::historyAndDiffIdsAreCut_data()
{
    QTest::addColumn<int>("count");
    QTest::addColumn<int>("entries");
    QTest::addColumn<int>("diffIds");
    QTest::addColumn<QString>("created");
    QTest::newRow("one") << 1 << 2 << 1 << u"2024-01-02T00:00:00Z"_s;
    QTest::newRow("the base, with what follows it") << 2 << 4 << 2 << u"2024-05-05T00:00:00Z"_s;
    QTest::newRow("a layer of the build") << 3 << 7 << 2 << u"2024-05-05T00:00:00Z"_s;
    QTest::newRow("all") << 4 << 8 << 2 << u"2024-05-05T00:00:00Z"_s;
}

void TestConfigHistory::historyAndDiffIdsAreCut()
{
    QFETCH(int, count);
    const QJsonObject config = lowest(s_config, count, 4);
    const QJsonObject whole = QJsonDocument::fromJson(s_config).object();
    QTEST(static_cast<int>(steps(config).size()), "entries");
    QCOMPARE(steps(config), steps(whole).first(steps(config).size()));
    QTEST(static_cast<int>(config["rootfs"_L1]["diff_ids"_L1].toArray().size()), "diffIds");
    QCOMPARE(config["rootfs"_L1]["type"_L1].toString(), u"layers"_s);
    QTEST(config["created"_L1].toString(), "created");
    QCOMPARE(config["architecture"_L1].toString(), u"arm64"_s);
    QCOMPARE(config["config"_L1]["Labels"_L1], whole["config"_L1]["Labels"_L1]);
}

void TestConfigHistory::settingsAreThoseOfTheTime_data()
{
    QTest::addColumn<int>("count");
    QTest::addColumn<QString>("settings"); // User, folder, entrypoint, command.
    QTest::newRow("one") << 1 << u"||[]|nginx,-g,off"_s;
    QTest::newRow("the base") << 2 << u"builder||[]|nginx,-g,off"_s;
    QTest::newRow("three") << 3 << u"app|/app|[/app/run]|"_s;
}

void TestConfigHistory::settingsAreThoseOfTheTime()
{
    QFETCH(int, count);
    const QJsonObject settings = lowest(s_config, count, 4)["config"_L1].toObject();
    const auto words = [&](const QString &key) {
        return settings[key].toVariant().toStringList().join(u',');
    };
    const QString told = settings["User"_L1].toString() + u'|' + settings["WorkingDir"_L1].toString() +
                         u"|["_s + words(u"Entrypoint"_s) + u"]|"_s + words(u"Cmd"_s);
    QTEST(told, "settings");
}

void TestConfigHistory::whatIsNoConfigStays()
{
    QCOMPARE(configOfLowest({}, 1, 2), QByteArray());
    QCOMPARE(configOfLowest("no JSON", 1, 2), QByteArray("no JSON"));
    // Layers of which the history tells nothing lie at the bottom.
    const QByteArray untold = R"({"history":[{"created_by":"top"}]})";
    QCOMPARE(steps(lowest(untold, 1, 3)), QStringList());
    QCOMPARE(steps(lowest(untold, 2, 3)), QStringList());
    QCOMPARE(steps(lowest(untold, 3, 3)), QStringList{u"top"_s});
}

QTEST_GUILESS_MAIN(TestConfigHistory)
#include "tst_confighistory.moc"
