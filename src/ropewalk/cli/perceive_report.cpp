#include "ropewalk/cli/perceive_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace ropewalk::cli {

Json judgement_json(const perception::Problem& problem, const perception::Judgement& judgement) {
    const auto& [train, test] = std::tie(judgement.train, judgement.test);
    const auto gauge = [](const perception::GaugeFit& fit) {
        return Json{{"loss", fit.loss_modulo_gauge}, {"scale", fit.scale}, {"offset", fit.offset}};
    };
    const auto outputs = [](const perception::OutputLoss& loss) {
        return Json{{"raw", loss.raw},
                    {"normalised", loss.normalised},
                    {"raw_by_moments", loss.raw_by_moments},
                    {"normalised_by_moments", loss.normalised_by_moments}};
    };
    return {{"tasks", problem.tasks.size()},
            {"programs_right", judgement.programs_right},
            {"symbolic_loss", {{"train", train.symbols.loss}, {"test", test.symbols.loss}}},
            {"symbolic_loss_modulo_gauge", test.symbols.loss_modulo_gauge},
            {"gauge", gauge(test.symbols)},
            {"test_loss", outputs(test.outputs)},
            {"train_loss", outputs(train.outputs)}};
}

void show_judgement(const perception::Problem& problem, const perception::Judgement& judgement,
                    const std::vector<perception::Decision>& decisions) {
    fmt::print("Programs right: {} of {}\n\n", judgement.programs_right, problem.tasks.size());
    fmt::print("{:<12}{:<36}{:>10}{:>10}\n", "labels", "formula found", "predicted", "true");
    for (const perception::ShownRow& row : judgement.shown)
        fmt::print("{:<12}{:<36}{:>10.3f}{:>10.3f}{}\n", spaced(row.labels),
                   perception::formula_text(problem.pool.formulas[decisions[row.task].formula]),
                   row.predicted, row.gold, judgement.right[row.task] ? "" : "   wrong formula");
    const perception::GaugeFit& fit = judgement.test.symbols;
    fmt::print("\nSymbolic loss  train {:.5f}, test {:.5f}; modulo gauge {:.5f} with s = {:.3f} s' {:+.3f}\n",
               judgement.train.symbols.loss, fit.loss, fit.loss_modulo_gauge, fit.scale, fit.offset);
    const perception::OutputLoss& outputs = judgement.test.outputs;
    fmt::print("Test loss      raw {:.4f}, normalised {:.4f}; by moments {:.4f} and {:.4f}\n", outputs.raw,
               outputs.normalised, outputs.raw_by_moments, outputs.normalised_by_moments);
}

namespace {

using perception::Determined;

void show_task(const perception::Problem& problem, const perception::Learned& learned, std::size_t task) {
    constexpr std::size_t most = 3;
    const auto formula = [&](std::size_t index) {
        return perception::formula_text(problem.pool.formulas[index]);
    };
    const Determined determined = learned.table->of_tasks[task];
    fmt::print("  task {}: {}, {}\n", task, formula(learned.decisions[task].formula),
               determined == Determined::no ? "not determined" : text_of(determined));
    for (const perception::OtherReading& each : other_readings(*learned.table, task, most))
        fmt::print("    {} {} with symbols {:.3g}\n", each.as_likely ? "or as likely" : "or",
                   formula(each.formula), fmt::join(each.alphabet, ", "));
}

void show_open_symbols(const perception::SymbolTable& table) {
    const perception::TableReading& first = table.readings.front();
    for (std::size_t c = 0; c < first.likely.size(); ++c)
        if (first.likely[c].size() > 1)
            fmt::print("  images that show {:.3g}: the outputs do not say which; left unread\n",
                       fmt::join(first.likely[c], " or "));
    if (first.continuum) fmt::print("  the symbols are one choice from a continuum\n");
}

} // namespace

void show_determined(const perception::Problem& problem, const perception::Learned& learned) {
    constexpr std::size_t most = 5;
    if (!learned.table) {
        for (std::size_t t = 0; t < learned.decisions.size(); ++t)
            if (const auto text = determined_text(learned, t))
                fmt::print("Undetermined   task {}: the runner-up is too near for so few tasks\n", t);
        if (!learned.no_table.empty()) fmt::print("No table       {}", learned.no_table);
        return;
    }
    const perception::SymbolTable& table = *learned.table;
    const auto tasks = [&](Determined each) { return tasks_determined(table, each); };
    const auto kinds = [&](Determined each) { return classes_determined(table, each); };
    fmt::print(
        "Table          {} kinds of images told apart, {} readings that explain all outputs, {:.2f} s\n",
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

} // namespace ropewalk::cli
