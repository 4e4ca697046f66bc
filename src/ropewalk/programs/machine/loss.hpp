#pragma once

namespace ropewalk::machine {

/// The composite loss of one run (eq. 10-12), a weighted sum; a mean over examples is taken outside.
struct Loss {
    enum class Correctness {
        cross_entropy, ///< mean over scored positions of -log(P[expected] + 1e-6)
        squared_error, ///< mean over scored positions of |P - onehot(expected)|^2 (Bunel et al. 2016)
        mistakes       ///< share of scored positions where another value is at least as probable as the
                       ///< expected one: 0 exactly where a run is right. Its gradient is zero
    };

    Correctness correctness = Correctness::cross_entropy;
    /// Weights of the memory's and of the registers' correctness.
    double memory = 1;
    double registers = 1;
    /// Weight of the mean over steps of 1 - H_t: prefers programs that halt early.
    double efficiency = 0;
    /// Weight of sum over t of (H_t - H_{t-1}) times the correctness after step t: being right when halting
    /// (Bunel et al. 2016).
    double confidence = 0;
    /// Weight of 1 - H_T: having halted at the end (Bunel et al. 2016).
    double halting = 0;

    friend bool operator==(const Loss&, const Loss&) = default;
};

/// Cross-entropy on the final state, as in Saldyt.
constexpr Loss default_loss() { return {}; }

/// Squared error of the final state. It is bounded: an answer that is sure and right on most examples costs
/// less than one that hedges on all of them, which under cross-entropy is the other way round.
constexpr Loss squared_loss() { return {.correctness = Loss::Correctness::squared_error}; }

/// Share of wrong outputs: what a run is judged by.
constexpr Loss mistakes() { return {.correctness = Loss::Correctness::mistakes}; }

/// The four-part loss of Bunel et al. 2016 with equal weights on correctness and confidence.
constexpr Loss anc_loss() {
    return {.correctness = Loss::Correctness::squared_error,
            .memory = 1,
            .registers = 1,
            .efficiency = 0.1,
            .confidence = 1,
            .halting = 0.1};
}

/// Added inside the logarithm of the cross-entropy, so that a probability of 0 costs 13.8 and not infinity.
constexpr double probability_floor = 1e-6;

} // namespace ropewalk::machine
