#pragma once

#include <string>
#include <vector>

#include "ropewalk/base/base.hpp"
#include "ropewalk/programs/functional/functional.hpp"

namespace ropewalk::lowering {

/// Where arguments and value of a program over lists stand in the memory of a machine.
///
/// A number or truth value takes one cell. A list takes the cell of its length and behind it `longest` cells for its
/// elements. The arguments stand one behind the other from cell 0 on; the value is left from cell 0 on. Lists that the
/// program makes stand from `free` on. A negative number x is base + x, where `negative` allows any: then numbers are
/// -base/2 .. base/2 - 1.
struct Layout {
    int base = 64;
    int cells = 64;
    int longest = 8; ///< of the lists that are arguments
    bool negative = false;
    std::vector<int> arguments; ///< the first cell of each
    int free = 0;

    std::int64_t least_number() const { return negative ? -base / 2 : 0; }
    std::int64_t largest_number() const { return negative ? base / 2 - 1 : base - 1; }
};

/// The layout of a program's arguments. Fails where these need more cells than there are, and on lists of lists.
base::Result<Layout> layout_of(const functional::Program& program, int base, int cells, int longest, bool negative);

/// The memory in which a run begins. Fails where an argument does not fit.
base::Result<std::vector<int>> memory_of(const Layout& layout, const functional::Program& program,
                                         const std::vector<values::Value>& arguments);

/// The value in the memory in which a run ended; nothing where a length stands there that no list has.
std::optional<values::Value> value_in(const Layout& layout, values::Type type, const std::vector<int>& memory);

/// The layout in words, one line each.
std::vector<std::string> described(const Layout& layout, const functional::Program& program);

} // namespace ropewalk::lowering
