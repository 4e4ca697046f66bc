// Numbers of a formula made simple where the data allow it.
#pragma once

#include <functional>
#include <vector>

#include "ropewalk/formulas/table/table.hpp"

namespace ropewalk::formula {

/// The program with its numbers moved to the smallest squared error, then replaced one by one by simple
/// numbers where that makes the description shorter, others following, and the rest rounded to digits that
/// matter.
Program refined(const Program& program, const Problem& problem, const std::function<bool()>& stop);

/// The shortest way to write a program among those that give the same values on the problem's rows, a number that is not
/// simple taking `free_bits`.
Program shortest_writing(const Program& program, const Problem& problem, double free_bits);

/// As `refined` does, without another way to write the program: its lines stay what they are, and those with frozen[l] != 0 keep
/// their numbers.
Program with_simpler_numbers(Program program, const Problem& problem, std::vector<char> frozen,
                             const std::function<bool()>& stop);

/// The program with its numbers that are not frozen rounded to the digits that the data fix, where that costs next to
/// nothing.
Program with_fewer_digits(const Program& program, const Problem& problem, const std::vector<char>& frozen);

} // namespace ropewalk::formula
