// Formulas: straight-line programs as values, text in and out, the search for them.
#include <string>
#include <tuple>
#include <vector>

#include <nanobind/operators.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include "arrays.hpp"
#include "bindings.hpp"
#include "errors.hpp"
#include "elsewhere.hpp"
#include "long_call.hpp"
#include "ropewalk/formulas/laws/laws.hpp"
#include "ropewalk/formulas/text/text.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace ropewalk::python {

namespace {

/// A front and the formula on it to believe.
struct FormulaAnswer {
    formula::Explanation explanation;
    bool interrupted = false;
};

/// Operator, the two slots that it reads, and its number if it is a constant.
using PlainLine = std::tuple<std::string, int, int, double>;

formula::Program program_of(int variables, const std::vector<PlainLine>& lines, int result_variable) {
    formula::Program program{.variables = variables, .lines = {}, .result_variable = result_variable};
    for (const auto& [name, left, right, value] : lines) {
        const auto operation = formula::operator_named(name);
        if (!operation) fail("formula", "the operator " + base::quoted(name), "one that formulas have");
        program.lines.push_back({*operation, left, right, value});
    }
    if (!formula::valid(program))
        fail("formula", "lines that read what is not before them", "a straight-line program");
    return program;
}

std::vector<PlainLine> lines_of(const formula::Program& program) {
    std::vector<PlainLine> lines;
    for (const formula::Line& line : program.lines)
        lines.emplace_back(formula::info(line.operation).name, line.left, line.right, line.value);
    return lines;
}

std::string text_of(const formula::Program& program, const std::vector<std::string>& names,
                    const std::string& target, const std::string& notation) {
    const auto known = formula::notation_named(notation);
    if (!known) fail("notation", base::quoted(notation), "infix, python, c, sympy, latex or json");
    return formula::to_text(program, {names, target}, *known);
}

void check_width(const formula::Program& program, const Matrix& inputs) {
    if (inputs.shape(1) != static_cast<std::size_t>(program.variables))
        fail("X", std::to_string(inputs.shape(1)) + " columns", std::to_string(program.variables));
}

nb::ndarray<nb::numpy, double> evaluated(const formula::Program& program, const Matrix& inputs) {
    check_width(program, inputs);
    const std::size_t rows = inputs.shape(0);
    std::vector<double> values(rows);
    {
        const nb::gil_scoped_release without_lock;
        std::vector<double> row(inputs.shape(1));
        for (std::size_t r = 0; r < rows; ++r) {
            for (std::size_t v = 0; v < row.size(); ++v) row[v] = inputs(r, v);
            values[r] = formula::evaluate(program, row);
        }
    }
    return array_of(std::move(values), {rows});
}

formula::Fit fit_to(const formula::Program& program, const Matrix& inputs, const Column& target) {
    check_width(program, inputs);
    return formula::fit_of(formula::evaluate(program, columns_of(inputs)), values_of(target));
}

std::optional<formula::Unit> unit_of(const std::optional<std::string>& text) {
    if (!text) return std::nullopt;
    return value_of(formula::parse_unit(*text));
}

formula::Problem problem_of(const Matrix& inputs, const Column& target, const std::optional<Column>& weights,
                            const std::vector<std::string>& units,
                            const std::optional<std::string>& target_unit) {
    formula::Problem problem{.inputs = columns_of(inputs),
                             .target = values_of(target),
                             .units = {},
                             .target_unit = unit_of(target_unit)};
    if (weights) problem.weights = values_of(*weights);
    for (const std::string& unit : units) problem.units.push_back(*unit_of(unit));
    return problem;
}

/// Slices go to `elsewhere(problem, slices, stopped)` as text, and come back from it as text. The search calls it from its
/// own thread.
formula::ScanElsewhere sent_by(const nb::object& elsewhere, const base::Stop& stop) {
    return [&elsewhere, stop](const formula::ScanProblem& problem, const std::vector<formula::ScanSlice>& slices) {
        std::vector<std::string> texts;
        for (const formula::ScanSlice& slice : slices) texts.push_back(formula::to_json(slice));
        std::vector<formula::ScanFound> found;
        for (const std::string& answer : answers_of(elsewhere, formula::to_json(problem), texts, stop))
            found.push_back(value_of(formula::parse_scan_found(answer)));
        return found;
    };
}

FormulaAnswer search(const Matrix& inputs, const Column& target, const std::optional<Column>& weights,
                     const std::vector<std::string>& units, const std::optional<std::string>& target_unit,
                     const std::optional<std::string>& operators, const std::string& functions,
                     std::optional<int> most_operators, bool exact_only, const std::string& loss, double seconds,
                     std::size_t memory, std::uint64_t seed, int threads, nb::object callback, nb::object elsewhere,
                     std::uint64_t slice_scores) {
    const formula::Problem problem = problem_of(inputs, target, weights, units, target_unit);
    formula::ExplainOptions options =
        value_of(formula::narrowed_options({operators, functions, exact_only, most_operators}));
    const auto chosen_loss = formula::losses.value(loss);
    if (!chosen_loss) fail("loss", base::quoted(loss), formula::losses.expected());
    options.loss = *chosen_loss;
    LongCall call(std::move(callback));
    options.search.run.seconds = seconds;
    options.search.memory = memory;
    options.search.run.seed = seed;
    options.search.run.threads = threads;
    options.search.run.progress = call.progress();
    options.search.run.stop = call.stop();
    options.search.slice_scores = slice_scores;
    if (!elsewhere.is_none()) options.search.elsewhere = sent_by(elsewhere, call.stop());
    FormulaAnswer found{value_of(call.run([&] { return formula::explain(problem, options); }))};
    found.interrupted = call.interrupted();
    return found;
}

std::string scanned(formula::ScanWorker& worker, const std::string& slice, int threads) {
    LongCall call;
    auto answer = value_of(call.run([&] { return worker.scan(slice, threads, call.stop()); }));
    if (call.interrupted()) throw Interrupted{};
    return answer;
}

void bind_values(nb::module_& module) {
    nb::class_<formula::Program>(module, "StraightLine",
                                 "A formula as lines, each an operator on variables and earlier lines.")
        .def(
            "__init__",
            [](formula::Program* self, int variables, const std::vector<PlainLine>& lines,
               int result_variable) {
                new (self) formula::Program(program_of(variables, lines, result_variable));
            },
            "variables"_a, "lines"_a, "result_variable"_a = 0)
        .def_ro("variables", &formula::Program::variables)
        .def_ro("result_variable", &formula::Program::result_variable)
        .def_prop_ro("lines", lines_of)
        .def_prop_ro("operators", [](const formula::Program& self) { return formula::size(self).operators; })
        .def("evaluate", evaluated, "inputs"_a.noconvert(), "Values [rows] for inputs [rows, variables].")
        .def("fit", fit_to, "inputs"_a.noconvert(), "target"_a.noconvert())
        .def("text", text_of, "names"_a, "target"_a, "notation"_a)
        .def("simplified", &formula::simplified)
        .def(nb::self == nb::self, nb::sig("def __eq__(self, arg: object, /) -> bool"));
    nb::class_<formula::Fit>(module, "Fit", "How well a formula explains a column.")
        .def_ro("rmse", &formula::Fit::rmse)
        .def_ro("max_error", &formula::Fit::max_error)
        .def_ro("r2", &formula::Fit::r2)
        .def_ro("exact", &formula::Fit::exact);
    nb::class_<formula::Found>(module, "Found", "A formula of a front.")
        .def_ro("program", &formula::Found::program)
        .def_ro("operators", &formula::Found::operators)
        .def_ro("fit", &formula::Found::fit);
}

void bind_search(nb::module_& module) {
    nb::class_<FormulaAnswer>(module, "FormulaAnswer", "What a search for formulas found.")
        .def_prop_ro("front", [](const FormulaAnswer& self) { return self.explanation.report.front; })
        .def_prop_ro("best", [](const FormulaAnswer& self) { return self.explanation.best; })
        .def_prop_ro("reason", [](const FormulaAnswer& self) { return self.explanation.reason; })
        .def_prop_ro("found", [](const FormulaAnswer& self) { return self.explanation.found; })
        .def_prop_ro("candidates",
                     [](const FormulaAnswer& self) { return self.explanation.report.candidates; })
        .def_prop_ro("seconds", [](const FormulaAnswer& self) { return self.explanation.report.seconds; })
        .def_prop_ro("completed_operators",
                     [](const FormulaAnswer& self) { return self.explanation.report.completed_operators; })
        .def_prop_ro("stop_reason",
                     [](const FormulaAnswer& self) {
                         return stop_word(self.explanation.report.stop_reason, self.interrupted,
                                          self.explanation.ended_in_noise() ? "noise" : "exact");
                     })
        .def_ro("interrupted", &FormulaAnswer::interrupted);
    module.def("search_formulas", search, "inputs"_a.noconvert(), "target"_a.noconvert(), nb::kw_only(),
               "weights"_a.none().noconvert(), "units"_a, "target_unit"_a.none(), "operators"_a.none(), "functions"_a,
               "most_operators"_a.none(), "exact_only"_a, "loss"_a, "seconds"_a, "memory"_a, "seed"_a, "threads"_a,
               "callback"_a.none(), "elsewhere"_a = nb::none(), "slice_scores"_a = formula::SearchOptions().slice_scores);
    nb::class_<formula::ScanWorker>(module, "ScanWorker", "Scores slices of a search for formulas.")
        .def(
            "__init__",
            [](formula::ScanWorker* self, const std::string& problem) {
                new (self) formula::ScanWorker(value_of(formula::ScanWorker::make(problem)));
            },
            "problem"_a)
        .def("run", scanned, "slice"_a, nb::kw_only(), "threads"_a);
}

} // namespace

void bind_formulas(nb::module_& module) {
    bind_values(module);
    bind_search(module);
    module.def(
        "parse_formula",
        [](const std::string& text, const std::vector<std::string>& names) {
            return value_of(formula::parse_formula(text, names));
        },
        "text"_a, "names"_a);
    module.def("formula_functions", [] {
        std::vector<std::string> names;
        for (const formula::OperatorInfo& each : formula::operators())
            if (each.arity > 0 && each.operation != formula::Operator::no_operation)
                names.emplace_back(each.name);
        return names;
    });
    module.def(
        "identifiers",
        [](const std::vector<std::string>& names) {
            return formula::identifiers(names, formula::Notation::python);
        },
        "names"_a, "Names that Python takes as they are, all different.");
}

} // namespace ropewalk::python
