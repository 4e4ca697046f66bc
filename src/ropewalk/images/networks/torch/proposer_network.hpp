// The network that reads examples and writes programs line by line.
#pragma once

#include "ropewalk/images/networks/torch/libtorch.hpp"

#include "ropewalk/images/networks/proposer.hpp"

namespace ropewalk::perception {

/// Networks over pairs have one hidden layer; those that write a line have one too, between layer
/// normalisations. Each number x is read as x and sines and cosines of 2^k pi x / 2, k < waves: formulas that
/// differ little differ in high frequencies first.
struct ProposerNetwork : torch::nn::Module {
    explicit ProposerNetwork(const ProposerOptions& options);

    /// Outputs [sets, pairs] and symbols [sets, pairs, variables] of sets of pairs as features [sets,
    /// hidden].
    torch::Tensor read(const torch::Tensor& y, const torch::Tensor& symbols);

    /// Logits of a line's tokens from features [..., hidden] that know the lines before it.
    torch::Tensor logits(int line, const torch::Tensor& features);

    /// Features that also know the token [...] of a line.
    torch::Tensor told(int line, const torch::Tensor& features, const torch::Tensor& token);

    /// -log of the probability of each set's program, tokens [sets, lines].
    torch::Tensor losses(const torch::Tensor& y, const torch::Tensor& symbols, const torch::Tensor& tokens);

private:
    torch::Tensor with_waves(const torch::Tensor& x) const;

    int lines_, waves_;
    torch::nn::Sequential mlp_out_, mlp_io_, mlp_rel_;
    torch::nn::Linear joined_{nullptr};
    std::vector<torch::nn::Sequential> writers_;
    std::vector<torch::nn::Embedding> tokens_; ///< of all lines but the last
};

} // namespace ropewalk::perception
