// What a proposer is taught with: formulas drawn by how badly they are known, and examples of them.
#pragma once

#include "ropewalk/formulas/search/search.hpp"
#include "ropewalk/images/networks/networks.hpp"
#include "ropewalk/images/proposing/amortise.hpp"
#include "ropewalk/images/proposing/symbol_rows.hpp"

namespace ropewalk::proposing {

/// Draws the steps' formulas and examples. What a step draws depends on seed, step and the losses told so
/// far.
class Lessons {
public:
    /// `formulas[t]` is task t's formula; the examples read are copied.
    Lessons(const Curriculum& curriculum, const formula::Pool& pool, const perception::ProgramCode& code,
            std::vector<std::size_t> formulas, ReadExamples read, const AmortiseOptions& options,
            std::uint64_t seed);

    /// Fails when a formula of the pool does not fit the code, or no row was read.
    base::Status check() const;

    struct Lesson {
        std::vector<std::size_t> formulas; ///< indices into the pool
        perception::Examples examples;
        std::vector<std::int64_t> tokens; ///< [formulas, lines]
    };
    Lesson draw(std::uint64_t step) const;

    /// What the formulas of a lesson cost; those of large losses come up more often.
    void tell(const Lesson& lesson, std::span<const float> losses);

    /// Latest losses of all formulas of the pool, for checkpoints.
    const std::vector<float>& losses() const { return losses_; }
    void restore(std::vector<float> losses) { losses_ = std::move(losses); }

private:
    std::vector<std::size_t> drawn_formulas(base::RandomStream& random) const;
    void add_read(Lesson& lesson, std::size_t formula, base::RandomStream& random) const;
    void add_dreamt(Lesson& lesson, std::size_t formula, base::RandomStream& random) const;

    const AmortiseOptions& options_;
    const formula::Pool& pool_;
    std::uint64_t seed_;
    std::vector<std::size_t> taught_, wider_;        ///< of the problem's pool, and beyond
    std::vector<std::vector<std::size_t>> tasks_of_; ///< per formula
    std::vector<std::vector<int>> codes_;            ///< per formula; empty where it has none
    ReadExamples read_;
    std::vector<float> losses_;
};

} // namespace ropewalk::proposing
