// What the documents show is what happens: every command of a block marked `console` runs, in order, in a
// folder that has what a clone has, and prints what stands below it.
#include <algorithm>
#include <array>
#include <regex>

#include "ropewalk/base/base.hpp"
#include "tests/app/command.hpp"
#include "tests/places.hpp"

namespace ropewalk::cli {
namespace {

/// A command and the lines that it is to print; a line `...` stands for any number of lines, ` ...` at the end
/// of a line for any rest.
struct Shown {
    std::string document, command;
    std::vector<std::string> output;
    int line = 0;
};

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

std::vector<Shown> commands_of(const std::string& document, const std::string& text) {
    std::vector<Shown> commands;
    bool inside = false;
    int number = 0;
    for (const std::string& line : lines_of(text)) {
        ++number;
        if (line.starts_with("```"))
            inside = line == "```console";
        else if (inside && line.starts_with("$ "))
            commands.push_back({document, line.substr(2), {}, number});
        else if (inside && !commands.empty())
            commands.back().output.push_back(line);
    }
    return commands;
}

/// Times differ from run to run, probabilities of three digits from processor to processor.
std::string without_chance(const std::string& line) {
    static const std::regex time("[0-9]+(\\.[0-9]+)? (s|seconds)\\b"), probability("\\b0\\.[0-9]{3}\\b");
    return std::regex_replace(std::regex_replace(line, time, "# s"), probability, "0.###");
}

bool same_line(const std::string& shown, const std::string& printed) {
    const std::string wanted = without_chance(shown), got = without_chance(printed);
    return wanted == got || (wanted.ends_with(" ...") && got.starts_with(wanted.substr(0, wanted.size() - 4)));
}

/// Whether lines from `at` on are what is shown from `from` on.
bool agree(const std::vector<std::string>& shown, std::size_t from, const std::vector<std::string>& printed,
           std::size_t at) {
    for (; from < shown.size(); ++from, ++at) {
        if (shown[from] == "...") {
            for (std::size_t next = at; next <= printed.size(); ++next)
                if (agree(shown, from + 1, printed, next)) return true;
            return false;
        }
        if (at == printed.size() || !same_line(shown[from], printed[at])) return false;
    }
    return at == printed.size();
}

class Documents : public Command {
protected:
    void SetUp() override {
        Command::SetUp();
        begin_anew();
    }

    /// The folder as a clone has it.
    void begin_anew() const {
        for (const auto& entry : fs::directory_iterator(folder)) fs::remove_all(entry.path());
        for (const char* part : {"programs", "examples", "tools"})
            fs::copy(fs::path(source_dir()) / part, folder / part, fs::copy_options::recursive);
    }

    struct Printed {
        std::string text; ///< both streams
        int status = 0;
    };

    /// What a shell command prints that finds `ropewalk` on its path.
    Printed printed_by(const std::string& command) const {
        const std::string line = "cd '" + folder.string() + "' && export PATH='" +
                                 fs::path(binary()).parent_path().string() + "':\"$PATH\" && { " +
                                 command + "\n} 2>&1 < /dev/null";
        FILE* pipe = popen(line.c_str(), "r");
        Printed printed;
        std::array<char, 4096> piece;
        for (std::size_t got; (got = fread(piece.data(), 1, piece.size(), pipe)) > 0;)
            printed.text.append(piece.data(), got);
        printed.status = WEXITSTATUS(pclose(pipe));
        return printed;
    }

    void expect_as_shown(const fs::path& document) const {
        for (const Shown& shown : commands_of(document.filename().string(), read(document))) {
            const Printed printed = printed_by(shown.command);
            const std::string said = shown.document + ":" + std::to_string(shown.line) + ": $ " + shown.command +
                                     "\nprints\n" + printed.text;
            EXPECT_TRUE(agree(shown.output, 0, lines_of(printed.text), 0)) << said;
            // A page that shows a refusal shows its words, too.
            const auto& lines = shown.output;
            const bool is_refusal = std::any_of(lines.begin(), lines.end(), [](const std::string& line) {
                return line.find("expected") != std::string::npos;
            });
            EXPECT_TRUE(printed.status < 2 || is_refusal) << said;
        }
    }
};

TEST_F(Documents, ReadmeShowsWhatCommandsPrint) {
    if (!has_libtorch()) GTEST_SKIP() << "commands that read images need libtorch";
    const fs::path readme = fs::path(source_dir()) / "README.md";
    EXPECT_GT(commands_of("README.md", read(readme)).size(), 5u);
    expect_as_shown(readme);
}

TEST_F(Documents, PagesShowWhatCommandsPrint) {
    if (!has_libtorch()) GTEST_SKIP() << "commands that read images need libtorch";
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(source_dir()) / "docs"))
        // Every page stands alone.
        if (entry.path().extension() == ".md") {
            begin_anew();
            expect_as_shown(entry.path());
        }
}

/// Files that a page links to are there; places within pages are checked where the site is built (./run docs).
TEST_F(Documents, LinksLeadToFiles) {
    static const std::regex link(R"(\]\(([^)#: ]+)(#[^)]*)?\))");
    const fs::path root = source_dir();
    std::vector<fs::path> pages{root / "README.md", root / "ARCHITECTURE.md", root / "CONTRIBUTING.md", root / "python/README.md"};
    for (const auto& entry : fs::recursive_directory_iterator(root / "docs"))
        if (entry.path().extension() == ".md") pages.push_back(entry.path());
    std::size_t links = 0;
    for (const fs::path& page : pages) {
        const std::string text = read(page);
        for (std::sregex_iterator found(text.begin(), text.end(), link), end; found != end; ++found, ++links)
            EXPECT_TRUE(fs::exists(page.parent_path() / (*found)[1].str())) << page << " links to " << (*found)[1];
    }
    EXPECT_GT(links, 100u);
}

/// Without arguments the command shows three others to try; they are right too.
TEST_F(Documents, FirstStepsWorkAsShown) {
    if (!has_libtorch()) GTEST_SKIP() << "commands that read images need libtorch";
    std::string script;
    for (const std::string& line : lines_of(printed_by("ropewalk").text))
        if (line.starts_with("  printf") || line.starts_with("  ropewalk"))
            script += line.substr(0, line.find("     ", 4)) + " || exit 7\n";
    EXPECT_THAT(script, testing::HasSubstr("perceive"));
    const std::string printed = printed_by(script).text;
    EXPECT_THAT(printed, testing::HasSubstr("solve(x: [int]) -> [int]"));
    EXPECT_THAT(printed, testing::HasSubstr("y = "));
    EXPECT_THAT(printed, testing::HasSubstr("Exact"));
    EXPECT_THAT(printed, testing::HasSubstr("Programs right: 20 of 20"));
}

/// What a line of the page for troubles says that Ropewalk prints: the first cell of a table, or words in quotes at the
/// start of an item; without the program that speaks, and what stands for something else.
std::vector<std::string> quoted_words(const std::string& line) {
    static const std::regex message("^\\| `([^`]*)` \\|.*"), item("^- \\*\\*\"([^\"]*)\"\\*\\*.*");
    static const std::regex between("\\.\\.\\.|; (expected )?|'[^']*'");
    std::smatch match;
    if (!std::regex_match(line, match, message) && !std::regex_match(line, match, item)) return {};
    std::string text = match[1];
    if (text.starts_with("ropewalk:")) return {}; // the shell's
    if (text.starts_with("run: ")) text.erase(0, 5);
    std::vector<std::string> words;
    for (std::sregex_token_iterator piece(text.begin(), text.end(), between, -1), end; piece != end; ++piece)
        if (piece->length() > 6 && !piece->str().starts_with(",")) words.push_back(*piece);
    return words;
}

TEST(Troubleshooting, QuotesWhatRopewalkSays) {
    std::string spoken = base::read_file(source_dir() + "/run").value();
    for (const char* folder : {"/src", "/app"})
        for (const auto& entry : std::filesystem::recursive_directory_iterator(source_dir() + folder))
            if (entry.is_regular_file()) spoken += base::read_file(entry.path().string()).value();
    std::vector<std::string> words;
    for (const std::string& line : lines_of(base::read_file(source_dir() + "/docs/troubleshooting.md").value()))
        for (const std::string& each : quoted_words(line)) words.push_back(each);
    EXPECT_GE(words.size(), 6u);
    EXPECT_THAT(words, testing::Contains("Ropewalk built with libtorch"));
    for (const std::string& each : words) EXPECT_NE(spoken.find(each), std::string::npos) << each;
}

TEST(Shown, AgreesButForTimesAndWhatIsLeftOut) {
    EXPECT_TRUE(agree({"a", "...", "d 1.5 s"}, 0, {"a", "b", "c", "d 0.2 s"}, 0));
    EXPECT_TRUE(agree({"a", "..."}, 0, {"a"}, 0));
    EXPECT_TRUE(agree({"found x ..."}, 0, {"found x in no time"}, 0));
    EXPECT_FALSE(agree({"found y ..."}, 0, {"found x in no time"}, 0));
    EXPECT_FALSE(agree({"a"}, 0, {"a", "b"}, 0));
    EXPECT_FALSE(agree({"a", "...", "d"}, 0, {"a", "b"}, 0));
    EXPECT_FALSE(agree({"3 rows"}, 0, {"4 rows"}, 0));
}

} // namespace
} // namespace ropewalk::cli
