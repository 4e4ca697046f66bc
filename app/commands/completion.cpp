// ropewalk completion, and ropewalk manual, by which builds write what is installed and what the documentation shows.
#include <filesystem>

#include <fmt/format.h>

#include "app/commands/commands.hpp"
#include "app/manual/manual.hpp"

namespace ropewalk::cli {

namespace {

base::Status write_manual(const CLI::App& app, const std::string& folder) {
    std::vector<std::pair<std::string, std::string>> files{{"completion/bash/ropewalk", completion(app, "bash")},
                                                           {"completion/zsh/_ropewalk", completion(app, "zsh")},
                                                           {"completion/fish/ropewalk.fish", completion(app, "fish")},
                                                           {"options.md", options_page(app)},
                                                           {"instructions.md", instructions_page()}};
    for (auto& [name, text] : manual_pages(app)) files.emplace_back("man/man1/" + name, std::move(text));
    for (const auto& [name, text] : files) {
        const auto file = std::filesystem::path(folder) / name;
        if (const auto made = base::make_folder(file.parent_path().string()); !made) return base::failure(made.error());
        if (const auto written = base::write_file(file.string(), text, base::Overwrite::allow); !written)
            return base::failure(written.error());
    }
    return {};
}

} // namespace

void add_completion(CLI::App& app, int& exit_code) {
    const auto shell = std::make_shared<std::string>();
    CLI::App* command = app.add_subcommand("completion", "Print the script by which a shell completes commands");
    command->add_option("shell", *shell, "The shell")->required()->check(CLI::IsMember(completed_shells()));
    command->footer("Example: source <(ropewalk completion bash)");
    command->callback([&app, shell, &exit_code] {
        fmt::print("{}", completion(app, *shell));
        exit_code = exit_done;
    });

    const auto folder = std::make_shared<std::string>();
    CLI::App* manual = app.add_subcommand("manual", "Write manual pages, completions and generated pages into a folder");
    manual->group("");
    manual->add_option("folder", *folder, "The folder")->required();
    manual->callback([&app, folder, &exit_code] {
        const auto written = write_manual(app, *folder);
        exit_code = written ? exit_done : report(written.error());
    });
}

} // namespace ropewalk::cli
