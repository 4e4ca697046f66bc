#include "app/commands/perceive_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ropewalk/formulas/text/text.hpp"
#include "ropewalk/images/identification/identification.hpp"

namespace ropewalk::cli {

void show_judgement(const perception::Problem& problem, const perception::Judgement& judgement,
                    const std::vector<identification::Decision>& decisions, bool details) {
    fmt::print("Programs right: {} of {}\n\n", judgement.programs_right, problem.tasks.size());
    fmt::print("{:<12}{:<36}{:>10}{:>10}\n", "labels", "formula found", "predicted", "true");
    for (const perception::ShownRow& row : judgement.shown)
        fmt::print("{:<12}{:<36}{:>10.3f}{:>10.3f}{}\n", spaced(row.labels),
                   formula::written_text(problem.pool.formulas[decisions[row.task].formula]), row.predicted,
                   row.gold, judgement.right[row.task] ? "" : "   wrong formula");
    const perception::GaugeFit& fit = judgement.test.symbols;
    fmt::print("\nSymbolic loss  train {:.5f}, test {:.5f}\n", judgement.train.symbols.loss, fit.loss);
    if (!details) return;
    fmt::print("               modulo gauge {:.5f} with s = {:.3f} s' {:+.3f}\n", fit.loss_modulo_gauge, fit.scale,
               fit.offset);
    const perception::OutputLoss& outputs = judgement.test.outputs;
    fmt::print("Test loss      raw {:.4f}, normalised {:.4f}; by moments {:.4f} and {:.4f}\n", outputs.raw,
               outputs.normalised, outputs.raw_by_moments, outputs.normalised_by_moments);
}

namespace {

using identification::Determined;

void show_task(const perception::Problem& problem, const learning::Learned& learned, std::size_t task) {
    constexpr std::size_t most = 3;
    const auto formula = [&](std::size_t index) {
        return formula::written_text(problem.pool.formulas[index]);
    };
    const Determined determined = learned.table->of_tasks[task];
    fmt::print("  task {}: {}, {}\n", task, formula(learned.decisions[task].formula),
               determined == Determined::no ? "not determined" : text_of(determined));
    for (const identification::OtherReading& each : other_readings(*learned.table, task, most))
        fmt::print("    {} {} with symbols {:.3g}\n", each.as_likely ? "or as likely" : "or",
                   formula(each.formula), fmt::join(each.alphabet, ", "));
}

void show_private_tables(const learning::PrivateTables& tables, bool details) {
    if (details)
        fmt::print("Tables         one for each task, {:.1f} s; {} images read by them\n", tables.seconds,
                   tables.images());
    fmt::print("Determined     formulas: {} by their own outputs, {} by the other tasks' alphabet, {} by the "
               "network, {} not\n",
               tables.count(Determined::by_data), tables.count(Determined::by_alphabet),
               tables.count(Determined::by_network), tables.count(Determined::no));
}

void show_open_symbols(const identification::SymbolTable& table) {
    const identification::TableReading& first = table.readings.front();
    for (std::size_t c = 0; c < first.likely.size(); ++c)
        if (first.likely[c].size() > 1)
            fmt::print("  images that show {:.3g}: the outputs do not say which; left unread\n",
                       fmt::join(first.likely[c], " or "));
    if (first.continuum) fmt::print("  the symbols are one choice from a continuum\n");
}

double mean(const std::vector<double>& values) {
    double sum = 0;
    for (const double value : values) sum += value;
    return sum / static_cast<double>(values.size());
}

/// The outputs that no formula explains on rows kept for validation, and what is wrong with them.
std::string text_of_unexplained(const perception::Problem& problem,
                                const perception::GivenJudgement& judgement) {
    std::vector<std::string> nowhere, in_training;
    for (std::size_t t = 0; t < judgement.validation.size(); ++t)
        if (!perception::explains(judgement.validation[t]))
            (perception::explains(judgement.training[t]) ? in_training : nowhere).push_back(problem.given()->outputs[t]);
    std::string text;
    if (!nowhere.empty())
        text += fmt::format("\nNot explained  {}: the formula leaves half of the output's variance or more\n",
                            fmt::join(nowhere, ", "));
    if (!in_training.empty())
        text +=
            fmt::format("\nNot confirmed  {}: the formula explains the rows learned from, and leaves half of "
                        "the variance or\n               more on the others: new images are read badly; more "
                        "rows help, and more --seconds\n",
                        fmt::join(in_training, ", "));
    return text;
}

} // namespace

void show_determined(const perception::Problem& problem, const learning::Learned& learned, bool details) {
    constexpr std::size_t most = 5;
    if (learned.private_tables) {
        show_private_tables(*learned.private_tables, details);
        return;
    }
    if (!learned.table) {
        for (std::size_t t = 0; t < learned.decisions.size(); ++t)
            if (const auto text = determined_text(learned, t))
                fmt::print("Undetermined   {}: the runner-up is too near for so few tasks\n",
                           perception::task_name(problem, t));
        if (details && !learned.no_table.empty()) fmt::print("No table       {}", learned.no_table);
        return;
    }
    const identification::SymbolTable& table = *learned.table;
    const auto tasks = [&](Determined each) { return tasks_determined(table, each); };
    const auto kinds = [&](Determined each) { return classes_determined(table, each); };
    if (details)
        fmt::print("Table          {} kinds of images told apart, {} readings that explain all outputs, {:.2f} s\n",
                   table.classes.count(), table.readings.size(), table.seconds);
    fmt::print(
        "Determined     formulas: {} by the data, {} by the prior, {} not; symbols of kinds: {}, {}, {}\n",
        tasks(Determined::by_data), tasks(Determined::by_prior), tasks(Determined::no),
        kinds(Determined::by_data), kinds(Determined::by_prior), kinds(Determined::no));
    std::size_t shown = 0;
    for (std::size_t t = 0; t < table.of_tasks.size() && shown < most; ++t)
        if (table.of_tasks[t] != Determined::by_data || t == 0) show_task(problem, learned, t), ++shown;
    show_open_symbols(table);
}

void show_generalisation(const perception::Generalisation& generalisation) {
    fmt::print("Generalisation {} of {} new formulas found on symbols up to 0.5; loss above 0.5: mean "
               "{:.4f}, median "
               "{:.4f} (paper: mean {})\n",
               generalisation.right, generalisation.formulas.size(), generalisation.mean,
               generalisation.median, perception::generalisation_of_the_paper);
}

void show_given(const perception::Problem& problem, const perception::GivenJudgement& judgement,
                const std::vector<learning::Answer>& answers, bool details) {
    constexpr std::size_t most_shown = 20;
    fmt::print("{:<16}{:<36}{:>12}{:>12}\n", "output", "formula found", "error", "margin");
    for (std::size_t t = 0; t < std::min(answers.size(), most_shown); ++t)
        fmt::print("{:<16}{:<36}{:>12.4f}{:>12.4f}\n", problem.given()->outputs[t], answers[t].text,
                   judgement.validation[t], answers[t].margin);
    if (answers.size() > most_shown) fmt::print("... and {} more\n", answers.size() - most_shown);
    fmt::print("{}", text_of_unexplained(problem, judgement));
    fmt::print("\nErrors are shares of the outputs' variance, on {} rows kept for validation\n",
               problem.given()->validation.rows);
    if (details)
        fmt::print("Mean error     {:.4f}, in training {:.4f}\nImages         {} of them in {} rows to learn from; {} "
                   "formulas of {} variables in the pool\n",
                   mean(judgement.validation), mean(judgement.training), problem.given()->files.size(),
                   problem.given()->training.rows, problem.pool.formulas.size(), problem.pool.variables);
    if (!judgement.exact.empty())
        fmt::print("Exact          {:.1f}% of the outputs kept for validation are the likeliest for their images\n",
                   100 * mean(judgement.exact));
}

} // namespace ropewalk::cli
