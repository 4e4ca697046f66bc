// Programs over lists: as values, and from examples. Values cross as JSON text, which the library checks.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nanobind/operators.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "bindings.hpp"
#include "errors.hpp"
#include "long_call.hpp"
#include "ropewalk/programs/exports/exports.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace ropewalk::python {

namespace {

using functional::Program;
using synthesis::Examples;

/// What a search for a program over lists found.
struct ListAnswer {
    synthesis::Synthesised found;
    std::optional<synthesis::Choice> choice;
    bool interrupted = false;
};

std::vector<std::string> texts_of(const std::vector<values::Value>& values) {
    std::vector<std::string> texts;
    for (const values::Value& each : values) texts.push_back(values::to_text(each));
    return texts;
}

std::string run(const Program& program, const std::vector<std::string>& arguments) {
    std::vector<values::Value> inputs;
    for (std::size_t i = 0; i < arguments.size(); ++i)
        inputs.push_back(value_of(values::parse_value(arguments[i], "argument " + std::to_string(i + 1))));
    if (inputs.size() != program.parameters.size())
        fail("arguments", std::to_string(inputs.size()), std::to_string(program.parameters.size()));
    LongCall call;
    return values::to_text(value_of(call.run([&] { return functional::run(program, inputs); })));
}

ListAnswer synthesise(const Examples& examples, double seconds, std::size_t memory,
                      const std::vector<std::string>& without, std::uint64_t seed, int threads,
                      nb::object callback) {
    for (const std::string& name : without)
        if (!functional::operator_named(name))
            fail("without", base::quoted(name), "names of functions such as sort");
    LongCall call(std::move(callback));
    const synthesis::SynthesisOptions options{.run = {.seed = seed,
                                                      .threads = threads,
                                                      .seconds = seconds,
                                                      .progress = call.progress(),
                                                      .stop = call.stop()},
                                              .memory = memory,
                                              .without = without};
    ListAnswer answer = call.run([&] {
        ListAnswer found{.found = synthesis::synthesise(examples, options), .choice = {}};
        if (!found.found.programs.empty()) found.choice = synthesis::choose(found.found, examples, seed);
        return found;
    });
    answer.interrupted = call.interrupted();
    return answer;
}

std::vector<std::pair<std::string, std::string>> parameters_of(const Program& program) {
    std::vector<std::pair<std::string, std::string>> parameters;
    for (const functional::Parameter& each : program.parameters)
        parameters.emplace_back(each.name, values::to_string(each.type));
    return parameters;
}

void bind_program(nb::module_& module) {
    nb::class_<Program>(module, "ListProgram",
                        "A typed program over whole numbers, truth values, texts and lists.")
        .def_static(
            "parse",
            [](const std::string& text, const std::string& file) {
                return value_of(functional::parse(text, file));
            },
            "text"_a, "file"_a = "<text>")
        .def_prop_ro("parameters", parameters_of, "Names and types.")
        .def_prop_ro(
            "result", [](const Program& self) { return values::to_string(self.result); },
            "Type of the value.")
        .def("simplified", [](const Program& self) { return functional::simplify(self); })
        .def("run", run, "arguments"_a, "The value for these arguments, all as JSON.")
        .def("__str__", [](const Program& self) { return functional::to_string(self); })
        .def(nb::self == nb::self, nb::sig("def __eq__(self, arg: object, /) -> bool"));
    nb::class_<Examples>(module, "ListExamples", "Arguments and values, with names and types.")
        .def_static(
            "parse",
            [](const std::string& text, const std::string& file) {
                return value_of(synthesis::parse_examples(text, file));
            },
            "text"_a, "file"_a)
        .def("__len__", [](const Examples& self) { return self.rows.size(); });
}

void bind_answer(nb::module_& module) {
    nb::class_<synthesis::Rival>(module, "Rival")
        .def_ro("program", &synthesis::Rival::program)
        .def_prop_ro("inputs", [](const synthesis::Rival& self) { return texts_of(self.inputs); })
        .def_prop_ro("chosen_value",
                     [](const synthesis::Rival& self) { return values::to_text(self.chosen_value); })
        .def_prop_ro("rival_value",
                     [](const synthesis::Rival& self) { return values::to_text(self.rival_value); });
    nb::class_<synthesis::Choice>(module, "Choice")
        .def_ro("program", &synthesis::Choice::program)
        .def_ro("cost", &synthesis::Choice::cost)
        .def_prop_ro("decided", &synthesis::Choice::decided)
        .def_ro("output_bits", &synthesis::Choice::output_bits)
        .def_ro("tried_bits", &synthesis::Choice::tried_bits)
        .def_ro("rival", &synthesis::Choice::rival);
    nb::class_<ListAnswer>(module, "ListAnswer")
        .def_ro("choice", &ListAnswer::choice)
        .def_prop_ro("candidates", [](const ListAnswer& self) { return self.found.candidates; })
        .def_prop_ro("seconds", [](const ListAnswer& self) { return self.found.seconds; })
        .def_prop_ro("stop_reason",
                     [](const ListAnswer& self) {
                         return stop_word(self.found.stop_reason, self.interrupted, "found");
                     })
        .def_ro("interrupted", &ListAnswer::interrupted);
}

} // namespace

void bind_lists(nb::module_& module) {
    bind_program(module);
    bind_answer(module);
    module.def("synthesise", synthesise, "examples"_a, nb::kw_only(), "seconds"_a, "memory"_a, "without"_a,
               "seed"_a, "threads"_a, "callback"_a.none());
    module.def("list_program_to_python", exports::to_python, "program"_a, "examples"_a);
    module.def("list_program_to_c", exports::to_c, "program"_a, "examples"_a);
}

} // namespace ropewalk::python
