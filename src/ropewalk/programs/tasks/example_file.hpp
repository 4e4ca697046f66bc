#pragma once

#include <optional>
#include <string>

#include "ropewalk/programs/tasks/task.hpp"

namespace ropewalk::tasks {

/// Sizes of the machine for a file of examples. What is not given is the smallest that fits the examples: as
/// many cells as the longest memory, a base above every value and at least the cells (and 2), registers for
/// the longest list and at least 4. Lines are 8 and steps 4 for each line.
struct ExampleFileSizes {
    std::optional<int> base, cells, registers, lines;
    std::optional<long> steps;
};

/// Examples as a task, one JSON object a line:
/// `{"memory":[3,1,4],"registers":[0,0,0,0],"expect":{"memory":[4,2,5],"registers":null}}`.
///
/// `registers` may be left out; in `expect`, null for a list or for one of its numbers, or a list that is
/// shorter, means "not scored". Input lists that are shorter than the machine are filled with 0. Blank lines
/// are skipped. The task's domain is the examples of the file, in order; its name is the file's without
/// folder and extension. Every malformed line is reported with its number, up to 50 of them. A file holds at
/// most 2^20 examples in 256 MiB, a line at most 64 KiB.
base::Result<Task> parse_examples(std::string_view text, const std::string& file,
                                  const ExampleFileSizes& sizes = {});
base::Result<Task> load_examples(const std::string& path, const ExampleFileSizes& sizes = {});

} // namespace ropewalk::tasks
