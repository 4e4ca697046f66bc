// The paper's model on libtorch, and the library's entry for it.
#include "ropewalk/images/networks/roap_engine.hpp"

#include <optional>

#include "ropewalk/images/networks/torch/libtorch.hpp"

#include "ropewalk/base/random.hpp"
#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/networks/engine_library.hpp"
#include "ropewalk/images/networks/torch/adam.hpp"
#include "ropewalk/images/networks/torch/device.hpp"
#include "ropewalk/images/networks/torch/guarded.hpp"
#include "ropewalk/images/networks/torch/module_file.hpp"
#include "ropewalk/images/networks/torch/network.hpp"
#include "ropewalk/images/networks/torch/sketch_loss.hpp"
#include "ropewalk/images/networks/torch/synthesizer.hpp"

namespace ropewalk::perception {

namespace {

constexpr double paper_epsilon = 1e-5;

/// For every choice of a tree's sketch, where it is in [tree logits, 0, -1e9].
torch::Tensor tree_places(const formula::TreeShape& shape) {
    std::vector<double> numbers(shape.choices()), sketch(shape.sketch().choices());
    for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<double>(i + 1);
    formula::tree_logits_in_sketch<double>(shape, numbers, sketch);
    std::vector<std::int64_t> places;
    for (const double number : sketch)
        places.push_back(number > 0    ? static_cast<std::int64_t>(number) - 1
                         : number == 0 ? signed_size(numbers.size())
                                       : signed_size(numbers.size()) + 1);
    return torch::tensor(places, torch::kInt64);
}

/// Programs of tasks as logits: a synthesizer's, or free ones.
struct ProgramSource : torch::nn::Module {
    explicit ProgramSource(const RoapEngineOptions& options) {
        const formula::TreeShape tree{options.variables, options.model.depth};
        const bool is_tree = options.model.program == ProgramModel::tree;
        if (is_tree) places = tree_places(tree);
        const std::int64_t choices =
            signed_size(is_tree ? tree.choices() : options.model.sketch(options.variables).choices());
        if (options.model.amortised)
            synthesizer = register_module(
                "synthesizer",
                std::make_shared<Synthesizer>(options.variables, options.model.features, choices));
        else
            free_logits = register_parameter(
                "logits", torch::randn({signed_size(options.engine.sigma.size()), choices}) *
                              options.model.start_deviation);
    }

    /// Logits of the sketch, [tasks, choices], from y [tasks, pairs] and symbols [pairs, variables].
    torch::Tensor logits(const torch::Tensor& tasks, const torch::Tensor& y, const torch::Tensor& symbols) {
        const torch::Tensor own =
            synthesizer ? synthesizer->forward(y, symbols) : free_logits.index_select(0, tasks);
        if (!places.defined()) return own;
        const torch::Tensor fixed = torch::tensor({0.0f, -1e9f}, own.options()).expand({own.size(0), 2});
        return torch::cat({own, fixed}, 1).index_select(1, places.to(own.device()));
    }

    std::shared_ptr<Synthesizer> synthesizer;
    torch::Tensor free_logits;
    torch::Tensor places; ///< of trees only
};

constexpr const char *grounder_part = "grounder.", *programs_part = "programs.";

/// Puts a module's file into one of several modules.
void add_part(TensorFile& file, const std::string& name, TensorFile part) {
    for (auto& [key, tensor] : part.tensors) file.tensors[name + key] = std::move(tensor);
    for (auto& [key, text] : part.metadata) file.metadata[name + key] = std::move(text);
}

TensorFile part_of(const TensorFile& file, const std::string& name) {
    TensorFile part;
    for (const auto& [key, tensor] : file.tensors)
        if (key.starts_with(name)) part.tensors[key.substr(name.size())] = tensor;
    for (const auto& [key, text] : file.metadata)
        if (key.starts_with(name)) part.metadata[key.substr(name.size())] = text;
    return part;
}

class TorchRoapEngine : public RoapEngine {
public:
    explicit TorchRoapEngine(const RoapEngineOptions& options)
        : options_(options), device_(options.engine.device), shape_(options.model.sketch(options.variables)),
          sigma_(torch::tensor(options.engine.sigma, torch::kFloat32)) {
        if (!options.symbols_given) {
            network_ = make_network(options.engine);
            network_->to(device_);
            mean_ = pixel_tensor(options.engine.statistics.mean);
            deviation_ = pixel_tensor(options.engine.statistics.deviation);
            grounder_adam_.emplace(network_->parameters(), paper_epsilon);
        }
        if (options.model.has_programs())
            head_ = programs_ = std::make_shared<ProgramSource>(options);
        else
            head_ = predictor_ = make_predictor(options);
        head_->to(device_);
        head_adam_.emplace(head_->parameters(), paper_epsilon);
    }

    base::Result<StepReport> step(const Batch& batch, const RoapStepOptions& options) override {
        return guarded("gradient step", [&]() -> base::Result<StepReport> {
            if (network_) network_->train();
            // What a network drops depends on the step alone, wherever the run was resumed.
            torch::manual_seed(base::RandomStream(options.seed, base::Purpose::dropout, options.index)());
            const torch::Tensor loss = loss_of(batch, options);
            const double value = loss.item<double>();
            return StepReport{value, descend(loss, value, options)};
        });
    }

    base::Result<std::vector<float>> propose(const Batch& batch, std::size_t pairs) override {
        if (!programs_) return base::failure("model", "networks without programs", "a model with programs");
        return guarded("proposing programs", [&]() -> base::Result<std::vector<float>> {
            const torch::NoGradGuard no_gradient;
            if (network_) network_->eval();
            const torch::Tensor symbols = symbols_of_rows(batch).slice(0, 0, signed_size(pairs));
            const torch::Tensor y = outputs_of(batch).slice(1, 0, signed_size(pairs)).to(device_);
            const torch::Tensor logits =
                programs_->logits(torch::arange(y.size(0), torch::kInt64).to(device_), y, symbols)
                    .to(torch::kCPU)
                    .contiguous();
            return std::vector<float>(logits.data_ptr<float>(), logits.data_ptr<float>() + logits.numel());
        });
    }

    base::Result<std::vector<double>> predict(std::span<const double> symbols) override {
        if (!predictor_) return base::failure("model", "programs", "networks without programs");
        return guarded("predicting", [&]() -> base::Result<std::vector<double>> {
            const torch::NoGradGuard no_gradient;
            const torch::Tensor inputs =
                torch::tensor(std::vector<double>(symbols.begin(), symbols.end()), torch::kFloat32)
                    .reshape({-1, options_.variables})
                    .to(device_);
            std::vector<double> outputs;
            for (std::int64_t t = 0; t < sigma_.size(0); ++t)
                append(outputs, predictor_->forward(inputs, torch::tensor({t}, torch::kInt64).to(device_)));
            return outputs;
        });
    }

    base::Result<identification::Grounding> ground(std::span<const float> pixels) override {
        if (!network_) return base::failure("model", "symbols that are given", "a grounder");
        return guarded("grounding", [&]() -> base::Result<identification::Grounding> {
            const torch::NoGradGuard no_gradient;
            network_->eval();
            constexpr std::size_t most_images = 500;
            const std::size_t size = image_size();
            identification::Grounding grounding;
            for (std::size_t begin = 0; begin < pixels.size(); begin += most_images * size)
                append(grounding.mean,
                       means_of(pixels.subspan(begin, std::min(most_images * size, pixels.size() - begin))));
            grounding.variance.assign(grounding.mean.size(), 0);
            return grounding;
        });
    }

    TensorFile weights() const override {
        TensorFile file;
        if (network_) add_part(file, grounder_part, module_weights(*network_));
        add_part(file, programs_part, module_weights(*head_));
        return file;
    }

    base::Result<TensorFile> state() const override {
        return guarded("keeping the model", [&]() -> base::Result<TensorFile> {
            TensorFile file;
            if (network_) add_part(file, grounder_part, module_state(*network_, *grounder_adam_));
            add_part(file, programs_part, module_state(*head_, *head_adam_));
            return file;
        });
    }

    base::Status restore(const TensorFile& state) override {
        return guarded("restoring the model", [&]() -> base::Status {
            if (network_) {
                auto restored = restore_module(part_of(state, grounder_part), *network_, *grounder_adam_);
                if (!restored) return restored;
            }
            return restore_module(part_of(state, programs_part), *head_, *head_adam_);
        });
    }

    base::Result<SketchGradient> sketch_gradient(std::span<const double> logits,
                                                 std::span<const double> symbols, std::span<const double> y,
                                                 double beta, double lambda) override {
        return guarded("sketch loss", [&]() -> base::Result<SketchGradient> {
            const auto tensor = [](std::span<const double> values, std::int64_t columns) {
                return torch::tensor(std::vector<double>(values.begin(), values.end()), torch::kFloat64)
                    .reshape({-1, columns});
            };
            torch::Tensor z = tensor(logits, signed_size(shape_.choices())).requires_grad_(true);
            torch::Tensor s = tensor(symbols, options_.variables).requires_grad_(true);
            const torch::Tensor loss = sketch_loss(z, s,
                                                   {.shape = shape_,
                                                    .relaxation = {.beta = beta, .noise = false},
                                                    .prior = {.lambda = lambda},
                                                    .y = tensor(y, s.size(0)),
                                                    .sigma = sigma_.to(torch::kFloat64),
                                                    .noise = torch::Tensor(),
                                                    .threads = options_.engine.threads});
            // Twice the loss, to see that what comes from above is passed on.
            (2 * loss).backward();
            SketchGradient gradient{2 * loss.item<double>(), {}, {}};
            append(gradient.logits, z.grad());
            append(gradient.symbols, s.grad());
            return gradient;
        });
    }

private:
    std::size_t image_size() const {
        const EngineOptions& engine = options_.engine;
        return static_cast<std::size_t>(engine.channels * engine.height * engine.width);
    }

    torch::Tensor pixel_tensor(const std::vector<double>& values) const {
        return torch::tensor(values, torch::kFloat32).reshape({1, -1, 1, 1}).to(device_);
    }

    /// [images]; the variances that the network also gives are not used.
    torch::Tensor means_of(std::span<const float> pixels) const {
        const EngineOptions& engine = options_.engine;
        const torch::Tensor images = torch::from_blob(
            const_cast<float*>(pixels.data()),
            {signed_size(pixels.size() / image_size()), engine.channels, engine.height, engine.width},
            torch::TensorOptions().dtype(torch::kFloat32));
        return symbols_of(network_->forward((images.to(device_) - mean_) / deviation_)).mean;
    }

    /// [rows, variables]
    torch::Tensor symbols_of_rows(const Batch& batch) const {
        const torch::Tensor of_images =
            network_ ? means_of(batch.pixels) : torch::tensor(batch.gold, torch::kFloat32).to(device_);
        const std::vector<std::int64_t> rows(batch.rows_of_images.begin(), batch.rows_of_images.end());
        return of_images.index_select(0, torch::tensor(rows, torch::kInt64).to(device_))
            .reshape({-1, options_.variables});
    }

    /// [tasks, rows], on the processor
    torch::Tensor outputs_of(const Batch& batch) const {
        return torch::from_blob(const_cast<double*>(batch.y.data()), {signed_size(batch.y.size())},
                                torch::kFloat64)
            .to(torch::kFloat32)
            .reshape({sigma_.size(0), -1});
    }

    torch::Tensor loss_of(const Batch& batch, const RoapStepOptions& options) {
        const std::vector<std::int64_t> indices(options.tasks.begin(), options.tasks.end());
        const torch::Tensor tasks = torch::tensor(indices, torch::kInt64);
        const torch::Tensor symbols = symbols_of_rows(batch);
        const torch::Tensor y = outputs_of(batch).index_select(0, tasks),
                            sigma = sigma_.index_select(0, tasks);
        if (predictor_) {
            const torch::Tensor error = (predictor_->forward(symbols, tasks.to(device_)) - y.to(device_)) /
                                        sigma.to(device_).unsqueeze(1);
            return error.square().mean() / 2;
        }
        const auto pairs = signed_size(options.pairs);
        const torch::Tensor logits = programs_->logits(tasks.to(device_), y.slice(1, 0, pairs).to(device_),
                                                       symbols.slice(0, 0, pairs));
        const auto samples = signed_size(options.samples);
        torch::Tensor noise;
        if (options.relaxation.noise) {
            noise = torch::empty({samples * logits.size(0), logits.size(1)}, torch::kFloat32);
            formula::gumbel_noise<float>(options.seed, options.index,
                                         {noise.data_ptr<float>(), static_cast<std::size_t>(noise.numel())});
            if (options.noise_scale != 1) noise.mul_(options.noise_scale);
        }
        return sketch_loss(logits.repeat({samples, 1}), symbols,
                           {.shape = shape_,
                            .relaxation = options.relaxation,
                            .prior = options.prior,
                            .y = y.repeat({samples, 1}),
                            .sigma = sigma.repeat({samples}),
                            .noise = noise,
                            .threads = options_.engine.threads});
    }

    /// One step along the clipped gradient; false, and nothing changed, when something is not finite.
    bool descend(const torch::Tensor& loss, double value, const RoapStepOptions& options) {
        if (!std::isfinite(value)) return false;
        head_adam_->zero_gradients();
        if (grounder_adam_) grounder_adam_->zero_gradients();
        loss.backward();
        std::vector<torch::Tensor> parameters = head_->parameters();
        const double head_norm = clip(parameters, options.largest_gradient);
        if (!std::isfinite(head_norm)) return false;
        if (network_) {
            parameters = network_->parameters();
            if (!std::isfinite(clip(parameters, options.largest_gradient))) return false;
            grounder_adam_->step(options.grounder_rate);
        }
        head_adam_->step(options.learning_rate);
        return true;
    }

    static double clip(const std::vector<torch::Tensor>& parameters, double largest) {
        return torch::nn::utils::clip_grad_norm_(parameters, largest);
    }

    static void append(std::vector<double>& values, const torch::Tensor& tensor) {
        const torch::Tensor source = tensor.to(torch::kCPU, torch::kFloat64).contiguous();
        values.insert(values.end(), source.data_ptr<double>(), source.data_ptr<double>() + source.numel());
    }

    RoapEngineOptions options_;
    torch::Device device_;
    formula::SketchShape shape_;
    torch::Tensor sigma_; ///< [tasks], on the processor
    torch::Tensor mean_, deviation_;
    std::shared_ptr<Network> network_; ///< none when symbols are given
    std::shared_ptr<ProgramSource> programs_;
    std::shared_ptr<Predictor> predictor_;
    std::shared_ptr<torch::nn::Module> head_; ///< programs_ or predictor_
    std::optional<Adam> grounder_adam_, head_adam_;
};

} // namespace

extern "C" __attribute__((visibility("default"))) void
ropewalk_make_roap_engine(const RoapEngineOptions& options,
                          base::Result<std::unique_ptr<RoapEngine>>& engine) {
    engine = guarded("network", [&]() -> base::Result<std::unique_ptr<RoapEngine>> {
        const EngineOptions& engine_options = options.engine;
        if (const auto fine = set_up(engine_options.device, engine_options.threads, engine_options.seed);
            !fine)
            return base::failure(fine.error());
        return std::make_unique<TorchRoapEngine>(options);
    });
}

} // namespace ropewalk::perception
