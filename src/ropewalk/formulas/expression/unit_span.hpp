// Which units formulas of given inputs can have.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "ropewalk/formulas/expression/units.hpp"

namespace ropewalk::formula {

/// The symbols that occur in any of the units.
std::set<std::string> symbols_of(const std::vector<Unit>& units);

/// Whether a product of powers of the units is `wanted`, so that a formula whose numbers have no unit can have it.
bool spans(const std::vector<Unit>& units, const Unit& wanted);

/// The base symbols of a unit that are none of SI's (m, kg, s, A, K, mol, cd): words that stand for themselves alone, such
/// as `cm`, which is not a hundredth of `m`.
std::vector<std::string> unknown_symbols(const Unit& unit);

/// Fails where no formula of inputs with these units can have the target's, naming them and what may be meant.
base::Status check_units(const std::vector<Unit>& units, const Unit& target, const std::string& target_name);

} // namespace ropewalk::formula
