#include "ropewalk/images/proposing/symbol_rows.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ropewalk/images/datasets/datasets.hpp"
#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/judging/judging.hpp"
#include "ropewalk/images/networks/networks.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::proposing {

namespace {

double nearest(std::span<const double> alphabet, double symbol) {
    return *std::min_element(alphabet.begin(), alphabet.end(),
                             [&](double a, double b) { return std::abs(a - symbol) < std::abs(b - symbol); });
}

/// Variance up to which an image counts as read.
double most_variance(std::span<const double> alphabet) {
    double gap = std::numeric_limits<double>::infinity();
    for (std::size_t i = 1; i < alphabet.size(); ++i) gap = std::min(gap, alphabet[i] - alphabet[i - 1]);
    return gap * gap / 16;
}

} // namespace

SymbolRows symbol_rows(const identification::Grounding& grounding, std::span<const std::uint32_t> images,
                       std::size_t variables, std::span<const double> alphabet) {
    SymbolRows rows{variables, {}, {}};
    const double most = most_variance(alphabet);
    for (std::size_t n = 0; n < images.size() / variables; ++n) {
        const auto row = images.subspan(n * variables, variables);
        const auto sure = [&](std::uint32_t image) { return grounding.variance[image] <= most; };
        if (!alphabet.empty() && !std::all_of(row.begin(), row.end(), sure)) continue;
        rows.rows.push_back(static_cast<std::uint32_t>(n));
        for (const std::uint32_t image : row) {
            const double mean = grounding.mean[image];
            rows.symbols.push_back(static_cast<float>(alphabet.empty() ? mean : nearest(alphabet, mean)));
        }
    }
    return rows;
}

base::Result<ReadExamples> read_examples(const perception::Problem& problem, perception::Engine& engine,
                                         std::size_t images, std::size_t rows) {
    const auto source = perception::example_source(problem.dataset.train, problem.programs(), problem.seed);
    if (!source) return base::failure(source.error());
    const perception::Batch batch = perception::draw_batch(
        *source, {.images = images, .rows = rows, .augmentation = {}}, perception::reading_batch_number);
    const auto grounding = engine.ground(batch.pixels);
    if (!grounding) return base::failure(grounding.error());
    ReadExamples examples;
    examples.symbols = symbol_rows(*grounding, batch.rows_of_images,
                                   static_cast<std::size_t>(source->variables), engine.alphabet());
    examples.tasks = problem.tasks.size();
    for (std::size_t t = 0; t < examples.tasks; ++t)
        for (const std::uint32_t n : examples.symbols.rows)
            examples.y.push_back(static_cast<float>(batch.y[t * rows + n]));
    return examples;
}

base::Result<TestRows> test_rows(const perception::Problem& problem, perception::Engine& engine,
                                 std::size_t rows) {
    const auto variables = static_cast<std::size_t>(problem.pool.variables);
    const perception::JudgedRows judged = perception::judged_rows(
        problem.dataset.test, rows, problem.pool.variables, problem.seed, perception::test_stream);
    const auto grounding = engine.ground(datasets::pixels_of(problem.dataset.test, judged.images));
    if (!grounding) return base::failure(grounding.error());
    TestRows test{symbol_rows(*grounding, judged.positions, variables, engine.alphabet()), {}};
    test.labels.resize(variables);
    for (const std::uint32_t n : test.symbols.rows)
        for (std::size_t v = 0; v < variables; ++v)
            test.labels[v].push_back(judged.labels[n * variables + v] / 10.0);
    return test;
}

} // namespace ropewalk::proposing
