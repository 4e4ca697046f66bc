// What a search for laws has found: guesses are screened, the best are fitted to all rows, the best of those
// are kept.
#pragma once

#include <limits>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ropewalk/formulas/laws/law_context.hpp"

namespace ropewalk::formula {

/// Bits of a formula that is exact and needs no better one: found early, and found late.
inline constexpr double short_law = 110, long_law = 220;

class Candidates {
public:
    /// Holds the mean of the target, where that has the target's unit. Keeps a reference.
    explicit Candidates(const LawContext& context);

    /// Fits the numbers of programs on the screening rows and takes a closer look at the best few, whose
    /// numbers are fitted to all rows and made simple.
    void consider(std::vector<Program> programs, std::size_t closer = 4);

    /// Whether the best is exact and its formula shorter than this: a sum of many fitted terms may be exact
    /// to rounding and no law.
    bool enough(double most_bits) const;

    /// Whether the best is shorter than this and leaves noise alone.
    bool only_noise_left(double most_bits);

    /// Whether the best has no powers but of whole numbers and halves, and at most one number that is not
    /// simple.
    bool is_plain() const;

    /// At most 60, best described first.
    std::vector<Found> results() const;

private:
    struct Guess;
    void offer(const Program& program);
    /// What the screening rows cannot tell apart is judged by all of them, best first.
    void judge_on_all_rows(std::vector<Guess>& guesses) const;
    /// Bits by which a guess may be wrong.
    double margin() const;
    void offer_mean();

    const LawContext& context_;
    Program judged_; ///< what `leaves_noise_` is about
    bool leaves_noise_ = false;
    std::vector<std::pair<double, Found>> kept_;
    std::set<std::string> looked_at_;
    double best_guess_ = std::numeric_limits<double>::infinity();
};

} // namespace ropewalk::formula
