// Which formula to believe: bits that it takes to write a formula down, and its errors once it is known.
#pragma once

#include <vector>

#include "ropewalk/formulas/table/table.hpp"

namespace ropewalk::formula {

/// Bits that a number takes to write: few for whole numbers, simple fractions, short decimals and simple
/// multiples of powers of pi; `free_bits` for any other.
double number_bits(double value, double free_bits);

/// A number that is short to write, and the bits that it takes.
struct SimpleNumber {
    double value = 0;
    double bits = 0;
};

/// Simple numbers within a share of `value`, of less than `most_bits`, cheapest first.
std::vector<SimpleNumber> simple_numbers(double value, double share, double most_bits);

/// The nearest number of so many decimal digits.
double rounded_to(double value, int digits);

/// The lines of a program that hold numbers.
std::vector<std::size_t> number_lines(const Program& program);

/// The target's standard deviation.
double spread_of(const std::vector<double>& target);

/// The smallest error that counts: of rounding, or of the digits that the target was printed with.
double least_error(const Problem& problem);

/// Bits of a formula: its operators, variables and numbers.
double formula_bits(const Program& program, double free_bits);

/// The description length of a target with a formula (Rissanen 1978): the formula, numbers to the precision
/// that the data give them, then the errors as n/2 log2 of their sum of squares over n less the k numbers
/// fitted, and for few rows (k+1)(k+2)/(n-k-2) log2 e (Hurvich & Tsai 1989).
struct Description {
    double formula = 0; ///< bits
    double errors = 0;  ///< bits, up to a constant of the table
    double total() const { return formula + errors; }
};

/// `fit` is of the program on the problem. An exact fit has the errors of rounding or of the target's resolution; a fitted
/// number of it takes what it is written with or, where rows are few for so many numbers, up to as much as the row that it may
/// have been made for, whichever is more: the target's spread in such errors, or in whole steps where the formula ends by
/// rounding to whole numbers. Of few rows of whole numbers no formula explains more than some times the bits that they are
/// written with. A formula without fitted numbers that chance may bring as near, an input
/// alone by the line through it, is no shorter than the mean.
Description description_of(const Program& program, const Fit& fit, const Problem& problem);

/// Bits of a number that was fitted, where errors are `rmse`.
double free_bits_of(double rmse, const Problem& problem);

/// Which lines hold 0, 1 or -1: parts of a form, not numbers to be fitted.
std::vector<char> structural_numbers(const Program& program);

/// How many numbers of a program are fitted: all but structural ones.
double fitted_numbers(const Program& program);

/// The part of a problem that `rows` name.
Problem rows_of(const Problem& problem, const std::vector<std::size_t>& rows);

} // namespace ropewalk::formula
