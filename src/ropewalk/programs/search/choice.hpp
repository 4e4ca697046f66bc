#pragma once

#include <optional>
#include <span>
#include <vector>

#include "ropewalk/programs/language/language.hpp"
#include "ropewalk/programs/machine/machine.hpp"
#include "ropewalk/programs/search/candidate.hpp"

namespace ropewalk::search {

/// A way to read the examples: what some of the fitting programs do alike on other inputs as well.
struct Reading {
    /// The cheapest of the programs.
    Candidate program;
    /// Share of the weight of all fitting programs.
    double weight = 0;
};

struct Choice {
    /// The most probable first.
    std::vector<Reading> readings;
    /// The most probable reading that ends with another memory than the first one on some input, and such an
    /// input: what is expected of it decides between the two.
    std::size_t rival = 0;
    std::optional<std::vector<int>> deciding_input;
};

/// Weighs programs that are right on every example. The prior of a program is 1 / rank within its sketch, all
/// sketches alike: the more fillings are tried, the likelier one of them fits by accident. A program that
/// reads all the cells that the examples vary counts sixteen times as much as one that reads none, as few
/// people vary what does not matter. Programs that agree on inputs like those of the examples add up: what
/// many sketches say is no accident.
Choice choose(std::span<const Candidate> fits, const language::Machine& machine,
              std::span<const machine::Example> examples, int threads = 0);

} // namespace ropewalk::search
