// Claims about tables whose truth is known: random tables that try to make the search say what is not so.
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/laws/description.hpp"
#include "ropewalk/formulas/laws/laws.hpp"
#include "ropewalk/formulas/text/text.hpp"

namespace ropewalk::formula {
namespace {

using Names = std::vector<std::string>;

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

// What explain says of tables of every kind that is known to mislead.

double below_of(base::RandomStream& random, std::uint32_t bound) { return random.below(bound); }

/// A column: whole numbers, a range far from 0, many decades, few values, or plain.
std::vector<double> random_column(base::RandomStream& random, std::size_t rows) {
    const auto kind = random.below(6);
    const double scale = std::pow(10.0, below_of(random, 13) - 6);
    const double far = scale * std::pow(10.0, below_of(random, 7));
    std::vector<double> column;
    for (std::size_t n = 0; n < rows; ++n) {
        const double u = random.uniform();
        column.push_back(kind == 0   ? below_of(random, 20) + 1
                         : kind == 1 ? far + scale * u
                         : kind == 2 ? scale * std::pow(10.0, 8 * u - 4)
                         : kind == 3 ? below_of(random, 3) - 1
                         : kind == 4 ? scale * (2 * u - 1)
                                     : 1 + 2 * u);
    }
    return column;
}

Program random_formula(base::RandomStream& random, int variables, int operators) {
    using enum Operator;
    if (operators == 0) {
        if (random.below(4) > 0)
            return variable(variables, static_cast<int>(random.below(static_cast<std::uint32_t>(variables))));
        constexpr double numbers[] = {1, 2, 3, 0.5, 3.14159, 1e9, 1e-7, 17.25};
        return formula::constant(variables, numbers[random.below(8)]);
    }
    if (random.below(5) == 0) {
        constexpr Operator functions[] = {square_root, exponential, logarithm, sine, cosine, absolute};
        return combine(functions[random.below(6)], random_formula(random, variables, operators - 1));
    }
    constexpr Operator binary[] = {add, subtract, multiply, divide};
    const int left = static_cast<int>(random.below(static_cast<std::uint32_t>(operators)));
    const Operator operation = binary[random.below(4)];
    const Program first = random_formula(random, variables, left);
    return combine(operation, first, random_formula(random, variables, operators - 1 - left));
}

struct Told {
    Problem problem;
    Program truth;
    double noise = 0;         ///< of the spread
    bool independent = false; ///< no input has to do with the target
    bool repeated = false;    ///< rows occur twice, some with other noise
};

/// A value in the arithmetic of the test, with 64 bits of mantissa.
long double long_value(const Program& program, const Problem& problem, std::size_t row) {
    using enum Operator;
    std::vector<long double> slots;
    for (const auto& column : problem.inputs) slots.push_back(column[row]);
    for (const Line& line : program.lines) {
        const long double x = slots[static_cast<std::size_t>(line.left)];
        const long double y = slots[static_cast<std::size_t>(line.right)];
        const auto value = [&]() -> long double {
            switch (line.operation) {
            case add: return x + y;
            case subtract: return x - y;
            case multiply: return x * y;
            case divide: return x / y;
            case minimum: return std::fmin(x, y);
            case maximum: return std::fmax(x, y);
            case square: return x * x;
            case square_root: return std::sqrt(x);
            case reciprocal: return 1 / x;
            case exponential: return std::exp(x);
            case logarithm: return std::log(x);
            case sine: return std::sin(x);
            case cosine: return std::cos(x);
            case constant: return line.value;
            case power: return std::pow(x, y);
            case tangent: return std::tan(x);
            case hyperbolic_tangent: return std::tanh(x);
            case arcsine: return std::asin(x);
            case arccosine: return std::acos(x);
            case arctangent: return std::atan(x);
            case absolute: return std::fabs(x);
            case sign: return x > 0 ? 1 : x < 0 ? -1 : 0;
            // Steps are where doubles have them.
            case Operator::floor: return std::floor(static_cast<double>(x));
            case ceiling: return std::ceil(static_cast<double>(x));
            case modulo: return x - y * std::floor(static_cast<double>(x / y));
            case less: return static_cast<double>(x) < static_cast<double>(y) ? 1 : 0;
            case no_operation: return x;
            }
            return 0;
        };
        slots.push_back(value());
    }
    return slots[static_cast<std::size_t>(program.result())];
}

/// The root mean squared error that the mean of every group of rows with the same inputs leaves, group by group.
double error_of_groups(const Problem& problem) {
    const std::size_t rows = problem.target.size();
    double squares = 0;
    for (std::size_t n = 0; n < rows; ++n) {
        double sum = 0, count = 0;
        for (std::size_t m = 0; m < rows; ++m)
            if (std::all_of(problem.inputs.begin(), problem.inputs.end(),
                            [&](const auto& column) { return column[n] == column[m]; }))
                sum += problem.target[m] - problem.target[n], ++count;
        squares += std::pow(sum / count, 2) / static_cast<double>(rows);
    }
    return std::sqrt(squares);
}

/// A table with what made it; none where the formula is not defined on it.
std::optional<Told> told(std::uint64_t seed) {
    base::RandomStream random(12, base::Purpose::test, seed);
    Told drawn;
    const std::size_t rows = 2 + random.below(random.below(2) == 0 ? 10 : 80);
    const int variables = 1 + static_cast<int>(random.below(3));
    for (int v = 0; v < variables; ++v) drawn.problem.inputs.push_back(random_column(random, rows));
    const auto shape = random.below(8);
    if (shape == 0)
        // A column that never changes.
        drawn.problem.inputs.emplace_back(rows, random_column(random, 1).front());
    if (shape == 1) {
        drawn.repeated = true;
        for (auto& column : drawn.problem.inputs)
            for (std::size_t n = rows / 2; n < rows; ++n) column[n] = column[n - rows / 2];
    }
    drawn.truth = simplified(random_formula(random, static_cast<int>(drawn.problem.inputs.size()),
                                            static_cast<int>(random.below(5))));
    if (shape == 2)
        // An offset far above what varies.
        drawn.truth = combine(Operator::add, drawn.truth,
                              constant(drawn.truth.variables, std::pow(10.0, below_of(random, 10))));
    drawn.problem.target = evaluate(drawn.truth, drawn.problem.inputs);
    auto& target = drawn.problem.target;
    for (const double y : target)
        if (!std::isfinite(y) || std::abs(y) > 1e100 || (y != 0 && std::abs(y) < 1e-100)) return std::nullopt;
    const auto [least, most] = std::minmax_element(target.begin(), target.end());
    const double spread = *most - *least;
    if (!(spread > 0)) return std::nullopt;
    const auto kind = random.below(5);
    if (kind == 1) drawn.noise = std::pow(10.0, -below_of(random, 10));
    for (double& y : target) y += drawn.noise * spread * random.normal();
    if (kind == 2) {
        drawn.independent = true;
        for (double& y : target) y = random.normal();
    }
    if (kind == 3) {
        // As a table prints it.
        const double digits = 2 + below_of(random, 5);
        const double unit = std::pow(10.0, std::floor(std::log10(spread)) - digits);
        for (double& y : target) y = std::round(y / unit) * unit;
        drawn.problem.resolution.assign(rows, unit / 2);
    }
    return drawn;
}

/// Whether every part of a formula is finite on every row; a search looks at no others.
bool is_defined(const Program& program, const Problem& problem) {
    Program part = program;
    for (; !part.lines.empty(); part.lines.pop_back()) {
        const std::vector<double> values = evaluate(part, problem.inputs);
        if (!std::all_of(values.begin(), values.end(), [](double each) { return std::isfinite(each); })) return false;
    }
    return true;
}

/// What an explanation says that is not so; empty where all of it holds.
std::string false_claim(const Told& drawn, const Explanation& said) {
    const Problem& problem = drawn.problem;
    const auto& target = problem.target;
    const auto [least, most] = std::minmax_element(target.begin(), target.end());
    const double spread = *most - *least;
    const Names names{"a", "b", "c", "d"};
    if (std::abs(said.unavoidable - error_of_groups(problem)) > 1e-9 * spread) return "what no function can do without";
    const Found& best = said.report.front[said.best];
    for (const Found& found : said.report.front) {
        const std::string text = to_infix(found.program, names);
        const std::vector<double> values = evaluate(found.program, problem.inputs);
        double error = 0, squares = 0, allowed = INFINITY;
        for (std::size_t n = 0; n < values.size(); ++n) {
            const double each =
                std::abs(static_cast<double>(long_value(found.program, problem, n) - static_cast<long double>(target[n])));
            error = std::max(error, each);
            squares += each * each / static_cast<double>(values.size());
            const double rounding = std::max(1e-11 * spread, 4 * 0x1p-52 * std::abs(target[n]));
            const double printed = problem.resolution.empty() ? 0 : 1.000001 * problem.resolution[n];
            if (each > rounding + printed) allowed = 0;
        }
        if (found.fit.exact && allowed == 0) return "exact: " + text;
        const double rmse = std::sqrt(squares);
        if (!said.weighted && rmse < said.unavoidable * (1 - 1e-9)) return "less than no function can do without: " + text;
        // Values may rest on rounding by up to a millionth of the spread.
        if (!said.weighted && std::abs(rmse - found.fit.rmse) > 1e-6 * (rmse + spread)) return "rmse: " + text;
        const bool by_prediction = said.reason.find("left out") != std::string::npos;
        const bool is_line = said.reason.find("straight line") != std::string::npos;
        if (found.bits < best.bits && !by_prediction && !is_line) return "not the shortest: " + text;
        const auto again = parse_formula(text, std::span(names).first(problem.inputs.size()));
        if (!again) return "unreadable: " + text;
        const std::vector<double> read = evaluate(*again, problem.inputs);
        for (std::size_t n = 0; n < read.size(); ++n)
            if (!(std::abs(read[n] - values[n]) <= 1e-6 * spread + 1e-12 * std::abs(values[n])))
                return "reads otherwise: " + text;
    }
    const Fit truth = fit_of(drawn.truth, problem);
    const bool has_numbers =
        std::any_of(drawn.truth.lines.begin(), drawn.truth.lines.end(), [](const Line& line) {
            return line.operation == Operator::constant || line.operation == Operator::absolute;
        });
    const std::int64_t operators = size(drawn.truth).operators;
    if (!drawn.independent && !has_numbers && is_defined(drawn.truth, problem)) {
        if (operators <= said.report.completed_operators) {
            double smallest = INFINITY;
            for (const Found& found : said.report.front) smallest = std::min(smallest, found.fit.rmse);
            const double bits = description_of(drawn.truth, truth, problem).total();
            // What predicts best, or the straight line, need not be the shortest.
            const double shortest = said.report.front[shortest_of(said.report.front)].bits;
            if (shortest > bits + 1e-6 && smallest > truth.rmse * (1 + 1e-6) + 1e-13 * spread)
                return "looked at everything of that size";
        }
        if (said.reason == "the smallest formula that is exact" && truth.exact && operators < best.operators)
            return "the smallest exact one";
    }
    if (said.found && !best.fit.exact && !(best.fit.r2 > 0)) return "explains";
    if (said.only_noise_left && !best.fit.exact && target.size() > 30 && drawn.noise == 0 &&
        !drawn.independent && problem.resolution.empty()) {
        // A straight line through an input that fits far better than what is called noise.
        for (const auto& input : problem.inputs) {
            const AffineFit line = affine_fit(input, target);
            std::vector<double> values = input;
            for (double& each : values) each = line.scale * each + line.offset;
            if (fit_of(values, target).rmse < 0.5 * best.fit.rmse) return "only noise is left";
        }
    }
    return {};
}

/// ROPEWALK_CLAIM_TABLES tables from ROPEWALK_CLAIM_SEED on; without them a few.
TEST(Claims, OfExplanationsHoldOnTablesOfEveryKind) {
    const char* const tables = std::getenv("ROPEWALK_CLAIM_TABLES");
    const char* const first = std::getenv("ROPEWALK_CLAIM_SEED");
    const std::uint64_t begin = first != nullptr ? std::strtoull(first, nullptr, 10) : 0;
    const std::uint64_t count = tables != nullptr ? std::strtoull(tables, nullptr, 10) : 60;
    std::size_t judged = 0, independent = 0, explained = 0;
    for (std::uint64_t seed = begin; seed < begin + count; ++seed) {
        const auto drawn = told(seed);
        if (!drawn) continue;
        ExplainOptions options = general_options();
        options.search.run = {.seed = seed, .threads = 1, .seconds = tables != nullptr ? 0.15 : 0.1};
        const auto said = explain(drawn->problem, options);
        ASSERT_TRUE(said) << "seed " << seed;
        if (said->report.front.empty()) continue;
        ++judged;
        independent += drawn->independent ? 1 : 0;
        explained += drawn->independent && said->found ? 1 : 0;
        EXPECT_EQ(false_claim(*drawn, *said), "")
            << "seed " << seed << ", made by " << to_infix(drawn->truth, {}) << ", answered by "
            << to_infix(said->report.front[said->best].program, {});
    }
    RecordProperty("tables", static_cast<int>(judged));
    RecordProperty("of_noise", static_cast<int>(independent));
    RecordProperty("of_noise_explained", static_cast<int>(explained));
    // Chance lets a formula explain what has nothing to do with it now and then.
    EXPECT_LE(explained, 2 + independent / 20) << "of " << independent << " tables of noise";
}

} // namespace
} // namespace ropewalk::formula
