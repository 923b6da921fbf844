#pragma once

#include <KSyntaxHighlighting/SyntaxHighlighter>
#include <QColor>

class QPalette;

namespace cooperage::gui {

/// Colours of a text by its file's name, from one shared repository of definitions and themes.
class Highlighting : public KSyntaxHighlighting::SyntaxHighlighter
{
    Q_OBJECT

public:
    explicit Highlighting(QTextDocument *document);

    void setFileName(const QString &fileName, bool dockerfile);
    /// Light or dark, by the palette's base colour.
    void followPalette(const QPalette &palette);

protected:
    /// No theme of the repository is readable in all its colours (4.5:1): those that are not are moved until
    /// they are.
    void applyFormat(int offset, int length, const KSyntaxHighlighting::Format &format) override;

private:
    QColor m_background;
};

} // namespace cooperage::gui
