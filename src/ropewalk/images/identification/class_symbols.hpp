// Symbols of classes of images under a formula: all of them, by the roots of polynomials of one variable.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ropewalk/images/identification/image_classes.hpp"
#include "ropewalk/images/identification/sparse_polynomial.hpp"

namespace ropewalk::identification {

/// Rows by the classes of their images. First come the rows that have class j at one place and class i at
/// all others, see pair(); then some at random.
struct ClassRows {
    std::size_t variables = 0;
    std::size_t classes = 0;
    std::vector<std::uint32_t> rows; ///< [count, variables]

    std::size_t count() const { return rows.size() / variables; }
    std::size_t pairs() const { return variables * classes * classes; }
    /// Index of the row with class j at `place` and class i elsewhere.
    std::size_t pair(std::size_t place, std::size_t i, std::size_t j) const {
        return (place * classes + i) * classes + j;
    }
};

/// The rows, and rows of images that stand for them: [count, variables], never one image twice in a row.
struct ClassExamples {
    ClassRows rows;
    std::vector<std::uint32_t> images;
};
ClassExamples class_examples(const ImageClasses& classes, std::size_t random_rows, std::uint64_t seed);

/// Outputs of one task for the rows.
struct ClassOutputs {
    std::span<const double> y; ///< [rows]
    double sigma = 1;
    std::vector<bool> depends; ///< [variables], whether a change of the image there ever changes the output
};

/// Symbols that explain a task's outputs. A class may have several values that the formula cannot tell apart,
/// whatever else is in the row; any choice among them explains the outputs as well. The first is the
/// preferred one: in (0, 1] before positive, positive before others, small before large.
struct ClassSymbols {
    std::vector<std::vector<double>> values; ///< [classes], none empty
    /// Whether these are single members of a continuum, such as s + c for all c under s1 - s2: those whose
    /// letters are 1, 2, 3, ... times one step.
    bool continuum = false;
};

/// All symbols under which the formula gives the outputs. Where rows of a single class do not give zero, this
/// is complete: such rows are polynomials of one symbol. Formulas like s1 * (s2 - s3), which are zero there,
/// are solved for two classes from many starts between -1.6 and 1.6 first.
std::vector<ClassSymbols> symbols_under(const SparsePolynomial& formula, const ClassRows& rows,
                                        const ClassOutputs& outputs);

/// Those among given symbols.
std::vector<ClassSymbols> symbols_among(const ClassSymbols& symbols, const SparsePolynomial& formula,
                                        const ClassRows& rows, const ClassOutputs& outputs);

/// Whether every row of a single class gives zero.
bool vanishes_alone(const ClassRows& rows, const ClassOutputs& outputs);

} // namespace ropewalk::identification
