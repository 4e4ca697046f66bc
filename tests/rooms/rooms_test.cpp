// The rooms of the house: who may include whom, through which door, and who may speak.
#include <cctype>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "rooms/rooms.hpp"
#include "tests/places.hpp"

namespace {

namespace fs = std::filesystem;

const fs::path root = ropewalk::source_dir();

/// Where the folders of the wings stand, each with what stands before a header's name.
struct Place {
    fs::path folder;
    std::string prefix;
};

const std::vector<Place> places{
    {root / "src/ropewalk", "ropewalk/"}, {root / "papers", "papers/"}, {root / "app", "app/"}};

/// Rooms a room may include, itself apart: those it uses and what those use.
std::set<std::string> below(const std::string& room) {
    std::set<std::string> all;
    for (const std::string& used : rooms.at(room)) {
        all.insert(used);
        all.merge(below(used));
    }
    return all;
}

/// The room of a header or source as it is named in full, without `ropewalk/`: `base` has no wing above it.
std::string room_of(const std::string& name) {
    const std::size_t wing = name.find('/');
    return name.starts_with("base/") ? "base" : name.substr(0, name.find('/', wing + 1));
}

struct File {
    std::string room, name;
    std::vector<std::string> lines;
};

/// `ropewalk/programs/tasks/task.hpp` as `programs/tasks/task.hpp`; empty where it is none of ours.
std::string own_name(const std::string& header) {
    if (header.starts_with("ropewalk/")) return header.substr(std::string("ropewalk/").size());
    return header.starts_with("papers/") || header.starts_with("app/") ? header : std::string{};
}

std::vector<File> files() {
    std::vector<File> all;
    for (const Place& place : places)
        for (const auto& entry : fs::recursive_directory_iterator(place.folder)) {
            const fs::path path = entry.path();
            if (path.extension() != ".cpp" && path.extension() != ".hpp") continue;
            if (path.parent_path() == root / "src/ropewalk") continue; // the face belongs to no room
            const std::string name = own_name(place.prefix + path.lexically_relative(place.folder).string());
            File file{room_of(name), name, {}};
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
    std::vector<Include> all;
    for (const File& file : files())
        for (const std::string& line : file.lines) {
            const std::string name = own_name(included(line, "\"<"));
            if (name.empty()) continue;
            const std::string room = room_of(name);
            all.push_back({file, room, name.substr(room.size() + 1)});
        }
    return all;
}

/// `tasks.hpp` of `programs/tasks`.
std::string door_of(const std::string& room) { return room.substr(room.rfind('/') + 1) + ".hpp"; }

TEST(Rooms, AreTheOnesThatAreKnown) {
    std::set<std::string> found;
    for (const File& file : files()) found.insert(file.room);
    for (const std::string& room : found) EXPECT_TRUE(rooms.contains(room)) << room;
    EXPECT_EQ(found.size(), rooms.size());
    EXPECT_GT(includes().size(), 100u);
}

TEST(Rooms, IncludeOnlyRoomsBelowThem) {
    for (const Include& each : includes())
        if (each.room != each.file.room && rooms.contains(each.file.room)) {
            EXPECT_TRUE(below(each.file.room).contains(each.room))
                << each.file.name << " includes " << each.room;
        }
}

TEST(Rooms, OfProgramsAndOfFormulasShareNothingButBase) {
    for (const auto& [room, uses] : rooms)
        for (const std::string& used : below(room)) {
            EXPECT_FALSE(room.starts_with("programs/") && used != "base" && !used.starts_with("programs/"))
                << room << " uses " << used;
            EXPECT_FALSE(room.starts_with("formulas/") && used != "base" && !used.starts_with("formulas/"))
                << room << " uses " << used;
        }
}

TEST(Rooms, OfTheLibraryKnowNeitherPapersNorTheCommand) {
    for (const auto& [room, uses] : rooms) {
        if (room.starts_with("papers/") || room.starts_with("app/")) continue;
        for (const std::string& used : below(room))
            EXPECT_FALSE(used.starts_with("papers/") || used.starts_with("app/")) << room << " uses " << used;
    }
}

/// Headers of base that stand beside its door, since few need them: for those who draw, hash, or
/// describe settings and write them.
const std::set<std::string> side_doors{"base64.hpp", "chart.hpp", "interval_json.hpp", "json.hpp", "json_fault.hpp", "part.hpp", "part_folder.hpp", "random.hpp", "random_order.hpp", "settings.hpp", "settings_json.hpp",
                                       "sha256.hpp", "tensor_file.hpp"};

TEST(Rooms, AreEnteredThroughTheirPublicHeader) {
    for (const Include& each : includes()) {
        // Highway for kernels, which the rooms without kernels do not have.
        if (each.room == "base" && each.header == "vector_targets.hpp" &&
            each.file.name.find("/kernels/") != std::string::npos)
            continue;
        if (each.room == "base" && side_doors.contains(each.header)) continue;
        if (each.room != each.file.room) {
            EXPECT_EQ(each.header, door_of(each.room)) << each.file.name;
        }
    }
}

TEST(Rooms, HaveAPublicHeaderEach) {
    std::set<std::string> found;
    for (const File& file : files()) found.insert(file.name);
    for (const auto& [room, uses] : rooms) EXPECT_TRUE(found.contains(room + "/" + door_of(room))) << room;
}

TEST(Rooms, NameTheirHeadersInFull) {
    for (const File& file : files())
        for (const std::string& line : file.lines) {
            const std::string header = included(line, "\"");
            if (header.empty()) continue;
            EXPECT_FALSE(own_name(header).empty()) << file.name << ": " << line;
            EXPECT_TRUE(fs::exists(root / "src" / header) || fs::exists(root / header) || fs::exists(root / "src" / (header + ".in")))
                << file.name << ": " << line;
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

/// Whether a file is mostly the text of programs of other languages, which may speak.
bool writes_programs(const File& file) {
    return file.room == "programs/exports" && file.name.ends_with("_code.cpp");
}

TEST(Rooms, AreSilentAndNeverEndTheProcessExceptTheCommands) {
    const std::vector<std::string> speaks{"cout",       "cerr",   "clog",    "printf",  "fprintf",
                                          "puts",       "fputs",  "putchar", "perror",  "fmt::print",
                                          "std::print", "abort",  "exit",    "_exit",   "quick_exit",
                                          "terminate",  "setenv", "putenv",  "unsetenv"};
    for (const File& file : files()) {
        if (file.room.starts_with("app/") || file.room == "papers/commands" ||
            file.name == "base/progress.cpp" || writes_programs(file))
            continue;
        for (const std::string& line : file.lines) {
            const std::string code = line.substr(0, line.find("//"));
            for (const std::string& word : speaks)
                EXPECT_FALSE(has_word(code, word)) << file.name << ": " << line;
        }
    }
}

/// Whether a string literal in the line holds the name of an option, such as `--seconds`.
bool names_an_option(const std::string& line) {
    bool in_string = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '"' && (i == 0 || (line[i - 1] != '\\' && line[i - 1] != '\'')))
            in_string = !in_string;
        if (!in_string && line.compare(i, 2, "//") == 0) return false;
        if (in_string && line.compare(i, 2, "--") == 0 && line[i - 1] != '-' && i + 2 < line.size() &&
            std::islower(static_cast<unsigned char>(line[i + 2])) != 0)
            return true;
    }
    return false;
}

TEST(Rooms, SpeakOfSettingsExceptTheCommands) {
    EXPECT_TRUE(names_an_option("failure(\"--seconds\")"));
    EXPECT_FALSE(names_an_option("while (i --> 0) f(\"x - y\"); // \"--seconds\""));
    for (const File& file : files())
        if (!file.room.starts_with("app/") && !file.room.starts_with("papers/")) {
            for (const std::string& line : file.lines)
                EXPECT_FALSE(names_an_option(line)) << file.name << ": " << line;
        }
}

} // namespace
