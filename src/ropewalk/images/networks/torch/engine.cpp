// The engine on libtorch, and the library's entry.
#include <thread>

#include "ropewalk/images/networks/torch/libtorch.hpp"

#include "ropewalk/base/random.hpp"
#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/networks/engine_library.hpp"
#include "ropewalk/images/networks/torch/adam.hpp"
#include "ropewalk/images/networks/torch/batch_tensors.hpp"
#include "ropewalk/images/networks/torch/device.hpp"
#include "ropewalk/images/networks/torch/guarded.hpp"
#include "ropewalk/images/networks/torch/module_file.hpp"
#include "ropewalk/images/networks/torch/network.hpp"
#include "ropewalk/images/networks/torch/posterior.hpp"
#include "ropewalk/images/networks/torch/reduced_precision.hpp"
#include "ropewalk/images/networks/torch/virtual_ranks.hpp"

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
        : options_(options), device_(options.device), network_(make_network(options)),
          tables_(posterior_tables(options, torch::kFloat32, device_)),
          exact_tables_(posterior_tables(options, torch::kFloat64, torch::kCPU)),
          mean_(pixel_tensor(options.statistics.mean)),
          deviation_(pixel_tensor(options.statistics.deviation)), adam_(on_device(*network_, device_)),
          ranks_(options.parts, options.group) {
        options_.pool = {}; // its tables are made
        prepare_reduced_precision(options_.network.precision, device_);
        make_replicas();
        if (!options.alphabet.empty())
            give_distribution(
                torch::tensor(std::vector<float>(options.alphabet.begin(), options.alphabet.end())));
    }

    base::Result<StepReport> search_step(std::span<const Batch> parts, const StepOptions& options) override {
        return guarded("search step", [&]() -> base::Result<StepReport> {
            begin_step();
            std::vector<PosteriorSums> sums(ranks_.count());
            for (std::size_t k = 0; k < ranks_.count(); ++k)
                sums[k] = posterior_sums(tables_, monomials_of(network_of_part(k), parts[k]), outputs_of(tables_, parts[k]));
            const auto mean = mean_of(ranks_, sums, device_);
            if (!mean) return base::failure(mean.error());
            const PosteriorLoss loss =
                posterior_loss(tables_, *mean, scale_of(tables_, parts.front()), options.temperature);
            errors_ = loss.errors.to(torch::kCPU).contiguous();
            return descend(images_of_parts(parts), options.learning_rate, [&](std::size_t k) {
                return PartLoss{surrogate(loss, sums[k]), loss.loss};
            });
        });
    }

    base::Result<StepReport> refine_step(std::span<const Batch> parts, std::span<const std::size_t> formulas,
                                         const StepOptions& options) override {
        return guarded("refinement step", [&]() -> base::Result<StepReport> {
            begin_step();
            return descend(images_of_parts(parts), options.learning_rate, [&](std::size_t k) {
                const torch::Tensor loss = chosen_loss(tables_, monomials_of(network_of_part(k), parts[k]),
                                                       outputs_of(tables_, parts[k]), chosen_of(tables_, parts[k], formulas));
                return PartLoss{loss, loss.item<double>()};
            });
        });
    }

    base::Status begin_reading(std::span<const double> alphabet) override {
        return guarded("reading", [&]() -> base::Status {
            give_distribution(torch::tensor(std::vector<float>(alphabet.begin(), alphabet.end())));
            return {};
        });
    }

    base::Result<StepReport> reading_step(std::span<const PartToRead> parts, double learning_rate) override {
        return guarded("reading step", [&]() -> base::Result<StepReport> {
            begin_step();
            return descend(images_of_parts(parts), learning_rate, [&](std::size_t k) {
                const auto& letters = parts[k].letters;
                const torch::Tensor targets =
                    torch::tensor(std::vector<std::int64_t>(letters.begin(), letters.end()), torch::kInt64)
                        .to(device_);
                const torch::Tensor loss = torch::nn::functional::cross_entropy(
                    raw_outputs(network_of_part(k), parts[k].pixels), targets,
                    torch::nn::functional::CrossEntropyFuncOptions().ignore_index(-1));
                const auto known = std::count_if(letters.begin(), letters.end(), [](auto letter) { return letter >= 0; });
                return PartLoss{loss, loss.item<double>(), static_cast<double>(known)};
            });
        });
    }

    base::Result<StepReport> letters_step(std::span<const PartToWeigh> parts, double learning_rate) override {
        return guarded("step of letters", [&]() -> base::Result<StepReport> {
            if (!alphabet_.defined()) return gives_no_letters();
            begin_step();
            std::vector<torch::Tensor> logarithms(ranks_.count());
            for (std::size_t k = 0; k < ranks_.count(); ++k)
                logarithms[k] = torch::log_softmax(raw_outputs(network_of_part(k), parts[k].pixels), 1);
            std::vector<LetterLoss> losses;
            for (std::size_t k = 0; k < parts.size(); ++k) {
                std::vector<double> probabilities;
                append(probabilities, logarithms[k].detach().exp());
                losses.push_back(parts[k].loss(probabilities));
            }
            return descend(images_of_parts(parts), learning_rate, [&](std::size_t k) {
                const torch::Tensor gradient =
                    torch::from_blob(losses[k].gradient.data(), logarithms[k].sizes(), torch::kFloat64)
                        .to(device_, torch::kFloat32);
                return PartLoss{(logarithms[k] * gradient).sum(), losses[k].loss};
            });
        });
    }

    base::Status score(const Batch& batch) override {
        return guarded("scoring", [&]() -> base::Status {
            const torch::NoGradGuard no_gradient;
            network_->eval();
            const PosteriorSums sums = posterior_sums(tables_, monomials_of(*network_, batch), outputs_of(tables_, batch));
            errors_ = posterior_loss(tables_, sums, scale_of(tables_, batch), 1).errors.to(torch::kCPU);
            return {};
        });
    }

    base::Result<bool> mirror_if_better(std::span<const Batch> parts, double temperature) override {
        return guarded("mirror step", [&]() -> base::Result<bool> {
            if (alphabet_.defined()) return false;
            begin_step();
            std::vector<PosteriorSums> as_is(ranks_.count()), mirrored(ranks_.count());
            for (std::size_t k = 0; k < ranks_.count(); ++k) {
                const torch::NoGradGuard no_gradient;
                const Symbols symbols = symbols_of_images(network_of_part(k), parts[k].pixels);
                const TaskOutputs y = outputs_of(tables_, parts[k]);
                const torch::Tensor rows = rows_of(tables_, parts[k]);
                as_is[k] = posterior_sums(tables_, expected_monomials(tables_, symbols, rows), y);
                const Symbols negated{-symbols.mean, symbols.variance};
                mirrored[k] = posterior_sums(tables_, expected_monomials(tables_, negated, rows), y);
            }
            const auto of_mirrored = mean_of(ranks_, mirrored, device_), of_as_is = mean_of(ranks_, as_is, device_);
            if (!of_mirrored) return base::failure(of_mirrored.error());
            if (!of_as_is) return base::failure(of_as_is.error());
            const torch::Tensor scale = scale_of(tables_, parts.front());
            if (!(posterior_loss(tables_, *of_mirrored, scale, temperature).loss <
                  posterior_loss(tables_, *of_as_is, scale, temperature).loss))
                return false;
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
                const Symbols symbols = symbols_of_images(*network_, part);
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
                append(probabilities, torch::softmax(raw_outputs(*network_, part).to(torch::kFloat64), 1));
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
            base::parallel_for(images, device_.is_cpu() ? options_.threads : 1, [&](std::size_t i) {
                // Threads of ours, each with libtorch for itself: how sums are split among threads, and what is
                // computed beside what, decides how they are rounded.
                at::set_num_threads(1);
                const torch::NoGradGuard no_gradient;
                raw[i] = raw_outputs(*network_, pixels.subspan(i * size, size)).to(torch::kCPU);
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
            const PosteriorSums sums = posterior_sums(
                exact_tables_, expected_monomials(exact_tables_, symbols, rows_of(exact_tables_, batch)), {y, scale});
            const PosteriorLoss loss = posterior_loss(exact_tables_, sums, scale, temperature);
            surrogate(loss, sums).backward();
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
        torch::manual_seed(options_.seed);
        network_->set_outputs(static_cast<int>(alphabet.numel()));
        adam_ = Adam(on_device(*network_, device_));
        alphabet_ = alphabet.to(device_);
        make_replicas();
    }

    /// What each part of a step is computed on: the network itself, or networks that share its parameters.
    void make_replicas() {
        replicas_.clear();
        while (!ranks_.is_whole() && replicas_.size() < ranks_.count()) {
            const std::shared_ptr<Network> replica = replicas_.emplace_back(make_network(options_));
            replica->set_outputs(static_cast<int>(network_->output()->weight.size(0)));
            replica->to(device_);
            share_parameters(*replica, *network_);
        }
        if (ranks_.is_whole()) replicas_ = {network_};
    }

    void begin_step() {
        network_->train();
        if (ranks_.is_whole()) return;
        for (const std::shared_ptr<Network>& replica : replicas_) {
            replica->train();
            copy_statistics(*replica, *network_);
        }
    }

    /// What a part of this process is computed on. What it drops depends on the step and on the part alone.
    Network& network_of_part(std::size_t k) const {
        const std::uint64_t part = static_cast<std::uint64_t>(adam_.steps) * options_.parts.all + options_.parts.first + k;
        torch::manual_seed(base::RandomStream(options_.seed, base::Purpose::dropout, part)());
        return *replicas_[k];
    }

    std::size_t images_of_parts(const auto& parts) const {
        std::size_t numbers = 0;
        for (const auto& part : parts) numbers += part.pixels.size();
        return numbers / image_size();
    }

    /// Numbers of an image.
    std::size_t image_size() const { return static_cast<std::size_t>(options_.channels * options_.height * options_.width); }

    /// Images that fit into memory at once: 500, fewer of large ones.
    std::size_t most_images() const {
        constexpr std::size_t most = 500, most_pixels = most * 64 * 64;
        return std::clamp<std::size_t>(most_pixels / static_cast<std::size_t>(options_.height * options_.width), 1, most);
    }

    /// Calls `body` for parts of so many images.
    template<class Body>
    void for_parts(std::span<const float> pixels, std::size_t images, const Body& body) const {
        const std::size_t size = images * image_size();
        for (std::size_t begin = 0; begin < pixels.size(); begin += size)
            body(pixels.subspan(begin, std::min(size, pixels.size() - begin)));
    }

    Symbols symbols_of_images(Network& network, std::span<const float> pixels) const {
        const torch::Tensor raw = raw_outputs(network, pixels);
        return alphabet_.defined() ? symbols_of(raw, alphabet_) : symbols_of(raw);
    }

    /// A network's raw numbers; its convolutions and products in the precision asked for.
    torch::Tensor raw_outputs(Network& network, std::span<const float> pixels) const {
        const ReducedPrecision reduced(options_.network.precision, device_);
        return network.forward(images_of(pixels)).to(torch::kFloat32);
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
        const auto count = static_cast<std::int64_t>(pixels.size()) / (options_.channels * options_.height * options_.width);
        const torch::Tensor images =
            torch::from_blob(const_cast<float*>(pixels.data()), {count, options_.channels, options_.height, options_.width},
                             torch::TensorOptions().dtype(torch::kFloat32));
        return ((images.to(device_) - mean_) / deviation_).contiguous(torch::MemoryFormat::ChannelsLast);
    }

    torch::Tensor monomials_of(Network& network, const Batch& batch) const {
        const Symbols symbols = symbols_of_images(network, batch.pixels);
        return expected_monomials(tables_, symbols, rows_of(tables_, batch));
    }

    /// One step along the gradient of all parts' loss; nothing is changed when something is not finite.
    base::Result<StepReport> descend(std::size_t images, double learning_rate,
                                     const std::function<PartLoss(std::size_t)>& of_part) {
        if (ranks_.is_whole()) return descend_on_whole(images, learning_rate, of_part(0));
        const auto whole = ranks_.differentiate(of_part, {replicas_.begin(), replicas_.end()}, images);
        if (!whole) return base::failure(whole.error());
        StepReport report{whole->loss, std::isfinite(whole->loss), static_cast<std::size_t>(whole->images)};
        report.finite = report.finite && std::isfinite(whole->gradients.sum().item<double>());
        if (!report.finite) return report;
        take(*network_, *whole);
        adam_.step(learning_rate);
        return report;
    }

    StepReport descend_on_whole(std::size_t images, double learning_rate, const PartLoss& part) {
        if (!std::isfinite(part.loss)) return {part.loss, false, images};
        adam_.zero_gradients();
        part.mean.backward();
        // One number for all parameters: each that is read from a device is waited for.
        std::vector<torch::Tensor> sums;
        for (const torch::Tensor& parameter : network_->parameters()) sums.push_back(parameter.grad().sum());
        if (!std::isfinite(torch::stack(sums).sum().item<double>())) return {part.loss, false, images};
        adam_.step(learning_rate);
        return {part.loss, true, images};
    }

    static void append(std::vector<double>& values, const torch::Tensor& tensor) {
        const torch::Tensor source = tensor.to(torch::kCPU, torch::kFloat64).contiguous();
        values.insert(values.end(), source.data_ptr<double>(), source.data_ptr<double>() + source.numel());
    }

    EngineOptions options_;
    torch::Device device_;
    std::shared_ptr<Network> network_;
    PosteriorTables tables_, exact_tables_;
    torch::Tensor mean_, deviation_;
    Adam adam_;
    VirtualRanks ranks_;
    std::vector<std::shared_ptr<Network>> replicas_; ///< one for each part of a step that this process has
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
        // The same bits with any number of threads and processes.
        const int threads = options.parts.all > 1 ? 1 : options.threads;
        if (const auto fine = set_up(options.device, threads, seed_of_start(options)); !fine)
            return base::failure(fine.error());
        return std::make_unique<TorchEngine>(options);
    });
}

} // namespace ropewalk::perception
