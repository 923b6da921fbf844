#pragma once

#include "core/embedded/registry/push.h"
#include "tests/core/embedded/archive/storefixture.h"

#include <QDir>

namespace cooperage::test {

/// An image of layers made here: each a file of this name and content.
[[nodiscard]] inline embedded::StoredImage ownImage(StoreFixture &fixture,
                                                    const QList<std::pair<QString, QByteArray>> &files,
                                                    const QByteArray &config = {},
                                                    std::vector<embedded::LayerId> layers = {})
{
    for (const auto &[name, content] : files) {
        auto draft = fixture.store().beginLayer().value();
        QFile file(QString::fromStdString(draft.upper()) + u'/' + name);
        if (!file.open(QFile::WriteOnly) || file.write(content) != content.size())
            qFatal("cannot write a test layer");
        file.close();
        layers.push_back(fixture.store().commitLayer(std::move(draft)).value());
    }
    return fixture.store().createImage({.layers = std::move(layers), .config = config}).value();
}

/// Bytes that do not compress.
[[nodiscard]] inline QByteArray noise(qsizetype size)
{
    QByteArray bytes(size, '\0');
    quint32 state = 1;
    for (char &byte : bytes) {
        state = state * 1664525u + 1013904223u;
        byte = static_cast<char>(state >> 24);
    }
    return bytes;
}

} // namespace cooperage::test
