#pragma once

namespace ropewalk::base {

/// A share with a confidence interval, all in [0, 1].
struct Proportion {
    int count = 0;
    int total = 0;
    double rate = 0;
    double low = 0;
    double high = 1;
};

/// Wilson's score interval for `count` successes in `total` trials, at 95% unless `z` says otherwise
/// (Wilson 1927). With no trials the rate is 0 and the interval is [0, 1].
Proportion wilson(int count, int total, double z = 1.959963984540054);

} // namespace ropewalk::base
