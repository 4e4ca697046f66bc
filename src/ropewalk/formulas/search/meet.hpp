// Meet in the middle: exact formulas twice as large as those a bank holds.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "ropewalk/formulas/search/column_store.hpp"
#include "ropewalk/formulas/table/table.hpp"

namespace ropewalk::formula {

/// A program that may be exact, to be checked on all rows.
using MeetSink = std::function<void(const Program&)>;

struct MeetOptions {
    int most_operators = 9; ///< of the whole formula
    /// Also y = a * p * q, a * p / q and a * p + c with numbers a and c to be fitted.
    bool constants = false;
    /// About how many lookups may be made: half for remainders with one operator off, the rest for those with
    /// two.
    std::uint64_t lookups = 10'000'000;
    int threads = 0;
    base::Stop stop;
};

/// Looks for y = p o q with p and q in the bank: for every p the q that would be needed, y - p, y + p, y / p
/// or y * p, is looked up by its values on a few rows. The same is tried for what remains of y when one or
/// two operators and small formulas are taken off first, smallest first, up to the limit of lookups. Calls
/// `sink`, in the same order at any number of threads, with every program whose values agree with y on the
/// screening rows to 1e-9 of its largest magnitude; a factor in a * p * q is left out and up to the caller.
/// Returns how many lookups were made.
std::uint64_t meet_in_the_middle(const Bank& bank, const ColumnStore& store, const std::vector<double>& y,
                                 const MeetOptions& options, const MeetSink& sink);

} // namespace ropewalk::formula
