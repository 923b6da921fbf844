#pragma once

#include <QWidget>

namespace cooperage::gui {

class CodeEditor;

/// The margin of a CodeEditor: line numbers, and an icon beside lines that have something to say.
class Gutter : public QWidget
{
    Q_OBJECT

public:
    explicit Gutter(CodeEditor *editor);

    [[nodiscard]] QSize sizeHint() const override;
    /// Scrolls with the editor's text.
    void follow(const QRect &rect, int dy);
    /// After marks changed: repaints and renews the words for screen readers.
    void refresh();

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    bool event(QEvent *event) override;

private:
    [[nodiscard]] int lineAt(int y) const;

    CodeEditor *m_editor;
};

} // namespace cooperage::gui
