#include "app/commands/search_options.hpp"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

namespace ropewalk::cli {

namespace {

/// The text of a file as a sketch named after it.
base::Result<search::Sketch> load_sketch(const std::string& path) {
    return base::read_file(path, std::size_t{1} << 20).and_then([&](const std::string& text) {
        return search::parse_sketch(std::filesystem::path(path).filename().string(), text);
    });
}

/// Fitted costs are bits, about three times the units of the model to start from.
constexpr int largest_fitted_cost = 90;

} // namespace

void add_search_options(CLI::App& command, SearchCommandOptions& options) {
    add_setting(command, options.induce, "seconds");
    add_setting(command, options.induce, "programs");
    command.add_option("--near-misses", options.near_misses, "Wrong programs to report, best first")
        ->capture_default_str()
        ->check(CLI::Range(1, 256));
    add_setting(command, options.induce, "draw");
    command.add_option("--sketch", options.sketches,
                       "A program with holes to fill, in place of the built-in sketches");
    command.add_option("--library", options.library,
                       "Functions the search may call, as `ropewalk library` writes them");
    command.add_option("--fit", options.fit,
                       "High-level programs (.rope) whose frequencies set the costs of the search");
}

base::Result<search::SearchOptions> search_options_of(const SearchCommandOptions& options,
                                                      const CommonOptions& common) {
    search::SearchOptions search{
        .run = {.threads = common.threads, .seconds = options.induce.run.seconds, .stop = interruption()},
        .programs = options.induce.programs,
        .near_misses = std::max(24, options.near_misses)};
    if (!options.sketches.empty()) {
        auto sketch = load_sketch(options.sketches);
        if (!sketch) return base::failure(std::move(sketch.error()));
        search.sketches = {std::move(*sketch)};
    }
    if (!options.library.empty()) {
        auto library = language::parse_file(options.library);
        if (!library) return base::failure(std::move(library.error()));
        // A function of the user's stands for the standard one of its name.
        std::erase_if(search.functions, [&](const language::Function& standard) {
            return std::any_of(library->functions.begin(), library->functions.end(),
                               [&](const auto& own) { return own.name == standard.name; });
        });
        search.functions.insert(search.functions.end(), library->functions.begin(), library->functions.end());
        for (const language::Function& function : search.functions)
            if (function.parameters.empty() || function.parameters.size() > 2)
                return base::failure(
                    options.library,
                    fmt::format("function {} of {} parameters", function.name, function.parameters.size()),
                    "functions of one or two parameters");
    }
    std::vector<language::Program> solved;
    for (const std::string& file : options.fit) {
        auto program = language::parse_file(file);
        if (!program) return base::failure(std::move(program.error()));
        solved.push_back(inlined(*program));
    }
    if (!solved.empty()) {
        search.costs = search::fit(solved, {});
        search.largest_cost = largest_fitted_cost;
    }
    return search;
}

bool contradictory(const tasks::Task& task) {
    const auto found = tasks::find_contradiction(task);
    if (!found) return false;
    say("{} and {} contradict each other: for the input {} one expects {} in {}, the other {}.\n"
        "No program can satisfy both; remove or correct one of them.\n",
        task.origin(found->first), task.origin(found->second), spaced(found->example.memory),
        found->first_value, found->place, found->second_value);
    return true;
}

void show_size_or_number(const induction::Induced& result, const tasks::Task& task) {
    if (result.size_or_number)
        fmt::print("All examples have {0} cells, so they do not tell whether {0} or their number, n, is meant.\n", task.cells);
}

void show_choice(const search::Choice& choice, const tasks::Task& task) {
    if (!search::leaves_open(choice)) return;
    const search::Reading &first = choice.readings[0], &second = choice.readings[choice.rival];
    const auto memory = [&](const search::Reading& reading) {
        const auto after = search::outcome(reading, {task.base, task.cells}, *choice.deciding_input);
        return after ? spaced(*after) : "no end";
    };
    fmt::print(
        "\nThe examples leave open what is meant. Of all programs that fit, this one has {:.0f}% of the "
        "weight, and {:.0f}% has\n\n{}\n",
        100 * first.weight, 100 * second.weight, language::to_string(second.program.program));
    fmt::print("For the memory {}\n  this program gives  {}\n  the other one gives {}\n"
               "An example with this memory decides between them.\n",
               spaced(*choice.deciding_input), memory(first), memory(second));
}

/// The examples that speak against a near miss, with what it gives.
void show_exceptions(const induction::Exceptions& exceptions, const search::Candidate& near_miss, const tasks::Task& task) {
    constexpr std::size_t most_shown = 8;
    fmt::print("The best near miss is right on {} of {} examples:\n\n{}\nIt misses\n", task.domain_size - exceptions.missed.size(),
               task.domain_size, language::to_string(near_miss.program));
    for (std::size_t k = 0; k < std::min(most_shown, exceptions.missed.size()); ++k) {
        const machine::Example example = task.example(exceptions.missed[k]);
        const auto after = language::evaluate(near_miss.program, {task.base, task.cells}, example.memory);
        fmt::print("  {}: {} becomes {}, and not {}\n", task.origin(exceptions.missed[k]), spaced(example.memory),
                   after ? spaced(*after) : "nothing, without an end", spaced(example.expected_memory));
    }
    if (exceptions.missed.size() > most_shown) fmt::print("  and {} more\n", exceptions.missed.size() - most_shown);
    fmt::print("If {} wrong, mend {} and try again; otherwise more --seconds may help, or a --sketch of yours.\n",
               exceptions.missed.size() == 1 ? "this example is" : "these examples are",
               exceptions.missed.size() == 1 ? "it" : "them");
}

void show_near_misses(const std::vector<search::Candidate>& near_misses, const tasks::Task& task) {
    if (near_misses.empty()) {
        fmt::print(
            "No program does better than doing nothing. More --seconds may help, or a --sketch of yours.\n");
        return;
    }
    if (const auto exceptions = induction::exceptions_of(near_misses, task))
        return show_exceptions(*exceptions, near_misses[exceptions->near_miss], task);
    fmt::print("The best near miss has {:.1f}% of the cells right:\n\n{}\n", 100 * near_misses.front().score,
               language::to_string(near_misses.front().program));
    fmt::print("More --seconds may help, or more examples, or a --sketch of yours.\n");
}

} // namespace ropewalk::cli
