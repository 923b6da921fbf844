#pragma once

#include "core/engine/terminal.h"

#include <QSocketNotifier>
#include <QTimer>
#include <QWidget>

class QKeyEvent;
class QTermWidget;

namespace cooperage::gui {

/// A terminal's screen and keyboard; whose they are is its user's matter. Follows the window's theme.
/// Keys belong to what runs there, but those with Ctrl+Shift, which are the window's, and two ways out:
/// Ctrl+Tab to the next tab, Ctrl+Shift+Tab to the control before.
class TerminalView : public QWidget
{
    Q_OBJECT

public:
    explicit TerminalView(QWidget *parent = nullptr);

    /// Keys go nowhere while it is off.
    void setInput(bool on) { m_input = on; }
    void show(const QByteArray &bytes);
    void clear();
    [[nodiscard]] engine::TerminalSize size() const;
    [[nodiscard]] QString text() const; ///< With what has scrolled off.
    [[nodiscard]] bool hasSelection() const { return m_hasSelection; }

    /// The selected text, into the clipboard.
    void copy();
    void paste();
    void search();
    void zoom(int steps); ///< More or less than the window's fixed-width font.

Q_SIGNALS:
    void keys(const QByteArray &bytes);
    void sizeChanged(cooperage::engine::TerminalSize size);
    void selectionChanged(bool any);

protected:
    void changeEvent(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void watchDisplay();
    void dressSearch();
    [[nodiscard]] bool isForProgram(const QKeyEvent &key) const;
    bool takeKey(QKeyEvent &key);
    void applyTheme();
    void writeMore();
    void checkSize();

    QTermWidget *m_terminal;
    QByteArray m_pending{}; ///< Not yet taken by the widget.
    QSocketNotifier m_room;
    QTimer m_sizeCheck;
    engine::TerminalSize m_size{};
    bool m_input = true;
    bool m_hasSelection = false;
};

} // namespace cooperage::gui
