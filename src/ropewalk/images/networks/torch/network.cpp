#include "ropewalk/images/networks/torch/network.hpp"

#include <limits>
#include <utility>

#include "ropewalk/images/networks/torch/pooling.hpp"

namespace ropewalk::perception {

namespace nn = torch::nn;

namespace {

nn::Conv2d convolution(int from, int to, int kernel, int stride) {
    return nn::Conv2d(nn::Conv2dOptions(from, to, kernel).stride(stride).padding(kernel / 2).bias(false));
}

/// A convolution of 3 x 3 pixels with its normalisation, and whether sides are halved after it.
struct PlainLayer {
    int channels;
    bool halves;
};

/// Convolutions and two full layers, for digits; before each of these a share is dropped (Srivastava et al. 2014).
struct PlainNetwork : Network {
    PlainNetwork(const EngineOptions& options, std::vector<PlainLayer> its_layers, double its_dropped)
        : layers(std::move(its_layers)), dropped_share(its_dropped) {
        int from = options.channels, height = options.height, width = options.width;
        for (const PlainLayer& layer : layers) {
            const std::string number = std::to_string(convolutions.size() + 1);
            convolutions.push_back(register_module("conv" + number, convolution(from, layer.channels, 3, 1)));
            normalisations.push_back(register_module("bn" + number, nn::BatchNorm2d(layer.channels)));
            from = layer.channels;
            if (layer.halves) height /= 2, width /= 2;
        }
        fc1 = register_module("fc1", nn::Linear(from * height * width, features));
        fc2 = register_module("fc2", nn::Linear(features, 2));
    }

    torch::Tensor forward(torch::Tensor x) override {
        for (std::size_t i = 0; i < layers.size(); ++i) {
            x = normalisations[i](convolutions[i](x));
            x = layers[i].halves ? pooled_relu(x) : torch::relu(x);
        }
        return fc2(dropped(torch::relu(fc1(dropped(x.flatten(1))))));
    }

    /// Drawn on the processor, so that every device drops the same.
    torch::Tensor dropped(const torch::Tensor& x) const {
        if (!is_training() || dropped_share == 0) return x;
        const double kept = 1 - dropped_share;
        return x * torch::empty(x.sizes()).bernoulli_(kept).div_(kept).to(x.device());
    }

    nn::Linear output() override { return fc2; }
    void set_outputs(int outputs) override { fc2 = replace_module("fc2", nn::Linear(features, outputs)); }

    static constexpr int features = 128;
    std::vector<PlainLayer> layers;
    double dropped_share;
    std::vector<nn::Conv2d> convolutions;
    std::vector<nn::BatchNorm2d> normalisations;
    nn::Linear fc1{nullptr};
    nn::Linear fc2{nullptr};
};

/// Every `stride`-th pixel of every `stride`-th row of images [images, channels, height, width].
torch::Tensor thinned(const torch::Tensor& x, int stride) {
    constexpr std::int64_t all = std::numeric_limits<std::int64_t>::max();
    return x.slice(2, 0, all, stride).slice(3, 0, all, stride).contiguous(torch::MemoryFormat::ChannelsLast);
}

/// Two 3 x 3 convolutions and a shortcut (He et al. 2016), with torchvision's names.
struct BasicBlock : nn::Module {
    BasicBlock(int from, int to, int its_stride)
        : stride(its_stride), conv1(convolution(from, to, 3, stride)), bn1(to),
          conv2(convolution(to, to, 3, 1)), bn2(to) {
        register_module("conv1", conv1);
        register_module("bn1", bn1);
        register_module("conv2", conv2);
        register_module("bn2", bn2);
        if (from != to || stride != 1)
            downsample = register_module("downsample",
                                         nn::Sequential(convolution(from, to, 1, 1), nn::BatchNorm2d(to)));
    }

    torch::Tensor forward(const torch::Tensor& x) {
        // A 1 x 1 convolution with strides is one without on fewer pixels. Where channels do not fill its
        // vectors, oneDNN 2.6's AVX2 kernel of the former writes beyond its buffer when it differentiates by
        // the weights.
        const torch::Tensor shortcut = downsample.is_empty() ? x : downsample->forward(thinned(x, stride));
        return torch::relu(bn2(conv2(torch::relu(bn1(conv1(x))))) + shortcut);
    }

    int stride;
    nn::Conv2d conv1;
    nn::BatchNorm2d bn1;
    nn::Conv2d conv2;
    nn::BatchNorm2d bn2;
    nn::Sequential downsample{nullptr};
};

nn::Sequential stage(int from, int to, int blocks, int stride) {
    nn::Sequential sequence;
    for (int i = 0; i < blocks; ++i)
        sequence->push_back(BasicBlock(i == 0 ? from : to, to, i == 0 ? stride : 1));
    return sequence;
}

struct ResNet : Network {
    ResNet(int channels, const NetworkOptions& options)
        : cifar_stem(options.cifar_stem),
          conv1(convolution(channels, options.width, cifar_stem ? 3 : 7, cifar_stem ? 1 : 2)),
          bn1(options.width) {
        register_module("conv1", conv1);
        register_module("bn1", bn1);
        int from = options.width;
        for (std::size_t i = 0; i < options.blocks.size(); ++i) {
            const int to = options.width << i;
            stages.push_back(register_module("layer" + std::to_string(i + 1),
                                             stage(from, to, options.blocks[i], i == 0 ? 1 : 2)));
            from = to;
        }
        fc = register_module("fc", nn::Linear(from, 2));
        for (auto& module : modules(false))
            if (auto* each = module->as<nn::Conv2d>())
                nn::init::kaiming_normal_(each->weight, 0, torch::kFanOut, torch::kReLU);
    }

    torch::Tensor forward(torch::Tensor x) override {
        x = torch::relu(bn1(conv1(x)));
        if (!cifar_stem) x = torch::max_pool2d(x, 3, 2, 1);
        for (auto& each : stages) x = each->forward(x);
        return fc(x.mean({2, 3}));
    }

    nn::Linear output() override { return fc; }
    void set_outputs(int outputs) override {
        fc = replace_module("fc", nn::Linear(fc->options.in_features(), outputs));
    }

    bool cifar_stem;
    nn::Conv2d conv1;
    nn::BatchNorm2d bn1;
    std::vector<nn::Sequential> stages;
    nn::Linear fc{nullptr};
};

} // namespace

std::shared_ptr<Network> make_network(const EngineOptions& options) {
    if (options.network.kind == NetworkOptions::Kind::resnet)
        return std::make_shared<ResNet>(options.channels, options.network);
    if (options.network.kind == NetworkOptions::Kind::medium)
        return std::make_shared<PlainNetwork>(
            options, std::vector<PlainLayer>{{16, true}, {32, false}, {32, true}, {64, false}}, 0.3);
    return std::make_shared<PlainNetwork>(options, std::vector<PlainLayer>{{16, true}, {32, true}}, 0);
}

namespace {

constexpr double centre = 0.55, spread = 0.3, alphabet_variance = 0.0825;

} // namespace

Symbols symbols_of(const torch::Tensor& raw) {
    return {centre + spread * raw.select(1, 0), alphabet_variance * torch::sigmoid(raw.select(1, 1))};
}

Symbols symbols_of(const torch::Tensor& raw, const torch::Tensor& alphabet) {
    const torch::Tensor shares = torch::softmax(raw, 1);
    const torch::Tensor mean = shares.matmul(alphabet);
    return {mean, (shares * (alphabet.unsqueeze(0) - mean.unsqueeze(1)).square()).sum(1)};
}

void negate_symbols(torch::nn::Linear output) {
    const torch::NoGradGuard no_gradient;
    output->weight.select(0, 0).neg_();
    torch::Tensor bias = output->bias.select(0, 0);
    bias.neg_().sub_(2 * centre / spread);
}

} // namespace ropewalk::perception
