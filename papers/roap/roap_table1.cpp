#include "papers/roap/roap_table1.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ropewalk/images/networks/networks.hpp"

namespace ropewalk::papers {

namespace {

using papers::RoapOptions;
using perception::ProgramModel;

void tree(RoapOptions& options, int depth) {
    options.model.program = ProgramModel::tree;
    options.model.depth = depth;
}

constexpr RoapPaperRow paper_no_program{0, 0.95, 0.11}, paper_tree{345, 0.04, 0.16};

const std::vector<RoapRowKind> row_kinds{
    RoapRowKind{"roap", {459, 0.00086, 0.11}, [](RoapOptions&) {}},
    RoapRowKind{"no-program-one-network", paper_no_program,
                [](RoapOptions& options) { options.model.program = ProgramModel::one_network; }},
    RoapRowKind{"no-program-disjoint", paper_no_program,
                [](RoapOptions& options) { options.model.program = ProgramModel::disjoint_networks; }},
    RoapRowKind{
        "no-amortisation", {136, 0.059, 0.20}, [](RoapOptions& options) { options.model.amortised = false; }},
    RoapRowKind{"no-gumbel", {8, 0.52, 0.33}, [](RoapOptions& options) { options.noise = false; }},
    RoapRowKind{"tree-2", paper_tree, [](RoapOptions& options) { tree(options, 2); }},
    RoapRowKind{"tree-3", paper_tree, [](RoapOptions& options) { tree(options, 3); }},
    RoapRowKind{"tree-5", paper_tree, [](RoapOptions& options) { tree(options, 5); }},
    RoapRowKind{"depth-10", {58, 0.90, 0.14}, [](RoapOptions& options) { options.model.lines = 10; }},
    RoapRowKind{"depth-3", {56, 1.10, 0.16}, [](RoapOptions& options) { options.model.lines = 3; }},
};

} // namespace

std::vector<std::string> roap_row_names() {
    std::vector<std::string> names;
    for (const RoapRowKind& kind : row_kinds) names.push_back(kind.name);
    return names;
}

base::Result<RoapTable1Options> roap_scale(const std::string& scale) {
    RoapTable1Options options;
    options.settings.tasks = 100;
    if (scale == "small") {
        options.training.model.lines = 15;
        options.training.model.features = 128;
        options.training.batch.images = 32;
        options.training.pairs = 32;
        options.training.steps = 3000;
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
    std::vector<RoapRowKind> kinds;
    for (const RoapRowKind& kind : row_kinds)
        if (wanted.empty() || std::find(wanted.begin(), wanted.end(), kind.name) != wanted.end())
            kinds.push_back(kind);
    return roap_rows(kinds, options).map([&](RoapRows rows) {
        return RoapTable1{options.training.symbols_given, learning::to_json(options.settings),
                          std::move(rows.rows), rows.complete};
    });
}

} // namespace ropewalk::papers
