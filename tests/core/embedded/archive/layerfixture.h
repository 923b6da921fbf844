#pragma once

#include "core/embedded/archive/layerform.h"
#include "core/embedded/archive/layerunpacker.h"
#include "tests/core/embedded/archive/tarbuilder.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include <filesystem>
#include <fstream>
#include <sys/xattr.h>

namespace cooperage::test {

/// Folders to unpack layers into, and looks at what came of it.
class LayerFixture
{
public:
    // Not QTemporaryDir either, for the same reason.
    ~LayerFixture() { std::filesystem::remove_all(m_folder.path().toStdString()); }

    /// Unpacks and seals a layer above those unpacked before.
    [[nodiscard]] Result<embedded::StreamDigests> add(const QByteArray &tar,
                                                      const embedded::UnpackLimits &limits = {})
    {
        const std::string path =
            QFile::encodeName(m_folder.filePath(QString::number(m_layers.size()))).toStdString();
        ::mkdir(path.c_str(), 0755);
        const std::vector<std::string> lowers = m_layers;
        m_layers.insert(m_layers.begin(), path);
        auto unpacker = embedded::LayerUnpacker::open(path, limits);
        if (!unpacker)
            return std::unexpected(unpacker.error());
        BytesStream stream(tar);
        auto digests = unpacker->unpack(stream, QStringLiteral("test.tar"));
        if (digests) {
            if (auto sealed = unpacker->seal(embedded::LowerLayers(lowers)); !sealed)
                return std::unexpected(sealed.error());
        }
        m_notes = unpacker->notes();
        return digests;
    }
    [[nodiscard]] Result<embedded::StreamDigests> add(const std::vector<TarEntry> &entries)
    {
        return add(tarOf(entries));
    }

    /// A path in the topmost layer.
    [[nodiscard]] std::string path(const std::string &below) const { return m_layers.front() + '/' + below; }
    [[nodiscard]] struct stat info(const std::string &below) const
    {
        struct stat info{};
        if (::lstat(path(below).c_str(), &info) < 0)
            info.st_mode = 0;
        return info;
    }
    [[nodiscard]] bool exists(const std::string &below) const { return info(below).st_mode != 0; }
    [[nodiscard]] bool isWhiteout(const std::string &below) const
    {
        return exists(below) && embedded::isWhiteout(info(below));
    }
    [[nodiscard]] bool isOpaque(const std::string &below) const
    {
        return xattr(below, embedded::opaqueAttribute()) == "y";
    }
    [[nodiscard]] QByteArray content(const std::string &below) const
    {
        // Not QFile: a name need not be UTF-8.
        std::ifstream stream(path(below));
        return QByteArray::fromStdString(std::string(std::istreambuf_iterator<char>(stream), {}));
    }
    [[nodiscard]] QByteArray target(const std::string &below) const
    {
        QByteArray target(4096, '\0');
        return target.first(std::max<ssize_t>(0, ::readlink(path(below).c_str(), target.data(), 4096)));
    }
    [[nodiscard]] QByteArray xattr(const std::string &below, const char *name) const
    {
        QByteArray value(70'000, '\0');
        return value.first(
            std::max<ssize_t>(0, ::lgetxattr(path(below).c_str(), name, value.data(), 70'000)));
    }
    [[nodiscard]] const QStringList &notes() const { return m_notes; }
    /// Everything beside the layers, to see that nothing got out.
    [[nodiscard]] QStringList outside() const
    {
        QStringList names =
            QDir(m_folder.path())
                .entryList(QDir::AllEntries | QDir::NoDotAndDotDot | QDir::Hidden | QDir::System);
        for (size_t i = 0; i < m_layers.size(); ++i)
            names.removeAll(QString::number(i));
        return names;
    }

private:
    QTemporaryDir m_folder;
    std::vector<std::string> m_layers;
    QStringList m_notes;
};

} // namespace cooperage::test
