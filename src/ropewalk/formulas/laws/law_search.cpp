#include "ropewalk/formulas/laws/law_search.hpp"

#include "ropewalk/formulas/laws/branch_laws.hpp"
#include "ropewalk/formulas/laws/clamp_laws.hpp"
#include "ropewalk/formulas/laws/curve_laws.hpp"
#include "ropewalk/formulas/laws/description.hpp"
#include "ropewalk/formulas/laws/function_laws.hpp"
#include "ropewalk/formulas/laws/hinge_laws.hpp"
#include "ropewalk/formulas/laws/law_candidates.hpp"
#include "ropewalk/formulas/laws/law_context.hpp"
#include "ropewalk/formulas/laws/oscillation_laws.hpp"
#include "ropewalk/formulas/laws/power_laws.hpp"
#include "ropewalk/formulas/laws/product_laws.hpp"
#include "ropewalk/formulas/laws/remainder_laws.hpp"
#include "ropewalk/formulas/laws/separation.hpp"
#include "ropewalk/formulas/laws/shifted_powers.hpp"
#include "ropewalk/formulas/laws/step_laws.hpp"
#include "ropewalk/formulas/laws/sum_laws.hpp"
#include "ropewalk/formulas/laws/wide_sums.hpp"
#include "ropewalk/formulas/search/search.hpp"

namespace ropewalk::formula {

namespace {

/// One way to look for laws in a part of the problem.
struct Way {
    const char* name;
    void (*look)(const LawContext& context, const Part& part, Candidates& candidates);
    double enough;     ///< bits of an exact law that ends the search after it
    bool before_noise; ///< what it leaves is not yet tested for noise
};

void try_sums(const LawContext& context, const Part& part, Candidates& candidates) {
    candidates.consider(sum_programs(context, part, true), 5);
}

void try_offsets(const LawContext& context, const Part& part, Candidates& candidates) {
    candidates.consider(offset_programs(context, part), 5);
}

void try_other_sums(const LawContext& context, const Part& part, Candidates& candidates) {
    candidates.consider(sum_programs(context, part, false), 5);
}

void try_large_sums(const LawContext& context, const Part& part, Candidates& candidates) {
    candidates.consider(large_sum_programs(context, part), 6);
}

void try_wide_sums(const LawContext& context, const Part& part, Candidates& candidates) {
    candidates.consider(wide_sum_programs(context, part), 5);
}

constexpr Way ways[] = {{"sums of terms", try_sums, short_law, true},
                        {"powers beside a number", try_offsets, long_law, true},
                        {"powers of a variable and a number", try_shifted_powers, long_law, true},
                        {"products", try_products, long_law, true},
                        {"remainders", try_remainders, long_law, true},
                        {"lines that end", try_clamps, long_law, true},
                        {"lines with a jump", try_steps, long_law, true},
                        {"curves", try_curves, long_law, true},
                        {"lines with a bend", try_bends, long_law, true},
                        {"lines on the sides of a condition", try_branches, long_law, true},
                        {"waves", try_oscillations, long_law, true},
                        {"sums out of thousands of terms", try_wide_sums, long_law, true},
                        {"functions of products", try_functions, long_law, false},
                        {"sums through other functions", try_other_sums, long_law, false},
                        {"sums out of many terms", try_large_sums, long_law, false}};

/// The problem without the variables that only scale the target, and the whole of it.
std::vector<Part> parts_of(const LawContext& context) {
    constexpr std::size_t most_rows = 3000;
    const auto rows = screening_rows(context.problem.target.size(), most_rows, context.options.run.seed + 1);
    const auto scaling = scaling_variables(rows_of(context.problem, rows));
    std::vector<Part> parts;
    if (!scaling.empty()) parts.push_back(part_of(context, scaling));
    parts.push_back(part_of(context, {}));
    return parts;
}

} // namespace

std::vector<Found> search_laws(const Problem& problem, const LawOptions& options) {
    const LawContext context(problem, options);
    Candidates candidates(context);
    const auto tell = [&](const char* what) {
        if (options.tell) options.tell(what);
    };
    tell("powers");
    candidates.consider(power_programs(context, part_of(context, {})), 3);
    // Few rows leave everything to noise; many know noise when they see it.
    constexpr std::size_t many_rows = 500;
    const bool many = problem.target.size() >= many_rows;
    if (candidates.enough(short_law) ||
        (many && candidates.is_plain() && candidates.only_noise_left(short_law)))
        return candidates.results();
    const std::vector<Part> parts = parts_of(context);
    for (const Way& way : ways)
        for (const Part& part : parts) {
            if (context.stopped() || part.variables.empty()) continue;
            tell(way.name);
            way.look(context, part, candidates);
            if (candidates.enough(way.enough)) return candidates.results();
            if (!way.before_noise && candidates.only_noise_left(long_law)) return candidates.results();
        }
    return candidates.results();
}

} // namespace ropewalk::formula
