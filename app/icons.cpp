#include "app/icons.h"

#include <QApplication>
#include <QBuffer>
#include <QFile>
#include <QIconEngine>
#include <QImageReader>
#include <QPainter>
#include <QPixmapCache>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

namespace {

/// `color` for the strokes, `ground` for what is cut out of a filled shape (written as #ffffff).
QPixmap render(QByteArray svg, const QColor &color, const QColor &ground, const QSize &size)
{
    svg.replace("#ffffff", ground.name().toLatin1());
    svg.replace("currentColor", color.name().toLatin1());
    QBuffer buffer(&svg);
    QImageReader reader(&buffer, "svg");
    reader.setScaledSize(size);
    return QPixmap::fromImage(reader.read());
}

/// Draws one SVG whose strokes say `currentColor`.
class SymbolicEngine : public QIconEngine
{
public:
    SymbolicEngine(QString name, Tone tone) : m_name(std::move(name)), m_tone(tone) {}

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State state) override
    {
        const qreal scale = painter->device()->devicePixelRatio();
        painter->drawPixmap(rect, scaledPixmap(rect.size() * scale, mode, state, scale));
    }

    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        return scaledPixmap(size, mode, state, 1);
    }

    QPixmap scaledPixmap(const QSize &size, QIcon::Mode mode, QIcon::State, qreal scale) override
    {
        const QColor color = colorFor(mode);
        const QColor ground =
            QApplication::palette().color(mode == QIcon::Selected ? QPalette::Highlight : QPalette::Base);
        const QString key = u"cooperage/%1/%2/%3/%4x%5"_s.arg(m_name, color.name(), ground.name())
                                .arg(size.width())
                                .arg(size.height());
        QPixmap result;
        if (!QPixmapCache::find(key, &result)) {
            QFile file(u":/icons/%1.svg"_s.arg(m_name));
            if (file.open(QFile::ReadOnly))
                result = render(file.readAll(), color, ground, size);
            QPixmapCache::insert(key, result);
        }
        result.setDevicePixelRatio(scale);
        return result;
    }

    QIconEngine *clone() const override { return new SymbolicEngine(m_name, m_tone); }
    QString iconName() override { return m_name; }
    bool isNull() override { return false; }

private:
    [[nodiscard]] QColor colorFor(QIcon::Mode mode) const
    {
        const QPalette palette = QApplication::palette();
        if (mode == QIcon::Disabled)
            return palette.color(QPalette::Disabled, QPalette::Text);
        if (mode == QIcon::Selected)
            return palette.color(QPalette::HighlightedText);
        return toneColor(m_tone, palette);
    }

    QString m_name;
    Tone m_tone;
};

} // namespace

QIcon icon(const QString &name, Tone tone)
{
    return QIcon(new SymbolicEngine(name, tone));
}

QIcon applicationIcon()
{
    return QIcon(u":/icons/cooperage.svg"_s);
}

} // namespace cooperage::gui
