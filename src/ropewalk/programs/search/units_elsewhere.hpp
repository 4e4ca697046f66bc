// Units of an enumeration run by other processes, which build the same banks.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "ropewalk/programs/language/language.hpp"
#include "ropewalk/programs/machine/machine.hpp"
#include "ropewalk/programs/search/enumerate.hpp"
#include "ropewalk/programs/search/unit_runner.hpp"

namespace ropewalk::search {

/// What the outcome of a unit depends on, for the library's own sketches, functions and costs.
struct UnitsProblem {
    language::Machine machine;
    std::vector<machine::Example> examples; ///< in the order in which the search runs them
    int bar = 0;                            ///< see UnitRunner
};

/// Neighbours among the units, each group with about so many candidates: what is sent at once.
std::vector<std::span<const Unit>> groups_of(std::span<const Unit> units, std::uint64_t candidates);

/// Those who run units that they are sent: they keep the banks of the last examples, which take the longest.
class UnitWorker {
public:
    /// The problem as `to_json` writes it. Fails on what is none.
    static base::Result<UnitWorker> make(const std::string& problem);
    UnitWorker(UnitWorker&&) noexcept;
    ~UnitWorker();

    /// Units as text, and what came of them as text. Fails on what are no units of this problem.
    base::Result<std::string> run(const std::string& units, int threads, const base::Stop& stop);

private:
    struct State;
    explicit UnitWorker(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

std::string to_json(const UnitsProblem& problem);
std::string to_json(std::span<const Unit> units);
base::Result<std::vector<Outcome>> parse_outcomes(const std::string& json);

} // namespace ropewalk::search
