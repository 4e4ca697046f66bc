// The formulas that a search keeps, by size.
#pragma once

#include <map>
#include <vector>

#include "ropewalk/formulas/table/table.hpp"

namespace ropewalk::formula {

/// The best described formula of every size, as far as larger ones have smaller errors.
class Collection {
public:
    /// Formulas with more operators are not taken; 0: any are.
    explicit Collection(int most_operators) : most_operators_(most_operators) {}

    void offer(const Found& found);
    std::vector<Found> front() const;
    const Found* best() const;

private:
    int most_operators_ = 0;
    std::map<std::int64_t, Found> by_size_;
};

} // namespace ropewalk::formula
