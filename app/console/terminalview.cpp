#include "app/console/terminalview.h"

#include "app/accessibility.h"
#include "app/colors.h"
#include "app/icons.h"
#include "app/settings.h"

#include <QBuffer>
#include <QFontDatabase>
#include <QKeyEvent>
#include <QLineEdit>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

// The library's headers use keywords of Qt that this project goes without.
#define signals Q_SIGNALS
#define slots Q_SLOTS
#include <qtermwidget.h>
#undef signals
#undef slots

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace cooperage::gui {

static constexpr int smallestZoom = -4;
static constexpr int largestZoom = 16;

TerminalView::TerminalView(QWidget *parent)
    : QWidget(parent), m_terminal(new QTermWidget(0, this)), m_room(QSocketNotifier::Write)
{
    m_terminal->setObjectName(u"consoleTerminal"_s);
    m_terminal->setScrollBarPosition(QTermWidget::ScrollBarRight);
    m_terminal->setHistorySize(10'000);
    m_terminal->setTerminalSizeHint(false);
    m_terminal->setMargin(4);
    m_terminal->setConfirmMultilinePaste(false);
    m_terminal->setFlowControlWarningEnabled(false);
    m_terminal->setKeyBindings(u"linux"_s);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_terminal);
    applyTheme();
    zoom(0);

    // The widget shows what comes through a terminal of its own, in which nobody lives.
    m_terminal->startTerminalTeletype();
    const int end = m_terminal->getPtySlaveFd();
    termios raw{};
    if (::tcgetattr(end, &raw) == 0) {
        ::cfmakeraw(&raw);
        ::tcsetattr(end, TCSANOW, &raw);
    }
    ::fcntl(end, F_SETFL, ::fcntl(end, F_GETFL) | O_NONBLOCK);
    m_room.setSocket(end);
    m_room.setEnabled(false);
    connect(&m_room, &QSocketNotifier::activated, this, &TerminalView::writeMore);
    connect(m_terminal, &QTermWidget::sendData, this, [this](const char *bytes, int size) {
        if (m_input)
            Q_EMIT keys(QByteArray(bytes, size));
    });
    connect(m_terminal, &QTermWidget::copyAvailable, this, [this](bool any) {
        m_hasSelection = any;
        Q_EMIT selectionChanged(any);
    });
    m_sizeCheck.setSingleShot(true);
    m_sizeCheck.setInterval(50ms); // A window that is being dragged changes its size all the time.
    connect(&m_sizeCheck, &QTimer::timeout, this, &TerminalView::checkSize);
    watchDisplay();
    dressSearch();
    setFocusProxy(m_terminal);
}

void TerminalView::watchDisplay()
{
    for (QWidget *part : m_terminal->findChildren<QWidget *>()) {
        part->installEventFilter(this);
        if (part->inherits("Konsole::TerminalDisplay"))
            nameWidget(part, u"consoleDisplay"_s, tr("Console; Ctrl+Shift+Tab leaves it"));
    }
}

// Its buttons have letters for icons, and no names.
void TerminalView::dressSearch()
{
    const auto dress = [this](const QString &button, const QString &iconName, const QString &text) {
        auto *found = m_terminal->findChild<QToolButton *>(button);
        if (!found)
            return;
        found->setIcon(icon(iconName));
        found->setToolButtonStyle(Qt::ToolButtonIconOnly);
        found->setAccessibleName(text);
        found->setToolTip(text);
    };
    dress(u"closeButton"_s, u"close"_s, tr("Close the search"));
    dress(u"findPreviousButton"_s, u"previous"_s, tr("Find the one before"));
    dress(u"findNextButton"_s, u"next"_s, tr("Find the next one"));
    dress(u"optionsButton"_s, u"settings"_s, tr("How to search"));
    if (auto *edit = m_terminal->findChild<QLineEdit *>(u"searchTextEdit"_s))
        edit->setAccessibleName(tr("Text to find"));
}

void TerminalView::show(const QByteArray &bytes)
{
    m_pending += bytes;
    writeMore();
}

// The widget reads on this thread: what it has no room for waits for its turn.
void TerminalView::writeMore()
{
    while (!m_pending.isEmpty()) {
        const ssize_t written = ::write(m_terminal->getPtySlaveFd(), m_pending.constData(),
                                        static_cast<size_t>(m_pending.size()));
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            break;
        m_pending.remove(0, written);
    }
    m_room.setEnabled(!m_pending.isEmpty());
}

void TerminalView::clear()
{
    m_pending.clear();
    m_terminal->clear();
}

engine::TerminalSize TerminalView::size() const
{
    return {std::clamp(m_terminal->screenColumnsCount(), 1, 4096),
            std::clamp(m_terminal->screenLinesCount(), 1, 4096)};
}

QString TerminalView::text() const
{
    QBuffer buffer;
    buffer.open(QBuffer::WriteOnly);
    m_terminal->saveHistory(&buffer);
    return QString::fromUtf8(buffer.data());
}

void TerminalView::checkSize()
{
    if (const engine::TerminalSize now = size(); now != m_size) {
        m_size = now;
        Q_EMIT sizeChanged(now);
    }
}

void TerminalView::copy()
{
    m_terminal->copyClipboard();
}

void TerminalView::paste()
{
    m_terminal->pasteClipboard();
}

void TerminalView::search()
{
    m_terminal->toggleShowSearchBar();
}

void TerminalView::zoom(int steps)
{
    const int zoom = std::clamp(settings::consoleZoom.get() + steps, smallestZoom, largestZoom);
    settings::consoleZoom.set(zoom);
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setPointSize(std::max(font.pointSize() + zoom, 5));
    m_terminal->setTerminalFont(font);
    m_sizeCheck.start();
}

void TerminalView::applyTheme()
{
    m_terminal->setColorScheme(isDark(palette()) ? u":/console/cooperage-dark.colorscheme"_s
                                                 : u":/console/cooperage-light.colorscheme"_s);
}

void TerminalView::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        applyTheme();
    QWidget::changeEvent(event);
}

bool TerminalView::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Resize || event->type() == QEvent::Show)
        m_sizeCheck.start();
    if (!watched->inherits("Konsole::TerminalDisplay"))
        return false;
    if (event->type() == QEvent::KeyPress)
        return takeKey(*static_cast<QKeyEvent *>(event));
    if (event->type() != QEvent::ShortcutOverride)
        return false;
    const bool taken = isForProgram(*static_cast<QKeyEvent *>(event));
    event->setAccepted(taken);
    return true;
}

static bool isTab(const QKeyEvent &key)
{
    return key.key() == Qt::Key_Tab || key.key() == Qt::Key_Backtab;
}

// Shells need Ctrl+R, Ctrl+W and the like, full-screen programs the function keys.
bool TerminalView::isForProgram(const QKeyEvent &key) const
{
    const auto modifiers = key.modifiers() & ~(Qt::KeypadModifier | Qt::GroupSwitchModifier);
    const bool ours = modifiers == (Qt::ControlModifier | Qt::ShiftModifier) ||
                      (isTab(key) && (modifiers & Qt::ControlModifier));
    return m_input && !ours;
}

// True for a key that the terminal shall not see.
bool TerminalView::takeKey(QKeyEvent &key)
{
    if (!isTab(key) || isForProgram(key))
        return false;
    const bool next = !m_input && key.key() == Qt::Key_Tab && !(key.modifiers() & Qt::ControlModifier);
    if (next || key.key() == Qt::Key_Backtab)
        focusNextPrevChild(next);
    else
        key.ignore(); // The tabs take it.
    return true;
}

} // namespace cooperage::gui
