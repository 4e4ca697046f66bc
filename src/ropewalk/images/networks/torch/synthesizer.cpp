#include "ropewalk/images/networks/torch/synthesizer.hpp"

#include <cmath>

#include "ropewalk/images/networks/torch/normalisation.hpp"
#include "ropewalk/images/networks/torch/point_features.hpp"

namespace ropewalk::perception {

namespace nn = torch::nn;

namespace {

nn::Sequential perceptron(std::int64_t inputs, std::int64_t features, std::int64_t outputs) {
    return nn::Sequential(nn::Linear(inputs, features), normalisation(features), nn::ReLU(),
                          nn::Linear(features, features), normalisation(features), nn::ReLU(),
                          nn::Linear(features, outputs));
}

/// A linear layer on [s; one-hot(task)] is one on s plus a vector per task.
struct OneNetwork : Predictor {
    OneNetwork(std::int64_t variables, std::int64_t features, std::int64_t tasks)
        : of_symbols(variables, features), of_task(tasks, features), norm(normalisation(features)),
          rest(nn::Linear(features, features), normalisation(features), nn::ReLU(), nn::Linear(features, 1)) {
        register_module("of_symbols", of_symbols);
        register_module("of_task", of_task);
        register_module("norm", norm);
        register_module("rest", rest);
        const double bound = 1 / std::sqrt(static_cast<double>(variables + tasks));
        nn::init::uniform_(of_task->weight, -bound, bound);
    }

    torch::Tensor forward(const torch::Tensor& symbols, const torch::Tensor& tasks) override {
        const torch::Tensor first = of_symbols(symbols).unsqueeze(0) + of_task(tasks).unsqueeze(1);
        return rest->forward(torch::relu(norm(first))).squeeze(-1);
    }

    nn::Linear of_symbols;
    nn::Embedding of_task;
    nn::LayerNorm norm;
    nn::Sequential rest;
};

/// Layers of all tasks side by side, so that one batched product serves them.
struct DisjointNetworks : Predictor {
    DisjointNetworks(std::int64_t variables, std::int64_t features, std::int64_t tasks)
        : norm1(normalisation(features)), norm2(normalisation(features)) {
        add_layer("1", variables, features, tasks);
        add_layer("2", features, features, tasks);
        add_layer("3", features, 1, tasks);
        register_module("norm1", norm1);
        register_module("norm2", norm2);
    }

    torch::Tensor forward(const torch::Tensor& symbols, const torch::Tensor& tasks) override {
        torch::Tensor x = symbols.unsqueeze(0).expand({tasks.size(0), -1, -1});
        for (std::size_t i = 0; i < weights.size(); ++i) {
            x = torch::baddbmm(biases[i].index_select(0, tasks), x, weights[i].index_select(0, tasks));
            if (i + 1 < weights.size()) x = torch::relu(i == 0 ? norm1(x) : norm2(x));
        }
        return x.squeeze(-1);
    }

    void add_layer(const std::string& name, std::int64_t from, std::int64_t to, std::int64_t tasks) {
        const double bound = 1 / std::sqrt(static_cast<double>(from));
        weights.push_back(
            register_parameter("weight" + name, torch::empty({tasks, from, to}).uniform_(-bound, bound)));
        biases.push_back(
            register_parameter("bias" + name, torch::empty({tasks, 1, to}).uniform_(-bound, bound)));
    }

    std::vector<torch::Tensor> weights, biases;
    nn::LayerNorm norm1, norm2;
};

} // namespace

Synthesizer::Synthesizer(int variables, int features, std::int64_t choices)
    : mlp_out(perceptron(1, features, features)), mlp_io(perceptron(1 + variables, features, features)),
      mlp_rel(perceptron(2, features, features)),
      mlp_prog(perceptron((2 + variables) * static_cast<std::int64_t>(features), features, choices)) {
    register_module("mlp_out", mlp_out);
    register_module("mlp_io", mlp_io);
    register_module("mlp_rel", mlp_rel);
    register_module("mlp_prog", mlp_prog);
}

torch::Tensor Synthesizer::forward(const torch::Tensor& y, const torch::Tensor& symbols) {
    const std::int64_t tasks = y.size(0), pairs = y.size(1), variables = symbols.size(1);
    const torch::Tensor output = y.unsqueeze(-1);
    const torch::Tensor inputs = symbols.unsqueeze(0).expand({tasks, pairs, variables});
    const torch::Tensor out = largest_features(mlp_out, output);
    const torch::Tensor io = largest_features(mlp_io, torch::cat({output, inputs}, -1));
    // A set of relations for every task and variable.
    const torch::Tensor relations =
        torch::stack({output.expand({tasks, pairs, variables}), inputs}, -1).transpose(1, 2);
    const torch::Tensor rel =
        largest_features(mlp_rel, relations.reshape({tasks * variables, pairs, 2})).reshape({tasks, -1});
    return mlp_prog->forward(torch::cat({out, io, rel}, -1));
}

std::shared_ptr<Predictor> make_predictor(const RoapEngineOptions& options) {
    const auto tasks = static_cast<std::int64_t>(options.engine.sigma.size());
    if (options.model.program == ProgramModel::one_network)
        return std::make_shared<OneNetwork>(options.variables, options.model.features, tasks);
    return std::make_shared<DisjointNetworks>(options.variables, options.model.features, tasks);
}

} // namespace ropewalk::perception
