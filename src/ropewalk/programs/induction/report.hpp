#pragma once

#include <array>
#include <span>
#include <string>

#include "ropewalk/programs/induction/induce.hpp"
#include "ropewalk/programs/induction/rebase.hpp"

namespace ropewalk::induction {

/// What a run of `induce` found and how, as one JSON object: task, program, source, certificate, turns, near
/// misses, what the examples leave open, and the program in other bases.
std::string to_json(const Induced& result, const tasks::Task& task, const InduceOptions& options,
                    std::span<const Rebased> bases = {});

/// Near misses and what the examples leave open, as values of the object above; `null` where nothing is open.
std::string near_misses_to_json(const std::vector<search::Candidate>& near_misses);
std::string open_to_json(const search::Choice& choice, const tasks::Task& task);

/// Files that `save` writes: run.json and search.json always, the others where there is a program.
inline constexpr std::array<const char*, 6> file_names{
    "run.json", "program.rope", "program.asm", "weights.safetensors", "certificate.json", "search.json"};

/// Writes a result and its JSON object into a folder, which is made where it is not there. With
/// Overwrite::refuse it fails when a file exists already; with Overwrite::allow files of an earlier run are
/// removed first.
base::Status save(const std::string& folder, const Induced& result, const std::string& json,
                  base::Overwrite overwrite = base::Overwrite::refuse);

} // namespace ropewalk::induction
