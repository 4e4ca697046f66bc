// Which key of an example says what.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ropewalk/programs/synthesis/example_reading.hpp"

namespace ropewalk::synthesis {

/// Names of the value that a program must give, for messages.
constexpr const char* output_names = "\"out\", \"output\", \"outputs\", \"expected\", \"result\" or \"answer\"";

/// Which of the names is that of the value, in any case of letters: `out` before `expected`, `result` and `answer`, which may be
/// names of arguments, and y where the names are x and y. Nothing where none is, and all that compete where several are.
std::vector<std::size_t> output_among(const std::vector<std::string>& names);

/// Whether this names the one argument, or all of them, rather than one among others: `in`, `input`, `inputs`, `args`.
bool names_all_arguments(std::string_view name);

/// What an argument of this key or column is called in the program; says so where it is called otherwise.
std::string argument_name(const std::string& key, ExampleReading& reading);

/// Reads an example that is written as an object.
void read_object(const Piece& object, ExampleReading& reading);

/// The list of examples that an object holds under `examples`, under `train`, or as its only list of objects. Nothing where
/// there is none, or where the object is an example itself.
std::optional<Piece> examples_inside(const Piece& object, ExampleReading& reading);

} // namespace ropewalk::synthesis
