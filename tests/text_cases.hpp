// Tests that are files: a folder of cases, and what must come out beside each.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace ropewalk::text_cases {

namespace fs = std::filesystem;

/// The files of a folder with that extension whose names begin with "bad-", or those whose names do not.
inline std::vector<fs::path> files(const fs::path& folder, const std::string& extension, bool bad) {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(folder))
        if (entry.path().extension() == extension &&
            entry.path().filename().string().starts_with("bad-") == bad)
            found.push_back(entry.path());
    std::sort(found.begin(), found.end());
    return found;
}

inline std::string content(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

inline std::string test_name(const testing::TestParamInfo<fs::path>& test) {
    std::string name = test.param.stem().string();
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
}

/// Both texts line by line, `-` for what was expected and `+` for what came out.
inline std::string difference(const std::string& expected, const std::string& found) {
    std::istringstream a(expected), b(found);
    std::string text, left, right;
    while (true) {
        const bool has_left = static_cast<bool>(std::getline(a, left));
        const bool has_right = static_cast<bool>(std::getline(b, right));
        if (!has_left && !has_right) return text;
        if (has_left && has_right && left == right) {
            text += "  " + left + '\n';
            continue;
        }
        if (has_left) text += "- " + left + '\n';
        if (has_right) text += "+ " + right + '\n';
    }
}

/// Compares with the .expected file beside the case, or writes it where ROPEWALK_ACCEPT is set. `filter`
/// names the tests for the advice.
inline void expect_file(const fs::path& test_case, const std::string& found, const std::string& filter) {
    const fs::path expected_file = fs::path(test_case).replace_extension(".expected");
    if (std::getenv("ROPEWALK_ACCEPT") != nullptr) {
        std::ofstream(expected_file, std::ios::binary) << found;
        return;
    }
    const std::string expected = content(expected_file);
    EXPECT_TRUE(found == expected) << difference(expected, found)
                                   << "To accept the new output:\n  ROPEWALK_ACCEPT=1 "
                                   << "build/dev/bin/ropewalk_tests --gtest_filter='" << filter << "'\n";
}

} // namespace ropewalk::text_cases
