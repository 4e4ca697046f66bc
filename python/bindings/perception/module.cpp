// ropewalk._perception: runs that learn to read images, and their readers. A module of its own, as it needs the wing of
// images, which the usual wheel leaves out.
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include "../arrays.hpp"
#include "../errors.hpp"
#include "../long_call.hpp"
#include "ropewalk/formulas/text/text.hpp"
#include "ropewalk/images/perceiving/perceiving.hpp"
#include "ropewalk/images/prediction/prediction.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace ropewalk::python {

namespace {

/// What a run came to, besides what its folder holds.
struct RunAnswer {
    bool decided = false, explained = false, interrupted = false;
    std::string report; ///< as run.json
};

struct RunChoice {
    std::string table;
    std::vector<std::string> image_columns, output_columns;
    std::vector<double> letters;
    std::string alphabet, network, augmentation;
    int operators = 3;
    double holdout = 0.1, scale = 1;
    std::optional<std::size_t> refine_steps;
    std::uint64_t seed = 0;
};

learning::Settings settings_of(const RunChoice& choice) {
    learning::Settings settings;
    settings.images = "manifest";
    settings.data = choice.table;
    settings.network = choice.network;
    settings.augmentation = choice.augmentation;
    settings.alphabet = choice.alphabet;
    settings.letters = choice.letters;
    settings.seed = choice.seed;
    settings.refine_steps = choice.refine_steps;
    settings.operators = choice.operators;
    settings.manifest.image_columns = choice.image_columns;
    settings.manifest.output_columns = choice.output_columns;
    settings.manifest.holdout = choice.holdout;
    settings.manifest.scale = choice.scale;
    return settings;
}

RunAnswer perceive(const RunChoice& choice, const std::string& folder, double seconds,
                   const std::string& device, int threads, nb::object callback) {
    LongCall call(std::move(callback));
    perceiving::PerceiveOptions options;
    options.run.seconds = seconds;
    options.run.threads = threads;
    options.run.progress = call.progress();
    options.run.stop = call.stop();
    options.device = device;
    options.folder = folder;
    options.generalise = false;
    const auto run = value_of(call.run([&] { return perceiving::perceive(settings_of(choice), options); }));
    return {.decided = run.learned.decided,
            .explained = run.learned.decided && run.is_explained(),
            .interrupted = call.interrupted(),
            .report = perceiving::to_json(run)};
}

using Array = nb::ndarray<nb::numpy, double>;

/// Symbols of images and how sure the reader is: probabilities of letters, or deviations where there are none.
std::pair<Array, Array> read(const prediction::Reader& reader, const std::vector<std::string>& files) {
    std::vector<double> symbols, certainties;
    {
        const nb::gil_scoped_release without_lock;
        const auto found = value_of(prediction::read_files(reader, files));
        if (reader.letters.empty()) {
            symbols = found.read.symbols.mean;
            for (const double variance : found.read.symbols.variance)
                certainties.push_back(std::sqrt(variance));
        } else {
            for (const auto& each :
                 perception::likeliest_letters(found.read.probabilities, reader.letters.size())) {
                symbols.push_back(reader.letters[each.letter]);
                certainties.push_back(each.probability);
            }
        }
    }
    const std::size_t images = symbols.size();
    return {array_of(std::move(symbols), {images}), array_of(std::move(certainties), {images})};
}

/// Values [outputs, rows], and their probabilities where the run reads letters.
std::pair<Array, std::optional<Array>> predict(const prediction::Reader& reader, const std::string& table) {
    perception::RowOutputs outputs;
    {
        const nb::gil_scoped_release without_lock;
        outputs = value_of(prediction::predict(reader, table)).outputs;
    }
    const std::size_t tasks = reader.run.outputs.size(), rows = outputs.values.size() / tasks;
    std::optional<Array> probabilities;
    if (!reader.letters.empty()) probabilities = array_of(std::move(outputs.probabilities), {tasks, rows});
    return {array_of(std::move(outputs.values), {tasks, rows}), probabilities};
}

/// Name, rule and words of every output; a rule over rows of any length as it is told.
std::vector<std::tuple<std::string, std::string, std::vector<std::string>>>
outputs_of(const prediction::Reader& reader) {
    std::vector<std::tuple<std::string, std::string, std::vector<std::string>>> all;
    for (const learning::StoredOutput& each : reader.run.outputs) {
        const auto* const program = std::get_if<formula::Program>(&each.rule.program);
        all.emplace_back(each.name, program ? formula::to_infix(*program, {}) : each.text, each.words);
    }
    return all;
}

/// Values of an output as text.
std::vector<std::string> texts_of(const prediction::Reader& reader, std::size_t output, const std::vector<double>& values) {
    std::vector<std::string> texts;
    for (const double value : values)
        texts.push_back(prediction::output_text(reader.run.outputs.at(output), value));
    return texts;
}

void bind_runs(nb::module_& module) {
    nb::class_<RunAnswer>(module, "RunAnswer", "What a run came to, besides what its folder holds.")
        .def_ro("decided", &RunAnswer::decided)
        .def_ro("explained", &RunAnswer::explained)
        .def_ro("interrupted", &RunAnswer::interrupted)
        .def_ro("report", &RunAnswer::report);
    module.def(
        "perceive",
        [](std::string table, std::vector<std::string> image_columns, std::vector<std::string> output_columns,
           std::vector<double> letters, std::string alphabet, std::string network, std::string augmentation, int operators,
           double holdout, double scale, std::optional<std::size_t> refine_steps, std::uint64_t seed,
           const std::string& folder, double seconds, const std::string& device, int threads,
           nb::object callback) {
            const RunChoice choice{std::move(table),   std::move(image_columns), std::move(output_columns),
                                   std::move(letters), std::move(alphabet),      std::move(network),
                                   std::move(augmentation), operators,           holdout,
                                   scale,              refine_steps,             seed};
            return perceive(choice, folder, seconds, device, threads, std::move(callback));
        },
        "table"_a, nb::kw_only(), "image_columns"_a, "output_columns"_a, "letters"_a, "alphabet"_a,
        "network"_a, "augmentation"_a, "operators"_a, "holdout"_a, "scale"_a, "refine_steps"_a.none(), "seed"_a, "folder"_a,
        "seconds"_a, "device"_a, "threads"_a, "callback"_a.none());
}

void bind_readers(nb::module_& module) {
    nb::class_<prediction::Reader>(module, "Reader", "A finished run, opened to read images.")
        .def_prop_ro("letters", [](const prediction::Reader& self) { return self.letters; })
        .def_prop_ro("variables", [](const prediction::Reader& self) { return formula::names_of_variables(self.variables()); },
                     "Names of what the images of a row stand for; none where rows may have any number of images.")
        .def_prop_ro("outputs", outputs_of, "Name, rule and words of every output.")
        .def("texts", texts_of, "output"_a, "values"_a, "Values of an output as text, words where they stand for words.")
        .def("read", read, "files"_a)
        .def("predict", predict, "table"_a);
    module.def(
        "open_run",
        [](const std::string& folder, int threads, const std::string& device) {
            return value_of(prediction::open_run(folder, {.threads = threads, .device = device}));
        },
        "folder"_a, "threads"_a, "device"_a);
}

} // namespace

} // namespace ropewalk::python

NB_MODULE(_perception, module) {
    using namespace ropewalk::python;
    module.doc() = "What `ropewalk.perceive` takes from the C++ library. Use `ropewalk` itself: names here may change.";
    nanobind::set_leak_warnings(false);
    bind_errors(module);
    bind_runs(module);
    bind_readers(module);
}
