#include "papers/results/manifests.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "papers/results/manifests_state.hpp"
#include "papers/shared/shared.hpp"
#include "ropewalk/base/json.hpp"
#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/formulas/search/search.hpp"
#include "ropewalk/formulas/text/text.hpp"
#include "ropewalk/images/datasets/datasets.hpp"
#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/judging/judging.hpp"
#include "ropewalk/images/learning/learning.hpp"

namespace ropewalk::papers {

namespace {

constexpr std::size_t image_count = 5000;

/// What an image of a manifest stands for.
double symbol_of(const ManifestKind& kind, std::uint8_t label) {
    return kind.digits ? label % 10 : label / 10.0;
}

/// [rows, variables]
base::Result<std::vector<std::uint32_t>> draw_images(const ManifestKind& kind, std::size_t images,
                                                     base::RandomStream& random) {
    const std::size_t wanted = kind.rows * kind.variables;
    std::vector<std::uint32_t> drawn;
    if (!kind.digits) {
        for (std::size_t i = 0; i < wanted; ++i)
            drawn.push_back(random.below(static_cast<std::uint32_t>(images)));
        return drawn;
    }
    if (images < wanted)
        return base::failure("images", std::to_string(images),
                             fmt::format("at least {}, each for one row", wanted));
    drawn.resize(images);
    std::iota(drawn.begin(), drawn.end(), 0u);
    for (std::size_t i = 0; i < wanted; ++i) std::swap(drawn[i], drawn[i + random.below64(images - i)]);
    drawn.resize(wanted);
    return drawn;
}

/// Indices of the kind's formulas in the pool.
base::Result<std::vector<std::size_t>> formulas_behind(const ManifestKind& kind, const formula::Pool& pool,
                                                       std::uint64_t seed) {
    if (kind.formulas.empty()) return formula::draw_tasks(pool, kind.drawn, seed);
    std::vector<std::size_t> found;
    for (const char* text : kind.formulas) {
        const auto program = formula::parse_formula(text, formula::names_of_variables(2));
        if (!program) return base::failure(program.error());
        for (std::size_t f = 0; f < pool.formulas.size(); ++f)
            if (formula::same_function(pool.formulas[f], *program).value_or(false)) found.push_back(f);
    }
    return found;
}

base::Result<ManifestRun> measure(const ManifestKind& kind, const datasets::Images& images,
                                  std::uint64_t seed, const ManifestTableOptions& options,
                                  const base::ProgressSink& progress) {
    const auto drawn = draw_manifest(kind, images, seed);
    if (!drawn) return base::failure(drawn.error());
    learning::Settings settings{.images = "manifest", .tasks = drawn->formulas.size()};
    settings.refine_steps = options.steps;
    learning::LearnOptions learn = learning::learn_options_of(settings);
    learn.run.seconds = options.seconds;
    learn.run.threads = options.run.threads;
    learn.run.stop = options.run.stop;
    learn.run.progress = progress;
    const auto learned = learning::learn(drawn->problem, learn);
    if (!learned) return base::failure(learned.error());
    const std::vector<std::size_t> formulas = identification::formulas_of(learned->decisions);
    const auto judgement = perception::judge_given(drawn->problem, *learned->engine, formulas);
    if (!judgement) return base::failure(judgement.error());
    ManifestRun run{.kind = kind.name, .seed = seed, .tasks = formulas.size()};
    for (std::size_t t = 0; t < formulas.size(); ++t) {
        run.formulas_right += formulas[t] == drawn->formulas[t];
        run.found += (t > 0 ? "; " : "") + formula::written_text(drawn->problem.pool.formulas[formulas[t]]);
    }
    run.mirror_image = learned->letters && learned->letters->mirror_image == drawn->formulas;
    run.exact = std::accumulate(judgement->exact.begin(), judgement->exact.end(), 0.0) /
                static_cast<double>(formulas.size());
    run.search_seconds = learned->search_seconds;
    run.seconds = learned->seconds;
    return run;
}

base::Result<std::vector<ManifestKind>> kinds_of(const std::vector<std::string>& names) {
    if (names.empty()) return manifest_kinds();
    std::vector<ManifestKind> kinds;
    for (const std::string& name : names) {
        const auto known = std::find_if(manifest_kinds().begin(), manifest_kinds().end(),
                                        [&](const ManifestKind& kind) { return name == kind.name; });
        if (known == manifest_kinds().end()) {
            std::vector<const char*> all;
            for (const ManifestKind& kind : manifest_kinds()) all.push_back(kind.name);
            return base::failure("--kinds", base::quoted(name),
                                 fmt::format("some of {}", fmt::join(all, ", ")));
        }
        kinds.push_back(*known);
    }
    return kinds;
}

} // namespace

const std::vector<ManifestKind>& manifest_kinds() {
    static const std::vector<ManifestKind> kinds{
        {.name = "sum", .rows = 2500, .formulas = {"s1 + s2"}},
        {.name = "product", .rows = 2500, .formulas = {"s1 * s2"}},
        {.name = "difference", .rows = 2500, .formulas = {"s1 - s2"}},
        {.name = "sum-and-product", .rows = 2500, .formulas = {"s1 + s2", "s1 * s2"}},
        {.name = "1-output", .variables = 3, .rows = 1500, .digits = false, .formulas = {}, .drawn = 1},
        {.name = "2-outputs", .variables = 3, .rows = 1500, .digits = false, .formulas = {}, .drawn = 2},
        {.name = "5-outputs", .variables = 3, .rows = 1500, .digits = false, .formulas = {}, .drawn = 5},
        {.name = "20-outputs", .variables = 3, .rows = 1500, .digits = false, .formulas = {}, .drawn = 20}};
    return kinds;
}

base::Result<DrawnManifest> draw_manifest(const ManifestKind& kind, const datasets::Images& images,
                                          std::uint64_t seed) {
    const perception::GivenOptions options{.scale = kind.digits ? 10.0 : 1.0, .seed = seed};
    auto problem = perception::make_given_problem(kind.variables, options);
    if (!problem) return base::failure(problem.error());
    auto formulas = formulas_behind(kind, problem->pool, seed);
    if (!formulas) return base::failure(formulas.error());
    base::RandomStream random(seed, base::Purpose::table_rows);
    auto drawn = draw_images(kind, images.count(), random);
    if (!drawn) return base::failure(drawn.error());
    perception::GivenData data{
        .images = images, .files = {}, .rows = {.rows = kind.rows, .images = *drawn, .y = {}}, .outputs = {}};
    std::vector<double> symbols;
    for (const std::uint32_t image : *drawn) symbols.push_back(symbol_of(kind, images.labels[image]));
    for (std::size_t t = 0; t < formulas->size(); ++t) {
        data.outputs.push_back(fmt::format("y{}", t + 1));
        for (std::size_t n = 0; n < kind.rows; ++n)
            data.rows.y.push_back(
                formula::evaluate(problem->pool.formulas[(*formulas)[t]],
                                  std::span(symbols).subspan(n * kind.variables, kind.variables)));
    }
    std::fill(data.images.labels.begin(), data.images.labels.end(), std::uint8_t{0});
    if (auto gave = perception::give_rows(*problem, std::move(data), options, kind.name); !gave)
        return base::failure(gave.error());
    return DrawnManifest{std::move(*problem), std::move(*formulas)};
}

base::Result<ManifestTable> manifest_table(const ManifestTableOptions& options) {
    const auto kinds = kinds_of(options.kinds);
    if (!kinds) return base::failure(kinds.error());
    auto finished = load_runs(options);
    if (!finished) return base::failure(finished.error());
    auto dataset =
        learning::dataset_of({.images = options.images, .data = options.data, .seed = 0}, options.run.threads);
    if (!dataset) return base::failure(dataset.error());
    datasets::Images& images = dataset->train;
    images.labels.resize(std::min(images.count(), image_count));
    images.pixels.resize(images.count() * images.image_size());
    ManifestTable table{options.images, options.steps, options.seconds, {}, true};
    const std::size_t parts = kinds->size() * options.runs;
    std::size_t unit = 0;
    for (const ManifestKind& kind : *kinds)
        for (std::uint64_t seed = options.seed; seed < options.seed + options.runs; ++seed) {
            if (!options.run.part.holds(unit++)) continue;
            const auto taken = take_run(
                table.runs, *finished, options.run.stop,
                [&](const ManifestRun& run) { return run.kind == kind.name && run.seed == seed; },
                [&] {
                    return measure(kind, images, seed, options,
                                   progress_of_part(options.run.progress, table.runs.size(), parts,
                                                    fmt::format("{}, seed {}", kind.name, seed)));
                },
                [&](const std::vector<ManifestRun>& runs) { return save_runs(runs, options); });
            if (!taken) return base::failure(taken.error());
            table.complete = *taken;
            if (!table.complete) return table;
        }
    return table;
}

std::string to_json(const ManifestTable& table) {
    auto runs = nlohmann::ordered_json::array();
    for (const ManifestRun& run : table.runs) runs.push_back(run_json(run));
    const nlohmann::ordered_json object{{"experiment", "manifests"},    {"complete", table.complete},
                                        {"images", table.images},       {"steps", table.steps},
                                        {"seconds_limit", table.limit}, {"runs", runs}};
    return base::json_file_text(object);
}

std::string to_csv(const ManifestTable& table) {
    std::string text = "kind,seed,tasks,formulas_right,found,mirror_image,exact,search_seconds,seconds\n";
    for (const ManifestRun& run : table.runs)
        text += fmt::format("{},{},{},{},{},{},{:.4f},{:.2f},{:.2f}\n", run.kind, run.seed, run.tasks,
                            run.formulas_right, run.found, run.mirror_image ? 1 : 0, run.exact,
                            run.search_seconds, run.seconds);
    return text;
}

std::string to_markdown(const ManifestTable& table) {
    std::string text =
        "| manifest | all formulas right | 95% interval | or the mirror image | formulas right | "
        "exact on rows kept, least | median | search, median s | run, median s |\n"
        "|---|---|---|---|---|---|---|---|---|\n";
    for (const ManifestKind& kind : manifest_kinds()) {
        int runs = 0, right = 0, mirrored = 0;
        std::size_t tasks = 0, formulas = 0;
        std::vector<double> exact, search, seconds;
        for (const ManifestRun& run : table.runs) {
            if (run.kind != kind.name) continue;
            ++runs;
            right += run.right();
            mirrored += run.mirror_image;
            tasks += run.tasks;
            formulas += run.formulas_right;
            exact.push_back(run.exact);
            search.push_back(run.search_seconds);
            seconds.push_back(run.seconds);
        }
        if (runs == 0) continue;
        const base::Proportion share = base::wilson(right + mirrored, runs);
        text +=
            fmt::format("| {} | {} of {} | {:.0f} to {:.0f}% | {} | {} of {} | {:.1f}% | {:.1f}% | {:.1f} | "
                        "{:.1f} |\n",
                        kind.name, right, runs, 100 * share.low, 100 * share.high, mirrored, formulas, tasks,
                        100 * *std::min_element(exact.begin(), exact.end()), 100 * median(exact),
                        median(search), median(seconds));
    }
    return text;
}

} // namespace ropewalk::papers
