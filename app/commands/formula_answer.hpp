// What `ropewalk formula` found in a table, and how it is shown.
#pragma once

#include "app/shared/shared.hpp"
#include "ropewalk/formulas/laws/laws.hpp"
#include "ropewalk/formulas/table/table.hpp"

namespace ropewalk::cli {

/// The answer, the front, and what was looked at.
void show_answer(const formula::Table& table, const formula::Explanation& answer);

/// The object that --json prints, without what only the command knows.
Json answer_json(const formula::Table& table, const formula::Explanation& answer);

/// Adds `ropewalk formula apply`.
void add_apply(CLI::App& formula, int& exit_code);

} // namespace ropewalk::cli
