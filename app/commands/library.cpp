// ropewalk library: functions that a set of programs has in common.
#include <fmt/format.h>

#include "app/commands/commands.hpp"
#include "ropewalk/programs/search/search.hpp"

namespace ropewalk::cli {

namespace {

struct LibraryCommandOptions {
    CommonOptions common;
    std::vector<std::string> files;
    std::string output;
    search::LibraryOptions library;
};

int run(const LibraryCommandOptions& options) {
    if (const auto free = base::free_file(options.output, overwrite_of(options.common)); !free)
        return report(free.error());
    std::vector<language::Program> programs;
    for (const std::string& file : options.files) {
        auto program = language::parse_file(file);
        if (!program) return report(program.error());
        programs.push_back(std::move(*program));
    }
    const search::Library library = search::learn_library(programs, options.library);
    const std::string definitions = language::to_string(language::Program{library.functions(), {}});
    if (!options.output.empty() && !library.abstractions.empty()) {
        const auto written = base::write_file(options.output, definitions, overwrite_of(options.common));
        if (!written) return report(written.error());
    }
    if (options.common.json) {
        Json functions = Json::array();
        for (const search::Abstraction& each : library.abstractions)
            functions.push_back({{"definition", language::to_string(language::Program{{each.function}, {}})},
                                 {"uses", each.uses},
                                 {"saving_bits", each.saving}});
        print({{"functions", functions},
               {"bits_before", library.bits_before},
               {"bits_after", library.bits_after}});
        return exit_done;
    }
    if (library.abstractions.empty())
        fmt::print("Nothing in these programs is worth a function of its own.\n");
    for (const search::Abstraction& each : library.abstractions)
        fmt::print("{:<50} # {} uses, saves {:.1f} bits\n",
                   language::to_string(language::Program{{each.function}, {}})
                       .substr(0, language::to_string(language::Program{{each.function}, {}}).find('\n')),
                   each.uses, each.saving);
    fmt::print("{} programs: {:.1f} bits before, {:.1f} bits with the functions\n", programs.size(),
               library.bits_before, library.bits_after);
    return library.abstractions.empty() ? exit_not_found : exit_done;
}

} // namespace

void add_library(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<LibraryCommandOptions>();
    CLI::App* command = app.add_subcommand("library", "Learn functions that programs have in common");
    command->add_option("programs", options->files, "High-level programs (.rope)")->required();
    add_settings(*command, options->library);
    command->add_option("-o,--output", options->output,
                        "Write the definitions there, for `synthesize --library` and `induce --library`");
    command->add_flag("--force", options->common.force, "Replace the file if it exists");
    add_common_options(*command, options->common);
    command->footer("Example: ropewalk library solved/*.rope -o library.rope\n"
                    "Exit status 1 when no function saves anything.");
    command->callback([options, &exit_code] { exit_code = run(*options); });
}

} // namespace ropewalk::cli
