// The rooms of the house: who may include whom, through which door, and who may speak.
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include <gtest/gtest.h>

namespace {

namespace fs = std::filesystem;

const fs::path source = ROPEWALK_SOURCE_DIR "/src/ropewalk";

/// Rooms a room may include, itself apart.
const std::map<std::string, std::set<std::string>> allowed{
    {"base", {}},
    {"assembly", {"base"}},
    {"language", {"assembly", "base"}},
    {"machine", {"assembly", "base"}},
    {"compiler", {"machine", "assembly", "base"}},
    {"tasks", {"machine", "assembly", "base"}},
    {"tuning", {"compiler", "tasks", "machine", "assembly", "base"}},
    {"search", {"language", "tasks", "machine", "assembly", "base"}},
    {"induction", {"search", "language", "tuning", "compiler", "tasks", "machine", "assembly", "base"}},
    {"formula", {"base"}},
    {"datasets", {"base"}},
    {"inference", {"formula", "base"}},
    {"perception", {"inference", "datasets", "formula", "base"}},
    {"learning", {"perception", "inference", "datasets", "formula", "base"}},
    {"amortisation", {"perception", "inference", "datasets", "formula", "base"}},
    {"experiments",
     {"learning", "amortisation", "perception", "inference", "datasets", "formula", "induction", "search",
      "language", "tuning", "compiler", "tasks", "machine", "assembly", "base"}},
    {"cli",
     {"experiments", "learning", "amortisation", "perception", "inference", "datasets", "formula",
      "induction", "search", "language", "tuning", "compiler", "tasks", "machine", "assembly", "base"}},
};

struct File {
    std::string room, name;
    std::vector<std::string> lines;
};

std::vector<File> files() {
    std::vector<File> all;
    for (const auto& entry : fs::recursive_directory_iterator(source)) {
        const fs::path path = entry.path();
        if (path.extension() != ".cpp" && path.extension() != ".hpp") continue;
        const fs::path relative = path.lexically_relative(source);
        File file{relative.begin()->string(), relative.string(), {}};
        std::ifstream stream(path);
        for (std::string line; std::getline(stream, line);) file.lines.push_back(line);
        all.push_back(std::move(file));
    }
    return all;
}

/// Every include of another room's header as (file, room, header).
struct Include {
    File file;
    std::string room, header;
};

/// What stands between quotes or angle brackets behind `#include`, if the line is one.
std::string included(const std::string& line, const std::string& open) {
    const std::size_t hash = line.find_first_not_of(" \t");
    if (hash == std::string::npos || line[hash] != '#') return {};
    const std::size_t word = line.find("include", hash), start = line.find_first_of(open, hash);
    if (word == std::string::npos || start == std::string::npos || start < word) return {};
    const std::size_t end = line.find_first_of("\">", start + 1);
    return line.substr(start + 1, end - start - 1);
}

std::vector<Include> includes() {
    const std::string door = "ropewalk/";
    std::vector<Include> all;
    for (const File& file : files())
        for (const std::string& line : file.lines) {
            const std::string header = included(line, "\"<");
            const std::size_t slash = header.find('/', door.size());
            if (!header.starts_with(door) || slash == std::string::npos) continue;
            all.push_back({file, header.substr(door.size(), slash - door.size()), header.substr(slash + 1)});
        }
    return all;
}

TEST(Rooms, AreTheOnesThatAreKnown) {
    std::set<std::string> found;
    for (const File& file : files()) found.insert(file.room);
    for (const std::string& room : found) EXPECT_TRUE(allowed.contains(room)) << room;
    EXPECT_EQ(found.size(), allowed.size());
    EXPECT_GT(includes().size(), 100u);
}

TEST(Rooms, IncludeOnlyRoomsBelowThem) {
    for (const Include& each : includes())
        if (each.room != each.file.room && allowed.contains(each.file.room)) {
            EXPECT_TRUE(allowed.at(each.file.room).contains(each.room))
                << each.file.name << " includes " << each.room;
        }
}

TEST(Rooms, AreEnteredThroughTheirPublicHeader) {
    for (const Include& each : includes()) {
        // A side door for kernels: it needs Highway, which the rooms without kernels do not have.
        if (each.room == "base" && each.header == "vector_targets.hpp" &&
            each.file.name.find("/kernels/") != std::string::npos)
            continue;
        if (each.room != each.file.room) {
            EXPECT_EQ(each.header, each.room + ".hpp") << each.file.name;
        }
    }
}

TEST(Rooms, HaveAPublicHeaderEachExceptTheCommands) {
    for (const auto& entry : allowed) {
        if (entry.first == "cli") continue;
        EXPECT_TRUE(fs::exists(source / entry.first / (entry.first + ".hpp"))) << entry.first;
    }
}

TEST(Rooms, NameTheirHeadersInFull) {
    for (const File& file : files())
        for (const std::string& line : file.lines) {
            const std::string header = included(line, "\"");
            if (header.empty()) continue;
            EXPECT_TRUE(header.starts_with("ropewalk/")) << file.name << ": " << line;
            EXPECT_TRUE(fs::exists(source.parent_path() / header)) << file.name << ": " << line;
        }
}

/// Whether `word` stands in the code with no letter, digit or underscore on either side.
bool has_word(const std::string& code, const std::string& word) {
    const auto part_of_name = [&](std::size_t i) {
        return i < code.size() && (std::isalnum(static_cast<unsigned char>(code[i])) != 0 || code[i] == '_');
    };
    for (std::size_t at = code.find(word); at != std::string::npos; at = code.find(word, at + 1))
        if ((at == 0 || !part_of_name(at - 1)) && !part_of_name(at + word.size())) return true;
    return false;
}

TEST(Rooms, AreSilentAndNeverEndTheProcessExceptTheCommands) {
    const std::vector<std::string> speaks{
        "cout",   "cerr",       "clog",       "printf", "fprintf", "puts",  "fputs",      "putchar",
        "perror", "fmt::print", "std::print", "abort",  "exit",    "_exit", "quick_exit", "terminate"};
    for (const File& file : files()) {
        if (file.room == "cli" || file.name == "base/progress.cpp") continue;
        for (const std::string& line : file.lines) {
            const std::string code = line.substr(0, line.find("//"));
            for (const std::string& word : speaks)
                EXPECT_FALSE(has_word(code, word)) << file.name << ": " << line;
        }
    }
}

} // namespace
