// `--device`: what runs on another device than the processor keeps its tensors there, and finds the same.
#include <array>

#include <torch/torch.h>

#include <gtest/gtest.h>

#include "papers/roap/roap.hpp"
#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/images/datasets/datasets.hpp"
#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/judging/judging.hpp"
#include "ropewalk/images/learning/learning.hpp"
#include "ropewalk/images/networks/networks.hpp"
#include "ropewalk/images/problems/problems.hpp"
#include "tests/images/device/strict_device.hpp"
#include "tests/scratch.hpp"

namespace ropewalk::perception {

/// What GoogleTest says of a parameter; without this it prints the bytes between the fields too.
void PrintTo(const NetworkOptions& network, std::ostream* out) { *out << "width " << network.width; }

namespace {

/// Skips a test under a libtorch in which the device cannot be installed.
void install_or_skip() {
    if (TORCH_VERSION_MAJOR >= 2) GTEST_SKIP() << "since libtorch 2, autograd knows devices of its own only";
    strict_device::install();
}

class StrictDevice : public testing::Test {
protected:
    void SetUp() override { install_or_skip(); }
    const torch::Device device = torch::Device(c10::DeviceType::XPU, 0);
};

TEST_F(StrictDevice, ComputesWhatTheProcessorComputes) {
    const torch::Tensor a = torch::arange(6, torch::kFloat32).reshape({2, 3}), b = a.t().contiguous();
    const torch::Tensor product = a.to(device).matmul(b.to(device)) + 1;
    EXPECT_EQ(product.device(), device);
    EXPECT_TRUE(torch::equal(product.to(torch::kCPU), a.matmul(b) + 1));
    const torch::Tensor slice = a.to(device).slice(1, 1, 3).transpose(0, 1);
    EXPECT_TRUE(torch::equal(slice.to(torch::kCPU), a.slice(1, 1, 3).transpose(0, 1)));
}

TEST_F(StrictDevice, Differentiates) {
    torch::Tensor a = torch::arange(3, torch::kFloat32).to(device).requires_grad_(true);
    (a * a).sum().backward();
    EXPECT_TRUE(torch::equal(a.grad().to(torch::kCPU), 2 * torch::arange(3, torch::kFloat32)));
}

TEST_F(StrictDevice, RefusesTensorsOfTwoDevices) {
    const torch::Tensor a = torch::ones({3});
    EXPECT_THROW(a.to(device) + a, c10::Error);
    EXPECT_NO_THROW(a.to(device) + torch::tensor(1.0));
}

TEST_F(StrictDevice, KillsAProgramThatReadsItsMemory) {
    const torch::Tensor a = torch::ones({3}).to(device);
    const auto read = [&] {
        volatile const float value = *static_cast<const float*>(a.storage().data());
        static_cast<void>(value);
    };
    EXPECT_DEATH(read(), "");
}

/// Largest difference of two files' numbers, relative to the largest number of each tensor.
double difference(const TensorFile& file, const TensorFile& other) {
    EXPECT_EQ(file.tensors.size(), other.tensors.size());
    double largest = 0;
    for (const auto& [name, tensor] : file.tensors) {
        const std::vector<float>& values = other.tensors.at(name).values;
        EXPECT_EQ(values.size(), tensor.values.size()) << name;
        double apart = 0, size = 1e-3;
        for (std::size_t i = 0; i < values.size(); ++i) {
            apart = std::max<double>(apart, std::abs(values[i] - tensor.values[i]));
            size = std::max<double>(size, std::abs(values[i]));
        }
        largest = std::max(largest, apart / size);
    }
    return largest;
}

/// Runs `work`, which takes the name of a device, on both; some kernel must run on the device.
template<class Work>
auto on_both(const Work& work) {
    auto expected = work(std::string("cpu"));
    const long before = strict_device::kernel_calls();
    auto found = work(std::string(strict_device::name));
    EXPECT_GT(strict_device::kernel_calls(), before + 100);
    EXPECT_TRUE(expected) << (expected ? "" : base::render(expected.error()));
    EXPECT_TRUE(found) << (found ? "" : base::render(found.error()));
    return std::pair(std::move(expected), std::move(found));
}

Problem glyph_problem(std::size_t tasks, bool private_images = false) {
    return *make_problem(datasets::draw_glyphs({.train = 400, .test = 100}),
                         {.tasks = tasks, .private_images = private_images});
}

class LearningOnADevice : public Scratch, public testing::WithParamInterface<NetworkOptions> {
protected:
    void SetUp() override {
        Scratch::SetUp();
        install_or_skip();
    }

    static learning::LearnOptions quick() {
        learning::LearnOptions options;
        options.network = GetParam();
        for (BatchOptions* batch : {&options.search_batch, &options.refine_batch}) {
            batch->images = 32;
            batch->rows = 64;
            batch->tasks = 3;
        }
        options.start = learning::Start::network;
        options.least_steps = options.most_steps = 4;
        options.mirror_interval = 2;
        options.consensus_interval = 0;
        options.refine_steps = 3;
        options.run.seconds = 0;
        options.run.threads = 1;
        return options;
    }

    static void expect_same(const Problem& problem, learning::LearnOptions options) {
        const auto [expected, found] = on_both([&](const std::string& device) {
            options.device = device;
            return learning::learn(problem, options);
        });
        ASSERT_TRUE(expected && found);
        EXPECT_EQ(identification::formulas_of(found->decisions),
                  identification::formulas_of(expected->decisions));
        EXPECT_NEAR(found->loss, expected->loss, 1e-4 * expected->loss);
        EXPECT_LT(difference(found->engine->weights(), expected->engine->weights()), 1e-2);
        EXPECT_TRUE(
            judge(problem, *found->engine, identification::formulas_of(found->decisions), {.rows = 50}));
    }
};

TEST_P(LearningOnADevice, FindsTheSame) { expect_same(glyph_problem(10), quick()); }

TEST_P(LearningOnADevice, FindsTheSameWithCategoricalSymbols) {
    learning::LearnOptions options = quick();
    options.letters = {0, 0.5, 1};
    expect_same(glyph_problem(10), options);
}

TEST_P(LearningOnADevice, FindsTheSameWithPrivateImages) { expect_same(glyph_problem(10, true), quick()); }

TEST_P(LearningOnADevice, GoesOnThereFromACheckpointOfTheProcessor) {
    const Problem problem = glyph_problem(10);
    learning::LearnOptions options = quick();
    const auto undisturbed = learning::learn(problem, options);
    ASSERT_TRUE(undisturbed);
    options.checkpoint_file = path("checkpoint.safetensors");
    long asked = 0;
    options.run.stop = [&] { return ++asked > 2; };
    ASSERT_TRUE(learning::learn(problem, options));
    options.run.stop = nullptr;
    options.resume = true;
    options.device = strict_device::name;
    const auto resumed = learning::learn(problem, options);
    ASSERT_TRUE(resumed) << base::render(resumed.error());
    EXPECT_LT(difference(resumed->engine->weights(), undisturbed->engine->weights()), 1e-2);
}

class ReadingOnADevice : public LearningOnADevice {};

TEST_P(ReadingOnADevice, ReadsLettersThere) {
    const Problem problem = glyph_problem(10);
    const std::vector<double> alphabet{0, 0.5, 1};
    std::vector<float> pixels;
    for (std::size_t i = 0; i < 4; ++i)
        for (const std::uint8_t pixel : problem.dataset.test.image(i)) pixels.push_back(pixel / 255.0f);
    const auto [expected, found] =
        on_both([&](const std::string& device) -> base::Result<std::vector<double>> {
            auto engine = make_engine({.network = GetParam(),
                                       .statistics = {{0.0}, {1.0}},
                                       .pool = problem.table,
                                       .sigma = problem.sigma,
                                       .device = device});
            if (!engine) return tl::make_unexpected(engine.error());
            if (const auto begun = (*engine)->begin_reading(alphabet); !begun)
                return tl::make_unexpected(begun.error());
            const std::vector<std::int64_t> letters{0, 1, 2, -1};
            for (int step = 0; step < 3; ++step)
                if (const auto report = (*engine)->reading_step(std::array{PartToRead{pixels, letters}}, 1e-3); !report)
                    return tl::make_unexpected(report.error());
            return (*engine)->read(pixels);
        });
    ASSERT_TRUE(expected && found);
    ASSERT_EQ(found->size(), 12u);
    for (std::size_t i = 0; i < found->size(); ++i) EXPECT_NEAR((*found)[i], (*expected)[i], 1e-3);
}

std::string name_of(const testing::TestParamInfo<NetworkOptions>& network) {
    if (network.param.kind == NetworkOptions::Kind::small) return "small";
    if (network.param.kind == NetworkOptions::Kind::medium) return "medium";
    return network.param.cifar_stem ? "resnet_cifar_stem" : "resnet";
}

constexpr auto resnet = NetworkOptions::Kind::resnet;
INSTANTIATE_TEST_SUITE_P(
    Networks, LearningOnADevice,
    testing::Values(NetworkOptions{},
                    NetworkOptions{.kind = resnet, .blocks = {1, 1}, .width = 4, .cifar_stem = true},
                    NetworkOptions{.kind = resnet, .blocks = {1, 1}, .width = 4}),
    name_of);
// What deeper networks have learned after some steps differs by more than rounding; what they drop does not.
INSTANTIATE_TEST_SUITE_P(
    Networks, ReadingOnADevice,
    testing::Values(NetworkOptions{}, NetworkOptions{.kind = NetworkOptions::Kind::medium},
                    NetworkOptions{.kind = resnet, .blocks = {1, 1}, .width = 4, .cifar_stem = true},
                    NetworkOptions{.kind = resnet, .blocks = {1, 1}, .width = 4}),
    name_of);

TEST_F(StrictDevice, WaitsForAStepAsOftenInADeepNetworkAsInAShallowOne) {
    const Problem problem = glyph_problem(5);
    const auto waits = [&](std::vector<int> blocks) {
        learning::LearnOptions options;
        options.network = {.kind = resnet, .blocks = std::move(blocks), .width = 4};
        options.search_batch.images = 8;
        options.search_batch.rows = 8;
        options.start = learning::Start::network;
        options.least_steps = options.most_steps = 3;
        options.consensus_interval = options.mirror_interval = 0;
        options.refine_steps = 0;
        options.device = strict_device::name;
        const long before = strict_device::numbers_read();
        EXPECT_TRUE(learning::learn(problem, options));
        return strict_device::numbers_read() - before;
    };
    EXPECT_EQ(waits({1, 1}), waits({3, 3}));
}

TEST_F(StrictDevice, TrainsEveryModelOfGradientSearchAsTheProcessorDoes) {
    const Problem problem = glyph_problem(3);
    for (const ProgramModel program : {ProgramModel::straight_line, ProgramModel::tree,
                                       ProgramModel::one_network, ProgramModel::disjoint_networks})
        for (const bool amortised : {true, false})
            for (const bool symbols_given : {true, false}) {
                papers::RoapOptions options;
                options.model = {
                    .program = program, .lines = 5, .depth = 2, .amortised = amortised, .features = 32};
                options.steps = 3;
                options.threads = 1;
                options.symbols_given = symbols_given;
                auto [expected, found] = on_both([&](const std::string& device) {
                    options.device = device;
                    return papers::learn_roap(problem, options);
                });
                ASSERT_TRUE(expected && found);
                SCOPED_TRACE(testing::Message() << "model " << static_cast<int>(program) << ", amortised "
                                                << amortised << ", symbols given " << symbols_given);
                EXPECT_NEAR(found->loss, expected->loss, 1e-3 * std::abs(expected->loss));
                EXPECT_LT(difference(found->engine->weights(), expected->engine->weights()), 1e-2);
                EXPECT_TRUE(judge(problem, options, *found, 50));
            }
}

TEST_F(StrictDevice, TeachesAProposerAsTheProcessorDoes) {
    const ProposerOptions small{.variables = 2, .lines = 2, .features = 16, .hidden = 32, .threads = 1};
    Examples examples{.tasks = 4, .pairs = 8, .symbols = std::vector<float>(64), .y = std::vector<float>(32)};
    base::RandomStream random(1, base::Purpose::test);
    for (auto* values : {&examples.symbols, &examples.y})
        for (float& value : *values) value = static_cast<float>(random.normal());
    const std::vector<std::int64_t> tokens{0, 1, 2, 3, 1, 0, 3, 2};
    const auto [expected, found] =
        on_both([&](const std::string& device) -> base::Result<std::vector<Proposal>> {
            ProposerOptions options = small;
            options.device = device;
            auto proposer = make_proposer(options);
            if (!proposer) return tl::make_unexpected(proposer.error());
            for (int step = 0; step < 3; ++step)
                if (const auto losses = (*proposer)->teach(examples, tokens, 1e-3); !losses)
                    return tl::make_unexpected(losses.error());
            auto again = make_proposer(options);
            if (const auto restored = (*again)->restore((*proposer)->state()); !restored)
                return tl::make_unexpected(restored.error());
            return (*again)->propose(examples, 4, 3);
        });
    ASSERT_TRUE(expected && found);
    ASSERT_EQ(found->size(), expected->size());
    for (std::size_t i = 0; i < found->size(); ++i) {
        EXPECT_EQ((*found)[i].tokens, (*expected)[i].tokens);
        EXPECT_NEAR((*found)[i].log_probability, (*expected)[i].log_probability, 1e-3);
    }
}

TEST(Device, IsRefusedWhenLibtorchDoesNotKnowIt) {
    const auto engine = make_engine({.statistics = {{0.0}, {1.0}},
                                     .pool = *identification::monomial_table({formula::variable(1, 0)}),
                                     .sigma = {1.0},
                                     .device = "abacus"});
    ASSERT_FALSE(engine);
    EXPECT_NE(base::render(engine.error()).find("'abacus'"), std::string::npos);
}

} // namespace
} // namespace ropewalk::perception
