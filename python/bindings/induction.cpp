// Assembly programs found by search and tuning in turns.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "bindings.hpp"
#include "elsewhere.hpp"
#include "errors.hpp"
#include "long_call.hpp"
#include "ropewalk/programs/induction/induction.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace ropewalk::python {

namespace {

/// What is sent at once: about a tenth of a second's candidates.
constexpr std::uint64_t candidates_of_group = std::uint64_t{1} << 17;

struct InductionAnswer {
    induction::Induced found;
    bool interrupted = false;
};

search::UnitsElsewhere sent_by(const nb::object& elsewhere, const base::Stop& stop) {
    return [&elsewhere, stop](const search::UnitsProblem& problem, std::span<const search::Unit> units) {
        std::vector<std::string> texts;
        for (const auto& group : search::groups_of(units, candidates_of_group)) texts.push_back(search::to_json(group));
        std::vector<search::Outcome> outcomes;
        for (const std::string& answer : answers_of(elsewhere, search::to_json(problem), texts, stop))
            for (search::Outcome& outcome : value_of(search::parse_outcomes(answer))) outcomes.push_back(std::move(outcome));
        return outcomes;
    };
}

InductionAnswer induce(const tasks::Task& task, std::uint64_t programs, bool tune, double seconds, std::uint64_t seed,
                       int threads, nb::object callback, const nb::object& elsewhere) {
    LongCall call(std::move(callback));
    induction::InduceOptions options{.run = {.seed = seed,
                                             .threads = threads,
                                             .seconds = seconds,
                                             .progress = call.progress(),
                                             .stop = call.stop()},
                                     .programs = programs,
                                     .tune = tune};
    if (!elsewhere.is_none()) options.search_options.elsewhere = sent_by(elsewhere, call.stop());
    InductionAnswer answer{value_of(call.run([&] { return induction::induce(task, options); }))};
    answer.interrupted = call.interrupted();
    return answer;
}

std::string units_run(search::UnitWorker& worker, const std::string& units, int threads) {
    LongCall call;
    auto answer = value_of(call.run([&] { return worker.run(units, threads, call.stop()); }));
    if (call.interrupted()) throw Interrupted{};
    return answer;
}

} // namespace

void bind_induction(nb::module_& module) {
    nb::class_<InductionAnswer>(module, "InductionAnswer")
        .def_prop_ro("program", [](const InductionAnswer& self) { return self.found.program; })
        .def_prop_ro("source",
                     [](const InductionAnswer& self) {
                         return self.found.source ? std::optional(language::to_string(*self.found.source)) : std::nullopt;
                     })
        .def_prop_ro("machine", [](const InductionAnswer& self) { return self.found.weights; })
        .def_prop_ro("certificate",
                     [](const InductionAnswer& self) {
                         return self.found.certificate ? std::optional(tuning::to_json(*self.found.certificate)) : std::nullopt;
                     })
        .def_prop_ro("found_by", [](const InductionAnswer& self) { return self.found.found_by; })
        .def_prop_ro("candidates", [](const InductionAnswer& self) { return self.found.candidates; })
        .def_prop_ro("seconds", [](const InductionAnswer& self) { return self.found.seconds; })
        .def_prop_ro("stop_reason",
                     [](const InductionAnswer& self) {
                         return stop_word(self.found.stop_reason, self.interrupted, "found");
                     })
        .def_ro("interrupted", &InductionAnswer::interrupted);
    module.def("induce", induce, "task"_a, nb::kw_only(), "programs"_a, "tune"_a, "seconds"_a, "seed"_a, "threads"_a,
               "callback"_a.none(), "elsewhere"_a = nb::none());
    nb::class_<search::UnitWorker>(module, "UnitWorker", "Runs units of a search for assembly programs.")
        .def(
            "__init__",
            [](search::UnitWorker* self, const std::string& problem) {
                new (self) search::UnitWorker(value_of(search::UnitWorker::make(problem)));
            },
            "problem"_a)
        .def("run", units_run, "units"_a, nb::kw_only(), "threads"_a);
}

} // namespace ropewalk::python
