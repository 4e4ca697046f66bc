#include "ropewalk/images/identification/consensus.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "ropewalk/base/random.hpp"
#include "ropewalk/images/identification/decode.hpp"
#include "ropewalk/images/identification/moments.hpp"

namespace ropewalk::identification {

namespace {

/// `count` different ones of the tasks.
std::vector<std::size_t> draw_subset(std::vector<std::size_t> tasks, std::size_t count,
                                     base::RandomStream& random) {
    for (std::size_t i = 0; i < count; ++i)
        std::swap(tasks[i], tasks[i + random.below(static_cast<std::uint32_t>(tasks.size() - i))]);
    tasks.resize(count);
    return tasks;
}

/// Rows decoded by one subset of the tasks.
class Witness {
public:
    Witness(const MonomialTable& pool, std::span<const std::size_t> formulas, std::span<const double> sigma,
            std::vector<std::size_t> tasks, const ConsensusRows& rows)
        : tasks_(std::move(tasks)), decoder_(decoder_of(pool, formulas, sigma, tasks_)), rows_(rows),
          count_(rows.symbols.size() / decoder_.variables()), y_(tasks_.size()) {}

    /// The row's symbols; nothing where the subset leaves a residual or a symbol open.
    std::optional<std::vector<double>> symbols(std::size_t row, double exact) {
        constexpr double most_uncertainty = 1e4;
        for (std::size_t i = 0; i < tasks_.size(); ++i) y_[i] = rows_.y[tasks_[i] * count_ + row];
        Decoded decoded =
            decoder_.decode(y_, rows_.symbols.subspan(row * decoder_.variables(), decoder_.variables()));
        if (!(decoded.residual <= exact && decoded.uncertainty <= most_uncertainty)) return std::nullopt;
        return std::move(decoded.symbols);
    }

    std::size_t rows() const { return count_; }

private:
    std::vector<std::size_t> tasks_;
    Decoder decoder_;
    const ConsensusRows& rows_;
    std::size_t count_;
    std::vector<double> y_;
};

/// The rows that a witness explains, and their symbols.
struct DecodedRows {
    std::vector<std::size_t> rows;
    std::vector<double> symbols; ///< [rows, variables]
};

/// Nothing when one of the first rows is not explained. Later ones may fail: a start can lead astray.
std::optional<DecodedRows> decode_rows(Witness& witness, const ConsensusOptions& options) {
    DecodedRows decoded;
    for (std::size_t row = 0; row < witness.rows(); ++row) {
        const auto symbols = witness.symbols(row, options.exact);
        if (!symbols && row < options.checked_rows) return std::nullopt;
        if (!symbols) continue;
        decoded.rows.push_back(row);
        decoded.symbols.insert(decoded.symbols.end(), symbols->begin(), symbols->end());
    }
    if (2 * decoded.rows.size() < witness.rows()) return std::nullopt;
    return decoded;
}

/// The formula with the least error and the next, by values [formulas, rows] on decoded symbols.
Decision decide(std::span<const double> values, std::span<const double> y, double sigma) {
    const std::size_t rows = y.size(), formulas = values.size() / rows;
    const double scale = 1 / (sigma * sigma * static_cast<double>(rows));
    Decision decision{.error = std::numeric_limits<double>::infinity()};
    double next = decision.error;
    for (std::size_t f = 0; f < formulas; ++f) {
        double error = 0;
        for (std::size_t n = 0; n < rows; ++n) {
            const double difference = values[f * rows + n] - y[n];
            error += difference * difference;
        }
        error *= scale;
        if (error < decision.error) {
            next = decision.error;
            decision.runner_up = decision.formula;
            decision.formula = f;
            decision.error = error;
        } else if (error < next) {
            next = error;
            decision.runner_up = f;
        }
    }
    decision.margin = next - decision.error;
    return decision;
}

Consensus decide_all(const MonomialTable& pool, std::span<const double> sigma, const ConsensusRows& rows,
                     const DecodedRows& decoded, const ConsensusOptions& options) {
    std::vector<std::uint32_t> each(decoded.symbols.size());
    std::iota(each.begin(), each.end(), 0u);
    const std::vector<double> none(decoded.symbols.size());
    const std::vector<double> values = expected_values(pool, {decoded.symbols, none}, each);
    const std::size_t count = rows.y.size() / sigma.size();
    Consensus consensus;
    std::vector<double> y(decoded.rows.size());
    for (std::size_t t = 0; t < sigma.size(); ++t) {
        for (std::size_t n = 0; n < y.size(); ++n) y[n] = rows.y[t * count + decoded.rows[n]];
        const Decision& decision = consensus.decisions.emplace_back(decide(values, y, sigma[t]));
        const double residual = std::sqrt(decision.error);
        if (residual > options.exact) continue;
        ++consensus.agreeing;
        consensus.residual = std::max(consensus.residual, residual);
    }
    return consensus;
}

} // namespace

std::optional<Consensus> find_consensus(const MonomialTable& pool, std::span<const Decision> decisions,
                                        std::span<const double> sigma, const ConsensusRows& rows,
                                        std::uint64_t step, const ConsensusOptions& options) {
    constexpr int most_lookups = 3; // a mirror image of the symbols explains many tasks, again and again
    const std::size_t more =
        decisions.size() < options.few_tasks ? std::min<std::size_t>(1, options.more) : options.more;
    const std::size_t size = static_cast<std::size_t>(pool.variables) + more;
    const std::vector<std::size_t> tasks = surest_tasks(decisions, options.tasks);
    if (tasks.size() < size) return std::nullopt;
    const std::vector<std::size_t> formulas = formulas_of(decisions);
    base::RandomStream random(options.seed, base::Purpose::consensus, step);
    int lookups = 0;
    for (std::size_t trial = 0; trial < options.trials && lookups < most_lookups; ++trial) {
        Witness witness(pool, formulas, sigma, draw_subset(tasks, size, random), rows);
        const auto decoded = decode_rows(witness, options);
        if (!decoded) continue;
        ++lookups;
        Consensus consensus = decide_all(pool, sigma, rows, *decoded, options);
        if (static_cast<double>(consensus.agreeing) >=
            options.least_agreeing * static_cast<double>(sigma.size()))
            return consensus;
    }
    return std::nullopt;
}

} // namespace ropewalk::identification
