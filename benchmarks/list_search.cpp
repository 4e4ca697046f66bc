// Candidates a second of the search over lists, on examples that no program explains: nothing ends the search before it
// has tried as many as it is asked for. `bytes` is what a candidate that is kept takes, its lists included.
#include <benchmark/benchmark.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/synthesis/synthesis.hpp"

namespace {

using namespace ropewalk;

/// Examples of the types `shape` names (`l` a list, `i` a number; the last is the value), all drawn.
synthesis::Examples unexplainable(const std::string& shape, int rows) {
    synthesis::Examples examples;
    base::RandomStream random(3, base::Purpose::test);
    const auto type_of = [](char letter) { return values::Type{values::Kind::integer, letter == 'l' ? 1 : 0}; };
    const auto drawn = [&](values::Type type) {
        if (!type.is_list()) return values::whole_number(static_cast<std::int64_t>(random.below(20)));
        std::vector<std::int64_t> numbers(3 + random.below(6));
        for (std::int64_t& each : numbers) each = static_cast<std::int64_t>(random.below(20));
        return values::list_of(numbers);
    };
    for (std::size_t i = 0; i + 1 < shape.size(); ++i) examples.parameters.push_back({"x" + std::to_string(i), type_of(shape[i])});
    examples.result = type_of(shape.back());
    for (int row = 0; row < rows; ++row) {
        synthesis::Example example;
        for (const auto& each : examples.parameters) example.inputs.push_back(drawn(each.type));
        example.output = drawn(examples.result);
        examples.rows.push_back(std::move(example));
    }
    return examples;
}

void list_candidates(benchmark::State& state, const std::string& shape, int rows, int threads) {
    const auto examples = unexplainable(shape, rows);
    long tried = 0;
    for (auto _ : state)
        tried += synthesis::synthesise(examples, {.run = {.threads = threads}, .candidates = 4'000'000}).candidates;
    state.SetItemsProcessed(tried);
}

const bool registered = [] {
    for (const int threads : {1, 2})
        for (const char* shape : {"ll", "li", "lll", "lil"}) {
            const std::string name = std::string("list_candidates/") + shape + "/rows:5/threads:" + std::to_string(threads);
            benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) { list_candidates(state, shape, 5, threads); })
                ->Unit(benchmark::kMillisecond)
                ->UseRealTime();
        }
    return true;
}();

} // namespace
