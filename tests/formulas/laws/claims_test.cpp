// Claims about tables whose truth is known: random tables that try to make the search say what is not so.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/laws/laws.hpp"

namespace ropewalk::formula {
namespace {

struct Case {
    Problem problem;
    Program truth;
};

/// A random formula of at most two operators over two columns, on few rows of widely different magnitudes;
/// for every third case a term far below the target's magnitude is added that the formula lacks.
Case draw(std::uint64_t trial) {
    using enum Operator;
    base::RandomStream random(11, base::Purpose::test, trial);
    Case drawn;
    const auto rows = 3 + random.below(10);
    const double scale = std::pow(10.0, random.below(9));
    for (int v = 0; v < 2; ++v) {
        drawn.problem.inputs.emplace_back();
        for (std::uint32_t n = 0; n < rows; ++n)
            drawn.problem.inputs.back().push_back(v == 0 ? scale * (1 + random.below(50))
                                                         : 1 + random.uniform());
    }
    const std::vector<Operator> binary{add, subtract, multiply, divide};
    const auto leaf = [&] { return variable(2, static_cast<int>(random.below(2))); };
    drawn.truth = combine(binary[random.below(4)], leaf(), leaf());
    if (random.below(2) == 0) drawn.truth = combine(binary[random.below(4)], drawn.truth, leaf());
    drawn.problem.target = evaluate(drawn.truth, drawn.problem.inputs);
    if (trial % 3 == 0)
        for (std::size_t n = 0; n < drawn.problem.target.size(); ++n)
            drawn.problem.target[n] += 1e-6 * std::abs(drawn.problem.target[n]) * random.uniform();
    return drawn;
}

TEST(Claims, ExactFormulasAgreeOnEveryRowAndCompleteSizesMissNothing) {
    constexpr std::uint64_t trials = 400;
    for (std::uint64_t trial = 0; trial < trials; ++trial) {
        const Case drawn = draw(trial);
        const auto& target = drawn.problem.target;
        if (!std::all_of(target.begin(), target.end(), [](double y) { return std::isfinite(y); })) continue;
        const auto report = search_formulas(
            drawn.problem,
            {.run = {.threads = 1},
             .operators = {Operator::add, Operator::subtract, Operator::multiply, Operator::divide},
             .most_operators = 2});
        ASSERT_TRUE(report);
        const auto [least, most] = std::minmax_element(target.begin(), target.end());
        const double spread = *most > *least ? *most - *least : std::abs(*most);
        double best = INFINITY;
        for (const Found& found : report->front) {
            const std::vector<double> values = evaluate(found.program, drawn.problem.inputs);
            double error = 0, squares = 0;
            for (std::size_t n = 0; n < values.size(); ++n) {
                error = std::max(error, std::abs(values[n] - target[n]));
                squares += std::pow(values[n] - target[n], 2) / static_cast<double>(values.size());
            }
            best = std::min(best, std::sqrt(squares));
            if (found.fit.exact) {
                EXPECT_LE(error, 1e-11 * spread) << trial << " " << to_infix(found.program, {});
            }
        }
        const Fit truth = fit_of(drawn.truth, drawn.problem);
        if (report->completed_operators >= size(drawn.truth).operators) {
            EXPECT_LE(best, truth.rmse * (1 + 1e-5) + 1e-15 * spread)
                << trial << " " << to_infix(drawn.truth, {});
        }
    }
}

} // namespace
} // namespace ropewalk::formula
