#pragma once

#include <optional>

#include "ropewalk/programs/synthesis/synthesise.hpp"

namespace ropewalk::synthesis {

/// Another program that the examples allow, and arguments on which the two differ: to know the value there
/// decides between them.
struct Rival {
    functional::Program program;
    std::vector<values::Value> inputs;
    values::Value chosen_value, rival_value;
    int dearer = 0; ///< what it costs more than the program that was chosen
};

/// An example for which alone a program has a branch, or a part with a number of its own, and the program without it, which is
/// right on all others.
struct OddExample {
    functional::Program program;
    std::size_t row = 0;
};

/// Which of the programs that are right on all examples is meant.
struct Choice {
    functional::Program program;
    int cost = 0;
    /// Bits that the outputs of the examples hold, and bits of all programs that were tried: with fewer of the
    /// first, some program fits by accident.
    double output_bits = 0, tried_bits = 0;
    /// The share of weight that says something else, over all inputs that were tried.
    double doubt = 0;
    /// By how much the program is dearer than what was tried in full: others as dear may fit that nobody has seen.
    int beyond = 0;
    /// On so many examples the branch of the program that was needed least was needed, 1 where `odd` says so; all where it has
    /// no branch.
    int support = 0;
    /// Where something is there for one example of five and more: that one may be wrong.
    std::optional<OddExample> odd;
    /// The program of most weight that differs somewhere, though its weight may be small.
    std::optional<Rival> rival;

    /// True where the examples decide: hardly any weight says something else, the program is not much dearer than what was
    /// tried in full, every branch was needed on more than one example, and the outputs hold more than an accident does.
    bool decided() const {
        return doubt < least_doubt && beyond < least_beyond && support >= least_support && output_bits >= tried_bits;
    }
    /// Set on the tasks of docs/results/lists.md.
    static constexpr double least_doubt = 0.05;
    static constexpr int least_beyond = 5, least_support = 2;
};

/// Weighs the programs by their cost, 2^-cost each, and takes the one that says most often what most weight says on inputs
/// like those of the examples. Those that order lists weigh up to 5 bits less where every list of the examples is in order
/// already: who means to sort shows lists that are not. `found` must hold a program.
Choice choose(const Synthesised& found, const Examples& examples, std::uint64_t seed);

} // namespace ropewalk::synthesis
