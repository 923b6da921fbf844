#include "core/build/layerkey.h"

#include <QJsonObject>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace cooperage::build;

class TestLayerKey : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // The vectors of contree-api section 6.3.
    void baseHasTheKeyOfItsUuid();
    void runOnABaseHasTheKnownKey();
    void runWithStateAndFilesHasTheKnownKey();

    void jsonIsWrittenAsPythonDoes_data();
    void jsonIsWrittenAsPythonDoes();
    void everyInputOfARunChangesItsKey();
    void networkAndShellEnterOnlyWhereTheyAreNotTheDefault();
    void directivesOfTheSameTextHaveDifferentKeys();

private:
    const QByteArray m_base = baseKey(u"11111111-1111-1111-1111-111111111111"_s);
    const QByteArray m_run = runKey(m_base, {}, {true, {u"echo hi"_s}}, {});
};

void TestLayerKey::baseHasTheKeyOfItsUuid()
{
    QCOMPARE(m_base, "7b12281c9034c2fd54f3be8f351591d2afb1f4fff02371325f15b0414b3af131");
}

void TestLayerKey::runOnABaseHasTheKnownKey()
{
    QCOMPARE(m_run, "174cd99c5ace3586de6a1c5b68162daf0cbb47087b7bd28eb7109e86890c7462");
}

void TestLayerKey::runWithStateAndFilesHasTheKnownKey()
{
    const KeyState state{
        u"/app"_s, u"nobody"_s, {{u"A"_s, u"é"_s}, {u"B"_s, u"2"_s}}, {{u"V"_s, u"1"_s}, {u"W"_s, u"9"_s}}};
    const QJsonObject file{{u"path"_s, u"/app/a.py"_s},
                           {u"sha"_s, u"ab"_s.repeated(32)},
                           {u"uid"_s, 0},
                           {u"gid"_s, 0},
                           {u"mode"_s, u"0644"_s}};
    QCOMPARE(runKey(m_run, state, {false, {u"ls"_s, u"-l"_s}}, {file}),
             "9868d401f5ce44c8edb6cd992d5a328a5007287e3b64e124c0aad5ac75bf3e22");
}

void TestLayerKey::jsonIsWrittenAsPythonDoes_data()
{
    QTest::addColumn<QJsonValue>("value");
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("separators") << QJsonValue(QJsonArray{1, u"a"_s, true}) << QByteArray("[1, \"a\", true]");
    QTest::newRow("sorted keys") << QJsonValue(QJsonObject{{u"b"_s, 1}, {u"a"_s, QJsonArray()}})
                                 << QByteArray("{\"a\": [], \"b\": 1}");
    QTest::newRow("escapes") << QJsonValue(u"\"\\\n\r\t\b\f/"_s)
                             << QByteArray("\"\\\"\\\\\\n\\r\\t\\b\\f/\"");
    QTest::newRow("control characters") << QJsonValue(u"\x01\x7f"_s) << QByteArray("\"\\u0001\\u007f\"");
    QTest::newRow("beyond ASCII") << QJsonValue(u"é😀"_s) << QByteArray("\"\\u00e9\\ud83d\\ude00\"");
    QTest::newRow("big number") << QJsonValue(qint64(30'000'000'000)) << QByteArray("30000000000");
}

void TestLayerKey::jsonIsWrittenAsPythonDoes()
{
    QFETCH(QJsonValue, value);
    QTEST(pythonJson(value), "text");
}

void TestLayerKey::everyInputOfARunChangesItsKey()
{
    const KeyState state;
    const RunText text{true, {u"make"_s}};
    KeyState otherUser = state;
    otherUser.user = u"app"_s;
    KeyState otherFolder = state;
    otherFolder.workdir = u"/app"_s;
    KeyState env = state;
    env.env[u"A"_s] = u"1"_s;
    KeyState arg = state;
    arg.args[u"A"_s] = u"1"_s;
    const QSet<QByteArray> keys{runKey(m_base, state, text, {}),
                                runKey(m_run, state, text, {}),
                                runKey(m_base, otherUser, text, {}),
                                runKey(m_base, otherFolder, text, {}),
                                runKey(m_base, env, text, {}),
                                runKey(m_base, arg, text, {}),
                                runKey(m_base, state, {false, {u"make"_s}}, {}),
                                runKey(m_base, state, {true, {u"make "_s}}, {}),
                                runKey(m_base, state, text, {QJsonObject{{u"path"_s, u"/a"_s}}})};
    QCOMPARE(keys.size(), 9);
}

void TestLayerKey::networkAndShellEnterOnlyWhereTheyAreNotTheDefault()
{
    const RunText plain{true, {u"make"_s}};
    const RunText bash{true, {u"make"_s}, {u"/bin/bash"_s, u"-c"_s}};
    const RunText offline{true, {u"make"_s}, {}, u"none"_s};
    QVERIFY(runKey(m_base, {}, plain, {}) != runKey(m_base, {}, bash, {}));
    QVERIFY(runKey(m_base, {}, plain, {}) != runKey(m_base, {}, offline, {}));
    RunText mounted = plain;
    mounted.mounts = {QJsonObject{{u"type"_s, u"tmpfs"_s}, {u"target"_s, u"/t"_s}}};
    RunText named = plain;
    named.hostname = u"h"_s;
    QVERIFY(runKey(m_base, {}, plain, {}) != runKey(m_base, {}, mounted, {}));
    QVERIFY(runKey(m_base, {}, plain, {}) != runKey(m_base, {}, named, {}));
}

void TestLayerKey::directivesOfTheSameTextHaveDifferentKeys()
{
    QVERIFY(workdirKey(m_base, {}, u"/app"_s) != workdirKey(m_base, u"app"_s, u"/app"_s));
    QVERIFY(workdirKey(m_base, {}, u"/app"_s) != copyKey(m_base, {{u"destination"_s, u"/app"_s}}, {}));
    QVERIFY(copyKey(m_base, {}, {}) != configKey(m_base, {}));
    const QByteArray layer = copyKey({}, {}, {});
    QVERIFY(linkedKey(m_base, layer) != linkedKey(m_run, layer));
    QVERIFY(linkedKey(m_base, layer) != copyKey(m_base, {}, {}));
}

QTEST_GUILESS_MAIN(TestLayerKey)
#include "tst_layerkey.moc"
