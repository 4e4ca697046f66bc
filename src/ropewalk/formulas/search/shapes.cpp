#include "ropewalk/formulas/search/shapes.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>

#include "ropewalk/formulas/search/column_evaluation.hpp"
#include "ropewalk/formulas/search/constants.hpp"
#include "ropewalk/formulas/table/table.hpp"

namespace ropewalk::formula {

namespace {

/// Where a free number starts.
constexpr std::array<double, 6> starts{1, -1, 0.3, 3, -0.3, 10};

Alphabet with_free_number(Alphabet alphabet) {
    ++alphabet.variables;
    if (!alphabet.units.empty()) alphabet.units.emplace_back();
    alphabet.constants.clear();
    return alphabet;
}

/// The program with every use of its last variable as a constant of its own, and how many there are.
struct Shape {
    Program program;
    std::vector<std::size_t> numbers; ///< lines of the constants
};

Shape shape_of(const Program& program) {
    const int number = program.variables - 1;
    Shape shape{{number, {}, 0}, {}};
    std::vector<int> slot_of;
    for (int v = 0; v < number; ++v) slot_of.push_back(v);
    slot_of.push_back(-1);
    const auto operand = [&](int slot) {
        if (slot != number) return slot_of[static_cast<std::size_t>(slot)];
        shape.numbers.push_back(shape.program.lines.size());
        shape.program.lines.push_back({Operator::constant, 0, 0, 1});
        return shape.program.slots() - 1;
    };
    for (Line line : program.lines) {
        const int arity = info(line.operation).arity;
        line.left = arity >= 1 ? operand(line.left) : 0;
        line.right = arity >= 2 ? operand(line.right) : 0;
        slot_of.push_back(shape.program.slots());
        shape.program.lines.push_back(line);
    }
    return shape;
}

struct Fitted {
    double error = 0;
    std::uint32_t entry = 0;
    Program program;
};

class Fitter {
public:
    Fitter(const std::vector<std::vector<double>>& leaves, const std::vector<double>& target)
        : leaves_(leaves), target_(target) {}

    Fitted fit(const Shape& shape, std::uint32_t entry) const {
        Fitted best{std::numeric_limits<double>::infinity(), entry, {}};
        for (const Program& start : best_starts(shape)) {
            const AffineFit around = affine_fit(evaluate_columns(start, leaves_), target_);
            Program whole = combine(Operator::multiply, constant(start.variables, around.scale), start);
            whole = combine(Operator::add, whole, constant(start.variables, around.offset));
            const Program fitted = fit_constants(whole, leaves_, target_);
            const double error = rmse(fitted);
            if (error < best.error) best = {error, entry, fitted};
        }
        return best;
    }

private:
    double rmse(const Program& program) const {
        return fit_of(evaluate_columns(program, leaves_), target_).rmse;
    }

    /// The two starts that fit best with a factor and a summand.
    std::vector<Program> best_starts(const Shape& shape) const {
        std::vector<std::pair<double, Program>> scored;
        Program program = shape.program;
        const auto score = [&] {
            const std::vector<double> values = evaluate_columns(program, leaves_);
            const AffineFit fit = affine_fit(values, target_);
            // Where the shape has no value on some row.
            if (!std::isfinite(fit.scale) || !std::isfinite(fit.offset)) return;
            const double error = rmse(with_affine(program, fit));
            if (std::isfinite(error)) scored.emplace_back(error, program);
        };
        for (const double first : starts) {
            program.lines[shape.numbers[0]].value = first;
            if (shape.numbers.size() == 1) score();
            for (std::size_t k = 0; k < starts.size() && shape.numbers.size() == 2; k += 2) {
                program.lines[shape.numbers[1]].value = starts[k];
                score();
            }
        }
        std::stable_sort(scored.begin(), scored.end(),
                         [](const auto& a, const auto& b) { return a.first < b.first; });
        std::vector<Program> best;
        for (std::size_t i = 0; i < std::min<std::size_t>(2, scored.size()); ++i)
            best.push_back(scored[i].second);
        return best;
    }

    const std::vector<std::vector<double>>& leaves_;
    const std::vector<double>& target_;
};

} // namespace

ShapeSearch::ShapeSearch(const Alphabet& alphabet, std::vector<std::vector<double>> leaves,
                         std::vector<double> target, std::optional<Unit> target_unit)
    : bank_(with_free_number(alphabet)), leaves_(std::move(leaves)), target_(std::move(target)),
      target_unit_(std::move(target_unit)) {}

std::vector<Program> ShapeSearch::fitted(int operators, std::size_t most, int threads,
                                         const base::Stop& stop) {
    while (bank_.levels() <= operators)
        if (!bank_.add_level({.entries = 3'000'000, .stop = stop})) return {};
    const std::uint32_t begin = bank_.level_begin(operators), end = bank_.level_begin(operators + 1);
    const Fitter fitter(leaves_, target_);
    constexpr std::uint32_t piece = 16;
    std::vector<std::vector<Fitted>> found((end - begin + piece - 1) / piece);
    std::atomic<std::uint64_t> count{0};
    base::parallel_for(found.size(), threads, [&](std::size_t task) {
        const std::uint32_t from = begin + static_cast<std::uint32_t>(task) * piece;
        for (std::uint32_t i = from; i < std::min(end, from + piece); ++i) {
            if (stop()) return;
            if (target_unit_ && bank_.unit(i) != *target_unit_) continue;
            const Shape shape = shape_of(bank_.program(i));
            if (shape.numbers.empty() || shape.numbers.size() > 2) continue;
            Fitted fitted = fitter.fit(shape, i);
            ++count;
            if (std::isfinite(fitted.error)) found[task].push_back(std::move(fitted));
        }
    });
    fitted_count_ += count;
    std::vector<Fitted> all;
    for (auto& each : found) std::move(each.begin(), each.end(), std::back_inserter(all));
    std::sort(all.begin(), all.end(), [](const Fitted& a, const Fitted& b) {
        return std::tie(a.error, a.entry) < std::tie(b.error, b.entry);
    });
    std::vector<Program> best;
    for (std::size_t i = 0; i < std::min(most, all.size()); ++i) best.push_back(std::move(all[i].program));
    return best;
}

} // namespace ropewalk::formula
