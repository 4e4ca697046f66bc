#include "ropewalk/cli/perceive_report.hpp"

#include <fmt/format.h>

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

} // namespace ropewalk::cli
