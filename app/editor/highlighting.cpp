#include "app/editor/highlighting.h"

#include "app/colors.h"

#include <KSyntaxHighlighting/Definition>
#include <KSyntaxHighlighting/Repository>
#include <KSyntaxHighlighting/Theme>
#include <QPalette>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

namespace {

KSyntaxHighlighting::Repository &repository()
{
    // Reading the index costs some milliseconds: once.
    static const auto shared = [] {
        auto made = std::make_unique<KSyntaxHighlighting::Repository>();
        made->addCustomSearchPath(
            u":/cooperage"_s); // Ours stands before the one that comes with the library.
        return made;
    }();
    return *shared;
}

} // namespace

KSyntaxHighlighting::Definition syntaxFor(const QString &fileName)
{
    return repository().definitionForFileName(fileName);
}

KSyntaxHighlighting::Definition dockerfileSyntax()
{
    return repository().definitionForName(u"Dockerfile"_s);
}

Highlighting::Highlighting(QTextDocument *document) : SyntaxHighlighter(document) {}

void Highlighting::setFileName(const QString &fileName, bool dockerfile)
{
    const auto wanted = dockerfile ? dockerfileSyntax() : syntaxFor(fileName);
    if (wanted != definition())
        setDefinition(wanted);
}

void Highlighting::followPalette(const QPalette &palette)
{
    m_background = palette.color(QPalette::AlternateBase); // the current line's: the worse of the two
    auto wanted = repository().theme(isDark(palette) ? u"GitHub Dark"_s : u"GitHub Light"_s);
    if (!wanted.isValid())
        wanted = repository().themeForPalette(palette);
    if (wanted.name() == theme().name())
        return;
    setTheme(wanted);
    rehighlight();
}

void Highlighting::applyFormat(int offset, int length, const KSyntaxHighlighting::Format &format)
{
    SyntaxHighlighter::applyFormat(offset, length, format);
    QTextCharFormat looks = QSyntaxHighlighter::format(offset);
    if (length <= 0 || looks.foreground().style() == Qt::NoBrush)
        return;
    looks.setForeground(readableOn(m_background, looks.foreground().color()));
    setFormat(offset, length, looks);
}

} // namespace cooperage::gui
