// Folds: programs that go through a row of letters of any length and carry one number along.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ropewalk/base/base.hpp"

namespace ropewalk::rules {

/// What a fold carries along. `sum` weighs every place, `alternating` adds the letters of odd places and takes
/// away the others, `remainder` is that of the sum by the modulus.
enum class FoldKind { sum, alternating, product, maximum, minimum, remainder, first, last };

/// A program over rows of letters: a start, a step for each letter, and a constant added at the end.
struct Fold {
    FoldKind kind = FoldKind::sum;
    double modulus = 0;          ///< of a remainder, 2 or more
    std::vector<double> weights; ///< of a sum, one for each place of a row of so many letters; empty: all 1
    double constant = 0;

    friend bool operator==(const Fold&, const Fold&) = default;
};

/// Whether what is carried along is a sum of weighted letters.
bool is_sum(const Fold& fold);

/// What the letter at a place counts for in a sum.
double weight_of(const Fold& fold, std::size_t place);

/// What is carried along after a letter. `place` counts from 0, where there is no state yet.
double next_state(const Fold& fold, double state, double letter, std::size_t place);

/// The fold's value on a row of at least one letter.
double value_of(const Fold& fold, std::span<const double> letters);

/// "sum(s)", "sum(s) mod 2", "10*s1 + s2 + 3", ...
std::string text_of(const Fold& fold);

/// One line of JSON, and back.
std::string to_json(const Fold& fold);
base::Result<Fold> fold_from_json(const std::string& text, const std::string& file);

} // namespace ropewalk::rules
