#include "app/shared/parts.hpp"

#include <algorithm>
#include <array>

#include "app/shared/cli.hpp"
#include "app/shared/version.hpp"

namespace ropewalk::cli {

namespace {

constexpr const char* join_word = "join";

/// Options that say where results go and how the work is done, and change nothing in it.
constexpr std::array without_effect{"part", "output", "threads", "quiet", "json", "force", "report", "resume", "help"};

bool changes_the_result(const CLI::Option& option) {
    return std::none_of(without_effect.begin(), without_effect.end(),
                        [&](const char* name) { return option.check_lname(name); });
}

/// The options that were given, each as `--name=value`, in the order in which the command describes them.
std::vector<std::string> arguments_of(const CLI::App& command) {
    std::vector<std::string> arguments;
    for (const CLI::Option* option : command.get_options()) {
        if (option->count() == 0 || !changes_the_result(*option)) continue;
        const bool positional = option->get_lnames().empty();
        for (const std::string& value : option->results())
            arguments.push_back(positional ? value : "--" + option->get_lnames().front() + "=" + value);
    }
    return arguments;
}

std::string name_of(const CLI::App& command) {
    const CLI::App* const parent = command.get_parent();
    return parent == nullptr || parent->get_parent() == nullptr ? command.get_name()
                                                                : name_of(*parent) + " " + command.get_name();
}

} // namespace

void add_part_option(CLI::App& command, PartOptions& options) {
    command
        .add_option_function<std::string>(
            "--part",
            [&options](const std::string& text) {
                options.join = text == join_word;
                options.part.reset();
                if (!options.join) options.part = *base::parse_part(text, "--part");
            },
            "K/N: only part K of N, kept below the output folder for `ropewalk merge`; join: what merge does")
        ->check([](const std::string& text) {
            const auto part = base::parse_part(text, "--part");
            return part || text == join_word ? std::string{} : "found " + text + "; expected " + part.error().front().expected;
        })
        ->needs(command.get_option("--output"));
}

base::Manifest manifest_of(const CLI::App& command, const PartOptions& options,
                           const std::map<std::string, std::string>& inputs) {
    return {.version = version(),
            .target = machine::active_target(),
            .command = name_of(command),
            .arguments = arguments_of(command),
            .inputs = inputs,
            .part = options.part.value_or(base::Part())};
}

base::Result<std::vector<std::string>> parts_of(const std::string& folder, const base::Manifest& expected) {
    auto parts = base::find_parts(folder);
    if (!parts) return base::failure(parts.error());
    // Parts may come from another kind of processor than the one that puts them together.
    base::Manifest here = expected;
    here.target = parts->manifest.target;
    here.part = parts->manifest.part;
    if (const auto [there, now] = difference(parts->manifest, here); there != now)
        return base::failure(folder, fmt::format("parts with {}, here {}", base::quoted(there), base::quoted(now)),
                             "the version, the arguments and the files that the parts were made with");
    return std::move(parts->folders);
}

base::Result<std::string> begin_part(const std::string& folder, const base::Part& part, std::vector<const char*> names,
                                     const base::EarlierRun& earlier) {
    const std::string own = base::folder_of_part(folder, part);
    names.push_back(base::manifest_name);
    auto made = base::make_free_folder(own, names, earlier);
    if (!made) return made;
    // Until it is finished again, the part is missing.
    if (earlier.replace && !earlier.resume) base::remove_files(own, names);
    return made;
}

int tell_part(const std::string& folder, const base::Part& part, const std::string& what, bool json) {
    const std::string own = base::folder_of_part(folder, part);
    if (json)
        print(Json{{"part", to_string(part)}, {"folder", own}, {"what", what}});
    else
        fmt::print("Part {}: {}, in {}\n`ropewalk merge {}` puts the parts together.\n", to_string(part), what, own, folder);
    return exit_done;
}

} // namespace ropewalk::cli
