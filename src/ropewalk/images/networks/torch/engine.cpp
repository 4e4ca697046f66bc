// The engine on libtorch, and the library's entry.
#include <thread>

#include "ropewalk/images/networks/torch/libtorch.hpp"

#include "ropewalk/base/random.hpp"
#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/networks/engine_library.hpp"
#include "ropewalk/images/networks/torch/adam.hpp"
#include "ropewalk/images/networks/torch/device.hpp"
#include "ropewalk/images/networks/torch/guarded.hpp"
#include "ropewalk/images/networks/torch/module_file.hpp"
#include "ropewalk/images/networks/torch/network.hpp"
#include "ropewalk/images/networks/torch/posterior.hpp"
#include "ropewalk/images/networks/torch/reduced_precision.hpp"

namespace ropewalk::perception {

namespace {

/// One thread for libtorch, for as long as it lives.
struct OneThread {
    OneThread() { at::set_num_threads(1); }
    ~OneThread() { at::set_num_threads(before); }
    OneThread(const OneThread&) = delete;
    OneThread& operator=(const OneThread&) = delete;
    const int before = at::get_num_threads();
};

class TorchEngine : public Engine {
public:
    explicit TorchEngine(const EngineOptions& options)
        : channels_(options.channels), height_(options.height), width_(options.width),
          device_(options.device), precision_(options.network.precision), network_(make_network(options)),
          tables_(posterior_tables(options, torch::kFloat32, device_)),
          exact_tables_(posterior_tables(options, torch::kFloat64, torch::kCPU)),
          mean_(pixel_tensor(options.statistics.mean)),
          deviation_(pixel_tensor(options.statistics.deviation)), adam_(on_device(*network_, device_)),
          threads_(options.threads), seed_(options.seed) {
        prepare_reduced_precision(precision_, device_);
        if (!options.alphabet.empty())
            give_distribution(
                torch::tensor(std::vector<float>(options.alphabet.begin(), options.alphabet.end())));
    }

    base::Result<StepReport> search_step(const Batch& batch, const StepOptions& options) override {
        return guarded("search step", [&]() -> base::Result<StepReport> {
            network_->train();
            const PosteriorLoss loss =
                posterior_loss(tables_, monomials_of(batch), outputs_of(batch), options.temperature);
            errors_ = loss.errors.to(torch::kCPU).contiguous();
            return StepReport{loss.loss, descend(loss.surrogate, loss.loss, options.learning_rate)};
        });
    }

    base::Result<StepReport> refine_step(const Batch& batch, std::span<const std::size_t> formulas,
                                         const StepOptions& options) override {
        return guarded("refinement step", [&]() -> base::Result<StepReport> {
            network_->train();
            std::vector<std::int64_t> chosen(formulas.begin(), formulas.end());
            if (!batch.tasks.empty()) {
                chosen.clear();
                for (const std::uint32_t task : batch.tasks)
                    chosen.push_back(static_cast<std::int64_t>(formulas[task]));
            }
            const torch::Tensor loss = chosen_loss(tables_, monomials_of(batch), outputs_of(batch),
                                                   torch::tensor(chosen, torch::kInt64).to(device_));
            const double value = loss.item<double>();
            return StepReport{value, descend(loss, value, options.learning_rate)};
        });
    }

    base::Status begin_reading(std::span<const double> alphabet) override {
        return guarded("reading", [&]() -> base::Status {
            give_distribution(torch::tensor(std::vector<float>(alphabet.begin(), alphabet.end())));
            return {};
        });
    }

    base::Result<StepReport> reading_step(std::span<const float> pixels,
                                          std::span<const std::int64_t> letters,
                                          double learning_rate) override {
        return guarded("reading step", [&]() -> base::Result<StepReport> {
            network_->train();
            const torch::Tensor targets =
                torch::tensor(std::vector<std::int64_t>(letters.begin(), letters.end()), torch::kInt64)
                    .to(device_);
            const torch::Tensor loss = torch::nn::functional::cross_entropy(
                raw_outputs(pixels), targets,
                torch::nn::functional::CrossEntropyFuncOptions().ignore_index(-1));
            const double value = loss.item<double>();
            return StepReport{value, descend(loss, value, learning_rate)};
        });
    }

    base::Result<StepReport>
    letters_step(std::span<const float> pixels,
                 const std::function<LetterLoss(std::span<const double> probabilities)>& of,
                 double learning_rate) override {
        return guarded("step of letters", [&]() -> base::Result<StepReport> {
            if (!alphabet_.defined()) return gives_no_letters();
            network_->train();
            const torch::Tensor logarithms = torch::log_softmax(raw_outputs(pixels), 1);
            std::vector<double> probabilities;
            append(probabilities, logarithms.detach().exp());
            LetterLoss loss = of(probabilities);
            const torch::Tensor gradient =
                torch::from_blob(loss.gradient.data(), logarithms.sizes(), torch::kFloat64)
                    .to(device_, torch::kFloat32);
            return StepReport{loss.loss, descend((logarithms * gradient).sum(), loss.loss, learning_rate)};
        });
    }

    base::Status score(const Batch& batch) override {
        return guarded("scoring", [&]() -> base::Status {
            const torch::NoGradGuard no_gradient;
            network_->eval();
            errors_ =
                posterior_loss(tables_, monomials_of(batch), outputs_of(batch), 1).errors.to(torch::kCPU);
            return {};
        });
    }

    base::Result<bool> mirror_if_better(const Batch& batch, double temperature) override {
        return guarded("mirror step", [&]() -> base::Result<bool> {
            if (alphabet_.defined()) return false;
            const torch::NoGradGuard no_gradient;
            network_->train();
            const Symbols symbols = symbols_of_images(batch.pixels);
            const TaskOutputs y = outputs_of(batch);
            const torch::Tensor rows = rows_of(batch).to(device_);
            const auto loss = [&](const Symbols& each) {
                return posterior_loss(tables_, expected_monomials(tables_, each, rows), y, temperature).loss;
            };
            if (!(loss({-symbols.mean, symbols.variance}) < loss(symbols))) return false;
            negate_symbols(network_->output());
            return true;
        });
    }

    base::Result<identification::Grounding> ground(std::span<const float> pixels) override {
        return guarded("grounding", [&]() -> base::Result<identification::Grounding> {
            const torch::NoGradGuard no_gradient;
            network_->eval();
            identification::Grounding grounding;
            for_parts(pixels, most_images(), [&](std::span<const float> part) {
                const Symbols symbols = symbols_of_images(part);
                append(grounding.mean, symbols.mean);
                append(grounding.variance, symbols.variance);
            });
            return grounding;
        });
    }

    std::vector<double> alphabet() const override {
        std::vector<double> values;
        if (alphabet_.defined()) append(values, alphabet_);
        return values;
    }

    base::Result<std::vector<double>> read(std::span<const float> pixels) override {
        return guarded("reading", [&]() -> base::Result<std::vector<double>> {
            if (!alphabet_.defined()) return gives_no_letters();
            const torch::NoGradGuard no_gradient;
            network_->eval();
            std::vector<double> probabilities;
            for_parts(pixels, most_images(), [&](std::span<const float> part) {
                append(probabilities, torch::softmax(raw_outputs(part).to(torch::kFloat64), 1));
            });
            return probabilities;
        });
    }

    base::Result<ReadImages> read_alone(std::span<const float> pixels) override {
        return guarded("reading", [&]() -> base::Result<ReadImages> {
            network_->eval();
            const std::size_t size = image_size(), images = pixels.size() / size;
            std::vector<torch::Tensor> raw(images);
            const OneThread each;
            base::parallel_for(images, device_.is_cpu() ? threads_ : 1, [&](std::size_t i) {
                // Threads of ours, each with libtorch for itself: how sums are split among threads, and what is
                // computed beside what, decides how they are rounded.
                at::set_num_threads(1);
                const torch::NoGradGuard no_gradient;
                raw[i] = raw_outputs(pixels.subspan(i * size, size)).to(torch::kCPU);
            });
            const torch::NoGradGuard no_gradient;
            const torch::Tensor alphabet = alphabet_.defined() ? alphabet_.to(torch::kCPU) : alphabet_;
            ReadImages read;
            for (const torch::Tensor& of_image : raw) {
                const Symbols symbols = alphabet.defined() ? symbols_of(of_image, alphabet) : symbols_of(of_image);
                append(read.symbols.mean, symbols.mean);
                append(read.symbols.variance, symbols.variance);
                if (alphabet.defined())
                    append(read.probabilities, torch::softmax(of_image.to(torch::kFloat64), 1));
            }
            return read;
        });
    }

    std::span<const float> errors() const override {
        if (!errors_.defined()) return {};
        return {errors_.data_ptr<float>(), static_cast<std::size_t>(errors_.numel())};
    }

    TensorFile weights() const override { return with_alphabet(module_weights(*network_)); }
    TensorFile state() const override { return with_alphabet(module_state(*network_, adam_)); }

    base::Status restore(const TensorFile& state) override {
        return guarded("restoring the network", [&]() -> base::Status {
            if (const auto found = state.tensors.find("alphabet"); found != state.tensors.end())
                give_distribution(torch::tensor(found->second.values));
            return restore_module(state, *network_, adam_);
        });
    }

    base::Result<StepReport> posterior_gradient(const identification::Grounding& grounding,
                                                const Batch& batch, double temperature,
                                                identification::Grounding& gradient) override {
        return guarded("posterior", [&]() -> base::Result<StepReport> {
            const auto leaf = [](const std::vector<double>& values) {
                return torch::tensor(values, torch::kFloat64).requires_grad_(true);
            };
            const Symbols symbols{leaf(grounding.mean), leaf(grounding.variance)};
            const torch::Tensor scale = scale_of(exact_tables_, batch);
            const torch::Tensor y = torch::tensor(batch.y, torch::kFloat64).reshape({scale.size(0), -1});
            const PosteriorLoss loss =
                posterior_loss(exact_tables_, expected_monomials(exact_tables_, symbols, rows_of(batch)),
                               {y, scale}, temperature);
            loss.surrogate.backward();
            append(gradient.mean, symbols.mean.grad());
            append(gradient.variance, symbols.variance.grad());
            return StepReport{loss.loss, true};
        });
    }

private:
    TensorFile with_alphabet(TensorFile file) const {
        if (alphabet_.defined()) file.tensors["alphabet"] = stored(alphabet_);
        return file;
    }

    static tl::unexpected<base::Diagnostics> gives_no_letters() {
        return base::failure("network", "a mean and a variance per image", "a network that reads letters");
    }

    void give_distribution(const torch::Tensor& alphabet) {
        // What the generator has been used for before depends on where a run was resumed.
        torch::manual_seed(seed_);
        network_->set_outputs(static_cast<int>(alphabet.numel()));
        adam_ = Adam(on_device(*network_, device_));
        alphabet_ = alphabet.to(device_);
    }

    /// Numbers of an image.
    std::size_t image_size() const { return static_cast<std::size_t>(channels_ * height_ * width_); }

    /// Images that fit into memory at once: 500, fewer of large ones.
    std::size_t most_images() const {
        constexpr std::size_t most = 500, most_pixels = most * 64 * 64;
        return std::clamp<std::size_t>(most_pixels / static_cast<std::size_t>(height_ * width_), 1, most);
    }

    /// Calls `body` for parts of so many images.
    template<class Body>
    void for_parts(std::span<const float> pixels, std::size_t images, const Body& body) const {
        const std::size_t size = images * image_size();
        for (std::size_t begin = 0; begin < pixels.size(); begin += size)
            body(pixels.subspan(begin, std::min(size, pixels.size() - begin)));
    }

    Symbols symbols_of_images(std::span<const float> pixels) {
        const torch::Tensor raw = raw_outputs(pixels);
        return alphabet_.defined() ? symbols_of(raw, alphabet_) : symbols_of(raw);
    }

    /// The network's raw numbers; its convolutions and products in the precision asked for.
    torch::Tensor raw_outputs(std::span<const float> pixels) {
        const ReducedPrecision reduced(precision_, device_);
        return network_->forward(images_of(pixels)).to(torch::kFloat32);
    }

    static std::vector<torch::Tensor> on_device(Network& network, torch::Device device) {
        network.to(device);
        const torch::NoGradGuard no_gradient;
        // Channels innermost is what the convolutions compute on: no copies between them.
        for (torch::Tensor& parameter : network.parameters())
            if (parameter.dim() == 4)
                parameter.set_data(parameter.contiguous(torch::MemoryFormat::ChannelsLast));
        return network.parameters();
    }

    torch::Tensor pixel_tensor(const std::vector<double>& values) const {
        return torch::tensor(values, torch::kFloat32).reshape({1, -1, 1, 1}).to(device_);
    }

    torch::Tensor images_of(std::span<const float> pixels) const {
        const auto count = static_cast<std::int64_t>(pixels.size()) / (channels_ * height_ * width_);
        const torch::Tensor images =
            torch::from_blob(const_cast<float*>(pixels.data()), {count, channels_, height_, width_},
                             torch::TensorOptions().dtype(torch::kFloat32));
        return ((images.to(device_) - mean_) / deviation_).contiguous(torch::MemoryFormat::ChannelsLast);
    }

    torch::Tensor rows_of(const Batch& batch) const {
        const std::vector<std::int64_t> rows(batch.rows_of_images.begin(), batch.rows_of_images.end());
        const auto variables = static_cast<std::int64_t>(tables_.selectors.size());
        const torch::Tensor flat = torch::tensor(rows, torch::kInt64);
        if (batch.tasks.empty()) return flat.reshape({-1, variables});
        return flat.reshape({static_cast<std::int64_t>(batch.tasks.size()), -1, variables});
    }

    static torch::Tensor scale_of(const PosteriorTables& tables, const Batch& batch) {
        if (batch.tasks.empty()) return tables.scale;
        const std::vector<std::int64_t> tasks(batch.tasks.begin(), batch.tasks.end());
        return tables.scale.index_select(0, torch::tensor(tasks, torch::kInt64).to(tables.scale.device()));
    }

    torch::Tensor monomials_of(const Batch& batch) {
        const Symbols symbols = symbols_of_images(batch.pixels);
        return expected_monomials(tables_, symbols, rows_of(batch).to(device_));
    }

    TaskOutputs outputs_of(const Batch& batch) const {
        const torch::Tensor scale = scale_of(tables_, batch);
        const torch::Tensor y = torch::from_blob(const_cast<double*>(batch.y.data()),
                                                 {static_cast<std::int64_t>(batch.y.size())}, torch::kFloat64)
                                    .to(device_, torch::kFloat32)
                                    .reshape({scale.size(0), -1});
        return {y, scale};
    }

    /// One step along the gradient; false, and nothing changed, when something is not finite.
    bool descend(const torch::Tensor& loss, double value, double learning_rate) {
        if (!std::isfinite(value)) return false;
        adam_.zero_gradients();
        loss.backward();
        // One number for all parameters: each that is read from a device is waited for.
        std::vector<torch::Tensor> sums;
        for (const torch::Tensor& parameter : network_->parameters()) sums.push_back(parameter.grad().sum());
        if (!std::isfinite(torch::stack(sums).sum().item<double>())) return false;
        adam_.step(learning_rate);
        return true;
    }

    static void append(std::vector<double>& values, const torch::Tensor& tensor) {
        const torch::Tensor source = tensor.to(torch::kCPU, torch::kFloat64).contiguous();
        values.insert(values.end(), source.data_ptr<double>(), source.data_ptr<double>() + source.numel());
    }

    int channels_, height_, width_;
    torch::Device device_;
    Precision precision_;
    std::shared_ptr<Network> network_;
    PosteriorTables tables_, exact_tables_;
    torch::Tensor mean_, deviation_;
    Adam adam_;
    int threads_;
    std::uint64_t seed_;
    torch::Tensor errors_;
    torch::Tensor alphabet_; ///< undefined while the network gives a mean and a variance
};

/// libtorch's generator on a processor takes 32 bits, so starts must differ in those.
std::uint64_t seed_of_start(const EngineOptions& options) {
    if (options.start == 0) return options.seed;
    return base::RandomStream(options.seed, base::Purpose::first_weights, options.start)();
}

} // namespace

extern "C" __attribute__((visibility("default"))) std::uint64_t ropewalk_engine_abi() { return engine_abi(); }

extern "C" __attribute__((visibility("default"))) void
ropewalk_make_engine(const EngineOptions& options, base::Result<std::unique_ptr<Engine>>& engine) {
    engine = guarded("network", [&]() -> base::Result<std::unique_ptr<Engine>> {
        if (const auto fine = set_up(options.device, options.threads, seed_of_start(options)); !fine)
            return base::failure(fine.error());
        return std::make_unique<TorchEngine>(options);
    });
}

} // namespace ropewalk::perception
