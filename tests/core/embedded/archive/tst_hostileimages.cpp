#include "core/embedded/archive/imagedocuments.h"
#include "tests/core/embedded/archive/asroot.h"
#include "tests/core/embedded/archive/layerfixture.h"
#include "tests/core/embedded/archive/storefixture.h"
#include "tests/core/embedded/archive/testimage.h"

#include <QRegularExpression>

#include <functional>
#include <sys/resource.h>

using namespace Qt::StringLiterals;
using namespace cooperage;
using namespace cooperage::test;

namespace {

using Entries = std::vector<TarEntry>;

struct Hostile
{
    const char *name;
    std::function<QByteArray()> make;
};

Hostile rootfs(const char *name, Entries entries)
{
    entries.insert(entries.begin(), folder("etc")); // Not to be taken for an archive of an image.
    return {name, [entries] { return tarOf(entries); }};
}

/// A docker-archive or OCI layout of one layer, changed.
Hostile changed(const char *name, bool oci, const std::function<void(Entries &)> &change)
{
    return {name, [=] {
                const TestImage image({tarOf({file("etc/f")})});
                Entries entries = oci ? image.ociLayout() : image.dockerArchive();
                change(entries);
                return tarOf(entries);
            }};
}

TarEntry &named(Entries &entries, const std::string &end)
{
    return *std::ranges::find_if(entries, [&](const TarEntry &entry) { return entry.name.ends_with(end); });
}

Hostile manifest(const char *name, const std::string &json)
{
    return changed(name, false, [=](Entries &entries) { named(entries, "manifest.json").content = json; });
}

Hostile index(const char *name, const std::string &json)
{
    return changed(name, true, [=](Entries &entries) { named(entries, "index.json").content = json; });
}

QByteArray flipped(QByteArray bytes, qsizetype at)
{
    bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
    return bytes;
}

// An index that names itself cannot be made; one that lies six deep can.
QByteArray deepIndex()
{
    QByteArray inner = R"({"schemaVersion":2,"manifests":[]})";
    Entries entries{file("oci-layout", R"({"imageLayoutVersion":"1.0.0"})")};
    for (int depth = 0; depth < 6; ++depth) {
        entries.push_back(file("blobs/sha256/" + digest(inner).mid(7).toStdString(), inner.toStdString()));
        inner =
            R"({"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.index.v1+json","digest":")" +
            digest(inner) + R"(","size":)" + QByteArray::number(inner.size()) + "}]}";
    }
    entries.push_back(file("index.json", inner.toStdString()));
    return tarOf(entries);
}

std::vector<Hostile> layers()
{
    return {
        rootfs("name with `..`", {file("../evil")}),
        rootfs("name with `..` inside", {file("a/../../evil")}),
        rootfs("absolute name", {file("/absolute")}),
        rootfs("file through a link to `/`", {softLink("l", "/"), file("l/planted")}),
        rootfs("file through a link to `../../..`", {softLink("l", "../../.."), file("l/planted")}),
        rootfs("file over a link out", {softLink("l", "/tmp/cooperage-planted"), file("l")}),
        rootfs("root as a link", {softLink("./", "/etc")}),
        rootfs("hard link to `../../etc/passwd`", {hardLink("evil", "../../etc/passwd")}),
        rootfs("hard link through a link out", {softLink("l", "/etc"), hardLink("evil", "l/passwd")}),
        rootfs("hard link to a folder", {hardLink("evil", "etc")}),
        rootfs("circle of links", {softLink("a", "b"), softLink("b", "a"), file("a/evil")}),
        rootfs("device 0:0 (a deletion in disguise)", {{.name = "evil", .type = AE_IFCHR, .device = 0}}),
        rootfs("deletion mark without a name", {file(".wh.", "")}),
        rootfs("deletion of `..`", {file("etc/.wh...", "")}),
        rootfs("deletion mark as a folder", {file(".wh.x/y")}),
        rootfs("name of 5000 bytes", {file(std::string(250, 'p') + '/' + std::string(4749, 'q'))}),
        rootfs("part of a name of 256 bytes", {file(std::string(256, 'p'))}),
        rootfs("name with a line feed", {file("line\nfeed")}),
        rootfs("owner above 32 bits", {{.name = "evil", .uid = 1ll << 33}}),
        rootfs("attribute of overlayfs", {{.name = "o", .xattrs = {{"trusted.overlay.redirect", "/etc"}}}}),
        rootfs("attribute of 64 KiB", {{.name = "evil", .xattrs = {{"user.big", std::string(65'537, 'v')}}}}),
        rootfs("sparse file of 1 PB", {{.name = "evil", .content = "x", .sparseSize = 1ll << 50}}),
    };
}

std::vector<Hostile> archives()
{
    return {
        {"empty file", [] { return QByteArray(); }},
        {"text", [] { return QByteArray("<html>not found</html>").repeated(100); }},
        {"compressed twice",
         [] {
             return compressed(tarOf({folder("etc"), file("f")}, ARCHIVE_FILTER_GZIP), ARCHIVE_FILTER_GZIP);
         }},
        {"cut short",
         [] { return tarOf({folder("etc"), file("f", std::string(50'000, 'x'))}).first(20'000); }},
        {"gzip cut short",
         [] {
             const QByteArray tar =
                 tarOf({folder("etc"), file("f", std::string(50'000, 'x'))}, ARCHIVE_FILTER_GZIP);
             return tar.first(tar.size() / 2);
         }},
        {"compressed image that says it holds 1 PB",
         [] {
             TarEntry layer{.name = "l.tar", .content = "x", .sparseSize = 1ll << 50};
             return tarOf({file("manifest.json", R"([{"Config":"c","Layers":["l.tar"]}])"), layer},
                          ARCHIVE_FILTER_GZIP);
         }},
        {"bit flipped in a header", [] { return flipped(tarOf({folder("etc"), file("f")}), 512 + 100); }},
        manifest("manifest with two images", R"([{"Config":"a","Layers":[]},{"Config":"b","Layers":[]}])"),
        manifest("config that is not there", R"([{"Config":"a","Layers":[]}])"),
        manifest("config with `..`", R"([{"Config":"../../etc/passwd","Layers":["layer0.tar"]}])"),
        changed("layer that is a link out of the archive", false,
                [](Entries &entries) {
                    named(entries, "layer0.tar") = softLink("layer0.tar", "../../etc/passwd");
                }),
        changed("layers that are links in a circle", false,
                [](Entries &entries) {
                    named(entries, "layer0.tar") = softLink("layer0.tar", "layer0/layer.tar");
                }),
        changed("layer of another content than the config says", false,
                [](Entries &entries) {
                    named(entries, "layer0.tar").content = tarOf({file("x")}).toStdString();
                }),
        changed("config that was changed", false,
                [](Entries &entries) { named(entries, ".json").content += ' '; }),
        changed("blob of another digest", true,
                [](Entries &entries) {
                    for (TarEntry &entry : entries)
                        if (entry.name.starts_with("blobs/") && entry.content.starts_with("\x1f"))
                            entry.content = tarOf({file("y")}, ARCHIVE_FILTER_GZIP).toStdString();
                }),
        index("index that is a manifest as well", R"({"schemaVersion":2,"manifests":[],"layers":[]})"),
        index("key that comes twice", R"({"schemaVersion":2,"manifests":[],"manifests":[]})"),
        index("key in two cases", R"({"schemaVersion":2,"manifests":[],"Manifests":[]})"),
        index(
            "digest that is a path",
            R"({"schemaVersion":2,"manifests":[{"mediaType":"x","digest":"sha256:../../../../etc/passwd","size":1}]})"),
        index("nested too deeply for JSON", std::string(5000, '[')),
        {"indexes six deep", deepIndex},
        index(
            "another machine's image",
            R"({"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":)"
            R"("sha256:0000000000000000000000000000000000000000000000000000000000000000","size":1,)"
            R"("platform":{"os":"plan9","architecture":"mips"}}]})"),
    };
}

const std::vector<Hostile> &inputs()
{
    static const std::vector<Hostile> all = [] {
        std::vector<Hostile> list = layers();
        std::ranges::move(archives(), std::back_inserter(list));
        return list;
    }();
    return all;
}

/// What the table of the document says: input -> message.
QMap<QString, QString> documentedMessages()
{
    QFile document(QStringLiteral(COOPERAGE_SOURCE_DIR "/docs/engine-hostile-input.md"));
    QMap<QString, QString> messages;
    if (!document.open(QFile::ReadOnly))
        return messages;
    for (const QString &line : QString::fromUtf8(document.readAll()).split(u'\n')) {
        const QStringList cells = line.split(u" | "_s);
        if (line.startsWith(u"| "_s) && cells.size() == 2 && cells[0] != u"| Input"_s)
            messages[cells[0].mid(2)] = cells[1].chopped(2);
    }
    return messages;
}

} // namespace

class HostileImagesTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void endAsDocumented_data();
    void endAsDocumented();
    void areAllDocumented();
    void needNoMemory();
};

void HostileImagesTest::endAsDocumented_data()
{
    QTest::addColumn<int>("input");
    for (size_t i = 0; i < inputs().size(); ++i)
        QTest::newRow(inputs()[i].name) << int(i);
}

void HostileImagesTest::endAsDocumented()
{
    QFETCH(int, input);
    const Hostile &hostile = inputs()[size_t(input)];
    StoreFixture fixture;
    const QString archive = fixture.write(u"image.tar"_s, hostile.make());
    const auto done = embedded::importArchive(fixture.store(), archive, {}, {});
    QString said = done ? u"taken"_s : done.error().text();
    if (done && !done->notes.isEmpty())
        said += u": "_s + done->notes.join(u' ');
    said.replace(archive, u"image.tar"_s)
        .replace(QRegularExpression(u"\\d+ MB"_s), u"N MB"_s)
        .replace(u'\n', u' ')
        .replace(QRegularExpression(u"([pq])\\1{20,}"_s), u"\\1..."_s)
        .replace(QRegularExpression(u"(sha256:)?[0-9a-f]{64}"_s), u"DIGEST"_s)
        .replace(embedded::machinePlatforms().first().toString(), u"THIS MACHINE"_s);
    QVERIFY2(documentedMessages().value(QString::fromLatin1(hostile.name)) == said,
             qPrintable(u"| %1 | %2 |"_s.arg(QLatin1StringView(hostile.name), said)));
    // No trace: neither outside of the store nor, after a refusal, in it.
    if (!done)
        QCOMPARE(fixture.leftovers(), QStringList());
    QVERIFY(!QFile::exists(u"/tmp/cooperage-planted"_s) && !QFile::exists(u"/planted"_s) &&
            !QFile::exists(u"/evil"_s));
    QCOMPARE(QDir(fixture.path({})).entryList(QDir::AllEntries | QDir::NoDotAndDotDot | QDir::Hidden),
             (QStringList{u"image.tar"_s, u"store"_s}));
}

void HostileImagesTest::areAllDocumented()
{
    QCOMPARE(documentedMessages().size(), qsizetype(inputs().size()));
}

void HostileImagesTest::needNoMemory()
{
    // Zeros, 1:1000: the biggest of what an import could be talked into keeping in memory.
    StoreFixture fixture;
    const QByteArray zeros =
        tarOf({folder("etc"), file("zeros", std::string(200'000'000, '\0'))}, ARCHIVE_FILTER_GZIP);
    QVERIFY(zeros.size() < 1'000'000);
    const QString archive = fixture.write(u"image.tar"_s, zeros);
    rusage before{};
    ::getrusage(RUSAGE_SELF, &before);
    QVERIFY(embedded::importArchive(fixture.store(), archive, {}, {}));
    rusage after{};
    ::getrusage(RUSAGE_SELF, &after);
    QVERIFY2(after.ru_maxrss - before.ru_maxrss < 20'000, qPrintable(QString::number(after.ru_maxrss)));
}

COOPERAGE_TEST_MAIN_AS_ROOT(HostileImagesTest)
#include "tst_hostileimages.moc"
