#include "ropewalk/base/folder_lock.hpp"

#include <cerrno>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "ropewalk/base/folder.hpp"

namespace ropewalk::base {

namespace fs = std::filesystem;

FolderLock::FolderLock(FolderLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), made_(std::exchange(other.made_, {})) {}

FolderLock& FolderLock::operator=(FolderLock&& other) noexcept {
    if (this == &other) return *this;
    release();
    descriptor_ = std::exchange(other.descriptor_, -1);
    made_ = std::exchange(other.made_, {});
    return *this;
}

FolderLock::~FolderLock() { release(); }

void FolderLock::release() {
    std::error_code error;
    if (!made_.empty()) fs::remove(std::exchange(made_, {}), error);
    if (descriptor_ >= 0) close(std::exchange(descriptor_, -1));
}

Result<FolderLock> FolderLock::take(const std::string& folder) {
    FolderLock lock;
    if (folder.empty()) return lock;
    std::error_code error;
    const bool is_new = !fs::exists(folder, error);
    if (auto made = make_folder(folder); !made) return failure(std::move(made.error()));
    if (is_new) lock.made_ = folder;
    lock.descriptor_ = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (lock.descriptor_ >= 0 && flock(lock.descriptor_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        lock.made_.clear();
        return failure(folder, "another run works in this folder", "a folder of its own, or its end");
    }
    return lock;
}

} // namespace ropewalk::base
