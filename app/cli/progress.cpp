#include "app/cli/progress.h"

#include "app/cli/table.h"

#include <QLocale>

#include <cstdio>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace cooperage::cli {

Progress::Progress() : m_terminal(::isatty(STDERR_FILENO) == 1) {}

engine::ProgressHandler Progress::handler()
{
    return [this](qint64 done, qint64 total, const QString &what) { show(done, total, what); };
}

void Progress::show(qint64 done, qint64 total, const QString &what)
{
    if (!m_terminal)
        return;
    const QLocale locale;
    QString text = printable(what) + u": "_s + locale.formattedDataSize(done);
    if (total > 0)
        text += u" / "_s + locale.formattedDataSize(total);
    std::fprintf(stderr, "\r\033[K%s", text.toLocal8Bit().constData());
    std::fflush(stderr);
    m_shown = true;
}

void Progress::clear()
{
    if (m_shown)
        std::fputs("\r\033[K", stderr);
    m_shown = false;
}

} // namespace cooperage::cli
