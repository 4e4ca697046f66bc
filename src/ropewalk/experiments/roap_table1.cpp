#include "ropewalk/experiments/roap_table1.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "ropewalk/experiments/roap_table1_state.hpp"

namespace ropewalk::experiments {

namespace {

using perception::ProgramModel;
using perception::RoapOptions;

/// A row of the table: the paper's numbers, and how its training differs from the first row's.
struct RowKind {
    const char* name;
    RoapPaperRow paper;
    void (*change)(RoapOptions&);
};

void tree(RoapOptions& options, int depth) {
    options.model.program = ProgramModel::tree;
    options.model.depth = depth;
}

constexpr RoapPaperRow paper_no_program{0, 0.95, 0.11}, paper_tree{345, 0.04, 0.16};

const std::array row_kinds{
    RowKind{"roap", {459, 0.00086, 0.11}, [](RoapOptions&) {}},
    RowKind{"no-program-one-network", paper_no_program,
            [](RoapOptions& options) { options.model.program = ProgramModel::one_network; }},
    RowKind{"no-program-disjoint", paper_no_program,
            [](RoapOptions& options) { options.model.program = ProgramModel::disjoint_networks; }},
    RowKind{
        "no-amortisation", {136, 0.059, 0.20}, [](RoapOptions& options) { options.model.amortised = false; }},
    RowKind{"no-gumbel", {8, 0.52, 0.33}, [](RoapOptions& options) { options.noise = false; }},
    RowKind{"tree-2", paper_tree, [](RoapOptions& options) { tree(options, 2); }},
    RowKind{"tree-3", paper_tree, [](RoapOptions& options) { tree(options, 3); }},
    RowKind{"tree-5", paper_tree, [](RoapOptions& options) { tree(options, 5); }},
    RowKind{"depth-10", {58, 0.90, 0.14}, [](RoapOptions& options) { options.model.lines = 10; }},
    RowKind{"depth-3", {56, 1.10, 0.16}, [](RoapOptions& options) { options.model.lines = 3; }},
};

base::Result<RoapRow> run_row(const RowKind& kind, const perception::Problem& problem,
                              const RoapTable1Options& options) {
    RoapOptions training = options.training;
    kind.change(training);
    training.threads = options.threads;
    training.stop = [stop = options.stop] { return stop.stop_requested(); };
    training.progress = [&](long done, long total, const std::string& text) {
        if (options.progress) options.progress(done, total, fmt::format("{}: {}", kind.name, text));
    };
    auto learned = perception::learn_roap(problem, training);
    if (!learned) return base::failure(learned.error());
    const auto judgement = perception::judge(problem, training, *learned);
    if (!judgement) return base::failure(judgement.error());
    RoapRow row{.name = kind.name,
                .paper = kind.paper,
                .tasks = problem.tasks.size(),
                .programs_right = judgement->programs_right,
                .train_loss = judgement->train.outputs.raw,
                .test_loss = judgement->test.outputs.raw,
                .test_loss_normalised = judgement->test.outputs.normalised,
                .size = judgement->size,
                .right_size = judgement->right_size,
                .steps = learned->steps,
                .skipped = learned->skipped,
                .seconds = learned->seconds,
                .processor_seconds = learned->processor_seconds,
                .curve = learned->curve};
    if (!training.symbols_given) {
        row.symbolic_loss = judgement->test.symbols.loss;
        row.modulo_gauge = judgement->test.symbols.loss_modulo_gauge;
    }
    return row;
}

} // namespace

std::vector<std::string> roap_row_names() {
    std::vector<std::string> names;
    for (const RowKind& kind : row_kinds) names.emplace_back(kind.name);
    return names;
}

base::Result<RoapTable1Options> roap_scale(const std::string& scale) {
    RoapTable1Options options;
    options.settings.tasks = 100;
    if (scale == "small") {
        options.training.model.lines = 15;
        options.training.model.features = 128;
        options.training.batch.images = 32;
        options.training.steps = 5500;
        options.training.learning_rate = 4e-3;
        options.training.grounder_rate = 1e-3;
        options.training.noise_first = 0.3;
        options.training.noise_last = 0;
        return options;
    }
    if (scale != "paper") return base::failure("--scale", base::quoted(scale), "small or paper");
    options.settings.images = "cifar10";
    options.settings.tasks = 500;
    options.settings.network = "resnet18";
    RoapOptions& training = options.training;
    training.network.kind = perception::NetworkOptions::Kind::resnet;
    training.batch = {.images = 768, .rows = 256, .augmentation = {}};
    training.tasks_per_step = 0;
    training.pairs = 256;
    training.samples = 1;
    // 20 epochs of a million pairs in batches of 256.
    training.steps = 78'125;
    training.learning_rate = training.grounder_rate = 3e-4;
    training.falling_rate = false;
    return options;
}

base::Result<RoapTable1> roap_table1(const RoapTable1Options& options) {
    const std::vector<std::string> names = roap_row_names(), wanted = options.rows;
    for (const std::string& name : wanted)
        if (std::find(names.begin(), names.end(), name) == names.end())
            return base::failure("--rows", "unknown row " + base::quoted(name),
                                 fmt::format("of {}", fmt::join(names, ", ")));
    auto finished = load_rows(options);
    if (!finished) return base::failure(finished.error());
    const auto problem = perception::problem_of(options.settings, options.threads);
    if (!problem) return base::failure(problem.error());

    RoapTable1 table{options.training.symbols_given, perception::to_json(options.settings), {}, true};
    for (const RowKind& kind : row_kinds) {
        if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), kind.name) == wanted.end()) continue;
        const auto known = std::find_if(finished->begin(), finished->end(),
                                        [&](const RoapRow& row) { return row.name == kind.name; });
        if (known != finished->end()) {
            known->paper = kind.paper;
            table.rows.push_back(*known);
            continue;
        }
        auto row = run_row(kind, *problem, options);
        if (!row) return base::failure(row.error());
        // A row that was stopped is no measurement.
        if (options.stop.stop_requested()) {
            table.complete = false;
            break;
        }
        table.rows.push_back(*row);
        finished->push_back(std::move(*row));
        if (const auto saved = save_rows(*finished, options); !saved) return base::failure(saved.error());
    }
    return table;
}

} // namespace ropewalk::experiments
