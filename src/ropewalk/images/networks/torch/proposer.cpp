// The proposer on libtorch, and its entry of the library.
#include "ropewalk/images/networks/torch/libtorch.hpp"

#include "ropewalk/images/networks/engine_library.hpp"
#include "ropewalk/images/networks/torch/adam.hpp"
#include "ropewalk/images/networks/torch/device.hpp"
#include "ropewalk/images/networks/torch/guarded.hpp"
#include "ropewalk/images/networks/torch/module_file.hpp"
#include "ropewalk/images/networks/torch/proposer_network.hpp"
#include "ropewalk/images/networks/torch/virtual_ranks.hpp"

namespace ropewalk::perception {

namespace {

/// Programs that are being written: what is known of each task's candidates.
struct Beams {
    torch::Tensor features; ///< [tasks, beams, groups, hidden]
    torch::Tensor scores;   ///< [tasks, beams], logarithms of probabilities
    torch::Tensor tokens;   ///< [tasks, beams, lines so far]
};

class TorchProposer : public Proposer {
public:
    explicit TorchProposer(const ProposerOptions& options)
        : options_(options), device_(options.device), network_(options), adam_(on_device(network_, device_)),
          ranks_(options.parts, options.group) {
        while (!ranks_.is_whole() && replicas_.size() < ranks_.count()) {
            const auto replica = replicas_.emplace_back(std::make_shared<ProposerNetwork>(options));
            replica->to(device_);
            share_parameters(*replica, network_);
        }
    }

    base::Result<std::vector<float>> teach(const Examples& examples, std::span<const std::int64_t> tokens,
                                           double learning_rate) override {
        return guarded("teaching step", [&]() -> base::Result<std::vector<float>> {
            const torch::Tensor targets =
                torch::tensor(std::vector<std::int64_t>(tokens.begin(), tokens.end()), torch::kInt64)
                    .reshape({signed_size(examples.tasks), -1})
                    .to(device_);
            adam_.zero_gradients();
            const auto losses = differentiate(outputs_of(examples), symbols_of(examples), targets);
            if (!losses) return base::failure(losses.error());
            constexpr double largest_gradient = 5;
            const double norm = torch::nn::utils::clip_grad_norm_(network_.parameters(), largest_gradient);
            if (std::isfinite(norm)) adam_.step(learning_rate);
            return stored(*losses).values;
        });
    }

    base::Result<std::vector<Proposal>> propose(const Examples& examples, std::size_t group,
                                                std::size_t beams) override {
        if (group < 1 || beams < 1 || examples.pairs < group)
            return base::failure("examples", std::to_string(examples.pairs) + " pairs",
                                 "at least " + std::to_string(std::max<std::size_t>(1, group)));
        return guarded("proposing programs", [&]() -> base::Result<std::vector<Proposal>> {
            const torch::NoGradGuard no_gradient;
            const torch::Tensor y = outputs_of(examples), symbols = symbols_of(examples);
            // What one part of the tasks needs is to fit into a few hundred MB.
            constexpr std::size_t most_pairs = 25'000;
            const std::int64_t part = signed_size(std::max<std::size_t>(1, most_pairs / examples.pairs));
            std::vector<Proposal> proposals;
            for (std::int64_t first = 0; first < y.size(0); first += part) {
                const std::int64_t last = std::min(first + part, y.size(0));
                append(proposals, written(read(y.slice(0, first, last), symbols.slice(0, first, last),
                                               signed_size(group)),
                                          signed_size(beams)));
            }
            return proposals;
        });
    }

    TensorFile weights() const override { return module_weights(network_); }
    TensorFile state() const override { return module_state(network_, adam_); }

    base::Status restore(const TensorFile& state) override {
        return guarded("restoring the synthesizer", [&] { return restore_module(state, network_, adam_); });
    }

private:
    static std::vector<torch::Tensor> on_device(ProposerNetwork& network, torch::Device device) {
        network.to(device);
        return network.parameters();
    }

    /// The loss of each task, [tasks], and the gradient of their mean, computed in parts.
    base::Result<torch::Tensor> differentiate(const torch::Tensor& y, const torch::Tensor& symbols,
                                              const torch::Tensor& targets) {
        if (ranks_.is_whole()) {
            const torch::Tensor losses = network_.losses(y, symbols, targets);
            losses.mean().backward();
            return losses;
        }
        const std::int64_t tasks = y.size(0), parts = signed_size(ranks_.all());
        std::vector<torch::Tensor> losses(ranks_.count());
        const auto of_part = [&](std::size_t k) -> PartLoss {
            const std::int64_t part = signed_size(options_.parts.first + k);
            const std::int64_t begin = part * tasks / parts, end = (part + 1) * tasks / parts;
            losses[k] = torch::zeros({tasks});
            if (begin == end) return {.weight = 0};
            const torch::Tensor of_tasks = replicas_[k]->losses(y.slice(0, begin, end), symbols.slice(0, begin, end),
                                                                targets.slice(0, begin, end));
            losses[k].slice(0, begin, end).copy_(of_tasks.detach());
            const torch::Tensor mean = of_tasks.mean();
            return {mean, mean.item<double>(), static_cast<double>(end - begin)};
        };
        const auto whole = ranks_.differentiate(of_part, {replicas_.begin(), replicas_.end()}, 0);
        if (!whole) return base::failure(whole.error());
        take(network_, *whole);
        return ranks_.sum(std::move(losses));
    }

    torch::Tensor numbers(const std::vector<float>& values) const {
        return torch::from_blob(const_cast<float*>(values.data()), {signed_size(values.size())},
                                torch::kFloat32)
            .to(device_);
    }

    torch::Tensor outputs_of(const Examples& examples) const {
        return numbers(examples.y).reshape({signed_size(examples.tasks), -1});
    }

    torch::Tensor symbols_of(const Examples& examples) const {
        return numbers(examples.symbols)
            .reshape({signed_size(examples.tasks), signed_size(examples.pairs), options_.variables});
    }

    /// Features of the groups, [tasks, groups, hidden].
    torch::Tensor read(const torch::Tensor& y, const torch::Tensor& symbols, std::int64_t group) {
        const std::int64_t tasks = y.size(0), groups = y.size(1) / group;
        const torch::Tensor outputs = y.slice(1, 0, groups * group).reshape({tasks * groups, group});
        const torch::Tensor inputs =
            symbols.slice(1, 0, groups * group).reshape({tasks * groups, group, options_.variables});
        return network_.read(outputs, inputs).reshape({tasks, groups, -1});
    }

    Beams written(const torch::Tensor& features, std::int64_t count) {
        const std::int64_t tasks = features.size(0);
        Beams beams{features.unsqueeze(1), torch::zeros({tasks, 1}, features.options()),
                    torch::zeros({tasks, 1, 0}, features.options().dtype(torch::kInt64))};
        for (int line = 0; line < options_.lines; ++line) beams = with_line(beams, line, count);
        return beams;
    }

    /// The most probable `count` of all candidates with one line more.
    Beams with_line(const Beams& beams, int line, std::int64_t count) {
        const torch::Tensor of_groups = network_.logits(line, beams.features).log_softmax(-1);
        const torch::Tensor of_tokens = of_groups.mean(2).log_softmax(-1);
        const std::int64_t choices = of_tokens.size(2);
        const torch::Tensor all = (beams.scores.unsqueeze(2) + of_tokens).flatten(1);
        const auto [scores, places] = all.topk(std::min(count, all.size(1)), 1);
        const torch::Tensor parents = torch::div(places, choices, "floor"), tokens = places % choices;
        const auto of_parents = [&](const torch::Tensor& each) {
            torch::Tensor index = parents;
            std::vector<std::int64_t> shape = parents.sizes().vec();
            for (std::int64_t d = 2; d < each.dim(); ++d) {
                index = index.unsqueeze(-1);
                shape.push_back(each.size(d));
            }
            return each.gather(1, index.expand(shape));
        };
        return {network_.told(line, of_parents(beams.features), tokens.unsqueeze(2)), scores,
                torch::cat({of_parents(beams.tokens), tokens.unsqueeze(2)}, 2)};
    }

    static void append(std::vector<Proposal>& proposals, const Beams& beams) {
        const torch::Tensor tokens = beams.tokens.to(torch::kCPU).flatten(0, 1).contiguous();
        const torch::Tensor scores = beams.scores.to(torch::kCPU).flatten().contiguous();
        for (std::int64_t i = 0; i < tokens.size(0); ++i) {
            const std::int64_t* first = tokens.data_ptr<std::int64_t>() + i * tokens.size(1);
            proposals.push_back({{first, first + tokens.size(1)}, scores.data_ptr<float>()[i]});
        }
    }

    ProposerOptions options_;
    torch::Device device_;
    ProposerNetwork network_;
    Adam adam_;
    VirtualRanks ranks_;
    std::vector<std::shared_ptr<ProposerNetwork>> replicas_; ///< one for each part of a step that this process has
};

} // namespace

extern "C" __attribute__((visibility("default"))) void
ropewalk_make_proposer(const ProposerOptions& options, base::Result<std::unique_ptr<Proposer>>& proposer) {
    proposer = guarded("synthesizer", [&]() -> base::Result<std::unique_ptr<Proposer>> {
        const int threads = options.parts.all > 1 ? 1 : options.threads;
        if (const auto fine = set_up(options.device, threads, options.seed); !fine)
            return base::failure(fine.error());
        return std::make_unique<TorchProposer>(options);
    });
}

} // namespace ropewalk::perception
