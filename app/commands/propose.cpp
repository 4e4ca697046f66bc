// ropewalk propose: programs for new tasks from the synthesizer of a run.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "app/commands/amortise.hpp"
#include "app/commands/commands.hpp"
#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/formulas/table/table.hpp"
#include "ropewalk/formulas/text/text.hpp"
#include "ropewalk/images/networks/networks.hpp"

namespace ropewalk::cli {

namespace {

struct ProposeOptions {
    CommonOptions common;
    std::string folder, table;
    std::string device = "cpu";
    std::size_t beams = 16;
};

/// Columns of outputs with their names, each over the same rows of symbols.
struct NewTasks {
    std::vector<std::string> names;
    std::vector<std::vector<double>> symbols, outputs;
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

perception::Examples examples_of(const NewTasks& tasks) {
    const std::size_t rows = tasks.symbols.front().size();
    perception::Examples examples{.tasks = tasks.outputs.size(), .pairs = rows, .symbols = {}, .y = {}};
    for (const std::vector<double>& y : tasks.outputs) {
        for (std::size_t n = 0; n < rows; ++n)
            for (const std::vector<double>& column : tasks.symbols)
                examples.symbols.push_back(static_cast<float>(column[n]));
        examples.y.insert(examples.y.end(), y.begin(), y.end());
    }
    return examples;
}

/// Whether every row agrees to within 1e-9 of the largest output, as formula::Fit::exact.
bool fits(const formula::Program& program, const NewTasks& tasks, std::size_t task) {
    const std::vector<double>& y = tasks.outputs[task];
    const std::vector<double> found = formula::evaluate(program, tasks.symbols);
    double largest = 0;
    for (const double each : y) largest = std::max(largest, std::abs(each));
    // No row agrees with what is no number.
    return std::equal(found.begin(), found.end(), y.begin(), y.end(),
                      [&](double a, double b) { return std::abs(a - b) <= 1e-9 * largest; });
}

struct Proposal {
    std::string name;
    formula::Program first, best; ///< of one pass; the candidate that fits best
    bool first_fits = false, best_fits = false;
    std::size_t candidates = 0;
};

base::Result<std::vector<Proposal>> answers(const ProposeOptions& options) {
    const auto stored = proposing::load_synthesizer(options.folder);
    if (!stored) return base::failure(stored.error());
    const auto tasks = read_tasks(options.table, static_cast<std::size_t>(stored->proposer.variables));
    if (!tasks) return base::failure(tasks.error());
    const auto proposer = proposing::proposer_of(*stored, options.common.threads, options.device);
    if (!proposer) return base::failure(proposer.error());
    const perception::ProgramCode code(stored->proposer.variables, stored->proposer.lines);
    const perception::Examples examples = examples_of(*tasks);
    proposing::ProposingOptions proposing;
    proposing.group = std::min(stored->pairs, examples.pairs);
    const auto first = proposing::candidates(**proposer, code, examples, proposing);
    if (!first) return base::failure(first.error());
    proposing.beams = options.beams;
    proposing.renamings = true;
    const auto all = proposing::candidates(**proposer, code, examples, proposing);
    if (!all) return base::failure(all.error());
    std::vector<Proposal> answers;
    for (std::size_t t = 0; t < examples.tasks; ++t) {
        Proposal answer{tasks->names[t], (*first)[t].front().program,
                      proposing::checked((*all)[t], examples, t).program};
        answer.first_fits = fits(answer.first, *tasks, t);
        answer.best_fits = fits(answer.best, *tasks, t);
        answer.candidates = (*all)[t].size();
        answers.push_back(std::move(answer));
    }
    return answers;
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
