#pragma once

#include <cstddef>
#include <functional>

namespace ropewalk::base {

/// Number of threads the machine offers, at least 1.
int available_threads();

/// Calls `body(i)` for every i in 0..count-1 on at most `threads` threads (0: all the machine offers) and
/// returns when all are done. Order and interleaving are free, so `body` writes only to what belongs to i.
/// Calls that have not started when `body` throws are skipped and the exception is passed on.
void parallel_for(std::size_t count, int threads, const std::function<void(std::size_t)>& body);

} // namespace ropewalk::base
