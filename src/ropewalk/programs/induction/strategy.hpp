// The ways to look for a program, which take turns.
#pragma once

#include <memory>
#include <vector>

#include "ropewalk/programs/induction/findings.hpp"

namespace ropewalk::induction {

/// A step of gradient descent on one example takes about as long as so many programs of a search, with what
/// comes behind it: judging, repair and certificates.
constexpr double step_work = 4;

/// Looks for a program, turn by turn, each larger than the last.
class Strategy {
public:
    virtual ~Strategy() = default;

    /// Gain it is credited with before it has shown any: its share of the budget while none gains anything.
    virtual double credit() const = 0;

    /// One turn. What it finds goes to the findings, what it did is returned; its time is the caller's to take.
    virtual base::Result<Turn> turn(Findings& findings) = 0;

    /// Whether another turn would only do the same again.
    virtual bool is_exhausted() const { return false; }
};

/// Programs of one sketch: search::enumerate.
std::unique_ptr<Strategy> enumeration();

/// Programs of two parts: a second part behind first parts of enumeration and behind tuned programs.
std::unique_ptr<Strategy> sequences();

/// Near misses with one or two edits, exactly.
std::unique_ptr<Strategy> repair_of_near_misses();

/// Near misses as templates: descend, harden, repair, certify.
std::unique_ptr<Strategy> tuning_of_templates();

} // namespace ropewalk::induction
