#pragma once

#include "ropewalk/base/settings.hpp"
#include "ropewalk/programs/compiler/model.hpp"

namespace ropewalk::compiler {

struct CompileOptions {
    /// Magnitude of the uniform noise in eq. 3; below 1 the program can be read back, 0.3 is the paper's
    /// choice.
    double gamma = 0;
    /// Added before the logarithm in eq. 3: bounds the weights below by log(epsilon).
    double epsilon = 1e-7;
    /// Operands an instruction does not use: uniform over registers, or register 1 when pinned.
    bool pin = false;
    /// Lines of the machine; 0 means as many as the program has. Lines beyond the program are `halt`.
    int lines = 0;
    assembly::InstructionSet instruction_set = assembly::paper13();
    machine::Switches switches;

    static constexpr auto fields = base::fields(
        base::field<&CompileOptions::gamma>(
            "gamma", "Noise on the initial program: 0 runs exactly, below 1 can be read back, 0.3 tunes well",
            base::within(0.0, 100.0)),
        base::field<&CompileOptions::epsilon>("epsilon", "Floor of every probability", base::above(0.0, 1.0)),
        base::field<&CompileOptions::lines>("lines", "Lines of the machine; 0: the program's, or the task's",
                                            base::within(0, assembly::largest_line_count)),
        base::field<&CompileOptions::pin>("pin", "Point unused operands at register 1 instead of everywhere"));
};

/// Neural compilation (eq. 3): W = log(onehot + gamma u + epsilon), u uniform in [0, 1) per entry. At gamma 0
/// the differentiable machine computes what the exact machine computes, for as long as its errors stay small:
/// they start at about epsilon and at worst double with every step, where a register meets itself (`mul r1 r1
/// r1`).
base::Result<Model> compile(const assembly::Program& program, const CompileOptions& options,
                            base::RandomStream& noise);

/// The smallest predefined instruction set that holds every instruction of the program: paper13, else all.
assembly::InstructionSet instruction_set_for(const assembly::Program& program);

} // namespace ropewalk::compiler
