#include "app/editor/useasfrom.h"

#include <QPlainTextEdit>
#include <QRegularExpression>
#include <QTextBlock>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

void useAsFrom(QPlainTextEdit *editor, const QString &image)
{
    static const QRegularExpression from(u"^\\s*FROM\\s+(?:--\\S+\\s+)*(?<image>[^\\s-]\\S*)"_s,
                                         QRegularExpression::CaseInsensitiveOption);
    QTextCursor cursor(editor->document());
    for (QTextBlock block = editor->textCursor().block(); block.isValid(); block = block.previous()) {
        const QRegularExpressionMatch match = from.match(block.text());
        if (!match.hasMatch())
            continue;
        cursor.setPosition(block.position() + int(match.capturedStart(u"image")));
        cursor.setPosition(block.position() + int(match.capturedEnd(u"image")), QTextCursor::KeepAnchor);
        cursor.insertText(image);
        editor->setTextCursor(cursor);
        return;
    }
    cursor.insertText(u"FROM %1\n"_s.arg(image));
    editor->setTextCursor(cursor);
}

} // namespace cooperage::gui
