// ropewalk propose: programs for new tasks from the synthesizer of a run.
#include <algorithm>

#include <fmt/format.h>

#include "app/commands/amortise.hpp"
#include "app/commands/commands.hpp"
#include "ropewalk/formulas/table/table.hpp"
#include "ropewalk/formulas/text/text.hpp"
#include "ropewalk/images/proposing/proposing.hpp"

namespace ropewalk::cli {

namespace {

using proposing::NewTasks, proposing::Proposal;

struct ProposeOptions {
    CommonOptions common;
    std::string folder, table;
    std::string device = "cpu";
    std::size_t beams = proposing::ProposalOptions{}.beams;
};

base::Result<NewTasks> read_tasks(const std::string& path, std::size_t variables) {
    auto table = formula::read_mixed_table(path, {});
    if (!table) return base::failure(table.error());
    NewTasks tasks;
    for (formula::MixedColumn& column : table->columns) {
        if (column.is_text)
            return base::failure(path, "column " + base::quoted(column.name) + " of text",
                                 "columns of numbers: symbols, then outputs");
        if (tasks.symbols.size() < variables) {
            tasks.symbols.push_back(std::move(column.numbers));
        } else {
            tasks.names.push_back(std::move(column.name));
            tasks.outputs.push_back(std::move(column.numbers));
        }
    }
    if (tasks.outputs.empty())
        return base::failure(path, fmt::format("{} columns of numbers", table->columns.size()),
                             fmt::format("{} columns of symbols and at least one of outputs", variables));
    if (table->lines.empty()) return base::failure(path, "no rows", "at least one, better 24");
    return tasks;
}

base::Result<std::vector<Proposal>> answers(const ProposeOptions& options) {
    const auto stored = proposing::load_synthesizer(options.folder);
    if (!stored) return base::failure(stored.error());
    const auto tasks = read_tasks(options.table, static_cast<std::size_t>(stored->proposer.variables));
    if (!tasks) return base::failure(tasks.error());
    return proposing::propose(*stored, *tasks, {options.beams, options.common.threads, options.device});
}

void show(const std::vector<Proposal>& answers) {
    const auto text = [](const formula::Program& program, bool fits) {
        return formula::written_text(program) + (fits ? "  (fits)" : "  (does not fit)");
    };
    fmt::print("{:<12}{:<48}{}\n", "column", "first proposal", "best candidate on the rows");
    for (const Proposal& answer : answers)
        fmt::print("{:<12}{:<48}{}\n", answer.name, text(answer.first, answer.first_fits),
                   text(answer.best, answer.best_fits));
}

Json to_json(const std::vector<Proposal>& answers) {
    Json columns = Json::array();
    for (const Proposal& answer : answers)
        columns.push_back({{"column", answer.name},
                           {"first", formula::written_text(answer.first)},
                           {"first_fits", answer.first_fits},
                           {"best", formula::written_text(answer.best)},
                           {"best_fits", answer.best_fits},
                           {"candidates", answer.candidates}});
    return {{"proposals", columns}};
}

int run(const ProposeOptions& options) {
    const auto found = answers(options);
    if (!found) return report(found.error());
    if (options.common.json)
        print(to_json(*found));
    else
        show(*found);
    const bool all =
        std::all_of(found->begin(), found->end(), [](const Proposal& each) { return each.best_fits; });
    return all ? exit_done : exit_not_found;
}

} // namespace

void add_propose(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<ProposeOptions>();
    CLI::App* command =
        app.add_subcommand("propose", "Let the synthesizer of a run write programs for new tasks");
    command->add_option("folder", options->folder, "Folder of a run of perceive --amortise")->required();
    command->add_option("table", options->table, "CSV file: columns of symbols, then columns of outputs")
        ->required();
    command->add_option("--beams", options->beams, "Candidates of each reading that are checked")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000));
    add_device_options(*command, options->device, options->common);
    command->footer("Example: ropewalk propose runs/mnist new.csv\n"
                    "Exit status 1 when no candidate fits some column.");
    command->callback([options, &exit_code] { exit_code = run(*options); });
}

} // namespace ropewalk::cli
