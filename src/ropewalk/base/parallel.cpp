#include "ropewalk/base/parallel.hpp"

#include <algorithm>

#include <oneapi/tbb/info.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>

namespace ropewalk::base {

int available_threads() { return std::max(1, tbb::info::default_concurrency()); }

void parallel_for(std::size_t count, int threads, const std::function<void(std::size_t)>& body) {
    if (threads == 1 || count <= 1) {
        for (std::size_t i = 0; i < count; ++i) body(i);
        return;
    }
    // More threads than the machine has would bring no speed and a warning of oneTBB's on standard error.
    tbb::task_arena arena(threads > 0 ? std::min(threads, available_threads()) : tbb::task_arena::automatic);
    arena.execute([&] {
        // One index per task: bodies are long (a block of restarts), so balance matters more than overhead.
        tbb::parallel_for(
            tbb::blocked_range<std::size_t>(0, count, 1),
            [&](const tbb::blocked_range<std::size_t>& range) {
                for (std::size_t i = range.begin(); i != range.end(); ++i) body(i);
            },
            tbb::simple_partitioner{});
    });
}

} // namespace ropewalk::base
