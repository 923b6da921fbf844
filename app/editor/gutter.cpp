#include "app/editor/gutter.h"

#include "app/editor/codeeditor.h"
#include "app/icons.h"

#include <QHelpEvent>
#include <QPainter>
#include <QTextBlock>
#include <QToolTip>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

namespace {

constexpr int IconSize = 14;
constexpr int Gap = 4;

QIcon iconOf(LineMark mark)
{
    return mark == LineMark::Warning ? icon(u"warning"_s, Tone::Warning) : icon(u"failed"_s, Tone::Bad);
}

} // namespace

Gutter::Gutter(CodeEditor *editor) : QWidget(editor), m_editor(editor)
{
    setObjectName(u"gutter"_s);
    setAccessibleName(tr("Line numbers"));
}

QSize Gutter::sizeHint() const
{
    const int digits = qMax(3, int(QString::number(m_editor->blockCount()).size()));
    return {Gap + IconSize + Gap + m_editor->fontMetrics().horizontalAdvance(u'9') * digits + 2 * Gap, 0};
}

void Gutter::follow(const QRect &rect, int dy)
{
    if (dy != 0)
        scroll(0, dy);
    else
        update(0, rect.y(), width(), rect.height());
}

void Gutter::refresh()
{
    QStringList sentences;
    for (const auto &[line, mark] : m_editor->marks()) {
        sentences.append((mark == LineMark::Failed    ? tr("Line %1 failed: %2")
                          : mark == LineMark::Warning ? tr("Warning in line %1: %2")
                                                      : tr("Error in line %1: %2"))
                             .arg(line)
                             .arg(m_editor->messageAt(line)));
    }
    setAccessibleDescription(sentences.join(u'\n'));
    update();
}

void Gutter::paintEvent(QPaintEvent *event)
{
    QPainter painter(this);
    const QPalette colors = m_editor->palette();
    painter.fillRect(event->rect(), colors.color(QPalette::AlternateBase));
    painter.setFont(m_editor->font());
    const auto marks = m_editor->marks();
    QTextBlock block = m_editor->firstVisibleBlock();
    int top = qRound(m_editor->blockBoundingGeometry(block).translated(m_editor->contentOffset()).top());
    for (; block.isValid() && top <= event->rect().bottom(); block = block.next()) {
        const int height = qRound(m_editor->blockBoundingRect(block).height());
        const int line = block.blockNumber() + 1;
        const bool current = line == m_editor->currentLine();
        painter.setPen(colors.color(current ? QPalette::Text : QPalette::PlaceholderText));
        painter.drawText(0, top, width() - 2 * Gap, height, Qt::AlignRight | Qt::AlignVCenter,
                         QString::number(line));
        if (const auto mark = marks.find(line); mark != marks.end())
            iconOf(mark->second).paint(&painter, Gap, top + (height - IconSize) / 2, IconSize, IconSize);
        top += height;
    }
}

int Gutter::lineAt(int y) const
{
    return m_editor->cursorForPosition(QPoint(0, y)).blockNumber() + 1;
}

void Gutter::mousePressEvent(QMouseEvent *event)
{
    m_editor->setTextCursor(m_editor->cursorForPosition(QPoint(0, event->pos().y())));
    m_editor->setFocus(Qt::MouseFocusReason);
}

bool Gutter::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        QToolTip::showText(help->globalPos(), m_editor->messageAt(lineAt(help->pos().y())), this);
        return true;
    }
    return QWidget::event(event);
}

} // namespace cooperage::gui
