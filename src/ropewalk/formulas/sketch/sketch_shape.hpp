// Sketches of straight-line programs: which choices there are, where they lie, and the program they stand
// for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "ropewalk/base/base.hpp"
#include "ropewalk/formulas/expression/expression.hpp"

namespace ropewalk::formula {

/// Operators a line of a sketch chooses among: add, subtract, multiply, no_operation (Figure 3, Tang &
/// Ellis).
inline constexpr int sketch_operators = 4;

/// The sizes of a sketch and the layout of its choices.
///
/// A line chooses an operator, a left operand and a right operand; line l (0-based) writes slot V+l and reads
/// slots 0..V+l-1. All choices of a sketch, be they logits, probabilities or gradients, are one flat array:
/// first 4 operator entries of every line, then for every line its V+l entries for the left operand and its
/// V+l for the right one. With V = 3 and L = 30 these are 1,170 numbers.
struct SketchShape {
    int variables = 3; ///< V, 1 to 1,000
    int lines = 30;    ///< L, 1 to 1,000

    int slots() const { return variables + lines; }

    /// Slots that a line can read.
    int operands(int line) const { return variables + line; }

    /// Where the operator entries of a line begin, those of its left and those of its right operand.
    std::size_t operator_begin(int line) const { return at(sketch_operators) * at(line); }
    std::size_t left_begin(int line) const {
        return at(sketch_operators) * at(lines) + at(line) * (2 * at(variables) + at(line) - 1);
    }
    std::size_t right_begin(int line) const { return left_begin(line) + at(operands(line)); }

    /// Numbers in the flat array: 4L + 2VL + L(L-1).
    std::size_t choices() const { return left_begin(lines); }

    friend bool operator==(const SketchShape&, const SketchShape&) = default;

private:
    static std::size_t at(int index) { return static_cast<std::size_t>(index); }
};

/// Fails when a size of the shape is out of range.
base::Result<SketchShape> checked(const SketchShape& shape);

/// Calls `body(begin, count)` for every row of the shape: entries begin..begin+count-1 are one choice, whose
/// probabilities sum to 1.
template<class Body>
void for_each_row(const SketchShape& shape, const Body& body) {
    for (int l = 0; l < shape.lines; ++l)
        body(shape.operator_begin(l), static_cast<std::size_t>(sketch_operators));
    for (int l = 0; l < shape.lines; ++l) {
        body(shape.left_begin(l), static_cast<std::size_t>(shape.operands(l)));
        body(shape.right_begin(l), static_cast<std::size_t>(shape.operands(l)));
    }
}

/// Logits to start from, normal with mean 0 and the given standard deviation. They are the stream
/// (seed, sketch_start, index), so one sketch does not depend on the sketches beside it.
std::vector<double> random_logits(const SketchShape& shape, double deviation, std::uint64_t seed,
                                  std::uint64_t index);

/// The program of the largest entry of every row (the first of equals), with all L lines. `choices` holds
/// shape.choices() numbers, logits or probabilities; entries that are not numbers count as the smallest.
template<class Real>
Program argmax_program(const SketchShape& shape, std::span<const Real> choices);

extern template Program argmax_program<float>(const SketchShape&, std::span<const float>);
extern template Program argmax_program<double>(const SketchShape&, std::span<const double>);

/// The choices of a program as probabilities 0 and 1. A program shorter than the sketch is followed by
/// no-operations that pass its result on; operands that an operator does not read are slot 0. Fails when the
/// program is not valid, is over other variables, has more lines than the sketch, or an operator beyond the
/// four of a sketch.
base::Result<std::vector<double>> one_hot(const SketchShape& shape, const Program& program);

} // namespace ropewalk::formula
