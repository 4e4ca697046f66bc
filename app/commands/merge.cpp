// ropewalk merge: parts of a run put together.
#include "app/commands/commands.hpp"

namespace ropewalk::cli {

namespace {

struct MergeOptions {
    std::string folder, page;
    bool json = false, quiet = false, force = false;
    int threads = 0;
};

std::vector<std::string> words_of(const std::string& command) {
    std::vector<std::string> words{""};
    for (const char c : command)
        if (c == ' ')
            words.emplace_back();
        else
            words.back() += c;
    return words;
}

/// The command that the parts are of, told to join them: it knows how.
std::vector<std::string> joining(const base::Manifest& manifest, const MergeOptions& options) {
    std::vector<std::string> arguments = words_of(manifest.command);
    arguments.insert(arguments.end(), manifest.arguments.begin(), manifest.arguments.end());
    arguments.insert(arguments.end(), {"--part=join", "--output=" + options.folder,
                                       "--threads=" + std::to_string(options.threads)});
    for (const auto& [name, given] : {std::pair("--json", options.json), {"--quiet", options.quiet}, {"--force", options.force}})
        if (given) arguments.emplace_back(name);
    if (!options.page.empty()) arguments.push_back("--report=" + options.page);
    return arguments;
}

} // namespace

void add_merge(CLI::App& app, int& exit_code, std::vector<std::string>& next) {
    const auto options = std::make_shared<MergeOptions>();
    CLI::App* command = app.add_subcommand("merge", "Put the parts together that commands with --part wrote");
    command->add_option("folder", options->folder, "The folder that the parts' -o named")->required();
    command->add_flag("--force", options->force, "Replace the result in the folder");
    command->add_flag("--json", options->json, "One JSON object on standard output and nothing else");
    command->add_flag("--quiet", options->quiet, "No progress on standard error");
    command->add_option("--threads", options->threads, "Threads; 0 means all. The result does not depend on it")
        ->capture_default_str()
        ->check(CLI::Range(0, 1024));
    command->add_option("--report", options->page, "Show the run as a page of HTML there");
    command->footer("Example: ropewalk tune --task map-dec --init programs/map_inc.asm --part 1/2 -o runs/dec\n"
                    "         ropewalk tune --task map-dec --init programs/map_inc.asm --part 2/2 -o runs/dec\n"
                    "         ropewalk merge runs/dec\n"
                    "The result is, byte for byte, that of the command without --part. Files that the parts were made\n"
                    "from are looked for under the names that the parts had them by.\n"
                    "Exit status 2 when parts are missing, which it names, or of different runs; else the command's.");
    command->callback([options, &exit_code, &next] {
        const auto parts = base::find_parts(options->folder);
        if (parts)
            next = joining(parts->manifest, *options);
        else
            exit_code = report(parts.error());
    });
}

} // namespace ropewalk::cli
