#include "core/embedded/archive/entrypath.h"

#include <QCoreApplication>

namespace cooperage::embedded {

namespace {

struct PathText
{
    Q_DECLARE_TR_FUNCTIONS(EntryPath)
};

std::unexpected<Error> refused(const QString &why, std::string_view name)
{
    return failure(
        ErrorKind::BadInput, why, shownPath(name.substr(0, 200)),
        PathText::tr("Do not use this image unless you trust where it comes from; make it again."));
}

} // namespace

Result<std::string> cleanEntryPath(std::string_view name)
{
    if (name.size() > 4096)
        return refused(PathText::tr("A name is longer than 4096 bytes"), name);
    std::string path;
    const std::vector<std::string> parts = pathParts(name);
    if (parts.size() > 1024)
        return refused(PathText::tr("A name has more than 1024 parts"), name);
    for (const std::string &part : parts) {
        if (part == ".")
            continue;
        if (part == "..")
            return refused(PathText::tr("A name leads out of the image"), name);
        if (part.size() > 255)
            return refused(PathText::tr("A part of a name is longer than 255 bytes"), name);
        path = joinPath(path, part);
    }
    return path;
}

std::pair<std::string, std::string> splitEntryPath(std::string_view path)
{
    const size_t slash = path.rfind('/');
    if (slash == std::string_view::npos)
        return {std::string(), std::string(path)};
    return {std::string(path.substr(0, slash)), std::string(path.substr(slash + 1))};
}

std::vector<std::string> pathParts(std::string_view path)
{
    std::vector<std::string> parts;
    for (size_t at = 0; at < path.size();) {
        const size_t slash = std::min(path.find('/', at), path.size());
        if (slash > at)
            parts.emplace_back(path.substr(at, slash - at));
        at = slash + 1;
    }
    return parts;
}

std::string joinPath(const std::string &folder, const std::string &name)
{
    return folder.empty() ? name : folder + '/' + name;
}

QString shownPath(std::string_view path)
{
    return QString::fromUtf8(path.data(), static_cast<qsizetype>(path.size()));
}

} // namespace cooperage::embedded
