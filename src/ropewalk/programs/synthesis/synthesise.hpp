#pragma once

#include "ropewalk/base/settings.hpp"
#include "ropewalk/programs/synthesis/examples.hpp"

namespace ropewalk::synthesis {

struct SynthesisOptions {
    /// Nothing in the search is drawn, so the seed makes no difference; nor do the threads, but for the time it takes.
    base::Run run{.seconds = 60};
    /// Bytes that the search may hold.
    std::size_t memory = std::size_t{2} << 30;
    /// Names of operators that programs must not use.
    std::vector<std::string> without;
    /// Programs whose operators become cheaper.
    std::vector<functional::Program> fit;
    /// Candidates after which the search ends, a few hundred more or less; 0: none.
    long candidates = 0;

    static constexpr auto fields = base::fields(
        base::group<&SynthesisOptions::run>(),
        base::field<&SynthesisOptions::memory>("memory", "For lists: bytes that the search may hold",
                                               base::within(std::size_t{1} << 24, std::size_t{1} << 40)),
        base::field<&SynthesisOptions::without>("without", "For lists: functions that the program must not use"),
        base::field<&SynthesisOptions::candidates>("candidates", "Candidates after which the search ends; 0: none",
                                                   base::at_least(0L)));
};

/// A program that is right on all examples.
struct Consistent {
    functional::Program program;
    int cost = 0;
};

struct Synthesised {
    /// All that were found, the cheapest first; empty where none was.
    std::vector<Consistent> programs;
    std::vector<functional::Operator> without; ///< operators that programs must not use
    long candidates = 0;
    long kept = 0; ///< of these, expressions that differed from all before
    std::size_t bytes = 0; ///< that the search held in the end
    int level = 0; ///< the cost up to which everything was tried
    double seconds = 0;
    base::StopReason stop_reason = base::StopReason::seconds;
};

/// Searches for programs that are right on all examples: cheaper ones first, all parts told apart by their values
/// on the examples. The same answer for the same examples and options, but for the time that ends it.
///
/// `examples` must hold at least one row, all of the types it names.
Synthesised synthesise(const Examples& examples, const SynthesisOptions& options);

} // namespace ropewalk::synthesis
