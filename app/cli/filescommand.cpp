#include "app/cli/cli.h"
#include "app/cli/imagecopy.h"
#include "app/cli/support.h"
#include "app/cli/table.h"
#include "app/cli/verbparser.h"
#include "app/cli/verbs.h"

#include <QCoreApplication>
#include <QFile>

#include <algorithm>
#include <sys/stat.h>

using namespace Qt::StringLiterals;

// `cooperage ls`, `cat` and `cp`.
namespace cooperage::cli {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(Cli)
};

} // namespace

static QString modeText(quint32 mode)
{
    const auto type = [mode] {
        switch (mode & S_IFMT) {
        case S_IFDIR:
            return u'd';
        case S_IFLNK:
            return u'l';
        case S_IFCHR:
            return u'c';
        case S_IFBLK:
            return u'b';
        case S_IFIFO:
            return u'p';
        case S_IFSOCK:
            return u's';
        default:
            return u'-';
        }
    };
    QString text = type() + u"rwxrwxrwx"_s;
    for (int bit = 0; bit < 9; ++bit) {
        if (!(mode & (0400U >> bit)))
            text[bit + 1] = u'-';
    }
    const auto special = [&](quint32 flag, qsizetype at, QChar letter) {
        if (mode & flag)
            text[at] = text[at] == u'x' ? letter : letter.toUpper();
    };
    special(S_ISUID, 3, u's');
    special(S_ISGID, 6, u's');
    special(S_ISVTX, 9, u't');
    return text;
}

static QString listing(QList<engine::FileItem> items)
{
    std::ranges::sort(items, {}, &engine::FileItem::name);
    QList<QStringList> rows;
    for (const engine::FileItem &item : items) {
        const QString name = item.isSymlink ? item.name + u" -> "_s + item.linkTarget : item.name;
        rows.append({modeText(item.mode), item.owner, item.group, QString::number(item.size),
                     item.mtime.toLocalTime().toString(u"yyyy-MM-dd hh:mm"_s), name});
    }
    return tableText(rows, {3});
}

int runList(const QStringList &arguments)
{
    VerbParser parser(verb::list, u"IMAGE [PATH]"_s, Texts::tr("Lists a folder of an image."),
                      {u"cooperage ls ubuntu:24.04 /etc"_s});
    if (const auto done = parser.parse(arguments, 1, 2))
        return *done;
    const auto engine = openEngine();
    const auto image = await(engine->resolve(parser.positionalArguments().first(), interrupted()));
    if (!image)
        return fail(image.error());
    const QString path = absoluteImagePath(parser.positionalArguments().value(1));
    const auto items = itemsAt(*engine, image->uuid, path);
    if (!items)
        return fail(items.error());
    if (!items->isEmpty())
        print(listing(*items));
    return Success;
}

int runPrint(const QStringList &arguments)
{
    VerbParser parser(verb::print, u"IMAGE PATH"_s,
                      Texts::tr("Writes a file of an image to standard output."),
                      {u"cooperage cat ubuntu:24.04 /etc/os-release"_s});
    if (const auto done = parser.parse(arguments, 2, 2))
        return *done;
    const auto engine = openEngine();
    const auto image = await(engine->resolve(parser.positionalArguments()[0], interrupted()));
    if (!image)
        return fail(image.error());
    QFile output;
    (void)output.open(stdout, QFile::WriteOnly | QFile::Unbuffered);
    const QString path = absoluteImagePath(parser.positionalArguments()[1]);
    const auto done = await(engine->download(image->uuid, path, &output, interrupted()));
    return done ? Success : fail(done.error());
}

int runCopy(const QStringList &arguments)
{
    VerbParser parser(
        verb::copy, u"IMAGE:PATH DESTINATION"_s, Texts::tr("Copies a file or folder out of an image."),
        {u"cooperage cp myapp:1.0:/app/report.pdf ."_s, u"cooperage cp myapp:1.0:/app/out ./out"_s});
    if (const auto done = parser.parse(arguments, 2, 2))
        return *done;
    const QString source = parser.positionalArguments()[0];
    // Tags hold colons too: the path begins at the last one that a slash follows.
    const qsizetype colon = source.lastIndexOf(":/"_L1);
    if (colon <= 0)
        return usageError(verb::copy, Texts::tr("\"%1\" is not IMAGE:/PATH").arg(source));
    const auto engine = openEngine();
    const auto image = await(engine->resolve(source.first(colon), interrupted()));
    if (!image)
        return fail(image.error());
    const auto copied = await(copyOut(engine.get(), image->uuid, absoluteImagePath(source.sliced(colon + 1)),
                                      parser.positionalArguments()[1], interrupted()));
    return copied ? Success : fail(copied.error());
}

} // namespace cooperage::cli
