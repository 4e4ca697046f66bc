#include "ropewalk/images/learning/settings.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "ropewalk/formulas/search/search.hpp"
#include "ropewalk/images/datasets/datasets.hpp"
#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/networks/networks.hpp"

namespace ropewalk::learning {

using Json = nlohmann::ordered_json;

std::string to_json(const Settings& settings) {
    Json json{{"images", settings.images},
              {"data", settings.data},
              {"tasks", settings.tasks},
              {"network", settings.network},
              {"width", settings.width},
              {"stem", settings.stem},
              {"precision", settings.precision},
              {"start", settings.start},
              {"alphabet", settings.alphabet},
              {"seed", settings.seed},
              {"refine_steps", settings.refine_steps ? Json(*settings.refine_steps) : Json()},
              {"consensus", settings.consensus},
              {"private_images", settings.private_images},
              {"operators", settings.operators},
              {"image_columns", settings.manifest.image_columns},
              {"output_columns", settings.manifest.output_columns},
              {"holdout", settings.manifest.holdout},
              {"scale", settings.manifest.scale}};
    if (!settings.letters.empty()) json["letters"] = settings.letters;
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

namespace {

/// Fails unless every value is one that `perceive` takes.
base::Result<Settings> checked(const Settings& settings, const std::string& file) {
    base::Diagnostics errors;
    const auto expect = [&](bool fits, const std::string& found, const std::string& expected) {
        if (!fits) errors.push_back({.file = file, .found = found, .expected = expected});
    };
    const auto expect_one_of = [&](const char* name, const std::string& value,
                                   const std::vector<std::string>& names) {
        expect(std::find(names.begin(), names.end(), value) != names.end(),
               fmt::format("{} {}", name, base::quoted(value)),
               fmt::format("one of {}", fmt::join(names, ", ")));
    };
    expect_one_of("images", settings.images, {"glyphs", "mnist", "cifar10", "manifest"});
    expect_one_of("network", settings.network, network_names);
    expect_one_of("stem", settings.stem, stem_names);
    expect_one_of("precision", settings.precision, precision_names);
    expect_one_of("start", settings.start, start_names);
    expect_one_of("alphabet", settings.alphabet, alphabet_names);
    expect(settings.tasks > 0, fmt::format("tasks {}", settings.tasks), "1 or more");
    expect(settings.width >= 1 && settings.width <= 512, fmt::format("width {}", settings.width), "1 to 512");
    expect(settings.operators >= 1 && settings.operators <= 5,
           fmt::format("operators {}", settings.operators), "1 to 5");
    expect(settings.manifest.scale > 0, fmt::format("scale {}", settings.manifest.scale), "above 0");
    if (!errors.empty()) return base::failure(std::move(errors));
    return settings;
}

} // namespace

base::Result<Settings> settings_from_json(const std::string& text, const std::string& file) {
    try {
        const Json stored = Json::parse(text);
        Settings settings{.images = stored.at("images"),
                          .data = stored.at("data"),
                          .tasks = stored.at("tasks"),
                          .network = stored.at("network"),
                          .width = stored.at("width"),
                          .stem = stored.at("stem"),
                          .precision = stored.value("precision", "float32"),
                          .start = stored.value("start", "auto"),
                          .alphabet = stored.value("alphabet", "even"),
                          .seed = stored.at("seed"),
                          .refine_steps = std::nullopt,
                          .consensus = stored.value("consensus", true)};
        if (!stored.at("refine_steps").is_null())
            settings.refine_steps = stored.at("refine_steps").get<std::size_t>();
        settings.letters = stored.value("letters", settings.letters);
        settings.private_images = stored.value("private_images", settings.private_images);
        settings.operators = stored.value("operators", settings.operators);
        perception::ManifestOptions& manifest = settings.manifest;
        manifest.image_columns = stored.value("image_columns", manifest.image_columns);
        manifest.output_columns = stored.value("output_columns", manifest.output_columns);
        manifest.holdout = stored.value("holdout", manifest.holdout);
        manifest.scale = stored.value("scale", manifest.scale);
        return checked(settings, file);
    } catch (const Json::exception&) {
        return base::failure(file, "no settings of a run", "a file written by `ropewalk perceive`");
    }
}

base::Result<datasets::Dataset> dataset_of(const Settings& settings, int threads) {
    if (settings.images == "glyphs" && !settings.data.empty())
        return base::failure("setting `data`",
                             base::quoted(settings.data) + " with setting `images` glyphs, which are drawn",
                             "setting `images` mnist or cifar10, or no setting `data`");
    if (settings.images == "glyphs")
        return datasets::draw_glyphs({.seed = settings.seed, .threads = threads});
    if (settings.images != "mnist" && settings.images != "cifar10")
        return base::failure("setting `images`", base::quoted(settings.images), "glyphs, mnist or cifar10");
    if (settings.data.empty())
        return base::failure("setting `data`", "no folder",
                             "the folder with the files of " + settings.images);
    return settings.images == "mnist" ? datasets::read_mnist(settings.data)
                                      : datasets::read_cifar10(settings.data);
}

namespace {

/// Fails unless the pool has so many formulas; said before any image is read.
base::Status checked_tasks(const Settings& settings) {
    const auto pool =
        formula::formula_pool({.variables = 3, .operators = settings.operators, .with_zero = false});
    if (!pool) return base::failure(pool.error());
    if (settings.tasks < 1 || settings.tasks > pool->formulas.size())
        return base::failure("setting `tasks`", std::to_string(settings.tasks),
                             fmt::format("1 to {}, as many formulas of up to {} operators there are",
                                         pool->formulas.size(), settings.operators));
    return {};
}

} // namespace

base::Result<perception::Problem> problem_of(const Settings& settings, int threads) {
    if (auto fit = checked_letters(learn_options_of(settings)); !fit)
        return base::failure(std::move(fit.error()));
    if (settings.images == "manifest")
        return perception::read_manifest(settings.data, settings.manifest, settings.operators, settings.seed);
    if (const auto fits = checked_tasks(settings); !fits) return base::failure(fits.error());
    auto dataset = dataset_of(settings, threads);
    if (!dataset) return base::failure(dataset.error());
    return perception::make_problem(std::move(*dataset), {.tasks = settings.tasks,
                                                          .operators = settings.operators,
                                                          .seed = settings.seed,
                                                          .private_images = settings.private_images});
}

namespace {

/// A step takes some of the tasks with a few images each, and all tasks have their turn in a round of steps.
void use_private_images(LearnOptions& options, std::size_t tasks) {
    for (perception::BatchOptions* batch : {&options.search_batch, &options.refine_batch}) {
        batch->tasks = std::min<std::size_t>(tasks, 32);
        batch->images = 8;
        batch->rows = 64;
    }
    const std::size_t round = (tasks - 1) / options.search_batch.tasks + 1;
    // A step tells less of the symbols than one whose rows all tasks share.
    options.annealing.steps *= 2;
    options.least_steps *= 2;
    options.settle_steps = std::max(options.settle_steps, 15 * round);
}

} // namespace

LearnOptions learn_options_of(const Settings& settings) {
    LearnOptions options;
    options.refine_steps = settings.refine_steps;
    options.settings = to_json(settings);
    if (!settings.consensus) options.consensus_interval = 0;
    if (settings.start != "auto") options.start = settings.start == "table" ? Start::table : Start::network;
    if (settings.alphabet == "any") options.alphabet = identification::AlphabetPrior::any;
    for (const double letter : settings.letters) options.letters.push_back(letter / settings.manifest.scale);
    options.network.width = settings.width;
    options.network.cifar_stem = settings.stem == "cifar";
    if (settings.precision == "bfloat16") options.network.precision = perception::Precision::bfloat16;
    if (settings.network == "resnet18") options.network.kind = perception::NetworkOptions::Kind::resnet;
    if (settings.images == "cifar10") {
        options.search_batch = {.images = 128, .rows = 384, .augmentation = {.shift = 4, .mirror = true}};
        options.refine_batch = options.search_batch;
        options.reading_batch.augmentation = options.search_batch.augmentation;
        options.refine_learning_rate = options.reading_learning_rate = 1e-3;
        options.annealing = {.first = 0.3, .last = 0.03, .steps = 200};
    }
    if (settings.images == "manifest") {
        for (perception::BatchOptions* batch :
             {&options.search_batch, &options.refine_batch, &options.reading_batch, &options.consensus_batch})
            batch->rows = 64;
        // Fewer rows a step than can be formed from images: at 3e-3 a network that had found all formulas
        // forgets them in one run of ten.
        options.refine_learning_rate = 1e-3;
        constexpr std::size_t few_tasks = 10;
        if (settings.tasks < few_tasks) options.searches = 3;
    }
    if (settings.private_images) use_private_images(options, settings.tasks);
    return options;
}

} // namespace ropewalk::learning
