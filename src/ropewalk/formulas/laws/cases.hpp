// What a formula with comparisons says in every case.
#pragma once

#include <vector>

#include "ropewalk/formulas/table/table.hpp"

namespace ropewalk::formula {

/// That `left` is less than `right`; or, where it does not hold, that it is not.
struct Comparison {
    Program left, right;
    bool holds = true;
};

/// What a formula is where all comparisons are as they say.
struct Case {
    std::vector<Comparison> where;
    Program value;
};

/// The cases of a program with one or two different comparisons, in which its less(x, y) is 1 or 0: each with the shortest
/// way to write the program there that agrees with it on the problem's rows. Cases that cannot be, and comparisons that
/// others imply, are left out where both compare one thing with numbers. None for other programs, and for those that are a
/// comparison alone.
std::vector<Case> cases_of(const Program& program, const Problem& problem);

} // namespace ropewalk::formula
