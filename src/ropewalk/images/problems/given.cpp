#include "ropewalk/images/problems/given.hpp"

#include <cmath>

#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/search/search.hpp"
#include "ropewalk/images/identification/identification.hpp"

#include <fmt/format.h>

namespace ropewalk::perception {

namespace {

constexpr std::uint32_t most_formulas = 100'000;

/// Which rows are kept for validation.
std::vector<bool> held_out_rows(std::size_t rows, double share, std::uint64_t seed) {
    std::vector<std::size_t> order(rows);
    for (std::size_t n = 0; n < rows; ++n) order[n] = n;
    base::RandomStream random(seed, base::Purpose::held_out_examples);
    const auto count = static_cast<std::size_t>(std::ceil(share * static_cast<double>(rows)));
    std::vector<bool> held(rows);
    for (std::size_t i = 0; i < count; ++i) {
        std::swap(order[i], order[i + random.below64(rows - i)]);
        held[order[i]] = true;
    }
    return held;
}

double deviation(std::span<const double> values) {
    double mean = 0, squares = 0;
    for (const double value : values) mean += value / static_cast<double>(values.size());
    for (const double value : values)
        squares += (value - mean) * (value - mean) / static_cast<double>(values.size());
    return std::sqrt(squares);
}

/// The table of a pool whose symbols are `scale` times what the grounder gives.
identification::MonomialTable scaled(identification::MonomialTable table, double scale) {
    const auto variables = static_cast<std::size_t>(table.variables);
    for (std::size_t m = 0; m < table.monomials; ++m) {
        int degree = 0;
        for (std::size_t v = 0; v < variables; ++v) degree += table.exponents[m * variables + v];
        for (std::size_t f = 0; f < table.formulas; ++f)
            table.coefficients[f * table.monomials + m] *= std::pow(scale, degree);
    }
    return table;
}

/// No formulas to speak of: what is behind long rows are programs over rows of any length.
base::Result<formula::Pool> pool_of_long_rows(std::size_t variables) {
    formula::Pool pool;
    pool.variables = static_cast<int>(variables);
    pool.formulas.push_back(formula::variable(pool.variables, 0));
    return pool;
}

base::Result<double> sigma_of(const Given& given, std::size_t task, const std::string& place) {
    const std::span<const double> y{given.training.y.data() + task * given.training.rows,
                                    given.training.rows};
    const double sigma = deviation(y);
    if (sigma > 1e-9 * std::abs(y.front()) && std::isfinite(sigma)) return sigma;
    return base::failure(place,
                         "outputs of column " + base::quoted(given.outputs[task]) +
                             (std::isfinite(sigma) ? " that are all the same" : " that are too large"),
                         "outputs that depend on the images");
}

} // namespace

GivenRows part_of(const GivenRows& rows, const std::vector<bool>& chosen, bool wanted) {
    const std::size_t tasks = rows.y.size() / rows.rows;
    GivenRows part;
    for (std::size_t n = 0; n < rows.rows; ++n) {
        if (chosen[n] != wanted) continue;
        ++part.rows;
        if (!rows.starts.empty()) part.starts.push_back(static_cast<std::uint32_t>(part.images.size()));
        const auto row = rows.row(n);
        part.images.insert(part.images.end(), row.begin(), row.end());
    }
    if (!rows.starts.empty()) part.starts.push_back(static_cast<std::uint32_t>(part.images.size()));
    for (std::size_t t = 0; t < tasks; ++t)
        for (std::size_t n = 0; n < rows.rows; ++n)
            if (chosen[n] == wanted) part.y.push_back(rows.y[t * rows.rows + n]);
    return part;
}

base::Result<Problem> make_given_problem(std::size_t variables, const GivenOptions& options) {
    if (!(options.holdout > 0 && options.holdout < 1))
        return base::failure("setting `holdout`", fmt::format("{}", options.holdout), "above 0 and below 1");
    if (!(options.scale >= 1e-6 && options.scale <= 1e6))
        return base::failure("setting `scale`", fmt::format("{}", options.scale),
                             "a number from 1e-6 to 1e6");
    auto pool = variables <= most_variables
                    ? formula::formula_pool({.variables = static_cast<int>(variables),
                                             .operators = options.operators,
                                             .with_zero = false,
                                             .most = most_formulas})
                    : pool_of_long_rows(variables);
    if (!pool) return base::failure(pool.error());
    auto table = identification::monomial_table(pool->formulas);
    if (!table) return base::failure(table.error());
    Problem problem;
    problem.seed = options.seed;
    problem.table = scaled(std::move(*table), options.scale);
    problem.pool = std::move(*pool);
    return problem;
}

base::Status give_rows(Problem& problem, GivenData data, const GivenOptions& options,
                       const std::string& place) {
    const std::vector<bool> held = held_out_rows(data.rows.rows, options.holdout, options.seed);
    Given given{.training = part_of(data.rows, held, false),
                .validation = part_of(data.rows, held, true),
                .files = std::move(data.files),
                .outputs = std::move(data.outputs),
                .scale = options.scale,
                .columns = std::move(data.columns),
                .form = data.form,
                .notes = std::move(data.notes),
                .words = std::move(data.words)};
    if (given.form.height == 0)
        given.form = {data.images.channels, data.images.height, data.images.width};
    if (given.training.rows < 2)
        return base::failure("setting `holdout`",
                             fmt::format("{} of {} rows", options.holdout, data.rows.rows),
                             "a share that leaves rows to learn from");
    for (std::size_t t = 0; t < given.outputs.size(); ++t) {
        const auto sigma = sigma_of(given, t, place);
        if (!sigma) return base::failure(sigma.error());
        problem.sigma.push_back(*sigma);
    }
    problem.rows = std::move(given);
    problem.dataset.name = place;
    problem.dataset.train = std::move(data.images);
    return {};
}

} // namespace ropewalk::perception
