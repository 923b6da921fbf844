#include "core/dockerfile/csvfields.h"
#include "core/dockerfile/mountoptions.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace cooperage;
using namespace cooperage::dockerfile;

using Type = MountOptions::Type;

// Values of RUN --mount, by spec section 3.2.
class TestMountOptions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fieldsAreCsv_data();
    void fieldsAreCsv();
    void readsEachType();
    void keysAndTypesAreOfAnyCase();
    void defaultsDependOnTheType();
    void sizesAreDockers_data();
    void sizesAreDockers();
    void valuesAreExpanded();
    void fromIsKnownBeforehand();
    void errors_data();
    void errors();
};

static Result<MountOptions> read(const QString &value)
{
    return readMount(value, [](const QString &text) { return Result<QString>(text); });
}

void TestMountOptions::fieldsAreCsv_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("fields");
    QTest::addColumn<QString>("error");
    QTest::newRow("plain") << u"a=1,b"_s << QStringList{u"a=1"_s, u"b"_s} << QString();
    QTest::newRow("empty fields") << u"a,,"_s << QStringList{u"a"_s, QString(), QString()} << QString();
    QTest::newRow("quoted") << u"\"a=1,2\",\"b=\"\"x\"\"\""_s << QStringList{u"a=1,2"_s, u"b=\"x\""_s}
                            << QString();
    QTest::newRow("nothing") << QString() << QStringList() << u"EOF"_s;
    QTest::newRow("bare quote") << u"a=\"1\""_s << QStringList()
                                << u"parse error on line 1, column 3: bare \" in non-quoted field"_s;
    QTest::newRow("open quote")
        << u"\"a"_s << QStringList()
        << u"parse error on line 1, column 3: extraneous or missing \" in quoted-field"_s;
    QTest::newRow("text behind")
        << u"\"a\"b"_s << QStringList()
        << u"parse error on line 1, column 3: extraneous or missing \" in quoted-field"_s;
}

void TestMountOptions::fieldsAreCsv()
{
    QFETCH(QString, text);
    const auto fields = csvFields(text);
    QTEST(fields.value_or(QStringList()), "fields");
    QTEST(fields ? QString() : fields.error(), "error");
}

void TestMountOptions::readsEachType()
{
    const auto bind = read(u"source=a,target=/b,from=c,rw"_s);
    QVERIFY(bind);
    QCOMPARE(
        *bind,
        (MountOptions{
            .type = Type::Bind, .from = u"c"_s, .source = u"a"_s, .target = u"/b"_s, .readOnly = false}));
    const auto cache = read(u"type=cache,dst=/c,id=i,sharing=LOCKED,mode=0700,uid=1,gid=2"_s);
    QVERIFY(cache);
    QCOMPARE(*cache, (MountOptions{.type = Type::Cache,
                                   .target = u"/c"_s,
                                   .id = u"i"_s,
                                   .readOnly = false,
                                   .sharing = u"locked"_s,
                                   .mode = 0700,
                                   .uid = 1,
                                   .gid = 2}));
    const auto secret = read(u"type=secret,id=x,env=X,required"_s);
    QVERIFY(secret);
    QCOMPARE(*secret, (MountOptions{.type = Type::Secret, .id = u"x"_s, .required = true, .env = u"X"_s}));
    const auto ssh = read(u"type=ssh,required=false,destination=/s"_s);
    QVERIFY(ssh);
    QCOMPARE(*ssh, (MountOptions{.type = Type::Ssh, .target = u"/s"_s}));
}

void TestMountOptions::keysAndTypesAreOfAnyCase()
{
    const auto mount = read(u"TYPE=Cache,Target=/X,READONLY=T"_s);
    QVERIFY(mount);
    QCOMPARE(*mount, (MountOptions{.type = Type::Cache, .target = u"/X"_s, .readOnly = true}));
}

void TestMountOptions::defaultsDependOnTheType()
{
    QVERIFY(read(u"target=/a"_s)->readOnly);
    QVERIFY(!read(u"type=cache,target=/a"_s)->readOnly);
    QVERIFY(!read(u"type=tmpfs,target=/a"_s)->readOnly);
    QVERIFY(read(u"type=tmpfs,target=/a,ro"_s)->readOnly);
    QVERIFY(read(u"target=/a,rw=0"_s)->readOnly);
    QVERIFY(!read(u"target=/a,ro=F"_s)->readOnly);
}

void TestMountOptions::sizesAreDockers_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("size");
    QTest::newRow("bytes") << u"100"_s << qint64(100);
    QTest::newRow("b") << u"100b"_s << qint64(100);
    QTest::newRow("m") << u"64m"_s << qint64(64) * 1024 * 1024;
    QTest::newRow("MB") << u"1MB"_s << qint64(1024) * 1024;
    QTest::newRow("GiB") << u"1.5 GiB"_s << qint64(3) * 512 * 1024 * 1024;
    for (const char *wrong : {"", "k", "1x", "1mm", "-1", "1 2m", "9999999p"})
        QTest::newRow(wrong) << QString::fromLatin1(wrong) << qint64(-1);
}

void TestMountOptions::sizesAreDockers()
{
    QFETCH(QString, text);
    const auto mount = read(u"type=tmpfs,target=/t,size="_s + text);
    QTEST(mount ? mount->size : -1, "size");
    if (!mount)
        QCOMPARE(mount.error().what, u"invalid value for size: "_s + text);
}

void TestMountOptions::valuesAreExpanded()
{
    const auto expand = [](const QString &text) -> Result<QString> {
        if (text == u"$BAD")
            return failure(ErrorKind::BadInput, u"bad"_s);
        return QString(text).replace(u"$T"_s, u"tmpfs"_s);
    };
    QCOMPARE(readMount(u"type=$T,target=/$T,size=1"_s, expand)->target, u"/tmpfs"_s);
    QCOMPARE(readMount(u"target=$BAD"_s, expand).error().what, u"bad"_s);
}

void TestMountOptions::fromIsKnownBeforehand()
{
    QCOMPARE(mountFrom(u"type=cache,FROM=a,from=b"_s), u"b"_s);
    QCOMPARE(mountFrom(u"target=$X,nonsense"_s), QString());
    QCOMPARE(mountFrom(u"from=a$"_s), u"a$"_s);
    QCOMPARE(mountFrom(u"from=$X"_s).error().what,
             u"'from' doesn't support variable expansion, define alias stage instead"_s);
    QCOMPARE(mountFrom(QString()).error().what, u"failed to parse csv mounts: EOF"_s);
}

void TestMountOptions::errors_data()
{
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("error");
    const auto row = [](const char *value, const char *error) {
        QTest::newRow(value) << QString::fromLatin1(value) << QString::fromLatin1(error);
    };
    row("type=bnd", "unsupported mount type \"bnd\" (did you mean bind?)");
    row("type=nothing", "unsupported mount type \"nothing\"");
    row("targt=/x", "unexpected key 'targt' in 'targt=/x' (did you mean target?)");
    row("X=1", "unexpected key 'x' in 'X=1' (did you mean id?)");
    row("foo", "invalid field 'foo' must be a key=value pair");
    row("target", "invalid field 'target' must be a key=value pair");
    row("ro=yes", "invalid value for ro: yes");
    row("required", "unexpected key 'required' for mount type 'bind'");
    row("required=true,type=secret,id=x", "unexpected key 'required' for mount type 'bind'");
    row("size=1,type=tmpfs", "unexpected key 'size' for mount type 'bind'");
    row("type=cache,sharing=all", "unsupported sharing value \"all\"");
    row("sharing=shared", "invalid cache sharing set for bind mount");
    row("type=ssh,sharing=shared", "invalid cache sharing set for ssh mount");
    row("mode=0755", "mode not allowed for \"bind\" type mounts");
    row("type=tmpfs,uid=1", "uid not allowed for \"tmpfs\" type mounts");
    row("gid=1", "gid not allowed for \"bind\" type mounts");
    row("type=cache,mode=8", "invalid value 8 for mode");
    row("type=cache,uid=root", "invalid value root for uid");
    row("type=cache,gid=-1", "invalid value -1 for gid");
    row("type=secret,id=x,from=y", "secret mount should not have a from");
    row("type=secret,id=x,sharing=shared", "secret mount should not define sharing");
    row("type=secret", "invalid secret mount. one of source, target required");
    row("type=secret,env=X", "invalid secret mount. one of source, target required");
    row("type=secret,id=x,source=y", "both source and id can't be set");
    row("type=ssh,source=y", "ssh does not support source");
}

void TestMountOptions::errors()
{
    QFETCH(QString, value);
    const auto mount = read(value);
    QVERIFY(!mount);
    QTEST(mount.error().what, "error");
}

QTEST_GUILESS_MAIN(TestMountOptions)
#include "tst_mountoptions.moc"
