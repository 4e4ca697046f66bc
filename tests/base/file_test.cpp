// Files: read whole, written whole or not at all, never over something that was not meant.
#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ropewalk/base/base.hpp"

namespace ropewalk::base {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Files : public testing::Test {
protected:
    void SetUp() override {
        std::string pattern = (fs::temp_directory_path() / "ropewalk_files_XXXXXX").string();
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        folder = pattern;
    }
    void TearDown() override { fs::remove_all(folder); }

    std::string path(const std::string& name) const { return (folder / name).string(); }
    std::vector<std::string> names() const {
        std::vector<std::string> found;
        for (const auto& entry : fs::directory_iterator(folder))
            found.push_back(entry.path().filename().string());
        return found;
    }

    fs::path folder;
};

template<class T>
std::string file_complaint(const Result<T>& result) {
    return result ? std::string("no complaint") : render(result.error());
}

TEST_F(Files, ReadBackWhatWasWrittenByteForByte) {
    std::string bytes;
    for (int i = 0; i < 70'000; ++i) bytes += static_cast<char>(i * 7);
    ASSERT_TRUE(write_file(path("a"), bytes, Overwrite::refuse));
    EXPECT_EQ(read_file(path("a")).value(), bytes);
    EXPECT_THAT(names(), testing::ElementsAre("a"));
}

TEST_F(Files, AreAskedAboutBeforeTheyAreWritten) {
    EXPECT_TRUE(free_file("", Overwrite::refuse));
    EXPECT_TRUE(free_file(path("a"), Overwrite::refuse));
    EXPECT_TRUE(names().empty());
    ASSERT_TRUE(write_file(path("a"), "old", Overwrite::refuse));
    EXPECT_THAT(file_complaint(free_file(path("a"), Overwrite::refuse)), HasSubstr("exists already"));
    EXPECT_TRUE(free_file(path("a"), Overwrite::allow));
    EXPECT_THAT(file_complaint(free_file(path("a/b"), Overwrite::allow)), HasSubstr("is no folder"));
    EXPECT_THAT(file_complaint(free_file(path("none/b"), Overwrite::allow)), HasSubstr("is no folder"));
    EXPECT_THAT(file_complaint(free_file(folder.string(), Overwrite::allow)), HasSubstr("a folder"));
    EXPECT_THAT(file_complaint(free_file("/dev/null", Overwrite::allow)), HasSubstr("not a regular file"));
}

TEST_F(Files, CanBeEmpty) {
    ASSERT_TRUE(write_file(path("a"), "", Overwrite::refuse));
    EXPECT_EQ(read_file(path("a")).value(), "");
}

TEST_F(Files, AreNotReplacedUnlessAllowed) {
    ASSERT_TRUE(write_file(path("a"), "old", Overwrite::refuse));
    EXPECT_THAT(file_complaint(write_file(path("a"), "new", Overwrite::refuse)), HasSubstr("exists already"));
    EXPECT_EQ(read_file(path("a")).value(), "old");
    ASSERT_TRUE(write_file(path("a"), "new", Overwrite::allow));
    EXPECT_EQ(read_file(path("a")).value(), "new");
}

TEST_F(Files, InAFolderThatIsMissingAreRefusedWithoutLeavingAnything) {
    EXPECT_THAT(file_complaint(write_file(path("missing/a"), "x", Overwrite::refuse)), HasSubstr("cannot write"));
    EXPECT_THAT(names(), testing::IsEmpty());
}

TEST_F(Files, InAFolderWithoutPermissionAreRefused) {
    if (geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
    fs::permissions(folder, fs::perms::owner_read | fs::perms::owner_exec);
    EXPECT_THAT(file_complaint(write_file(path("a"), "x", Overwrite::refuse)), HasSubstr("cannot write"));
    fs::permissions(folder, fs::perms::owner_all);
}

TEST_F(Files, AreNeverWrittenOverAFolder) {
    fs::create_directory(path("d"));
    EXPECT_THAT(file_complaint(write_file(path("d"), "x", Overwrite::allow)), HasSubstr("a folder"));
    EXPECT_TRUE(fs::is_directory(path("d")));
}

TEST_F(Files, AreNeverWrittenOverAPipeOrADevice) {
    ASSERT_EQ(mkfifo(path("pipe").c_str(), 0600), 0);
    EXPECT_THAT(file_complaint(write_file(path("pipe"), "x", Overwrite::allow)), HasSubstr("not a regular file"));
    EXPECT_TRUE(fs::is_fifo(path("pipe")));
}

TEST_F(Files, ShowReadersTheOldContentOrTheNewOne) {
    const std::string a(100'000, 'a'), b(200'000, 'b');
    ASSERT_TRUE(write_file(path("f"), a, Overwrite::refuse));
    std::atomic<bool> done{false};
    std::thread writer([&] {
        for (int i = 0; i < 100; ++i) (void)write_file(path("f"), i % 2 == 0 ? b : a, Overwrite::allow);
        done = true;
    });
    int torn = 0;
    while (!done) {
        const auto content = read_file(path("f"));
        torn += content && (*content == a || *content == b) ? 0 : 1;
    }
    writer.join();
    EXPECT_EQ(torn, 0);
}

TEST_F(Files, ThatAreMissingFoldersOrTooLargeAreNamed) {
    EXPECT_THAT(file_complaint(read_file(path("nothing"))), HasSubstr("nothing: no such file"));
    EXPECT_THAT(file_complaint(read_file(folder.string())), HasSubstr("a folder; expected a file"));
    ASSERT_TRUE(write_file(path("a"), "12345", Overwrite::refuse));
    EXPECT_THAT(file_complaint(read_file(path("a"), 4)), HasSubstr("at most 4 bytes"));
    EXPECT_TRUE(read_file(path("a"), 5));
    EXPECT_THAT(file_complaint(read_file("/dev/zero", 100'000)), HasSubstr("without end"));
}

} // namespace
} // namespace ropewalk::base
