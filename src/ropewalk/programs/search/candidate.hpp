#pragma once

#include <cstdint>
#include <string>

#include "ropewalk/programs/language/language.hpp"

namespace ropewalk::search {

/// A program the search came across.
struct Candidate {
    language::Program program;
    std::string sketch;
    int cost = 0;
    /// Share of the scored cells that are right, over all examples.
    double score = 0;
    /// Its place among the candidates of its sketch, the cheapest being number 1.
    std::uint64_t rank = 0;
};

} // namespace ropewalk::search
