#include "app/colors.h"

#include <algorithm>
#include <cmath>

namespace cooperage::gui {

static double luminance(const QColor &color)
{
    const auto linear = [](double part) {
        return part <= 0.03928 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

double contrast(const QColor &a, const QColor &b)
{
    const auto [dark, light] = std::minmax({luminance(a), luminance(b)});
    return (light + 0.05) / (dark + 0.05);
}

QColor readableOn(const QColor &background, QColor color)
{
    const int step = background.lightness() < 128 ? 8 : -8;
    while (contrast(background, color) < 4.5) {
        const auto moved = [step](int part) { return qBound(0, part + step, 255); };
        color = QColor(moved(color.red()), moved(color.green()), moved(color.blue()));
    }
    return color;
}

bool isDark(const QPalette &palette)
{
    return palette.color(QPalette::Base).lightness() < 128;
}

QColor toneColor(Tone tone, const QPalette &palette)
{
    const bool dark = isDark(palette);
    switch (tone) {
    case Tone::Active:
        return dark ? QColor(0x6c, 0xb6, 0xff) : QColor(0x0b, 0x5c, 0xc4);
    case Tone::Good:
        return dark ? QColor(0x5f, 0xd0, 0x7a) : QColor(0x15, 0x73, 0x2f);
    case Tone::Bad:
        return dark ? QColor(0xff, 0x8a, 0x80) : QColor(0xb3, 0x1d, 0x28);
    case Tone::Warning:
        return dark ? QColor(0xf0, 0xb4, 0x4c) : QColor(0x8a, 0x55, 0x00);
    case Tone::Neutral:
        break;
    }
    return palette.color(QPalette::Text);
}

QColor toneBackground(Tone tone, const QPalette &palette)
{
    const QColor base = palette.color(QPalette::Base);
    if (tone == Tone::Neutral)
        return palette.color(QPalette::AlternateBase);
    const QColor color = toneColor(tone, palette);
    const float share = isDark(palette) ? 0.22F : 0.12F;
    const auto mix = [share](float from, float to) { return from + (to - from) * share; };
    return QColor::fromRgbF(mix(base.redF(), color.redF()), mix(base.greenF(), color.greenF()),
                            mix(base.blueF(), color.blueF()));
}

} // namespace cooperage::gui
