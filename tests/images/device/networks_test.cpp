// Every kind of network, some steps forward and backward on the processor: libtorch's kernels are the
// processor's own, and some of them have written beyond their tensors. `./run valgrind` runs these tests
// where that is noticed.
#include <array>
#include <cmath>
#include <numeric>
#include <ostream>

#include <gtest/gtest.h>

#include "papers/roap/roap.hpp"
#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/images/datasets/datasets.hpp"
#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/networks/networks.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::perception {
namespace {

struct Grounder {
    const char* name;
    NetworkOptions network;
    int channels, size; ///< of the images

    friend std::ostream& operator<<(std::ostream& stream, const Grounder& grounder) {
        return stream << grounder.name;
    }
};

class Networks : public testing::TestWithParam<Grounder> {};

TEST_P(Networks, LearnToReadFourImages) {
    const Grounder& grounder = GetParam();
    const auto channels = static_cast<std::size_t>(grounder.channels);
    auto engine = make_engine({.network = grounder.network,
                               .channels = grounder.channels,
                               .height = grounder.size,
                               .width = grounder.size,
                               .statistics = {std::vector(channels, 0.0), std::vector(channels, 1.0)},
                               .pool = *identification::monomial_table({formula::variable(1, 0)}),
                               .sigma = {1.0},
                               .threads = 1});
    if (!engine) GTEST_SKIP() << base::render(engine.error());
    ASSERT_TRUE((*engine)->begin_reading(std::vector<double>{0, 0.5, 1}));
    base::RandomStream random(1, base::Purpose::test);
    std::vector<float> pixels(4 * channels * static_cast<std::size_t>(grounder.size * grounder.size));
    for (float& pixel : pixels) pixel = static_cast<float>(random.normal());
    const std::vector<std::int64_t> letters{0, 1, 2, 0};
    std::vector<double> losses;
    for (int step = 0; step < 4; ++step) {
        const auto report = (*engine)->reading_step(std::array{PartToRead{pixels, letters}}, 3e-3);
        ASSERT_TRUE(report) << base::render(report.error());
        ASSERT_TRUE(report->finite);
        losses.push_back(report->loss);
    }
    EXPECT_LT(losses.back(), losses.front());
    const auto read = (*engine)->read(pixels);
    ASSERT_TRUE(read) << base::render(read.error());
    EXPECT_EQ(read->size(), 12u);
}

INSTANTIATE_TEST_SUITE_P(
    OnTheProcessor, Networks,
    testing::Values(
        Grounder{"small", {}, 1, 28}, Grounder{"small_of_colours", {}, 3, 32},
        Grounder{"small_in_bfloat16", {.precision = Precision::bfloat16}, 1, 28},
        Grounder{"medium", {.kind = NetworkOptions::Kind::medium}, 1, 28},
        Grounder{"medium_of_colours", {.kind = NetworkOptions::Kind::medium}, 3, 30},
        // Widths that fill the vectors of a processor, and others.
        Grounder{"resnet_width_4", {.kind = NetworkOptions::Kind::resnet, .blocks = {1, 1}, .width = 4}, 1, 28},
        Grounder{"resnet_width_12", {.kind = NetworkOptions::Kind::resnet, .blocks = {1, 1, 1}, .width = 12}, 3, 32},
        Grounder{"resnet_cifar_stem_width_4",
                 {.kind = NetworkOptions::Kind::resnet, .blocks = {1, 1}, .width = 4, .cifar_stem = true},
                 1,
                 28},
        Grounder{"resnet_cifar_stem_width_6",
                 {.kind = NetworkOptions::Kind::resnet, .blocks = {1, 1, 1}, .width = 6, .cifar_stem = true},
                 3,
                 27},
        Grounder{"resnet18_width_8", {.kind = NetworkOptions::Kind::resnet, .width = 8}, 3, 32},
        Grounder{"resnet18_cifar_stem_width_8", {.kind = NetworkOptions::Kind::resnet, .width = 8, .cifar_stem = true}, 3, 32},
        Grounder{"resnet18_cifar_stem", {.kind = NetworkOptions::Kind::resnet, .cifar_stem = true}, 3, 8}),
    [](const auto& network) { return std::string(network.param.name); });

TEST(NetworksOfPrograms, AreTaughtByExamples) {
    auto proposer = make_proposer({.variables = 2, .lines = 2, .features = 12, .hidden = 20, .threads = 1});
    if (!proposer) GTEST_SKIP() << base::render(proposer.error());
    Examples examples{.tasks = 4, .pairs = 6, .symbols = std::vector<float>(48), .y = std::vector<float>(24)};
    base::RandomStream random(1, base::Purpose::test);
    for (auto* values : {&examples.symbols, &examples.y})
        for (float& value : *values) value = static_cast<float>(random.normal());
    const std::vector<std::int64_t> tokens{0, 1, 2, 3, 1, 0, 3, 2};
    const auto mean = [](const std::vector<float>& losses) {
        return std::accumulate(losses.begin(), losses.end(), 0.0) / static_cast<double>(losses.size());
    };
    std::vector<double> losses;
    for (int step = 0; step < 4; ++step) {
        const auto taught = (*proposer)->teach(examples, tokens, 3e-3);
        ASSERT_TRUE(taught) << base::render(taught.error());
        losses.push_back(mean(*taught));
    }
    EXPECT_LT(losses.back(), losses.front());
}

TEST(NetworksOfPrograms, AreTrainedByGradientSearch) {
    const auto problem = make_problem(datasets::draw_glyphs({.train = 60, .test = 10}), {.tasks = 3});
    ASSERT_TRUE(problem);
    for (const ProgramModel program : {ProgramModel::straight_line, ProgramModel::tree,
                                       ProgramModel::one_network, ProgramModel::disjoint_networks})
        for (const bool amortised : {true, false}) {
            papers::RoapOptions options;
            options.model = {
                .program = program, .lines = 5, .depth = 2, .amortised = amortised, .features = 20};
            options.steps = 2;
            options.threads = 1;
            const auto learned = papers::learn_roap(*problem, options);
            ASSERT_TRUE(learned) << base::render(learned.error());
            EXPECT_TRUE(std::isfinite(learned->loss));
        }
}

} // namespace
} // namespace ropewalk::perception
