#include "ropewalk/programs/machine/mass_ledger.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "ropewalk/programs/machine/kernels/reference.hpp"

namespace ropewalk::machine {

namespace {

using Rows = std::vector<double>;

/// Index and mass of the first row that is off, if any.
std::optional<std::pair<int, double>> off_row(const Rows& rows, int width, double tolerance) {
    for (std::size_t start = 0; start < rows.size(); start += static_cast<std::size_t>(width)) {
        const auto first = rows.begin() + static_cast<std::ptrdiff_t>(start);
        const double mass = std::accumulate(first, first + width, 0.0);
        if (!(std::abs(1 - mass) <= tolerance)) return std::pair(static_cast<int>(start) / width, mass);
    }
    return std::nullopt;
}

} // namespace

std::optional<MassDrift> find_mass_drift(const Configuration& configuration, std::span<const double> weights,
                                         const Example& example, long steps, double tolerance) {
    const reference::Machine<double> machine(configuration);
    reference::State<double> state = machine.initial_state(example);
    reference::Step<double> record;
    for (long t = 1; t <= steps; ++t) {
        const auto line = std::max_element(state.line.begin(), state.line.end()) - state.line.begin();
        state = machine.step(weights, state, record);
        const auto drift = [&](std::string row, double mass) {
            return MassDrift{.step = t, .line = static_cast<int>(line), .row = std::move(row), .mass = mass};
        };
        if (const auto off = off_row(state.registers, configuration.base, tolerance))
            return drift(fmt::format("r{}", off->first + 1), off->second);
        if (const auto off = off_row(state.memory, configuration.base, tolerance))
            return drift(fmt::format("memory[{}]", off->first), off->second);
        if (const auto off = off_row(state.line, configuration.lines, tolerance))
            return drift("instruction register", off->second);
    }
    return std::nullopt;
}

std::string mass_warning(const Switches& switches) {
    if (switches.mass != Mass::literal) return {};
    return "mass=literal follows eq. 6-7 as printed: registers lose mass whenever the instruction may be one "
           "that "
           "produces no value (write, jump, halt, nop)";
}

} // namespace ropewalk::machine
