#include "ropewalk/perception/settings.hpp"

#include <nlohmann/json.hpp>

#include "ropewalk/perception/cifar10.hpp"
#include "ropewalk/perception/glyphs.hpp"
#include "ropewalk/perception/idx.hpp"

namespace ropewalk::perception {

using Json = nlohmann::ordered_json;

std::string to_json(const Settings& settings) {
    return Json{{"images", settings.images},
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
                {"consensus", settings.consensus}}
        .dump();
}

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
        return settings;
    } catch (const Json::exception&) {
        return base::failure(file, "no settings of a run", "a file written by `ropewalk perceive`");
    }
}

namespace {

base::Result<Dataset> dataset_of(const Settings& settings, int threads) {
    if (settings.images == "glyphs") return draw_glyphs({.seed = settings.seed, .threads = threads});
    if (settings.images != "mnist" && settings.images != "cifar10")
        return base::failure("--images", base::quoted(settings.images), "glyphs, mnist or cifar10");
    if (settings.data.empty())
        return base::failure("--data", "no folder", "the folder with the files of " + settings.images);
    return settings.images == "mnist" ? read_mnist(settings.data) : read_cifar10(settings.data);
}

} // namespace

base::Result<Problem> problem_of(const Settings& settings, int threads) {
    if (settings.tasks < 1) return base::failure("--tasks", "0", "at least 1");
    auto dataset = dataset_of(settings, threads);
    if (!dataset) return base::failure(dataset.error());
    return make_problem(std::move(*dataset), {.tasks = settings.tasks, .seed = settings.seed});
}

LearnOptions learn_options_of(const Settings& settings) {
    LearnOptions options;
    options.refine_steps = settings.refine_steps;
    options.settings = to_json(settings);
    if (!settings.consensus) options.consensus_interval = 0;
    if (settings.start != "auto") options.start = settings.start == "table" ? Start::table : Start::network;
    if (settings.alphabet == "any") options.alphabet = AlphabetPrior::any;
    options.network.width = settings.width;
    options.network.cifar_stem = settings.stem == "cifar";
    if (settings.precision == "bfloat16") options.network.precision = Precision::bfloat16;
    if (settings.network == "resnet18") options.network.kind = NetworkOptions::Kind::resnet;
    if (settings.images == "cifar10") {
        options.search_batch = {.images = 128, .rows = 384, .augmentation = {.shift = 4, .mirror = true}};
        options.refine_batch = options.search_batch;
        options.reading_batch.augmentation = options.search_batch.augmentation;
        options.refine_learning_rate = options.reading_learning_rate = 1e-3;
        options.annealing = {.first = 0.3, .last = 0.03, .steps = 200};
    }
    return options;
}

} // namespace ropewalk::perception
