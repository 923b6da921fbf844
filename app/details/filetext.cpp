#include "app/details/filetext.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringDecoder>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

static QString tr(const char *text)
{
    return QCoreApplication::translate("FileText", text);
}

QString FileText::note() const
{
    const QString shown = QLocale().formattedDataSize(shownBytes);
    if (isBinary)
        return tr("This is a binary file, which cannot be shown as text. Save it to look at it in another "
                  "program.");
    if (!isWhole)
        return tr("Only the first %1 are shown. Save the file to see all of it.").arg(shown);
    if (isLossy)
        return tr("The text is not UTF-8; what could not be read is shown as \uFFFD.");
    return {};
}

// A character that the limit cut in two is not the file's fault.
static QByteArrayView withoutCutCharacter(QByteArrayView bytes)
{
    for (qsizetype back = 1; back <= std::min<qsizetype>(3, bytes.size()); ++back) {
        const auto byte = static_cast<unsigned char>(bytes[bytes.size() - back]);
        if (byte < 0x80)
            return bytes;
        if (byte >= 0xc0)
            return bytes.first(bytes.size() - back);
    }
    return bytes;
}

FileText decoded(const engine::FileHead &head)
{
    FileText result{.isBinary = head.bytes.contains('\0'), .isWhole = head.isWhole};
    if (result.isBinary)
        return result;
    QStringDecoder decode(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    result.text = decode(head.isWhole ? QByteArrayView(head.bytes) : withoutCutCharacter(head.bytes));
    result.isLossy = decode.hasError();
    result.text.replace("\r\n"_L1, "\n"_L1);
    return result;
}

} // namespace cooperage::gui
