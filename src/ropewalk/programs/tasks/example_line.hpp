#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "ropewalk/base/base.hpp"

namespace ropewalk::tasks {

/// The numbers of one line of an example file, lists as long as they are written.
struct ExampleLine {
    std::vector<int> memory;
    std::optional<std::vector<int>> registers;
    std::vector<int> expected_memory;    ///< `machine::not_scored` where the file says null
    std::vector<int> expected_registers; ///< likewise
    int line = 0;                        ///< in the file, from 1
};

/// What a line may hold: values are 0..base-1, lists are at most as long as the machine.
struct ExampleLimits {
    int base;
    int cells;
    int registers;
};

/// One JSON object as an example, or the first thing that is wrong with it. File and line of the diagnostic
/// are left to the caller; its column is the byte at which JSON syntax breaks, else 0.
tl::expected<ExampleLine, base::Diagnostic> parse_example_line(std::string_view line,
                                                               const ExampleLimits& limits);

/// A well-formed line, to show in messages.
constexpr std::string_view example_line_form = R"({"memory":[3,1],"expect":{"memory":[4,2]}})";

} // namespace ropewalk::tasks
