#pragma once

#include <string>
#include <vector>

#include "ropewalk/base/settings.hpp"
#include "ropewalk/programs/compiler/model.hpp"

namespace ropewalk::compiler {

/// A choice of one head that was not the most probable one.
struct Alternative {
    std::string head; ///< `instruction`, `first`, `second`, `destination` or `target`
    std::string choice;
    double probability;
};

/// How one line was read.
struct LineReading {
    assembly::Instruction instruction;
    /// Smallest probability among the choices that make up the line.
    double confidence = 1;
    std::vector<Alternative> alternatives;
    bool reachable = true;
    /// The line stands for several instructions at once: its confidence is below
    /// DecompileOptions::distributed_below.
    bool distributed = false;
    /// What assembly cannot say about this line, if anything.
    std::string note;
};

struct DecompileOptions {
    /// Alternatives at least this probable are listed.
    double alternatives_from = 0.1;
    /// Lines less certain than this are marked distributed.
    double distributed_below = 0.5;
    /// Whether runs may start with other registers than the model's; then fewer lines are known to be
    /// unreachable.
    assembly::StartingRegisters registers = assembly::StartingRegisters::fixed;

    static constexpr auto fields = base::fields(
        base::field<&DecompileOptions::alternatives_from>("alternatives", "List other choices at least this probable",
                                                          base::within(0.0, 1.0)),
        base::field<&DecompileOptions::distributed_below>(
            "distributed_below", "Mark lines less certain than this as distributed", base::within(0.0, 1.0)));
};

struct Decompiled {
    /// Every line of the machine.
    assembly::Program complete;
    /// The same without lines no run can reach.
    assembly::Program program;
    /// One reading for each line of `complete`.
    std::vector<LineReading> lines;
};

/// What one head of a line chooses among, as probabilities; empty where the machine has no such head.
std::vector<double> distribution(const Model& model, int line, machine::Head head);

/// Reads the most probable program out of the weights. For weights compiled with gamma < 1 this is the
/// program that was compiled.
Decompiled decompile(const Model& model, const DecompileOptions& options = {});

/// `program` as assembly with the confidence, alternatives and visits of every line as comments. `visits` is
/// SoftOutcome::line_visits of a run, or empty.
std::string annotated(const Decompiled& decompiled, const std::vector<double>& visits = {});

} // namespace ropewalk::compiler
