#include "ropewalk/base/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include <oneapi/tbb/info.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>

namespace ropewalk::base {

int available_threads() { return std::max(1, tbb::info::default_concurrency()); }

namespace {

#ifdef __SANITIZE_THREAD__
/// The plain version: the thread sanitizer does not see what oneTBB, which is not built with it, orders.
void spread(std::size_t count, int threads, const std::function<void(std::size_t)>& body) {
    std::atomic<std::size_t> next = 0;
    std::exception_ptr thrown;
    std::mutex one_at_a_time;
    const auto work = [&] {
        for (std::size_t i = next++; i < count; i = next++) {
            try {
                body(i);
            } catch (...) {
                const std::lock_guard lock(one_at_a_time);
                thrown = thrown ? thrown : std::current_exception();
                next = count;
            }
        }
    };
    std::vector<std::jthread> others(std::min(count, static_cast<std::size_t>(threads)) - 1);
    for (std::jthread& each : others) each = std::jthread(work);
    work();
    others.clear();
    if (thrown) std::rethrow_exception(thrown);
}
#else
void spread(std::size_t count, int threads, const std::function<void(std::size_t)>& body) {
    tbb::task_arena arena(threads);
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
#endif

} // namespace

void parallel_for(std::size_t count, int threads, const std::function<void(std::size_t)>& body) {
    if (threads == 1 || count <= 1) {
        for (std::size_t i = 0; i < count; ++i) body(i);
        return;
    }
    // More threads than the machine has would bring no speed and a warning of oneTBB's on standard error.
    spread(count, threads > 0 ? std::min(threads, available_threads()) : available_threads(), body);
}

} // namespace ropewalk::base
