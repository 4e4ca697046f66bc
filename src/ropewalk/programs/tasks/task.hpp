#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "ropewalk/programs/machine/machine.hpp"

namespace ropewalk::tasks {

/// A function from inputs to outputs that a program is to compute, on a machine of a given size.
struct Task {
    std::string name;
    /// One sentence, e.g. "M[0] becomes M[0] + 1".
    std::string summary;
    int base = 8;
    int cells = 8;
    /// Registers and lines of a program that is learned from scratch: more than a program needs, because
    /// descent finds its way more often where there is room.
    int registers = 4;
    int lines = 8;
    /// Machine steps T a program gets unless it states its own (`.steps`).
    long steps = 32;
    /// Number of different inputs.
    std::uint64_t domain_size = 1;
    /// Whether the task was read from a file of examples.
    bool from_examples = false;
    /// What was made of that file that its author may not expect, for people.
    std::vector<std::string> notes;
    /// SHA-256 of that file, in hexadecimal digits; empty for tasks of the catalogue.
    std::string examples_sha256;
    /// Whether any input sets registers itself; programs then start with registers other than their own.
    bool sets_registers = false;
    /// The input with this index (0..domain_size-1) and what is expected of it; the same index always gives
    /// the same example. Its register list is empty unless the task sets registers itself.
    std::function<machine::Example(std::uint64_t index)> example;
    /// The work in equal parts, for curricula: after `stage` of `stages` parts of the steps the input with
    /// this index is to have become `prefix(index, stage)`. Empty where a task has no such parts.
    int stages = 1;
    std::function<machine::Example(std::uint64_t index, int stage)> prefix;
    /// The same task on a machine of another size, where the task has no size of its own; else empty. A
    /// domain larger than 2^64 - 1 counts as that many inputs, drawn at random.
    std::function<Task(int base, int cells)> resized;
    /// Where an example of a file stands, `file:line`; empty for tasks of the catalogue.
    std::function<std::string(std::uint64_t index)> origin;
};

/// `count` examples drawn from the whole domain with replacement.
std::vector<machine::Example> draw_examples(const Task& task, int count, base::RandomStream& random);

/// The same inputs with what is expected after `stage` parts of the work (1..task.stages).
std::vector<machine::Example> draw_prefixes(const Task& task, int stage, int count,
                                            base::RandomStream& random);

} // namespace ropewalk::tasks
