// Candidate programs a second of the enumeration, on examples no program explains: every candidate of the
// fragment runs until it is wrong, and none ends the search. `allocations` is per candidate.
#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <new>

#include <benchmark/benchmark.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/search/search.hpp"

namespace {

std::atomic<std::uint64_t> allocations = 0;

} // namespace

// Not inlined, or the compiler takes free for the wrong partner of new.
[[gnu::noinline]] void* operator new(std::size_t size) {
    allocations.fetch_add(1, std::memory_order_relaxed);
    if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
    throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace {

using namespace ropewalk;

/// Inputs and outputs that have nothing to do with each other.
search::Specification unexplainable(int number_base, int cells) {
    search::Specification specification{.machine = {number_base, cells}};
    base::RandomStream random(1, ropewalk::base::Purpose::test);
    for (int example = 0; example < 24; ++example) {
        machine::Example each;
        for (auto* list : {&each.memory, &each.expected_memory})
            for (int i = 0; i < cells; ++i)
                list->push_back(static_cast<int>(random.below(static_cast<std::uint32_t>(number_base))));
        specification.examples.push_back(std::move(each));
    }
    return specification;
}

void candidates(benchmark::State& state, int number_base, int cells, const std::vector<std::string>& names,
                int threads) {
    const search::Specification specification = unexplainable(number_base, cells);
    search::SearchOptions options{.run = {.threads = threads}, .programs = std::uint64_t{1} << 23};
    if (!names.empty()) {
        std::erase_if(options.sketches, [&](const search::Sketch& sketch) {
            return std::find(names.begin(), names.end(), sketch.name) == names.end();
        });
    }
    std::uint64_t tried = 0, before = allocations;
    for (auto _ : state) tried += search::enumerate(specification, options)->candidates;
    state.SetItemsProcessed(static_cast<std::int64_t>(tried));
    state.counters["allocations"] = static_cast<double>(allocations - before) / static_cast<double>(tried);
}

const std::vector<std::string> map_fold{"map", "map with index", "zip", "fold", "scan"};

const bool registered = [] {
    const auto add = [](const char* fragment, int number_base, int cells,
                        const std::vector<std::string>& names, int threads) {
        const std::string name = std::string("candidates/") + fragment + "/b" + std::to_string(number_base) +
                                 "_m" + std::to_string(cells) + "/threads:" + std::to_string(threads);
        benchmark::RegisterBenchmark(
            name.c_str(),
            [=](benchmark::State& state) { candidates(state, number_base, cells, names, threads); })
            ->Unit(benchmark::kMillisecond)
            ->UseRealTime();
    };
    for (const int threads : {1, 2}) {
        add("map_fold", 8, 4, map_fold, threads);
        add("map_fold", 8, 8, map_fold, threads);
        add("map_fold", 16, 16, map_fold, threads);
        add("all_sketches", 8, 4, {}, threads);
    }
    return true;
}();

} // namespace
