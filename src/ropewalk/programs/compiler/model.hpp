#pragma once

#include <optional>
#include <vector>

#include "ropewalk/programs/machine/machine.hpp"

namespace ropewalk::compiler {

/// A differentiable program: weights and the machine they are for.
struct Model {
    machine::Configuration configuration;
    /// W [L, columns], see machine::Layout.
    std::vector<float> weights;
    /// Registers of the source program; the machine may have more (labels, scratch).
    int program_registers = 4;
    /// Steps the program is meant to run for.
    std::optional<long> steps;
};

} // namespace ropewalk::compiler
