#include "core/embedded/runtime/overlaymount.h"

#include "core/embedded/runtime/runtimetext.h"
#include "core/embedded/store/fd.h"
#include "core/embedded/store/overlayform.h"
#include "core/embedded/store/rootpath.h"

#include <QFile>
#include <QStringList>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <thread>

namespace cooperage::embedded {

namespace {

// Option values are limited to 255 bytes, and overlayfs gives some characters a meaning: such a path is named
// by an open descriptor instead.
class MountPath
{
public:
    explicit MountPath(const std::string &path) : m_text(path)
    {
        const auto isPlain = [](char c) {
            return std::isalnum(static_cast<unsigned char>(c)) || std::strchr("/_.-", c);
        };
        if (path.size() < 200 && std::ranges::all_of(path, isPlain))
            return;
        m_fd = Fd(::open(path.c_str(), O_PATH | O_CLOEXEC));
        m_text = procPath(m_fd.get());
    }
    [[nodiscard]] const std::string &text() const { return m_text; }

private:
    std::string m_text;
    Fd m_fd;
};

// What the kernel says about a failure: "e overlay: ..." lines read from the descriptor.
QString kernelWords(int context, int failed)
{
    QStringList words;
    std::array<char, 512> line{};
    ssize_t got = 0;
    while ((got = ::read(context, line.data(), line.size() - 1)) > 0)
        words << QString::fromLocal8Bit(line.data(), got).trimmed();
    words << QString::fromLocal8Bit(std::strerror(failed));
    return words.join(QStringLiteral("; "));
}

Result<> failed(int errnoValue, const std::string &target, const QString &detail)
{
    Error error = systemError(errnoValue, RuntimeText::tr("Cannot mount the image's layers"),
                              QFile::decodeName(target.c_str()));
    error.what = RuntimeText::tr("Cannot mount the image's layers: %1").arg(detail);
    return std::unexpected(error);
}

unsigned int attributesOf(const OverlaySpec &spec)
{
    // No device node of an image works, neither for a command nor for the host.
    return spec.upper.empty() ? MOUNT_ATTR_NODEV | MOUNT_ATTR_NOSUID | MOUNT_ATTR_RDONLY : MOUNT_ATTR_NODEV;
}

bool configure(int context, const OverlaySpec &spec)
{
    const MountPath base(spec.lowerFolder);
    const auto set = [context](const char *key, const std::string &value) {
        return ::fsconfig(context, FSCONFIG_SET_STRING, key, value.c_str(), 0) == 0;
    };
    for (const std::string &lower : spec.lowers) {
        const MountPath absolute(lower);
        if (!set("lowerdir+", lower.front() == '/' ? absolute.text() : base.text() + '/' + lower))
            return false;
    }
    const MountPath upper(spec.upper);
    const MountPath work(spec.work);
    if (!spec.upper.empty() && (!set("upperdir", upper.text()) || !set("workdir", work.text())))
        return false;
    if (!inInitialUserNamespace() && ::fsconfig(context, FSCONFIG_SET_FLAG, "userxattr", nullptr, 0) != 0)
        return false;
    return set("index", "off") && set("metacopy", "off") && set("redirect_dir", "nofollow") &&
           ::fsconfig(context, FSCONFIG_CMD_CREATE, nullptr, nullptr, 0) == 0;
}

Result<> mountByContext(const OverlaySpec &spec)
{
    const Fd context(::fsopen("overlay", FSOPEN_CLOEXEC));
    if (!context)
        return failed(errno, spec.target, QString::fromLocal8Bit(std::strerror(errno)));
    if (!configure(context.get(), spec)) {
        const int cause = errno;
        return failed(cause, spec.target, kernelWords(context.get(), cause));
    }
    const Fd mounted(::fsmount(context.get(), FSMOUNT_CLOEXEC, attributesOf(spec)));
    if (!mounted ||
        ::move_mount(mounted.get(), "", AT_FDCWD, spec.target.c_str(), MOVE_MOUNT_F_EMPTY_PATH) != 0) {
        const int cause = errno;
        return failed(cause, spec.target, kernelWords(context.get(), cause));
    }
    return {};
}

std::string escaped(const std::string &path)
{
    std::string text;
    for (const char c : path) {
        if (c == '\\' || c == ',' || c == ':')
            text += '\\';
        text += c;
    }
    return text;
}

// For kernels before 6.8. The options must fit into one page, hence names relative to the folder of the
// layers; the working folder is one of a short-lived thread alone.
int mountInOwnFolder(const OverlaySpec &spec)
{
    std::string options = "index=off,metacopy=off,redirect_dir=nofollow";
    if (!inInitialUserNamespace())
        options += ",userxattr";
    options += ",lowerdir=";
    for (const std::string &lower : spec.lowers)
        options += escaped(lower) + ':';
    options.pop_back();
    if (!spec.upper.empty())
        options += ",upperdir=" + escaped(spec.upper) + ",workdir=" + escaped(spec.work);
    if (options.size() >= 4096)
        return E2BIG; // The kernel would cut the text and miss a folder.
    const unsigned long flags = spec.upper.empty() ? MS_NODEV | MS_NOSUID | MS_RDONLY : MS_NODEV;
    int result = 0;
    std::thread([&] {
        if (::unshare(CLONE_FS) != 0 || ::chdir(spec.lowerFolder.c_str()) != 0 ||
            ::mount("overlay", spec.target.c_str(), "overlay", flags, options.c_str()) != 0)
            result = errno;
    }).join();
    return result;
}

} // namespace

Result<> mountOverlay(const OverlaySpec &spec)
{
    Result<> mounted = mountByContext(spec);
    if (mounted)
        return mounted;
    const int older = mountInOwnFolder(spec);
    if (older == 0)
        return {};
    mounted.error().what +=
        RuntimeText::tr("; the older call: %1").arg(QString::fromLocal8Bit(std::strerror(older)));
    return mounted;
}

Result<> mountBind(const std::string &source, const std::string &target, bool readOnly)
{
    const unsigned long flags = MS_BIND | MS_REMOUNT | MS_NODEV | (readOnly ? MS_RDONLY | MS_NOSUID : 0);
    if (::mount(source.c_str(), target.c_str(), nullptr, MS_BIND, nullptr) != 0)
        return failed(errno, target, QString::fromLocal8Bit(std::strerror(errno)));
    if (::mount(nullptr, target.c_str(), nullptr, flags, nullptr) != 0) {
        const int cause = errno;
        ::umount2(target.c_str(), MNT_DETACH);
        return failed(cause, target, QString::fromLocal8Bit(std::strerror(cause)));
    }
    return {};
}

Result<> unmountFolder(const std::string &target)
{
    using namespace std::chrono_literals;
    // A thread that is just starting a program has copies of all descriptors for an instant.
    const auto deadline = std::chrono::steady_clock::now() + 1s;
    while (::umount2(target.c_str(), UMOUNT_NOFOLLOW) != 0) {
        if (errno != EBUSY || std::chrono::steady_clock::now() > deadline)
            return std::unexpected(systemError(errno, RuntimeText::tr("Cannot unmount the image's layers"),
                                               QFile::decodeName(target.c_str())));
        std::this_thread::sleep_for(5ms);
    }
    return {};
}

} // namespace cooperage::embedded
