// The networks of the paper that read symbols and outputs.
#pragma once

#include "ropewalk/images/networks/torch/libtorch.hpp"

#include "ropewalk/images/networks/roap_engine.hpp"

namespace ropewalk::perception {

/// A PointNet that reads pairs of symbols and outputs and gives the logits of a program (Section 3.2, Tang &
/// Ellis). Networks have two hidden layers with layer normalisation before each ReLU; features are the
/// largest values over the pairs of h_out = MLP_out(y), h_io = MLP_io([y; s]) and h_rel[j] =
/// MLP_rel([y; s_j]).
struct Synthesizer : torch::nn::Module {
    Synthesizer(int variables, int features, std::int64_t choices);

    /// Outputs y [tasks, pairs] as they are, symbols [pairs, variables]; gives logits [tasks, choices].
    torch::Tensor forward(const torch::Tensor& y, const torch::Tensor& symbols);

    torch::nn::Sequential mlp_out, mlp_io, mlp_rel, mlp_prog;
};

/// Networks in the place of programs: from symbols [rows, variables] to outputs [tasks, rows] of the tasks
/// with these indices.
struct Predictor : torch::nn::Module {
    virtual torch::Tensor forward(const torch::Tensor& symbols, const torch::Tensor& tasks) = 0;
};

/// One network for all tasks, or one per task, each with two hidden layers as above.
std::shared_ptr<Predictor> make_predictor(const RoapEngineOptions& options);

} // namespace ropewalk::perception
