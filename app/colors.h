#pragma once

#include <QColor>
#include <QPalette>

namespace cooperage::gui {

/// What a colour says. Always shown together with an icon and a word.
enum class Tone { Neutral, Active, Good, Bad, Warning };

[[nodiscard]] bool isDark(const QPalette &palette);

/// For text and icons on the palette's base: at least 4.5:1 in both themes.
[[nodiscard]] QColor toneColor(Tone tone, const QPalette &palette);

/// A quiet background for a bar or a line; the palette's own text stays readable on it.
[[nodiscard]] QColor toneBackground(Tone tone, const QPalette &palette);

/// From 1 (the same) to 21 (black on white), as WCAG 2 counts it.
[[nodiscard]] double contrast(const QColor &a, const QColor &b);

/// `color`, moved towards black or white until text of it is readable on `background` (4.5:1).
[[nodiscard]] QColor readableOn(const QColor &background, QColor color);

} // namespace cooperage::gui
