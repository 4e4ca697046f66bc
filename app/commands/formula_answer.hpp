// What `ropewalk formula` found in a table, and how it is shown.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/shared/shared.hpp"
#include "ropewalk/formulas/laws/laws.hpp"
#include "ropewalk/formulas/table/table.hpp"

namespace ropewalk::cli {

/// A formula and what it is worth.
struct Judged {
    formula::Found found;
    std::string text;
    std::optional<formula::Fit> held_out;

    const formula::Fit& deciding() const { return held_out ? *held_out : found.fit; }
    bool exact() const { return found.fit.exact && deciding().exact; }
};

/// A constant of a form that was given, with its standard error.
struct FittedConstant {
    std::string name;
    double value = 0, error = 0;
};

struct Answer {
    std::vector<Judged> front;
    std::size_t best = 0;
    std::string reason;
    bool found = false; ///< the best formula explains more than the mean
    bool only_noise_left = false;
    double noise = 0; ///< the best formula's error as a share of the target's spread
    std::size_t rows_held_out = 0;
    bool weighted = false; ///< rows count by weights, given or made by a loss
    std::vector<FittedConstant> constants; ///< of a form that was given
    formula::FormulaReport report;
};

/// The answer, the front, and what was looked at.
void show(const formula::Table& table, const Answer& answer);

/// The object that --json prints, without what only the command knows.
Json to_json(const formula::Table& table, const Answer& answer);

/// Adds `ropewalk formula apply`.
void add_apply(CLI::App& formula, int& exit_code);

} // namespace ropewalk::cli
