// Formulas for a table of numbers, by gradient descent on sketches: the solver beside the exact search.
#pragma once

#include <cstdint>

#include "ropewalk/base/base.hpp"
#include "ropewalk/base/settings.hpp"
#include "ropewalk/formulas/sketch/relaxation.hpp"
#include "ropewalk/formulas/table/table.hpp"

namespace ropewalk::formula {

/// How one restart descends. Defaults are those that found most formulas per second
/// (docs/formula-gradient.md).
struct DescentOptions {
    int lines = 15;             ///< L of the sketch, 1 to 1,000
    int steps = 300;            ///< Adam steps of a restart
    double learning_rate = 0.3; ///< Adam with decay rates 0.9 and 0.99
    double start_deviation = 3; ///< of the logits at the start
    bool noise = false;         ///< Gumbel noise, drawn anew every step
    Sharpness sharpness = Sharpness::inverse_temperature;
    double beta_start = 1; ///< grows geometrically to beta_end over the steps
    double beta_end = 1;
    double lambda = 2e-4;     ///< of the expected-length prior
    double lambda_from = 0.5; ///< share of the steps after which the prior counts
    int rows = 64;            ///< rows a step looks at, drawn once per round; fewer where the table has fewer
    int check_every = 10;     ///< steps between looks at the programs of a restart

    static constexpr auto fields = base::fields(
        base::field<&DescentOptions::lines>("lines", "Lines of the sketch", base::within(1, 1000)),
        base::field<&DescentOptions::steps>("steps", "Adam steps of a restart", base::within(1, 10'000'000)),
        base::field<&DescentOptions::learning_rate>("learning_rate", "Adam's learning rate",
                                                    base::above(0.0, 1e6)),
        base::field<&DescentOptions::start_deviation>(
            "start_deviation", "Standard deviation of the logits at the start", base::within(0.0, 1e6)),
        base::field<&DescentOptions::noise>("noise", "Gumbel noise, drawn anew every step"),
        base::field<&DescentOptions::sharpness>(
            "sharpness", "What beta is",
            base::named<Sharpness>({{"inverse-temperature", Sharpness::inverse_temperature},
                                    {"temperature", Sharpness::temperature}})),
        base::field<&DescentOptions::beta_start>("beta_start", "Beta at the first step",
                                                 base::above(0.0, 1e6)),
        base::field<&DescentOptions::beta_end>("beta_end", "Beta at the last step", base::above(0.0, 1e6)),
        base::field<&DescentOptions::lambda>("lambda", "Weight of the prior on expected length",
                                             base::within(0.0, 1e6)),
        base::field<&DescentOptions::lambda_from>(
            "lambda_from", "Share of the steps after which the prior counts", base::within(0.0, 1.0)),
        base::field<&DescentOptions::rows>("rows", "Rows that a step looks at", base::within(1, 100'000'000)),
        base::field<&DescentOptions::check_every>(
            "check_every", "Steps between looks at the programs of a restart", base::within(1, 10'000'000)));
};

struct GradientSearchOptions {
    base::Run run{.seconds = 30}; ///< as in SearchOptions
    DescentOptions descent;
    int restarts_per_round = 32; ///< restarts that descend side by side
    std::uint64_t restarts = 0;  ///< in all; 0: no limit. Rounds are not cut.

    static constexpr auto fields = base::fields(
        base::group<&GradientSearchOptions::run>(), base::group<&GradientSearchOptions::descent>(),
        base::field<&GradientSearchOptions::restarts_per_round>(
            "restarts_per_round", "Restarts that descend side by side", base::within(1, 1'000'000)),
        base::field<&GradientSearchOptions::restarts>("restarts", "Restarts in all; 0: no limit"));
};

/// Formulas over {add, subtract, multiply} that gradient descent comes across: restarts of sketches with free
/// logits (a task of the executor each) descend the paper's loss, and every few steps the argmax program of
/// every restart is tried on all rows, and with noise one drawn program, too. Ends at the first exact
/// formula, or at a limit; it never knows that a formula is the smallest, so completed_operators stays -1.
/// `candidates` are gradient steps times restarts.
///
/// The result depends on the seed alone, not on the number of threads, unless it ends by time or by `stop`.
/// Fails when the problem is malformed (columns of different length, no rows, numbers that are not finite, no
/// inputs), has units, or an option is out of range.
base::Result<FormulaReport> search_by_gradient(const Problem& problem, const GradientSearchOptions& options);

} // namespace ropewalk::formula
