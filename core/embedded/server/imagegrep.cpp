#include "core/embedded/server/imagegrep.h"

#include "core/embedded/server/inspectlist.h"
#include "core/embedded/server/text.h"

#include <QJsonObject>

#include <deque>
#include <fcntl.h>

namespace cooperage::embedded {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

// Deeper trees exist only to harm: each level keeps a folder open.
static constexpr int deepest = 500;
static constexpr qint64 mostBytes = 16 * 1024 * 1024;

void ImageGrep::append(const std::string &name, const Line &line, const std::vector<Submatch> &submatches)
{
    QJsonArray parts;
    for (const Submatch &part : submatches)
        parts.append(QJsonObject{{u"text"_s, part.text},
                                 {u"start"_s, static_cast<qint64>(part.start)},
                                 {u"end"_s, static_cast<qint64>(part.end)}});
    m_matches.append(QJsonObject{{u"path"_s, QString::fromStdString(name)},
                                 {u"line_number"_s, line.number},
                                 {u"absolute_offset"_s, line.offset},
                                 {u"line_text"_s, lineText(line.text)},
                                 {u"line_bytes"_s, line.bytes},
                                 {u"submatches"_s, parts},
                                 {u"type"_s, submatches.empty() ? u"context"_s : u"match"_s}});
    m_bytes += static_cast<qint64>(name.size()) + line.text.size() + 64 * parts.size();
}

// Whether to break off; looks at the connection ten times a second only.
bool ImageGrep::mustStop()
{
    const auto now = std::chrono::steady_clock::now();
    if (now >= m_nextLook) {
        m_nextLook = now + 100ms;
        m_truncated = m_truncated || now >= m_options.deadline || m_options.isAbandoned();
    }
    m_truncated = m_truncated || m_bytes > mostBytes;
    return m_truncated;
}

Result<> ImageGrep::searchFile(Fd file, const std::string &name)
{
    LineReader reader(std::move(file));
    std::deque<Line> before;
    int found = 0;
    int after = 0;
    for (Line line; !mustStop() && reader.next(line);) {
        const bool enough = m_options.maxPerFile > 0 && found >= m_options.maxPerFile;
        if (enough && after == 0)
            break;
        const Result<std::vector<Submatch>> submatches =
            enough ? std::vector<Submatch>() : m_options.matcher.match(line.text);
        if (!submatches) {
            Error error = submatches.error();
            error.where = u"/%1:%2"_s.arg(QString::fromStdString(name)).arg(line.number);
            return std::unexpected(error);
        }
        if (!submatches->empty()) {
            m_truncated = m_total >= m_options.maxTotal;
            if (m_truncated)
                break;
            for (const Line &earlier : before)
                append(name, earlier, {});
            before.clear();
            append(name, line, *submatches);
            ++found;
            ++m_total;
            after = m_options.after;
        } else if (after > 0) {
            append(name, line, {});
            --after;
        } else if (m_options.before > 0) {
            before.push_back(line);
            if (before.size() > static_cast<size_t>(m_options.before))
                before.pop_front();
        }
    }
    return {};
}

Result<> ImageGrep::searchFolder(const Fd &folder, const std::string &name, int depth)
{
    if (depth > deepest)
        return failure(ErrorKind::Unsupported, Text::tr("The folders are nested too deeply"),
                       QString::fromStdString(name));
    const Result<std::vector<FolderEntry>> entries = readFolder(folder);
    if (!entries)
        return std::unexpected(entries.error());
    for (const FolderEntry &entry : *entries) {
        if (mustStop())
            break;
        const bool isFolder = S_ISDIR(entry.info.st_mode);
        const std::string path = name.empty() ? entry.name : name + '/' + entry.name;
        if (!isFolder && (!S_ISREG(entry.info.st_mode) || !m_options.globs.chooses(path)))
            continue;
        Fd object(::openat(folder.get(), entry.name.c_str(),
                           (isFolder ? O_PATH : O_RDONLY) | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
        if (!object)
            return std::unexpected(
                systemError(errno, Text::tr("Cannot read the file"), QString::fromStdString(path)));
        const Result<> done =
            isFolder ? searchFolder(object, path, depth + 1) : searchFile(std::move(object), path);
        if (!done)
            return done;
    }
    return {};
}

Result<> ImageGrep::search(const OpenedPath &start, const std::string &name)
{
    if (S_ISDIR(start.info.st_mode))
        return searchFolder(start.fd, name, 0);
    if (!S_ISREG(start.info.st_mode) || !m_options.globs.chooses(name))
        return {};
    Fd file = reopen(start.fd, O_RDONLY);
    if (!file)
        return std::unexpected(
            systemError(errno, Text::tr("Cannot read the file"), QString::fromStdString(name)));
    return searchFile(std::move(file), name);
}

} // namespace cooperage::embedded
