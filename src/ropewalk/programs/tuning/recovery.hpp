#pragma once

#include <span>

#include "ropewalk/programs/compiler/compiler.hpp"
#include "ropewalk/programs/tasks/tasks.hpp"

namespace ropewalk::tuning {

/// Whether the most probable outputs of the soft machine are right on every example: what Table 1 of the
/// paper counts.
bool recovered_soft(const compiler::Model& model, std::span<const machine::Example> examples, long steps);

/// Whether the program, run by the exact machine, is right on every example.
bool recovered_hard(const assembly::Program& program, std::span<const machine::Example> examples, long steps);

} // namespace ropewalk::tuning
