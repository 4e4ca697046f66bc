#include "ropewalk/images/judging/generalisation.hpp"

#include <algorithm>
#include <numeric>

#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/images/datasets/datasets.hpp"
#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/judging/judged_rows.hpp"

namespace ropewalk::perception {

namespace {

constexpr int largest_label = 10, middle_label = 5;

/// Indices into the pool of formulas that are no tasks.
std::vector<std::size_t> held_out_formulas(const Problem& problem, std::size_t most) {
    std::vector<std::size_t> free(problem.pool.formulas.size());
    std::iota(free.begin(), free.end(), std::size_t{0});
    std::erase_if(free, [&](std::size_t formula) {
        return std::find(problem.tasks.begin(), problem.tasks.end(), formula) != problem.tasks.end();
    });
    base::RandomStream random(problem.seed, base::Purpose::held_out_examples);
    const std::size_t count = std::min(most, free.size());
    for (std::size_t i = 0; i < count; ++i) std::swap(free[i], free[i + random.below64(free.size() - i)]);
    free.resize(count);
    return free;
}

/// Expectations of the pool's monomials: [monomials, rows].
std::vector<double> expected_monomials(const identification::MonomialTable& pool,
                                       const identification::Grounding& grounding,
                                       std::span<const std::uint32_t> rows_of_images) {
    identification::MonomialTable single = pool;
    single.formulas = pool.monomials;
    single.coefficients.assign(pool.monomials * pool.monomials, 0);
    for (std::size_t m = 0; m < pool.monomials; ++m) single.coefficients[m * pool.monomials + m] = 1;
    return identification::expected_values(single, grounding, rows_of_images);
}

/// The pool's formula with the least mean of (y - E[f(s)])^2. The sums over the rows are taken on the few
/// monomials, before the many formulas come in.
class NearestFormula {
public:
    NearestFormula(const identification::MonomialTable& pool, std::vector<double> monomials, std::size_t rows)
        : pool_(pool), monomials_(std::move(monomials)), rows_(rows), squares_(pool.formulas) {
        const std::size_t count = pool.monomials;
        std::vector<double> products(count * count);
        for (std::size_t i = 0; i < count; ++i)
            for (std::size_t j = 0; j < count; ++j)
                products[i * count + j] = dot(monomials_.data() + i * rows, monomials_.data() + j * rows);
        for (std::size_t f = 0; f < pool.formulas; ++f)
            for (std::size_t i = 0; i < count; ++i) {
                const double* row = pool.coefficients.data() + f * count;
                if (row[i] == 0) continue;
                squares_[f] +=
                    row[i] * std::inner_product(row, row + count, products.data() + i * count, 0.0);
            }
    }

    std::size_t operator()(const double* y) const {
        std::vector<double> cross(pool_.monomials);
        for (std::size_t m = 0; m < pool_.monomials; ++m) cross[m] = dot(y, monomials_.data() + m * rows_);
        std::size_t best = 0;
        double least = 0;
        for (std::size_t f = 0; f < pool_.formulas; ++f) {
            const double* row = pool_.coefficients.data() + f * pool_.monomials;
            const double error = squares_[f] - 2 * std::inner_product(cross.begin(), cross.end(), row, 0.0);
            if (f == 0 || error < least) best = f, least = error;
        }
        return best;
    }

private:
    double dot(const double* a, const double* b) const { return std::inner_product(a, a + rows_, b, 0.0); }

    const identification::MonomialTable& pool_;
    std::vector<double> monomials_; ///< [monomials, rows]
    std::size_t rows_;
    std::vector<double> squares_; ///< [formulas], sums over the rows
};

/// The formulas found for tasks with outputs `y`, [tasks, rows], on rows of these pixels.
base::Result<std::vector<std::size_t>> formulas_found(const Problem& problem, Engine& engine,
                                                      const JudgedRows& seen, const std::vector<double>& y,
                                                      const GeneralisationOptions& options) {
    const std::vector<float> pixels = datasets::pixels_of(problem.dataset.train, seen.images);
    if (!engine.alphabet().empty()) {
        auto read = engine.read(pixels);
        if (!read) return base::failure(read.error());
        const identification::LetterRows rows{options.rows, static_cast<std::size_t>(problem.pool.variables),
                                              engine.alphabet(), std::move(*read)};
        return identification::likeliest_formulas(problem.pool, rows, y, options.threads, options.stop);
    }
    const auto symbols = engine.ground(pixels);
    if (!symbols) return base::failure(symbols.error());
    const NearestFormula nearest(problem.table, expected_monomials(problem.table, *symbols, seen.positions),
                                 options.rows);
    std::vector<std::size_t> found;
    for (std::size_t begin = 0; begin < y.size() && !options.stop.requested(); begin += options.rows)
        found.push_back(nearest(y.data() + begin));
    return found;
}

double mean_square(std::span<const double> found, std::span<const double> wanted) {
    double sum = 0;
    for (std::size_t n = 0; n < wanted.size(); ++n) sum += (found[n] - wanted[n]) * (found[n] - wanted[n]);
    return sum / static_cast<double>(wanted.size());
}

void summarise(Generalisation& result) {
    std::vector<double> losses;
    for (const GeneralisedFormula& each : result.formulas) {
        losses.push_back(each.loss);
        result.right += each.right ? 1 : 0;
        result.mean += each.loss / static_cast<double>(result.formulas.size());
    }
    std::sort(losses.begin(), losses.end());
    result.median = (losses[(losses.size() - 1) / 2] + losses[losses.size() / 2]) / 2;
}

} // namespace

base::Result<Generalisation> generalise(const Problem& problem, Engine& engine,
                                        const GeneralisationOptions& options) {
    const std::vector<std::size_t> held_out = held_out_formulas(problem, options.formulas);
    if (held_out.empty())
        return base::failure("generalisation", "tasks that are all formulas of the pool",
                             "fewer tasks, so that some formulas are new");
    const int variables = problem.pool.variables;
    const auto columns = static_cast<std::size_t>(variables);
    const JudgedRows seen = judged_rows(problem.dataset.train, options.rows, variables, problem.seed,
                                        generalise_stream, 1, middle_label);
    const JudgedRows unseen = judged_rows(problem.dataset.test, options.rows, variables, problem.seed,
                                          generalise_test_stream, middle_label + 1, largest_label);
    const auto unseen_symbols = engine.ground(datasets::pixels_of(problem.dataset.test, unseen.images));
    if (!unseen_symbols) return base::failure(unseen_symbols.error());

    const std::vector<double> y =
        identification::values_of(problem.programs(held_out), label_columns(seen.labels, columns, 10));
    const auto found = formulas_found(problem, engine, seen, y, options);
    if (!found) return base::failure(found.error());
    if (options.stop.requested()) return Generalisation{.stopped = true};
    const auto gold = label_columns(unseen.labels, columns, 10),
               whole = label_columns(unseen.labels, columns, 1);
    std::vector<std::vector<double>> means(columns);
    for (std::size_t i = 0; i < unseen_symbols->mean.size(); ++i)
        means[i % columns].push_back(unseen_symbols->mean[i]);

    Generalisation result;
    for (std::size_t k = 0; k < held_out.size(); ++k) {
        const formula::Program &right = problem.pool.formulas[held_out[k]],
                               &answer = problem.pool.formulas[(*found)[k]];
        result.formulas.push_back(
            {held_out[k], (*found)[k], formula::evaluate(answer, whole) == formula::evaluate(right, whole),
             mean_square(formula::evaluate(answer, means), formula::evaluate(right, gold))});
    }
    summarise(result);
    return result;
}

} // namespace ropewalk::perception
