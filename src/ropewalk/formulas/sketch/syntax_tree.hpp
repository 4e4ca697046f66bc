// The syntax-tree model (Appendix B, Tang & Ellis): the sketch's less overparameterised rival.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "ropewalk/formulas/sketch/sketch_shape.hpp"

namespace ropewalk::formula {

/// A full binary tree of depth D: every inner node chooses one of the four operators of a sketch, every leaf
/// a variable, and who reads whom is fixed. A node without operation passes its left child on.
///
/// Choices are one flat array: four entries for every inner node in breadth-first order, the root first, then
/// V entries for every leaf from left to right.
///
/// A tree is a sketch whose operands are decided, and that is how it runs: `tree_logits_in_sketch` writes the
/// tree's logits into those of a sketch of 2^(D+1) - 1 lines and decides the rest, and then relaxation,
/// executor, expected length, loss and argmax program are the sketch's.
struct TreeShape {
    int variables = 3; ///< V, 1 to 1,000
    int depth = 3;     ///< D, 1 to 8

    int leaves() const { return 1 << depth; }
    int inner_nodes() const { return leaves() - 1; }
    std::size_t choices() const {
        return static_cast<std::size_t>(sketch_operators * inner_nodes() + variables * leaves());
    }

    /// Leaves are lines 0..2^D-1 of the sketch, the inner nodes follow from the last to the root.
    SketchShape sketch() const { return {variables, leaves() + inner_nodes()}; }

    friend bool operator==(const TreeShape&, const TreeShape&) = default;
};

/// Fails when a size of the shape is out of range.
base::Result<TreeShape> checked(const TreeShape& shape);

/// Overwrites `sketch_logits` (shape.sketch().choices() numbers) with the tree's logits where the tree
/// chooses, and elsewhere with 0 for what is fixed and -1e9 for what is not there: finite, and without weight
/// in a softmax.
template<class Real>
void tree_logits_in_sketch(const TreeShape& shape, std::span<const Real> tree_logits,
                           std::span<Real> sketch_logits);

/// The adjoint: adds a gradient by the sketch's logits to that by the tree's.
template<class Real>
void tree_logits_in_sketch_adjoint(const TreeShape& shape, std::span<const Real> sketch_gradient,
                                   std::span<Real> tree_gradient);

extern template void tree_logits_in_sketch(const TreeShape&, std::span<const float>, std::span<float>);
extern template void tree_logits_in_sketch(const TreeShape&, std::span<const double>, std::span<double>);
extern template void tree_logits_in_sketch_adjoint(const TreeShape&, std::span<const float>,
                                                   std::span<float>);
extern template void tree_logits_in_sketch_adjoint(const TreeShape&, std::span<const double>,
                                                   std::span<double>);

/// The program of a tree's largest entries, tidy.
Program tree_program(const TreeShape& shape, std::span<const double> tree_logits);

/// Choices 0 and 1 of a tree that computes the program; every 1 is the largest entry of its row. Fails when
/// the program is not valid, is over other variables, has an operator beyond the four of a sketch, or is
/// deeper than the tree as an expression.
base::Result<std::vector<double>> one_hot(const TreeShape& shape, const Program& program);

} // namespace ropewalk::formula
