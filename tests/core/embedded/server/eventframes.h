#pragma once

#include <QJsonDocument>
#include <QJsonObject>
#include <QString>

#include <string>

namespace cooperage::test {

using namespace Qt::StringLiterals;

/// One event as it came.
struct Frame
{
    int id = -1;
    QString type;
    QJsonObject envelope;
    [[nodiscard]] QJsonObject data() const { return envelope.value(u"data"_s).toObject(); }
};

inline QList<Frame> framesOf(const std::string &stream)
{
    QList<Frame> frames;
    for (const QByteArray &block : QByteArray::fromStdString(stream).replace("\n\n", "\x01").split('\x01')) {
        Frame frame;
        for (const QByteArray &line : block.split('\n')) {
            if (line.startsWith("id: "))
                frame.id = line.mid(4).toInt();
            else if (line.startsWith("event: "))
                frame.type = QString::fromUtf8(line.mid(7));
            else if (line.startsWith("data: "))
                frame.envelope = QJsonDocument::fromJson(line.mid(6)).object();
        }
        if (!frame.type.isEmpty())
            frames += frame;
    }
    return frames;
}

inline QStringList typesOf(const QList<Frame> &frames)
{
    QStringList types;
    for (const Frame &frame : frames)
        types += frame.type;
    return types;
}

} // namespace cooperage::test
