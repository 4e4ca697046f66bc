#pragma once

#include <string>
#include <vector>

#include "ropewalk/base/base.hpp"
#include "ropewalk/programs/language/language.hpp"
#include "ropewalk/programs/search/hole_bank.hpp"

namespace ropewalk::search {

/// A program with holes. Holes of the same kind and name are filled alike.
struct Sketch {
    std::string name;
    language::Program program;
    struct Hole {
        std::string name;
        HoleKind kind;
        int arity;
        /// Whether an `address` also stands where a value is meant, so that it matters beyond the cells.
        bool is_value = false;
    };
    /// In the order of first appearance.
    std::vector<Hole> holes;
    /// Its own part of a candidate's cost: its statements, parallel assignments counting more.
    int size = 0;
};

/// Parses a sketch and checks its holes: known kinds, up to 3 arguments, the same number of arguments
/// wherever a hole appears, `range` where a range is wanted and nowhere else, `point` before anything is
/// written.
base::Result<Sketch> parse_sketch(const std::string& name, std::string_view text);

/// The program with an expression (over parameters a, b, c) for every hole, in the order of `sketch.holes`.
language::Program filled(const Sketch& sketch, const std::vector<language::Expression>& fillings);

/// The families of array programs that the search tries, from a single store to nested loops and pointers.
const std::vector<Sketch>& sketch_library();

} // namespace ropewalk::search
