#include "ropewalk/formulas/table/front.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ropewalk::formula {

Fit fit_of(const std::vector<double>& values, const std::vector<double>& target) {
    base::expects(!target.empty() && values.size() == target.size());
    const auto rows = static_cast<double>(target.size());
    double mean = 0, largest = 0;
    for (const double y : target) {
        mean += y / rows;
        largest = std::max(largest, std::abs(y));
    }
    const auto [least, most] = std::minmax_element(target.begin(), target.end());
    constexpr double unit = 64 * std::numeric_limits<double>::epsilon();
    const double floor = target.empty() ? 0 : unit * 1e-3 * (*most - *least);
    double residual = 0, variance = 0, worst = 0;
    bool exact = true;
    for (std::size_t n = 0; n < target.size(); ++n) {
        const double error = std::abs(values[n] - target[n]);
        if (!std::isfinite(error)) {
            constexpr double infinite = std::numeric_limits<double>::infinity();
            return {infinite, infinite, -infinite, false};
        }
        worst = std::max(worst, error);
        exact = exact && error <= unit * std::abs(target[n]) + floor;
        // Scaled by the largest magnitude, so that squares of very large or small numbers stay in range.
        const double scale = largest > 0 ? largest : 1;
        residual += error / scale * (error / scale) / rows;
        variance += (target[n] - mean) / scale * ((target[n] - mean) / scale) / rows;
    }
    Fit fit;
    fit.rmse = std::sqrt(residual) * (largest > 0 ? largest : 1);
    fit.max_error = worst;
    fit.exact = exact;
    fit.r2 = variance > 0 ? 1 - residual / variance : (fit.exact ? 1 : 0);
    return fit;
}

namespace {

/// Whether a fit is as good as another one; differences that rounding can make do not count.
bool as_good(const Fit& fit, const Fit& other) { return fit.exact || fit.rmse <= other.rmse * (1 + 1e-6); }

} // namespace

bool Front::offer(Found found) {
    if (!std::isfinite(found.fit.rmse)) return false;
    for (const Found& each : formulas_)
        if (each.operators <= found.operators && as_good(each.fit, found.fit)) return false;
    std::erase_if(formulas_, [&](const Found& each) {
        return each.operators >= found.operators && as_good(found.fit, each.fit);
    });
    const auto place = std::find_if(formulas_.begin(), formulas_.end(),
                                    [&](const Found& each) { return each.operators > found.operators; });
    formulas_.insert(place, std::move(found));
    return true;
}

std::optional<std::int64_t> Front::exact_operators() const {
    for (const Found& each : formulas_)
        if (each.fit.exact) return each.operators;
    return std::nullopt;
}

std::string sentence_of(StopReason reason) {
    switch (reason) {
    case StopReason::found: return "an exact formula was found";
    case StopReason::exhausted: return "every formula within the limits was tried";
    case StopReason::work: return "as much was tried as was asked for";
    case StopReason::seconds: return "the time was up";
    case StopReason::memory: return "larger formulas need more memory";
    case StopReason::interrupted: return "it was interrupted";
    }
    return "";
}

} // namespace ropewalk::formula
