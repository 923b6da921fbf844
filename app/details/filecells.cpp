#include "app/details/imagefilesmodel.h"
#include "app/icons.h"

#include <QCoreApplication>

#include <sys/stat.h>

using namespace Qt::StringLiterals;

// What cells about files say.
namespace cooperage::gui {

using engine::ImageChange;

QString modeLetters(quint32 mode)
{
    const QChar type = S_ISDIR(mode)    ? u'd'
                       : S_ISLNK(mode)  ? u'l'
                       : S_ISCHR(mode)  ? u'c'
                       : S_ISBLK(mode)  ? u'b'
                       : S_ISFIFO(mode) ? u'p'
                       : S_ISSOCK(mode) ? u's'
                                        : u'-';
    QString text(type);
    for (int shift = 6; shift >= 0; shift -= 3) {
        const quint32 bits = mode >> shift;
        text += bits & 4 ? u'r' : u'-';
        text += bits & 2 ? u'w' : u'-';
        text += bits & 1 ? u'x' : u'-';
    }
    const auto special = [&](quint32 bit, int place, QChar letter) {
        if (mode & bit)
            text[place] = text[place] == u'x' ? letter : letter.toUpper();
    };
    special(S_ISUID, 3, u's');
    special(S_ISGID, 6, u's');
    special(S_ISVTX, 9, u't');
    return text;
}

QString changeText(const ImageChange &change)
{
    switch (change.kind) {
    case ImageChange::Kind::Added:
        return ImageFilesModel::tr("added");
    case ImageChange::Kind::Removed:
        return ImageFilesModel::tr("removed");
    case ImageChange::Kind::Changed:
        break;
    }
    return change.content ? ImageFilesModel::tr("changed") : ImageFilesModel::tr("attributes");
}

QIcon changeIcon(const ImageChange &change)
{
    switch (change.kind) {
    case ImageChange::Kind::Added:
        return icon(u"add"_s, Tone::Good);
    case ImageChange::Kind::Removed:
        return icon(u"delete"_s, Tone::Bad);
    case ImageChange::Kind::Changed:
        break;
    }
    return icon(u"rename"_s, Tone::Active);
}

} // namespace cooperage::gui
