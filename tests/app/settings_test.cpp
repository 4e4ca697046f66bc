// Every setting of the library: reachable from a command or left out on purpose, and on the page of the docs.
#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <map>
#include <set>

#include "ropewalk/base/settings_json.hpp"
#include "ropewalk/formulas/laws/laws.hpp"
#include "ropewalk/formulas/search/search.hpp"
#include "ropewalk/formulas/sketch/sketch.hpp"
#include "ropewalk/images/perceiving/perceiving.hpp"
#include "ropewalk/programs/induction/induction.hpp"
#include "ropewalk/programs/synthesis/synthesis.hpp"
#include "tests/app/command.hpp"
#include "tests/places.hpp"

namespace ropewalk::cli {
namespace {

using base::SettingRow;
using testing::HasSubstr;

/// A struct of options, the command that takes it, and what the command leaves to the library.
struct Described {
    std::string title, command;
    std::vector<SettingRow> rows;
    std::set<std::string> absent;
    nlohmann::ordered_json json;
};

template<class Options>
Described described(std::string title, std::string command, std::set<std::string> absent = {}) {
    return {std::move(title), std::move(command), base::setting_rows<Options>(), std::move(absent),
            base::settings_to_json(Options{})};
}

std::vector<Described> all() {
    return {described<tuning::TuneOptions>("Tuning", "tune"),
            described<induction::InduceOptions>("Induction", "induce"),
            // What a turn of induction searches; whether programs are compared follows from the task.
            described<search::SearchOptions>("Search for programs", "synthesize",
                                             {"largest_cost", "memory", "compare"}),
            // What a list program is searched with; --memory counts in MiB there.
            described<synthesis::SynthesisOptions>("Search for list programs", "induce", {"candidates"}),
            described<compiler::CompileOptions>("Compilation", "compile"),
            described<compiler::DecompileOptions>("Reading weights", "decompile"),
            described<tuning::CertifyOptions>("Certificates", "verify"),
            described<search::LibraryOptions>("Learning a library", "library"),
            described<formula::ExplainOptions>("Search for formulas", "formula"),
            described<formula::Narrowing>("Which formulas are looked for", "formula"),
            // The solver beside the exact search is asked as it is.
            described<formula::GradientSearchOptions>("Descent on formulas", "formula",
                                                      {"lines", "steps", "learning_rate", "start_deviation",
                                                       "noise", "sharpness", "beta_start", "beta_end",
                                                       "lambda", "lambda_from", "rows", "check_every",
                                                       "restarts_per_round", "restarts"}),
            described<learning::Settings>("Learning from images", "perceive"),
            described<perceiving::PerceiveOptions>("A run of learning", "perceive")};
}

std::string flag(std::string name) {
    std::replace(name.begin(), name.end(), '_', '-');
    return "--" + name;
}

std::string page() {
    std::string text =
        "# Settings\n\nEvery setting of the library: its name in JSON and in the library, what it is "
        "initially, "
        "what it may be. An option of the\ncommand has the same name with hyphens, and `--no-` switches "
        "off what is true.\n";
    for (const Described& each : all()) {
        text += "\n## " + each.title + " (`ropewalk " + each.command +
                "`)\n\n| setting | initially | may be | what it is |\n"
                "|---|---|---|---|\n";
        for (const SettingRow& row : each.rows)
            text += "| `" + row.name + "` | " + row.initially + " | " + row.range + " | " + row.about +
                    (each.absent.contains(row.name) ? " (library only)" : "") + " |\n";
    }
    return text;
}

class SettingsOfCommands : public Command {};

TEST_F(SettingsOfCommands, AreOptionsOfACommandOrLeftOutOnPurpose) {
    std::map<std::string, std::string> help;
    for (const Described& each : all()) {
        if (!help.contains(each.command)) help[each.command] = run({each.command, "--help"}).out;
        for (const SettingRow& row : each.rows) {
            // What follows a name is a space, a comma or the end of the line, not the rest of a longer name.
            const std::string& text = help[each.command];
            bool offered = false;
            for (std::size_t at = text.find(flag(row.name)); at != std::string::npos && !offered;
                 at = text.find(flag(row.name), at + 1)) {
                const char next = text[at + flag(row.name).size()];
                offered = next != '-' && std::isalnum(static_cast<unsigned char>(next)) == 0;
            }
            EXPECT_EQ(offered, !each.absent.contains(row.name)) << each.command << ' ' << flag(row.name);
        }
    }
}

TEST_F(SettingsOfCommands, AreAllInJson) {
    for (const Described& each : all())
        for (const SettingRow& row : each.rows) EXPECT_TRUE(each.json.contains(row.name)) << row.name;
}

TEST_F(SettingsOfCommands, AreRefusedByTheCommandAsByTheLibrary) {
    const Outcome outcome = run({"tune", "--task", "inc", "--restarts", "0"});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_THAT(outcome.err, HasSubstr("--restarts"));
    EXPECT_THAT(outcome.err, HasSubstr("expected 1 to 1000000"));
}

TEST_F(SettingsOfCommands, StandInTheDocs) {
    const std::string file = source_dir() + "/docs/settings.md";
    if (std::getenv("ROPEWALK_ACCEPT") != nullptr) {
        ASSERT_TRUE(base::write_file(file, page(), base::Overwrite::allow));
    }
    const auto text = base::read_file(file);
    ASSERT_TRUE(text);
    EXPECT_EQ(*text, page()) << "ROPEWALK_ACCEPT=1 writes docs/settings.md anew";
}

} // namespace
} // namespace ropewalk::cli
