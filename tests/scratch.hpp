// A folder for the files of one test.
#pragma once

#include <filesystem>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include "ropewalk/base/base.hpp"

namespace ropewalk {

class Scratch : public testing::Test {
protected:
    void SetUp() override {
        const auto* test = testing::UnitTest::GetInstance()->current_test_info();
        folder_ = std::filesystem::temp_directory_path() /
                  ("ropewalk_" + std::to_string(getpid()) + "_" + test->name());
        std::filesystem::create_directories(folder_);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    std::string path(const std::string& name) const { return (folder_ / name).string(); }

    std::string write(const std::string& name, const std::string& content) const {
        EXPECT_TRUE(base::write_file(path(name), content, base::Overwrite::allow));
        return path(name);
    }

    std::filesystem::path folder_;
};

/// The rendered diagnostics of a failure, with the test's folder cut out.
template<class Value>
std::string complaint(const base::Result<Value>& result, const std::filesystem::path& folder) {
    if (result) return "no failure";
    std::string text = base::render(result.error());
    const std::string cut = folder.string() + "/";
    for (std::size_t at = text.find(cut); at != std::string::npos; at = text.find(cut))
        text.erase(at, cut.size());
    return text;
}

} // namespace ropewalk
