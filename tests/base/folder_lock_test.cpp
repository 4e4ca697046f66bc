// Folders that one run at a time works in.
#include "ropewalk/base/folder_lock.hpp"

#include <filesystem>
#include <utility>

#include "tests/scratch.hpp"

namespace ropewalk::base {
namespace {

namespace fs = std::filesystem;

class Locks : public Scratch {};

TEST_F(Locks, AreHeldByOneAtATime) {
    auto first = FolderLock::take(folder_.string());
    ASSERT_TRUE(first);
    EXPECT_EQ(complaint(FolderLock::take(folder_.string()), folder_.parent_path()),
              folder_.filename().string() +
                  ": another run works in this folder; expected a folder of its own, or its end\n");
    *first = FolderLock();
    EXPECT_TRUE(FolderLock::take(folder_.string()));
}

TEST_F(Locks, MoveWithTheirHolder) {
    auto first = FolderLock::take(folder_.string());
    ASSERT_TRUE(first);
    const FolderLock holder = std::move(*first);
    first = FolderLock();
    EXPECT_FALSE(FolderLock::take(folder_.string()));
}

TEST_F(Locks, LeaveNoEmptyFolderThatWasNotThere) {
    {
        const auto lock = FolderLock::take(path("new"));
        EXPECT_TRUE(lock);
        EXPECT_TRUE(fs::is_directory(path("new")));
        EXPECT_FALSE(FolderLock::take(path("new")));
        EXPECT_TRUE(fs::is_directory(path("new"))) << "it belongs to the other";
    }
    EXPECT_FALSE(fs::exists(path("new")));
    {
        const auto lock = FolderLock::take(path("new"));
        write("new/result", "");
    }
    EXPECT_TRUE(fs::exists(path("new/result")));
    EXPECT_TRUE(fs::is_empty(folder_) || fs::exists(path("new"))) << "and nothing of the lock's";
}

TEST_F(Locks, OfNoFolderHoldNone) {
    EXPECT_TRUE(FolderLock::take(""));
    EXPECT_TRUE(FolderLock::take(""));
    EXPECT_FALSE(FolderLock::take("/proc/none"));
}

} // namespace
} // namespace ropewalk::base
