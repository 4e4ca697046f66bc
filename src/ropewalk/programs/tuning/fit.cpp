#include "ropewalk/programs/tuning/fit.hpp"

#include <fmt/format.h>

namespace ropewalk::tuning {

namespace {

/// Of the `.let` of a register, 0 where it was not read from text.
int line_of(const assembly::Program& program, int register_index) {
    const auto found = program.let_lines.find(register_index);
    return found == program.let_lines.end() ? 0 : found->second;
}

} // namespace

base::Result<assembly::Program> fit_to_task(const assembly::Program& program, const tasks::Task& task) {
    assembly::Program fitted = program;
    const bool same_machine = program.base == task.base && program.cells == task.cells;
    if (!same_machine || !fitted.steps) fitted.steps = task.steps;
    fitted.base = task.base;
    fitted.cells = task.cells;
    fitted.registers = std::max(program.registers, task.registers);
    fitted.initial_registers.resize(static_cast<std::size_t>(fitted.registers), 0);
    base::Diagnostics errors;
    for (std::size_t r = 0; r < fitted.initial_registers.size(); ++r)
        if (fitted.initial_registers[r] >= task.base)
            errors.push_back(
                {.file = program.file.empty() ? "program" : program.file,
                 .line = line_of(program, static_cast<int>(r)),
                 .found = fmt::format("`.let r{} {}`", r + 1, fitted.initial_registers[r]),
                 .expected = fmt::format("a value below {}, the base of task {}", task.base, task.name)});
    if (!errors.empty()) return base::failure(std::move(errors));
    return fitted;
}

} // namespace ropewalk::tuning
