// Array programs: what is read can be printed and read again; evaluated and lowered it computes the same.
#include "ropewalk/programs/language/language.hpp"
#include "ropewalk/programs/machine/machine.hpp"
#include "tests/fuzz/fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace ropewalk;
    const auto program = language::parse(fuzz::text_of(data, size), "fuzz");
    if (!program) return fuzz::refused(program.error());
    const std::string printed = language::to_string(*program);
    const auto again = language::parse(printed, "printed");
    fuzz::holds(again && language::to_string(*again) == printed, "a printed program is the program");
    const language::Machine machine{7, 5};
    const std::vector<int> memory{3, 0, 6, 1, 2};
    const auto evaluated = language::evaluate(*program, machine, memory, 500);
    const auto lowered = language::lower(*program, {.machine = machine});
    if (!evaluated || !lowered) return 0;
    constexpr long patience = 2'000'000;
    const auto state = machine::run_exact(*lowered, memory, {}, lowered->steps.value_or(patience));
    if (lowered->steps || state.halted)
        fuzz::holds(state.memory == *evaluated, "a lowered program computes what the evaluator does");
    return 0;
}
