// The least of a function of one number between two others.
#pragma once

#include <functional>

namespace ropewalk::formula {

/// A place and the error there.
struct LeastError {
    double place = 0, error = 0;
};

/// The least error met by golden-section search between `low` and `high` (Kiefer 1953), which takes 2 + `steps` errors: the
/// least of all between them where there is only one valley.
LeastError least_between(double low, double high, int steps, const std::function<double(double)>& error);

} // namespace ropewalk::formula
