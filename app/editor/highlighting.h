#pragma once

#include <KSyntaxHighlighting/Definition>
#include <KSyntaxHighlighting/SyntaxHighlighter>
#include <QColor>

class QPalette;

namespace cooperage::gui {

/// The syntax of a file by its name: ours for every name that a Dockerfile has, else the library's.
[[nodiscard]] KSyntaxHighlighting::Definition syntaxFor(const QString &fileName);
[[nodiscard]] KSyntaxHighlighting::Definition dockerfileSyntax();

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
