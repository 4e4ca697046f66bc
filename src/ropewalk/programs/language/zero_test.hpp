// Comparisons as values that are told apart from 0, which is what jumps test.
#pragma once

#include "ropewalk/programs/language/value_graph.hpp"

namespace ropewalk::language {

/// A value that is 0 exactly when a comparison holds, or exactly when it does not.
struct ZeroTest {
    int node;
    bool zero_means_true;
};

/// The value that tells how a comparison of two nodes comes out, by the cheapest instructions that there are; of two
/// as cheap the one with 0 for the wanted outcome.
ZeroTest zero_test(ValueGraph& values, Operator comparison, int x, int y, bool zero_means_true);

} // namespace ropewalk::language
