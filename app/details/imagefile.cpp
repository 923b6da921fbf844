#include "app/details/imagefile.h"

using namespace Qt::StringLiterals;

namespace cooperage::gui {

QString localName(const ImageFile &file)
{
    const QString last = file.path.section(u'/', -1, -1, QString::SectionSkipEmpty);
    if (!last.isEmpty() && last != "."_L1 && last != ".."_L1)
        return last;
    QString name = file.side.name;
    for (QChar &letter : name) {
        if (!letter.isLetterOrNumber() && letter != u'.' && letter != u'_')
            letter = u'-';
    }
    return name.startsWith(u'.') || name.isEmpty() ? u"image"_s + name : name;
}

} // namespace cooperage::gui
