// How likely a fold makes an output where letters are uncertain, exactly, by dynamic programming over what the
// fold carries along.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "ropewalk/images/rules/fold.hpp"

namespace ropewalk::rules {

/// All ways of a fold through rows of one length to one value: the states that it can be in after each letter
/// and can still reach the value from.
struct Trellis {
    struct Step {
        std::uint32_t from, to; ///< numbers of states before and after the letter
        std::uint32_t letter;
    };
    std::vector<std::size_t> order;           ///< places in the order in which they are visited
    std::vector<std::vector<Step>> steps;     ///< [places visited]
    std::vector<std::uint32_t> states;        ///< [places visited + 1], how many
    std::size_t size() const;
};

/// Empty, without steps, where no row has the value. Sums visit places of small weights first: after the units
/// the carry is all that is left to know.
Trellis trellis_of(const Fold& fold, std::span<const double> letters, std::size_t places, double value);

/// Likelihoods of one fold with whole numbers for letters. It keeps what one row's answer leaves for the next
/// question, so one thread at a time may ask.
class FoldLikelihood {
public:
    /// `letters` are whole numbers; an output is `unit` times what the fold makes of them, but for its constant,
    /// which is in the outputs' own units.
    FoldLikelihood(Fold fold, std::vector<double> letters, double unit = 1);

    /// Probability that a row has the output, `probabilities[i][k]` being that of letter k at place i.
    double probability(std::span<const double* const> probabilities, double output) const;

    /// Adds to shares[i][k], `factor` times, the probability that the row asked about last has its output and
    /// letter k at place i. `probabilities` are the same again.
    void add_shares(std::span<const double* const> probabilities, double factor,
                    std::span<double* const> shares) const;

    std::size_t letters() const { return letters_.size(); }
    const std::vector<double>& letter_values() const { return letters_; }
    double unit() const { return unit_; }
    const Fold& fold() const { return fold_; }

private:
    double probability_of_sum(std::span<const double* const> probabilities, long target) const;
    void add_shares_of_sum(std::span<const double* const> probabilities, double factor,
                           std::span<double* const> shares) const;
    const Trellis& trellis(std::size_t places, double value) const;

    Fold fold_;
    std::vector<double> letters_;
    double unit_;
    bool plain_sum_;
    long lowest_ = 0, range_ = 0;  ///< of the letters
    std::vector<std::size_t> steps_; ///< of the letters, above the lowest
    mutable std::vector<double> ahead_, behind_, next_;
    mutable std::vector<std::size_t> starts_; ///< of layers in ahead_
    mutable const Trellis* last_ = nullptr;
    mutable long target_ = -1; ///< sum above the least one; -1: no row has the output
    mutable std::map<std::pair<std::size_t, double>, std::unique_ptr<Trellis>> known_;
    mutable std::size_t known_size_ = 0;
};

/// The same plainly, by way of all rows of letters.
double plain_probability(const Fold& fold, std::span<const double> letters, double unit,
                         std::span<const double* const> probabilities, double output);

} // namespace ropewalk::rules
