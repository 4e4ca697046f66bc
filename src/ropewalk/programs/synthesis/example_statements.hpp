// Statements of a file as examples: pairs, objects, lists of them, and lines with an arrow.
#pragma once

#include <string_view>

#include "ropewalk/programs/synthesis/example_reading.hpp"

namespace ropewalk::synthesis {

/// Reads all examples of a text that is no table. `json` is what `as_json` gave for the source, and must live as long as
/// the reading.
void read_statements(std::string_view source, std::string_view json, ExampleReading& reading);

} // namespace ropewalk::synthesis
