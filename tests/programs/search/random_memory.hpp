// Memories and small specifications for tests of the search.
#pragma once

#include <functional>
#include <vector>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/search/search.hpp"

namespace ropewalk::search {

inline std::vector<int> random_memory(const language::Machine& machine, base::RandomStream& random) {
    std::vector<int> memory;
    for (int cell = 0; cell < machine.cells; ++cell)
        memory.push_back(static_cast<int>(random.below(static_cast<unsigned>(machine.base))));
    return memory;
}

/// What a function makes of random memories.
inline Specification specification_by(const language::Machine& machine, int examples,
                                      const std::function<std::vector<int>(std::vector<int>)>& expected,
                                      std::uint64_t seed = 1) {
    Specification specification{.machine = machine, .examples = {}};
    base::RandomStream random(seed, base::Purpose::test);
    for (int i = 0; i < examples; ++i) {
        const std::vector<int> memory = random_memory(machine, random);
        specification.examples.push_back({.memory = memory,
                                          .registers = {},
                                          .expected_memory = expected(memory),
                                          .expected_registers = {}});
    }
    return specification;
}

/// What a program makes of random memories.
inline Specification specification_by(const language::Machine& machine, int examples, const char* program,
                                      std::uint64_t seed = 1) {
    return specification_by(
        machine, examples,
        [source = language::parse(program, "test").value(), machine](const std::vector<int>& memory) {
            return language::evaluate(source, machine, memory).value();
        },
        seed);
}

} // namespace ropewalk::search
