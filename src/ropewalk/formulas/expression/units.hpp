// Physical units: vectors of exponents over base symbols.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "ropewalk/base/base.hpp"
#include "ropewalk/formulas/expression/operators.hpp"

namespace ropewalk::formula {

/// A product of powers of base symbols. Exponents are kept in sixtieths, so that halves, thirds and fifths
/// are exact; symbols with exponent 0 are absent. The empty product is a pure number.
struct Unit {
    std::map<std::string, int> sixtieths;

    friend bool operator==(const Unit&, const Unit&) = default;
    friend auto operator<=>(const Unit&, const Unit&) = default;
};

/// Reads "kg*m/s^2", "m s^-1", "m·s⁻²", powers such as "Hz^(1/2)", or "1", "-" and "" for a pure number.
/// Derived SI units (N, J, W, Pa, Hz, C, V, F, ohm, S, Wb, T, H) become base units. Any other word is a base symbol of its
/// own, those with prefixes among them: numbers measured in km are no numbers measured in m. Fails on anything else, with
/// the column.
base::Result<Unit> parse_unit(std::string_view text);

/// Whether a symbol is one of SI's base units: m, kg, s, A, K, mol, cd.
bool is_base_symbol(std::string_view symbol);

/// Of a symbol of its own that is a multiple of a known unit, that unit: m of km, J of kJ, s of min. Nothing of other words.
std::optional<Unit> known_multiple_of(std::string_view symbol);

std::string to_string(const Unit& unit);

/// The unit of an operator's value, or nothing where the operands do not fit: sums, min and max need equal
/// units, exp, log, sin and cos need pure numbers. `right` is ignored by unary operators.
std::optional<Unit> unit_of(Operator operation, const Unit& left, const Unit& right);

} // namespace ropewalk::formula
