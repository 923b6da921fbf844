#include "core/embedded/archive/jsonkeys.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QSet>

#include <vector>

using namespace Qt::StringLiterals;

namespace cooperage::embedded {

namespace {

struct Level
{
    bool isObject = false;
    bool isFreeText = false;
    bool keyIsNext = false;
    QString key{};
    QSet<QString> seen{};
};

/// The index behind the closing quote of the string that opens at `at`.
qsizetype endOfString(QByteArrayView json, qsizetype at)
{
    for (++at; at < json.size() && json[at] != '"'; ++at) {
        if (json[at] == '\\')
            ++at;
    }
    return std::min(at + 1, json.size());
}

QString decoded(QByteArrayView quoted)
{
    return QJsonDocument::fromJson('[' + quoted.toByteArray() + ']').array().at(0).toString();
}

bool holdsFreeText(const QString &key)
{
    return key == "annotations"_L1 || key == "Labels"_L1 || key == "ExposedPorts"_L1 || key == "Volumes"_L1;
}

} // namespace

std::optional<QString> ambiguousKey(QByteArrayView json)
{
    std::vector<Level> levels(1);
    for (qsizetype at = 0; at < json.size(); ++at) {
        Level &level = levels.back();
        switch (json[at]) {
        case '{':
        case '[': {
            const bool isObject = json[at] == '{';
            const bool free = level.isFreeText || holdsFreeText(level.key);
            levels.push_back({isObject, free, isObject});
            break;
        }
        case '}':
        case ']':
            if (levels.size() > 1)
                levels.pop_back();
            break;
        case ',':
            level.keyIsNext = level.isObject;
            break;
        case '"': {
            const qsizetype end = endOfString(json, at);
            if (level.keyIsNext) {
                level.key = decoded(json.sliced(at, end - at));
                level.keyIsNext = false;
                const QString folded = level.isFreeText ? level.key : level.key.toCaseFolded();
                if (level.seen.contains(folded))
                    return level.key;
                level.seen.insert(folded);
            }
            at = end - 1;
            break;
        }
        default:
            break;
        }
    }
    return std::nullopt;
}

} // namespace cooperage::embedded
