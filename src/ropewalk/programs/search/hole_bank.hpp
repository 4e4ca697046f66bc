#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ropewalk/programs/language/language.hpp"
#include "ropewalk/programs/machine/machine.hpp"
#include "ropewalk/programs/search/cost_model.hpp"

namespace ropewalk::search {

/// What may stand in a hole of a sketch.
enum class HoleKind {
    combine, ///< one operator on two arguments, or one of them
    value,   ///< any operators on arguments, small numbers and n
    address, ///< sums and differences; two that agree modulo cells are one
    test,    ///< a comparison of arguments and small numbers
    step,    ///< the argument plus or minus a small number
    cell,    ///< the address of one cell, a number or n - 1
    start,   ///< a number, or the cell at a number: `3`, `M[0]`
    range,   ///< bounds of a loop, numbers or n, n - 1, ...
    point    ///< an expression with loads, by its value on each example before the program starts
};

/// The name in sketches (`?value.f(x)`), and back; nothing for an unknown one.
std::string to_string(HoleKind kind);
std::optional<HoleKind> hole_kind(std::string_view name);

/// Everything that may fill a hole, cheapest first, one per behaviour. A behaviour is the table of results
/// over all arguments, so two fillings of the same table are the same function on every input; for `point` it
/// is the list of values on the examples.
struct HoleBank {
    /// Bytes per behaviour: base^arity; for `start` {is a load, number}, for `range` {first index,
    /// iterations}, for `point` one per example.
    std::size_t stride = 1;
    /// Over parameters a, b, c; a range has two operands, its bounds.
    std::vector<language::Expression> expressions;
    std::vector<int> costs; ///< ascending
    std::vector<std::uint8_t> tables;
    /// Fillings of each cost that occurs.
    struct Level {
        int cost;
        std::size_t begin, end;
    };
    std::vector<Level> levels;

    std::size_t size() const { return expressions.size(); }
    const std::uint8_t* table(std::size_t i) const { return tables.data() + i * stride; }
};

/// Parameter names of the expressions in a bank.
const std::vector<std::string>& parameter_names();

struct BankOptions {
    language::Machine machine;
    CostModel costs;
    /// Learned functions that may be called, besides the operators; of one or two parameters.
    std::vector<language::Function> functions;
    /// Whether two addresses that agree modulo cells are one; not where a hole is a value as well.
    bool fold_addresses = true;
    int largest_cost = 7;
    /// Entries of a bank, and bytes of its tables.
    std::size_t most_entries = 20000;
    std::size_t most_bytes = std::size_t{8} << 20;
};

/// Bottom-up enumeration by cost of what may fill a hole of `arity` arguments (0..3), with observational
/// equivalence. `examples` matter for `point` only.
HoleBank make_bank(HoleKind kind, int arity, const BankOptions& options,
                   std::span<const machine::Example> examples);

} // namespace ropewalk::search
