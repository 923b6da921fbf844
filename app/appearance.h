#pragma once

#include <QObject>

namespace cooperage::gui {

enum class Theme { System, Light, Dark };

[[nodiscard]] QString themeName(Theme theme); ///< "system", "light", "dark": for settings and options.
[[nodiscard]] Theme themeFromName(const QString &name);

/// Light or dark: as the system has it, also when it changes, unless the user chose one.
class Appearance : public QObject
{
    Q_OBJECT

public:
    explicit Appearance(QObject *parent = nullptr);

    [[nodiscard]] Theme theme() const { return m_theme; }
    void setTheme(Theme theme);

private:
    void apply();

    Theme m_theme = Theme::System;
};

} // namespace cooperage::gui
