#include "app/buildpane/logview.h"

#include "app/buildpane/steplogs.h"

#include <QFontDatabase>
#include <QScrollBar>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

namespace {

constexpr int LineLimit = 10'000;
constexpr qsizetype ViewLimit = 512 * 1024; ///< More than that at once is not shown from its beginning.
constexpr qsizetype LineLength = 4'000;

/// Lines longer than anybody reads cost seconds of layout: they are cut in the view, not in the log.
QString clipped(const QString &text)
{
    if (text.size() <= LineLength)
        return text;
    QStringList lines = text.split(u'\n');
    for (QString &line : lines) {
        if (line.size() > LineLength)
            line = line.first(LineLength) + u" …"_s;
    }
    return lines.join(u'\n');
}

} // namespace

LogView::LogView(StepLogs *logs, QWidget *parent) : QPlainTextEdit(parent), m_logs(logs)
{
    setReadOnly(true);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    setMaximumBlockCount(LineLimit);
    setUndoRedoEnabled(false);
    setFrameShape(QFrame::NoFrame);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    m_timer.setSingleShot(true);
    m_timer.setInterval(40);
    connect(&m_timer, &QTimer::timeout, this, &LogView::flush);
    connect(logs, &StepLogs::appended, this, &LogView::add);
    connect(logs, &StepLogs::cleared, this, [this] { showStep(-1); });
}

void LogView::showStep(int step)
{
    m_step = step;
    m_pending.clear();
    clear();
    const QString text = step < 0 ? QString() : m_logs->text(step);
    add(step, text.last(qMin(text.size(), ViewLimit)));
    flush();
}

void LogView::add(int step, const QString &text)
{
    if (step != m_step)
        return;
    m_pending += text;
    if (m_pending.size() > ViewLimit)
        m_pending = m_pending.last(ViewLimit);
    if (!m_timer.isActive())
        m_timer.start();
}

void LogView::flush()
{
    if (m_pending.isEmpty())
        return;
    const bool follow = verticalScrollBar()->value() >= verticalScrollBar()->maximum();
    QTextCursor end(document());
    end.movePosition(QTextCursor::End);
    end.insertText(clipped(m_pending));
    m_pending.clear();
    if (follow)
        verticalScrollBar()->setValue(verticalScrollBar()->maximum());
}

} // namespace cooperage::gui
