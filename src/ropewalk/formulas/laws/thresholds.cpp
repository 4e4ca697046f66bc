#include "ropewalk/formulas/laws/thresholds.hpp"

#include <algorithm>

#include "ropewalk/formulas/laws/description.hpp"

namespace ropewalk::formula {

std::vector<double> different_values(const Eigen::ArrayXd& column) {
    std::vector<double> different(column.begin(), column.end());
    std::sort(different.begin(), different.end());
    different.erase(std::unique(different.begin(), different.end()), different.end());
    return different;
}

std::size_t best_place(std::size_t places, const std::function<double(std::size_t)>& error) {
    constexpr std::size_t most = 48;
    std::size_t best = 0;
    double least = 0;
    bool found = false;
    const auto look = [&](std::size_t place) {
        const double here = error(place);
        if (found && !(here < least)) return;
        best = place, least = here, found = true;
    };
    const std::size_t step = std::max<std::size_t>(1, (places + most - 1) / most);
    for (std::size_t place = 0; place < places; place += step) look(place);
    const std::size_t about = best, first = about < step ? 0 : about - step + 1;
    for (std::size_t place = first; step > 1 && place < std::min(about + step, places); ++place) look(place);
    return best;
}

double shortest_between(double low, double high) {
    for (int digits = 1; digits < 17; ++digits)
        for (const double near : {low, 0.5 * (low + high), high})
            if (const double value = rounded_to(near, digits); value >= low && value < high) return value;
    return low;
}

} // namespace ropewalk::formula
