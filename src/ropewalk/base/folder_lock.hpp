// A folder that one run at a time works in.
#pragma once

#include <string>

#include "ropewalk/base/result.hpp"

namespace ropewalk::base {

/// Holds a folder until it is destroyed or the process ends, however it ends: nothing is left behind that
/// would have to be removed. Where the file system knows no locks, the folder is not guarded.
class FolderLock {
public:
    /// Holds no folder.
    FolderLock() = default;
    FolderLock(FolderLock&& other) noexcept;
    FolderLock& operator=(FolderLock&& other) noexcept;
    ~FolderLock();

    /// The folder, made where it is not there; one that was made and is still empty at the end is removed.
    /// Fails while another run holds it. An empty name holds none.
    static Result<FolderLock> take(const std::string& folder);

private:
    void release();

    int descriptor_ = -1;
    std::string made_; ///< the folder, if it was not there
};

} // namespace ropewalk::base
