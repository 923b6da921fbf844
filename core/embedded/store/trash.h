#pragma once

#include "core/base/error.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace cooperage::embedded {

/// Removes a folder or file below an open folder. Never crosses into another file system, never follows a
/// link. Stops early, leaving the rest, when asked to.
void removeTree(int folder, const char *name, const std::stop_token &stop = {});

/// Deletes folders without making anyone wait: they are renamed into the trash folder, which a thread of idle
/// priority empties. What an end of the process leaves there goes at the next start.
class Trash
{
public:
    /// `folder` exists, on the file system of what will be discarded. `emptied` is called by the thread each
    /// time when it has done so.
    explicit Trash(std::string folder, std::function<void()> emptied = {});
    ~Trash();

    /// Moves `path` into the trash. A path that is gone is fine.
    [[nodiscard]] Result<> discard(const std::string &path);

private:
    void run(const std::stop_token &stop);
    void empty(const std::stop_token &stop) const;

    std::string m_folder;
    std::function<void()> m_emptied;
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    bool m_filled = true;
    std::jthread m_thread; ///< Last: the thread uses everything above.
};

} // namespace cooperage::embedded
