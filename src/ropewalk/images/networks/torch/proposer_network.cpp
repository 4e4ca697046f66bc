#include "ropewalk/images/networks/torch/proposer_network.hpp"

#include <numbers>

#include "ropewalk/images/networks/program_code.hpp"
#include "ropewalk/images/networks/torch/normalisation.hpp"

namespace ropewalk::perception {

namespace nn = torch::nn;

namespace {

nn::Sequential pair_network(std::int64_t inputs, std::int64_t features) {
    return nn::Sequential(nn::Linear(inputs, features), normalisation(features), nn::ReLU(),
                          nn::Linear(features, features));
}

nn::Sequential writer(std::int64_t hidden, std::int64_t tokens) {
    return nn::Sequential(normalisation(hidden), nn::ReLU(), nn::Linear(hidden, hidden),
                          normalisation(hidden), nn::ReLU(), nn::Linear(hidden, tokens));
}

/// Over the pairs, dimension 1.
torch::Tensor largest(const torch::Tensor& features) { return std::get<0>(features.max(1)); }

} // namespace

ProposerNetwork::ProposerNetwork(const ProposerOptions& options)
    : lines_(options.lines), waves_(options.waves),
      mlp_out_(pair_network(1 + 2 * options.waves, options.features)),
      mlp_io_(pair_network((1 + options.variables) * (1 + 2 * options.waves), options.features)),
      mlp_rel_(pair_network(2 * (1 + 2 * options.waves), options.features)),
      joined_((2 + options.variables) * options.features, options.hidden) {
    register_module("mlp_out", mlp_out_);
    register_module("mlp_io", mlp_io_);
    register_module("mlp_rel", mlp_rel_);
    register_module("joined", joined_);
    const ProgramCode code(options.variables, options.lines);
    for (int line = 0; line < lines_; ++line) {
        const auto tokens = static_cast<std::int64_t>(code.tokens(line));
        const std::string number = std::to_string(line + 1);
        writers_.push_back(register_module("writer" + number, writer(options.hidden, tokens)));
        if (line + 1 == lines_) break;
        tokens_.push_back(register_module("token" + number, nn::Embedding(tokens, options.hidden)));
        nn::init::normal_(tokens_.back()->weight, 0, 0.3);
    }
}

torch::Tensor ProposerNetwork::with_waves(const torch::Tensor& x) const {
    std::vector<torch::Tensor> parts{x};
    for (int k = 0; k < waves_; ++k) {
        const torch::Tensor angle = x * (static_cast<double>(1 << k) * std::numbers::pi / 2);
        parts.push_back(angle.sin());
        parts.push_back(angle.cos());
    }
    return torch::stack(parts, -1);
}

torch::Tensor ProposerNetwork::read(const torch::Tensor& y, const torch::Tensor& symbols) {
    const torch::Tensor output = with_waves(y), inputs = with_waves(symbols);
    const torch::Tensor out = largest(mlp_out_->forward(output));
    const torch::Tensor io = largest(mlp_io_->forward(torch::cat({output, inputs.flatten(2)}, -1)));
    const torch::Tensor relations = torch::cat({output.unsqueeze(2).expand_as(inputs), inputs}, -1);
    const torch::Tensor rel = largest(mlp_rel_->forward(relations)).flatten(1);
    return joined_(torch::cat({out, io, rel}, -1));
}

torch::Tensor ProposerNetwork::logits(int line, const torch::Tensor& features) {
    return writers_[static_cast<std::size_t>(line)]->forward(features);
}

torch::Tensor ProposerNetwork::told(int line, const torch::Tensor& features, const torch::Tensor& token) {
    if (line + 1 == lines_) return features;
    return features + tokens_[static_cast<std::size_t>(line)](token);
}

torch::Tensor ProposerNetwork::losses(const torch::Tensor& y, const torch::Tensor& symbols,
                                      const torch::Tensor& tokens) {
    torch::Tensor features = read(y, symbols), sum;
    const auto options = nn::functional::CrossEntropyFuncOptions().reduction(torch::kNone);
    for (int line = 0; line < lines_; ++line) {
        const torch::Tensor token = tokens.select(1, line);
        const torch::Tensor loss = nn::functional::cross_entropy(logits(line, features), token, options);
        sum = line == 0 ? loss : sum + loss;
        features = told(line, features, token);
    }
    return sum;
}

} // namespace ropewalk::perception
