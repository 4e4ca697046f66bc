#include "ropewalk/formulas/laws/template_view.hpp"

#include <cmath>
#include <limits>

#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/search/search.hpp"

namespace ropewalk::formula {

namespace {

using Eigen::Index;
using Eigen::VectorXd;

/// The operand on one side of an operator that gives `value` beside the other operand; not a number where none does.
/// Of two, the one of the principal branch.
double undone(Operator operation, bool left, double other, double value) {
    using enum Operator;
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    switch (operation) {
    case no_operation: return value;
    case add: return value - other;
    case subtract: return left ? value + other : other - value;
    case multiply: return value / other;
    case divide: return left ? value * other : other / value;
    case reciprocal: return 1 / value;
    case exponential: return std::log(value);
    case logarithm: return std::exp(value);
    case square: return std::sqrt(value);
    case square_root: return value >= 0 ? value * value : none;
    case hyperbolic_tangent: return std::atanh(value);
    case arctangent: return std::tan(value);
    case tangent: return std::atan(value);
    case arcsine: return std::sin(value);
    case sine: return std::asin(value);
    case cosine: return std::acos(value);
    case arccosine: return std::cos(value);
    case power: return left ? std::pow(value, 1 / other) : std::log(value) / std::log(other);
    default: return none;
    }
}

} // namespace

TemplateView::TemplateView(const TemplateForm& form, const Problem& rows)
    : form_(form), inputs_(rows.inputs), rows_(rows.target.size()) {
    for (const TemplateCall& call : form.calls) {
        arguments_.emplace_back();
        for (const Program& argument : call.arguments)
            arguments_.back().push_back(evaluate_columns(argument, inputs_));
    }
}

VectorXd TemplateView::values(const Columns& calls) const {
    Columns all = inputs_;
    all.insert(all.end(), calls.begin(), calls.end());
    const std::vector<double> values = evaluate_columns(form_.skeleton, all);
    return Eigen::Map<const VectorXd>(values.data(), static_cast<Index>(values.size()));
}

std::vector<double> TemplateView::call_values(std::size_t call, const Program& body) const {
    return evaluate_columns(body, arguments_[call]);
}

bool TemplateView::is_linear(const std::vector<std::size_t>& parts) const {
    std::vector<char> moves(form_.parts.size(), 0);
    for (const std::size_t part : parts) moves[part] = 1;
    int judged = 0;
    for (std::uint64_t trial = 0; trial < 8; ++trial) {
        base::RandomStream random(trial, base::Purpose::constant_start, 77);
        Columns none(form_.calls.size(), std::vector<double>(rows_)), one = none, other = none, both = none;
        for (std::size_t c = 0; c < form_.calls.size(); ++c)
            for (std::size_t n = 0; n < rows_; ++n) {
                const double at = 0.3 + random.uniform(), first = random.uniform(), second = random.uniform();
                const bool moved = moves[form_.calls[c].part] != 0;
                none[c][n] = at;
                one[c][n] = at + (moved ? first : 0);
                other[c][n] = at + (moved ? second : 0);
                both[c][n] = at + (moved ? first + second : 0);
            }
        const VectorXd low = values(none), high = values(both);
        const VectorXd bend = high - values(one) - values(other) + low;
        if (!bend.allFinite()) continue;
        ++judged;
        const double scale = low.cwiseAbs().maxCoeff() + high.cwiseAbs().maxCoeff() + 1e-300;
        if (bend.cwiseAbs().maxCoeff() > 1e-9 * scale) return false;
    }
    return judged > 0;
}

std::vector<double> TemplateView::solved(std::size_t call, const Columns& calls,
                                         const std::vector<double>& target) const {
    const Program& skeleton = form_.skeleton;
    const std::size_t first = form_.columns + form_.calls.size();
    const auto wanted = static_cast<int>(form_.columns + call);
    // Which slots depend on the call.
    std::vector<char> depends(first + skeleton.lines.size(), 0);
    depends[static_cast<std::size_t>(wanted)] = 1;
    for (std::size_t l = 0; l < skeleton.lines.size(); ++l) {
        const Line& line = skeleton.lines[l];
        const int arity = info(line.operation).arity;
        depends[first + l] = static_cast<char>((arity >= 1 && depends[static_cast<std::size_t>(line.left)] != 0) ||
                                               (arity >= 2 && depends[static_cast<std::size_t>(line.right)] != 0));
    }
    std::vector<double> result(rows_);
    std::vector<double> slots(first + skeleton.lines.size());
    for (std::size_t n = 0; n < rows_; ++n) {
        for (std::size_t v = 0; v < form_.columns; ++v) slots[v] = inputs_[v][n];
        for (std::size_t c = 0; c < calls.size(); ++c) slots[form_.columns + c] = calls[c][n];
        for (std::size_t l = 0; l < skeleton.lines.size(); ++l) {
            const Line& line = skeleton.lines[l];
            slots[first + l] = apply(line.operation, slots[static_cast<std::size_t>(line.left)],
                                     slots[static_cast<std::size_t>(line.right)], line.value);
        }
        double value = target[n];
        int slot = skeleton.result();
        while (slot != wanted) {
            const Line& line = skeleton.lines[static_cast<std::size_t>(slot) - first];
            const bool left = depends[static_cast<std::size_t>(line.left)] != 0;
            const int other = left ? line.right : line.left;
            value = undone(line.operation, left, slots[static_cast<std::size_t>(other)], value);
            slot = left ? line.left : line.right;
        }
        result[n] = value;
    }
    return result;
}

} // namespace ropewalk::formula
