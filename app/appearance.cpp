#include "app/appearance.h"

#include "app/colors.h"

#include <QApplication>
#include <QPalette>
#include <QStyle>
#include <QStyleFactory>
#include <QStyleHints>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

namespace {

struct PaletteColors
{
    QColor window, base, alternate, text, button, highlight, link, muted, edge;
};

QPalette paletteFrom(const PaletteColors &colors)
{
    QPalette palette(colors.button, colors.window);
    palette.setColor(QPalette::WindowText, colors.text);
    palette.setColor(QPalette::Base, colors.base);
    palette.setColor(QPalette::AlternateBase, colors.alternate);
    palette.setColor(QPalette::Text, colors.text);
    palette.setColor(QPalette::ButtonText, colors.text);
    palette.setColor(QPalette::BrightText, Qt::white);
    palette.setColor(QPalette::ToolTipBase, colors.alternate);
    palette.setColor(QPalette::ToolTipText, colors.text);
    palette.setColor(QPalette::PlaceholderText, colors.muted);
    palette.setColor(QPalette::Highlight, colors.highlight);
    palette.setColor(QPalette::HighlightedText, Qt::white);
    palette.setColor(QPalette::Link, colors.link);
    palette.setColor(QPalette::Mid, colors.edge);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, colors.muted);
    palette.setColor(QPalette::Disabled, QPalette::Highlight, colors.edge);
    return palette;
}

QPalette ownPalette(bool dark)
{
    if (dark)
        return paletteFrom({.window = QColor(0x30, 0x33, 0x38),
                            .base = QColor(0x1b, 0x1d, 0x20),
                            .alternate = QColor(0x25, 0x28, 0x2c),
                            .text = QColor(0xe6, 0xe7, 0xe9),
                            .button = QColor(0x45, 0x49, 0x50),
                            .highlight = QColor(0x2a, 0x62, 0xb0),
                            .link = QColor(0x6c, 0xb6, 0xff),
                            .muted = QColor(0xa2, 0xa7, 0xaf),
                            .edge = QColor(0x5a, 0x5f, 0x67)});
    return paletteFrom({.window = QColor(0xf2, 0xf3, 0xf5),
                        .base = QColor(0xff, 0xff, 0xff),
                        .alternate = QColor(0xf4, 0xf5, 0xf7),
                        .text = QColor(0x1d, 0x20, 0x24),
                        .button = QColor(0xee, 0xef, 0xf2),
                        .highlight = QColor(0x1f, 0x62, 0xc4),
                        .link = QColor(0x0b, 0x5c, 0xc4),
                        .muted = QColor(0x6a, 0x70, 0x78),
                        .edge = QColor(0xb9, 0xbd, 0xc4)});
}

/// A desktop brings a palette and style of its own; a bare window system does not.
bool platformHasLooks()
{
    return QStyleFactory::keys().size() > 2 && QApplication::style()->name() != "fusion"_L1;
}

} // namespace

QString themeName(Theme theme)
{
    switch (theme) {
    case Theme::Light:
        return u"light"_s;
    case Theme::Dark:
        return u"dark"_s;
    case Theme::System:
        break;
    }
    return u"system"_s;
}

Theme themeFromName(const QString &name)
{
    if (name == "light"_L1)
        return Theme::Light;
    return name == "dark"_L1 ? Theme::Dark : Theme::System;
}

Appearance::Appearance(QObject *parent) : QObject(parent)
{
    if (!platformHasLooks())
        QApplication::setStyle(u"Fusion"_s);
    connect(QGuiApplication::styleHints(), &QStyleHints::colorSchemeChanged, this, &Appearance::apply);
    apply();
}

void Appearance::setTheme(Theme theme)
{
    m_theme = theme;
#if QT_VERSION >= QT_VERSION_CHECK(6, 8, 0)
    QGuiApplication::styleHints()->setColorScheme(theme == Theme::Light  ? Qt::ColorScheme::Light
                                                  : theme == Theme::Dark ? Qt::ColorScheme::Dark
                                                                         : Qt::ColorScheme::Unknown);
#endif
    apply();
}

void Appearance::apply()
{
    const bool systemDark = QGuiApplication::styleHints()->colorScheme() == Qt::ColorScheme::Dark;
    const bool dark = m_theme == Theme::Dark || (m_theme == Theme::System && systemDark);
    QApplication::setPalette(QPalette());
    if (!platformHasLooks() || isDark(QApplication::palette()) != dark)
        QApplication::setPalette(ownPalette(dark));
}

} // namespace cooperage::gui
