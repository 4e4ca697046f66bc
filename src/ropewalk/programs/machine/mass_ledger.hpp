#pragma once

#include <optional>
#include <span>
#include <string>

#include "ropewalk/programs/machine/configuration.hpp"
#include "ropewalk/programs/machine/example.hpp"

namespace ropewalk::machine {

/// The first place where a distribution stopped being one.
struct MassDrift {
    long step;       ///< counted from 1
    int line;        ///< the most probable line of that step
    std::string row; ///< `memory[2]`, `r3` or `instruction register`
    double mass;
};

/// Runs a program and looks for the first step after which a row of memory, of the registers or the
/// instruction register has a mass further than `tolerance` from 1. Empty when none has.
std::optional<MassDrift> find_mass_drift(const Configuration& configuration, std::span<const double> weights,
                                         const Example& example, long steps, double tolerance = 1e-4);

/// Why the switches may lose mass, or an empty string when they conserve it.
std::string mass_warning(const Switches& switches);

} // namespace ropewalk::machine
