// One training step of the paper's method at its sizes: what the benchmark measures and the peer is checked
// on.
#pragma once

#include "ropewalk/images/datasets/datasets.hpp"
#include "ropewalk/images/learning/learning.hpp"
#include "ropewalk/images/networks/networks.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::perception {

struct StepSizes {
    std::size_t tasks = 500;
    std::size_t images = 128;
    std::size_t rows = 256; ///< pairs of the loss
    std::size_t pairs = 16; ///< pairs that the synthesizer looks at
    int lines = 30;
    int features = 256;
};

/// An engine on glyphs and one batch for it.
struct StepCase {
    Problem problem;
    Batch batch;
    std::unique_ptr<RoapEngine> engine;
    RoapStepOptions options;
};

inline base::Result<StepCase> step_case(const StepSizes& sizes, int threads) {
    StepCase made;
    learning::Settings settings;
    settings.tasks = sizes.tasks;
    auto problem = learning::problem_of(settings, threads);
    if (!problem) return base::failure(problem.error());
    made.problem = std::move(*problem);
    const datasets::Images& images = made.problem.dataset.train;
    const auto source = example_source(images, made.problem.programs(), 0);
    if (!source) return base::failure(source.error());
    made.batch = draw_batch(*source, {.images = sizes.images, .rows = sizes.rows, .augmentation = {}}, 0);
    RoapEngineOptions options;
    options.engine.height = images.height;
    options.engine.width = images.width;
    options.engine.statistics = datasets::pixel_statistics(images);
    options.engine.sigma = made.problem.sigma;
    options.engine.threads = threads;
    options.model.lines = sizes.lines;
    options.model.features = sizes.features;
    auto engine = make_roap_engine(options);
    if (!engine) return base::failure(engine.error());
    made.engine = std::move(*engine);
    made.options.prior.lambda = 2e-4;
    for (std::size_t t = 0; t < sizes.tasks; ++t) made.options.tasks.push_back(t);
    made.options.pairs = sizes.pairs;
    made.options.learning_rate = made.options.grounder_rate = 3e-4;
    return made;
}

} // namespace ropewalk::perception
