#include "ropewalk/formulas/search/pool.hpp"

#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "ropewalk/base/random_order.hpp"
#include "ropewalk/formulas/search/enumeration.hpp"

namespace ropewalk::formula {

base::Result<Pool> formula_pool(const PoolOptions& options) {
    const auto range = [](const std::string& what, int found, int low, int high) {
        return base::failure("formula pool", std::to_string(found) + " " + what,
                             std::to_string(low) + " to " + std::to_string(high));
    };
    if (options.variables < 1 || options.variables > 8) return range("variables", options.variables, 1, 8);
    if (options.operators < 0 || options.operators > 6) return range("operators", options.operators, 0, 6);
    Bank bank({.variables = options.variables, .constants = {}, .operators = arithmetic(), .units = {}});
    for (int level = 1; level <= options.operators; ++level)
        if (!bank.add_level({.entries = options.most, .stop = {}}))
            return base::failure("formula pool",
                                 fmt::format("more than {} formulas of {} variables and up to {} operators",
                                             options.most, options.variables, options.operators),
                                 "fewer variables or operators");
    Pool pool{options.variables, {}, {}};
    pool.formulas.reserve(bank.size());
    for (int level = 0; level < bank.levels(); ++level) {
        for (std::uint32_t i = bank.level_begin(level); i < bank.level_begin(level + 1); ++i) {
            const Entry& entry = bank.entry(i);
            const bool zero = entry.operation == Operator::subtract && entry.left == entry.right;
            if (!zero || options.with_zero) pool.formulas.push_back(bank.program(i));
        }
        pool.level_ends.push_back(pool.formulas.size());
    }
    return pool;
}

base::Result<std::vector<std::size_t>> draw_tasks(const Pool& pool, std::size_t count, std::uint64_t seed) {
    if (count > pool.formulas.size())
        return base::failure("tasks", std::to_string(count) + " tasks",
                             "at most the " + std::to_string(pool.formulas.size()) + " formulas of the pool");
    base::RandomStream random(seed, base::Purpose::task_draw);
    return base::random_numbers(count, pool.formulas.size(), random);
}

std::vector<int> draw_labels(std::size_t rows, int variables, std::uint64_t seed, std::uint64_t stream,
                             int smallest, int largest) {
    base::RandomStream random(seed, base::Purpose::labels, stream);
    std::vector<int> labels(rows * static_cast<std::size_t>(variables));
    const auto choices = static_cast<std::uint32_t>(largest - smallest + 1);
    for (int& label : labels) label = smallest + static_cast<int>(random.below(choices));
    return labels;
}

TaskOutputs task_outputs(const Pool& pool, std::span<const std::size_t> tasks,
                         std::span<const double> symbols, std::size_t rows, bool private_symbols) {
    const auto variables = static_cast<std::size_t>(pool.variables);
    TaskOutputs outputs{std::vector<double>(tasks.size() * rows), std::vector<double>(tasks.size())};
    for (std::size_t t = 0; t < tasks.size(); ++t) {
        const std::size_t first = private_symbols ? t * rows * variables : 0;
        const std::span<double> y{outputs.y.data() + t * rows, rows};
        double mean = 0, squares = 0;
        for (std::size_t n = 0; n < rows; ++n) {
            y[n] = evaluate(pool.formulas[tasks[t]], symbols.subspan(first + n * variables, variables));
            mean += y[n];
        }
        mean /= static_cast<double>(rows);
        for (const double value : y) squares += (value - mean) * (value - mean);
        outputs.sigma[t] = std::sqrt(squares / static_cast<double>(rows));
    }
    return outputs;
}

} // namespace ropewalk::formula
