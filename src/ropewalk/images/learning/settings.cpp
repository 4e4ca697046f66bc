#include "ropewalk/images/learning/settings.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ropewalk/base/json.hpp"
#include "ropewalk/base/settings_json.hpp"
#include "ropewalk/formulas/search/search.hpp"
#include "ropewalk/images/datasets/datasets.hpp"
#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/networks/networks.hpp"

namespace ropewalk::learning {

using Json = nlohmann::ordered_json;

std::string to_json(const Settings& settings) {
    Json json = base::settings_to_json(settings);
    if (settings.letters.empty()) json.erase("letters");
    if (settings.ranks == 0) json.erase("ranks");
    return base::json_text(json);
}

base::Result<Settings> settings_from_json(const std::string& text, const std::string& file) {
    const Json stored = base::parse_json<Json>(text);
    if (!stored.is_object() || !stored.contains("images") || !stored.contains("seed"))
        return base::failure(file, "no settings of a run", "a file written by `ropewalk perceive`");
    return base::settings_from_json<Settings>(stored, file);
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

/// A setting, or what it is where it is left open: the images of a manifest differ more than those that ship.
std::string decided(const std::string& setting, const Settings& settings, const char* of_manifest, const char* of_others) {
    return setting != "auto" ? setting : settings.images == "manifest" ? of_manifest : of_others;
}

perception::NetworkOptions::Kind network_of(const Settings& settings) {
    using Kind = perception::NetworkOptions::Kind;
    const std::string network = decided(settings.network, settings, "medium", "small");
    return network == "resnet18" ? Kind::resnet : network == "medium" ? Kind::medium : Kind::small;
}

/// As the setting says; the search through formulas sees no image turned.
void augment(LearnOptions& options, const Settings& settings) {
    const std::string chosen = decided(settings.augmentation, settings, "affine", "shift");
    for (perception::BatchOptions* batch : {&options.search_batch, &options.refine_batch, &options.reading_batch}) {
        datasets::Augmentation& augmentation = batch->augmentation;
        if (chosen == "none") augmentation = {};
        if (chosen != "affine" || batch == &options.search_batch) continue;
        augmentation.turn = 0.2;
        augmentation.stretch = 0.12;
        augmentation.slant = 0.15;
    }
}

} // namespace

LearnOptions learn_options_of(const Settings& settings) {
    LearnOptions options;
    options.refine_steps = settings.refine_steps;
    options.ranks = settings.ranks;
    options.settings = to_json(settings);
    if (!settings.consensus) options.consensus_interval = 0;
    if (settings.start != "auto") options.start = settings.start == "table" ? Start::table : Start::network;
    if (settings.alphabet == "any") options.alphabet = identification::AlphabetPrior::any;
    for (const double letter : settings.letters) options.letters.push_back(letter / settings.manifest.scale);
    options.network.width = settings.width;
    options.network.cifar_stem = settings.stem == "cifar";
    if (settings.precision == "bfloat16") options.network.precision = perception::Precision::bfloat16;
    options.network.kind = network_of(settings);
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
    augment(options, settings);
    return options;
}

} // namespace ropewalk::learning
