#include "ropewalk/formulas/laws/hints.hpp"

#include <algorithm>
#include <cmath>

#include "ropewalk/formulas/laws/description.hpp"
#include "ropewalk/formulas/laws/robust_loss.hpp"

namespace ropewalk::formula {

namespace {

/// Whether the only input counts the rows.
bool are_numbered(const Problem& problem) {
    constexpr std::size_t fewest = 6;
    if (problem.inputs.size() != 1 || problem.target.size() < fewest) return false;
    const auto& input = problem.inputs.front();
    for (std::size_t n = 1; n < input.size(); ++n)
        if (input[n] != input[n - 1] + 1) return false;
    return true;
}

} // namespace

double unavoidable_error(const Problem& problem) {
    const std::size_t rows = problem.target.size();
    std::vector<std::size_t> order(rows);
    for (std::size_t n = 0; n < rows; ++n) order[n] = n;
    const auto compare = [&](std::size_t a, std::size_t b) {
        for (const auto& input : problem.inputs)
            if (input[a] != input[b]) return input[a] < input[b] ? -1 : 1;
        return 0;
    };
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return compare(a, b) < 0; });
    double squares = 0;
    for (std::size_t begin = 0, end = 0; begin < rows; begin = end) {
        // From the first value on: where values are large and close together, their mean is lost to rounding.
        const double first = problem.target[order[begin]];
        double sum = 0;
        for (end = begin; end < rows && compare(order[begin], order[end]) == 0; ++end) sum += problem.target[order[end]] - first;
        const double mean = sum / static_cast<double>(end - begin);
        if (end - begin > 1)
            for (std::size_t k = begin; k < end; ++k) squares += std::pow(problem.target[order[k]] - first - mean, 2);
    }
    const double error = std::sqrt(squares / static_cast<double>(rows));
    // Rounding of the mean is no difference.
    return error > 1e-12 * spread_of(problem.target) ? error : 0;
}

std::size_t rows_far_off(const std::vector<double>& residuals) {
    constexpr double far = 10;
    if (residuals.size() < 8) return 0;
    std::vector<double> sorted = residuals;
    const auto middle = [&] {
        const auto place = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
        std::nth_element(sorted.begin(), place, sorted.end());
        return *place;
    };
    const double median = middle();
    for (double& each : sorted) each = std::abs(each - median);
    const double deviation = 1.4826 * middle();
    const auto count = static_cast<std::size_t>(
        std::count_if(sorted.begin(), sorted.end(), [&](double each) { return each > far * deviation; }));
    return count >= 2 && count * 4 <= residuals.size() ? count : 0;
}

std::vector<std::string> hints_for(const Problem& problem, const Explanation& answer) {
    std::vector<std::string> hints;
    if (!problem.units.empty() && !answer.found)
        hints.emplace_back("fitted numbers have no units but those of setting `constant-units`, or without it those that turn "
                           "units with prefixes into others of the table, such as km into m");
    if (answer.report.front.empty() || answer.is_exact(answer.best)) return hints;
    if (are_numbered(problem)) hints.emplace_back("the rows are numbered: earlier rows may explain more (setting `lags`)");
    const auto far = rows_far_off(residuals_of(answer.report.front[answer.best].program, problem));
    if (far > 0 && !answer.weighted)
        hints.push_back(std::to_string(far) + " rows are far off all others: they decide less with setting `loss`");
    return hints;
}

} // namespace ropewalk::formula
