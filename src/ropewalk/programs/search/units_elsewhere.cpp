#include "ropewalk/programs/search/units_elsewhere.hpp"

#include <algorithm>
#include <optional>

#include "ropewalk/base/json.hpp"
#include "ropewalk/programs/search/growing_banks.hpp"

namespace ropewalk::search {

using Json = nlohmann::ordered_json;

namespace {

tl::unexpected<base::Diagnostics> no_text_of(const char* what) {
    return base::failure(what, "text that is none", "what a search sends");
}

/// Fails as a JSON library does on what lacks something or has it of another kind.
template<class Read>
auto read_json(const std::string& text, const char* what, const Read& read) -> base::Result<decltype(read(Json()))> {
    const auto object = base::parse_json<Json>(text);
    try {
        return read(object);
    } catch (const Json::exception&) {
        return no_text_of(what);
    }
}

UnitsProblem problem_in(const Json& object) {
    UnitsProblem problem;
    object.at("base").get_to(problem.machine.base);
    object.at("cells").get_to(problem.machine.cells);
    object.at("bar").get_to(problem.bar);
    for (const Json& each : object.at("examples")) {
        machine::Example& example = problem.examples.emplace_back();
        each.at(0).get_to(example.memory);
        each.at(1).get_to(example.expected_memory);
    }
    return problem;
}

std::vector<Unit> units_in(const Json& list) {
    std::vector<Unit> units;
    for (const Json& each : list.get_ref<const Json::array_t&>()) {
        Unit& unit = units.emplace_back();
        each.at("sketch").get_to(unit.sketch);
        each.at("cost").get_to(unit.cost);
        each.at("begin").get_to(unit.begin);
        each.at("end").get_to(unit.end);
        for (const Json& level : each.at("levels")) unit.levels.push_back({level.at(0), level.at(1), level.at(2)});
    }
    return units;
}

Json misses_json(const std::vector<Miss>& misses) {
    Json list = Json::array();
    for (const Miss& miss : misses) list.push_back({miss.right, miss.whole_cells, miss.behaviour, miss.index});
    return list;
}

std::vector<Miss> misses_in(const Json& list) {
    std::vector<Miss> misses;
    for (const Json& each : list) misses.push_back({each.at(0), each.at(1), each.at(2), each.at(3)});
    return misses;
}

bool fits_machine(const UnitsProblem& problem) {
    const auto [base, cells] = problem.machine;
    if (base < 2 || base > 64 || cells < 1 || cells > base || problem.examples.empty()) return false;
    const auto within = [&](const std::vector<int>& values, std::size_t least, int lowest) {
        return values.size() >= least && values.size() <= static_cast<std::size_t>(cells) &&
               std::all_of(values.begin(), values.end(), [&](int value) { return value >= lowest && value < base; });
    };
    return std::all_of(problem.examples.begin(), problem.examples.end(), [&](const machine::Example& example) {
        return within(example.memory, static_cast<std::size_t>(cells), 0) &&
               within(example.expected_memory, 0, machine::not_scored);
    });
}

} // namespace

/// The banks, on examples that stay where they are.
struct UnitWorker::State {
    explicit State(UnitsProblem given)
        : problem(std::move(given)), options(),
          banks({.machine = problem.machine, .costs = options.costs, .functions = options.functions}, problem.examples),
          packed(problem.machine, problem.examples), untouched(untouched_by(packed)) {}

    /// Whether the unit's fillings are those of its sketch's banks, grown as far as its cost asks.
    bool prepare(const Unit& unit) {
        if (unit.sketch >= options.sketches.size() || unit.cost < 0 || unit.cost > 1000) return false;
        const Sketch& sketch = options.sketches[unit.sketch];
        banks.prepare(sketch, options.costs.of_sketch(sketch.name, sketch.size), unit.cost);
        const auto of_holes = banks.banks_of(sketch);
        if (unit.levels.size() != of_holes.size()) return false;
        std::uint64_t total = 1;
        for (std::size_t h = 0; h < of_holes.size(); ++h) {
            const HoleBank::Level& level = unit.levels[h];
            if (level.begin >= level.end || level.end > of_holes[h]->size()) return false;
            total *= level.end - level.begin;
        }
        return unit.begin <= unit.end && unit.end <= total;
    }

    UnitsProblem problem;
    SearchOptions options;
    GrowingBanks banks;
    PackedExamples packed;
    Untouched untouched;
};

UnitWorker::UnitWorker(std::unique_ptr<State> state) : state_(std::move(state)) {}
UnitWorker::UnitWorker(UnitWorker&&) noexcept = default;
UnitWorker::~UnitWorker() = default;

base::Result<UnitWorker> UnitWorker::make(const std::string& text) {
    auto problem = read_json(text, "problem of a search", problem_in);
    if (!problem) return base::failure(problem.error());
    if (!fits_machine(*problem)) return no_text_of("problem of a search");
    return UnitWorker(std::make_unique<State>(std::move(*problem)));
}

base::Result<std::string> UnitWorker::run(const std::string& text, int threads, const base::Stop& stop) {
    const auto units = read_json(text, "units of a search", units_in);
    if (!units) return base::failure(units.error());
    std::vector<std::optional<SketchCode>> codes(state_->options.sketches.size());
    for (const Unit& unit : *units) {
        if (!state_->prepare(unit)) return no_text_of("units of a search");
        if (codes[unit.sketch]) continue;
        auto code = translate(state_->options.sketches[unit.sketch], state_->problem.machine);
        if (!code) return base::failure(code.error());
        codes[unit.sketch] = std::move(*code);
    }
    std::vector<Outcome> outcomes(units->size());
    std::vector<std::vector<const HoleBank*>> banks;
    for (const Unit& unit : *units) banks.push_back(state_->banks.banks_of(state_->options.sketches[unit.sketch]));
    base::parallel_for(units->size(), threads, [&](std::size_t u) {
        const Unit& unit = (*units)[u];
        UnitRunner runner(*codes[unit.sketch], banks[u], unit, state_->packed, state_->untouched, state_->problem.bar);
        outcomes[u] = runner.run(stop);
    });
    Json list = Json::array();
    for (const Outcome& outcome : outcomes)
        list.push_back({{"candidates", outcome.candidates},
                        {"right", outcome.right},
                        {"misses", misses_json(outcome.misses)},
                        {"first_parts", misses_json(outcome.first_parts)}});
    return base::json_text(list);
}

std::vector<std::span<const Unit>> groups_of(std::span<const Unit> units, std::uint64_t candidates) {
    std::vector<std::span<const Unit>> groups;
    for (std::size_t first = 0; first < units.size();) {
        std::size_t last = first;
        std::uint64_t sum = 0;
        while (last < units.size() && sum < candidates) {
            sum += units[last].end - units[last].begin;
            ++last;
        }
        groups.push_back(units.subspan(first, last - first));
        first = last;
    }
    return groups;
}

std::string to_json(const UnitsProblem& problem) {
    Json examples = Json::array();
    for (const machine::Example& each : problem.examples) examples.push_back({each.memory, each.expected_memory});
    return base::json_text(Json{{"base", problem.machine.base},
                                {"cells", problem.machine.cells},
                                {"bar", problem.bar},
                                {"examples", examples}});
}

std::string to_json(std::span<const Unit> units) {
    Json list = Json::array();
    for (const Unit& unit : units) {
        Json levels = Json::array();
        for (const HoleBank::Level& level : unit.levels) levels.push_back({level.cost, level.begin, level.end});
        list.push_back({{"sketch", unit.sketch}, {"cost", unit.cost}, {"begin", unit.begin}, {"end", unit.end}, {"levels", levels}});
    }
    return base::json_text(list);
}

base::Result<std::vector<Outcome>> parse_outcomes(const std::string& text) {
    return read_json(text, "answer to units", [](const Json& list) {
        std::vector<Outcome> outcomes;
        for (const Json& each : list.get_ref<const Json::array_t&>()) {
            Outcome& outcome = outcomes.emplace_back();
            each.at("candidates").get_to(outcome.candidates);
            each.at("right").get_to(outcome.right);
            outcome.misses = misses_in(each.at("misses"));
            outcome.first_parts = misses_in(each.at("first_parts"));
        }
        return outcomes;
    });
}

} // namespace ropewalk::search
