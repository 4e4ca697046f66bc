// Learning to read glyphs and to find formulas at once.
#include <cmath>

#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/judging/judging.hpp"
#include "ropewalk/images/learning/learning.hpp"
#include "ropewalk/images/networks/networks.hpp"
#include "tests/scratch.hpp"
#include "tests/stop_after.hpp"

namespace ropewalk::learning {
namespace {

class Learning : public Scratch {
protected:
    void SetUp() override {
        Scratch::SetUp();
        if (const auto engine =
                perception::make_engine({.statistics = {{0.0}, {1.0}},
                                         .pool = *identification::monomial_table({formula::variable(1, 0)}),
                                         .sigma = {1.0}});
            !engine)
            GTEST_SKIP() << base::render(engine.error());
    }

    static std::vector<std::size_t> formulas(const Learned& learned) {
        return identification::formulas_of(learned.decisions);
    }

    /// Of all decisions, added up.
    static double error(const Learned& learned) {
        double sum = 0;
        for (const identification::Decision& decision : learned.decisions) sum += decision.error;
        return sum;
    }

    static LearnOptions options_for(const Settings& settings) {
        LearnOptions options = learn_options_of(settings);
        options.run.seconds = 0;
        options.run.threads = 1;
        return options;
    }
};

TEST_F(Learning, FindsAllFormulasBehindGlyphs) {
    const Settings settings{.tasks = 40, .seed = 3, .refine_steps = 100};
    const auto problem = problem_of(settings, 0);
    ASSERT_TRUE(problem);
    const auto learned = learn(*problem, options_for(settings));
    ASSERT_TRUE(learned) << base::render(learned.error());
    EXPECT_TRUE(learned->settled);
    EXPECT_EQ(learned->phase, Phase::done);
    EXPECT_EQ(formulas(*learned), problem->tasks);
    const auto judgement = perception::judge(*problem, *learned->engine, formulas(*learned), {.rows = 200});
    ASSERT_TRUE(judgement);
    EXPECT_EQ(judgement->programs_right, 40u);
    EXPECT_LT(judgement->test.symbols.loss, 0.01);
    EXPECT_LE(judgement->test.symbols.loss_modulo_gauge, judgement->test.symbols.loss);
}

TEST_F(Learning, FindsFormulasWithCategoricalSymbolsByTheSearchAlone) {
    Settings settings{.tasks = 40, .seed = 3, .refine_steps = 0};
    settings.letters = {0.3, 0.1, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1};
    settings.consensus = false;
    const auto problem = problem_of(settings, 0);
    ASSERT_TRUE(problem);
    LearnOptions options = options_for(settings);
    options.least_steps = options.most_steps = 200;
    const auto learned = learn(*problem, options);
    ASSERT_TRUE(learned) << base::render(learned.error());
    EXPECT_EQ(formulas(*learned), problem->tasks);
    ASSERT_EQ(learned->engine->alphabet().size(), 10u);
    EXPECT_FLOAT_EQ(static_cast<float>(learned->engine->alphabet()[2]), 0.3F) << "in rising order";
    const auto judgement = perception::judge(*problem, *learned->engine, formulas(*learned), {.rows = 200});
    ASSERT_TRUE(judgement);
    EXPECT_LT(judgement->test.symbols.loss, 0.02);
}

TEST_F(Learning, WithCategoricalSymbolsStoppedAndResumedEndsAsUndisturbed) {
    Settings settings{.tasks = 10, .start = "network", .refine_steps = 2};
    settings.letters = {0, 0.5, 1};
    settings.consensus = false;
    const auto problem = problem_of(settings, 0);
    ASSERT_TRUE(problem);
    LearnOptions options = options_for(settings);
    options.least_steps = options.most_steps = 8;
    options.mirror_interval = 3;
    const auto undisturbed = learn(*problem, options);
    ASSERT_TRUE(undisturbed) << base::render(undisturbed.error());
    EXPECT_EQ(undisturbed->mirrored, 0u) << "the values are given";
    options.checkpoint_file = path("checkpoint.safetensors");
    options.run.stop = stop_after(5);
    ASSERT_TRUE(learn(*problem, options));
    options.run.stop = nullptr;
    options.resume = true;
    const auto resumed = learn(*problem, options);
    ASSERT_TRUE(resumed) << base::render(resumed.error());
    EXPECT_EQ(perception::to_safetensors(resumed->engine->weights()),
              perception::to_safetensors(undisturbed->engine->weights()));
}

TEST_F(Learning, KeepsItsHeadWhereTheLettersDecodedAreThoseGiven) {
    Settings settings{.tasks = 40, .start = "network", .seed = 3, .refine_steps = 0};
    settings.letters = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1};
    const auto problem = problem_of(settings, 0);
    ASSERT_TRUE(problem);
    LearnOptions options = options_for(settings);
    const auto searched = learn(*problem, options);
    ASSERT_TRUE(searched) << base::render(searched.error());
    ASSERT_TRUE(searched->agreement);
    options.refine_steps = 1;
    options.reading_learning_rate = 0;
    const auto read = learn(*problem, options);
    ASSERT_TRUE(read) << base::render(read.error());
    ASSERT_TRUE(read->reading);
    const perception::TensorFile before = searched->engine->weights(), after = read->engine->weights();
    std::size_t compared = 0;
    for (const auto& [name, tensor] : before.tensors) {
        if (name.find("running") != std::string::npos || name.find("batches") != std::string::npos) continue;
        EXPECT_EQ(after.tensors.at(name).values, tensor.values) << name;
        ++compared;
    }
    EXPECT_GT(compared, 4u);
}

TEST_F(Learning, RefusesLettersThatAreNoAlphabet) {
    std::vector<double> many(65);
    for (std::size_t i = 0; i < many.size(); ++i) many[i] = static_cast<double>(i);
    std::vector<double> with_nan(20, 0.5);
    with_nan[0] = std::nan("");
    for (const std::vector<double>& letters :
         {std::vector<double>{1}, {1, 2, 1}, {0, 1e39}, {0.1, 0.10000001}, many, with_nan}) {
        Settings settings{.tasks = 10};
        settings.letters = letters;
        const auto problem = problem_of(settings, 1);
        ASSERT_FALSE(problem);
        EXPECT_EQ(problem.error().front().file, "setting `letters`");
    }
    Settings settings{.tasks = 10, .start = "table"};
    settings.letters = {0, 1};
    EXPECT_FALSE(problem_of(settings, 1)) << "tables know of no letters";
}

TEST_F(Learning, StoppedAndResumedEndsAsUndisturbed) {
    const Settings settings{.tasks = 10, .start = "network", .refine_steps = 6};
    const auto problem = problem_of(settings, 0);
    ASSERT_TRUE(problem);
    LearnOptions options = options_for(settings);
    options.annealing.steps = 20;
    options.settle_steps = 0;
    options.settle_share = 0;
    options.consensus_searches = 1;
    options.least_steps = 20;
    options.mirror_interval = 5;
    options.consensus_interval = 5;
    const auto undisturbed = learn(*problem, options);
    ASSERT_TRUE(undisturbed);

    options.checkpoint_file = path("checkpoint.safetensors");
    for (const int steps : {7, 18, 22}) {
        options.run.stop = stop_after(steps);
        options.resume = steps != 7;
        const auto stopped = learn(*problem, options);
        ASSERT_TRUE(stopped) << base::render(stopped.error());
    }
    options.run.stop = nullptr;
    options.resume = true;
    const auto resumed = learn(*problem, options);
    ASSERT_TRUE(resumed) << base::render(resumed.error());
    EXPECT_EQ(resumed->search_steps, undisturbed->search_steps);
    EXPECT_EQ(resumed->refine_steps, undisturbed->refine_steps);
    EXPECT_EQ(resumed->decisions, undisturbed->decisions);
    EXPECT_EQ(resumed->images, undisturbed->images);
    EXPECT_FALSE(undisturbed->unread.empty());
    EXPECT_EQ(resumed->unread, undisturbed->unread);
    EXPECT_EQ(perception::to_safetensors(resumed->engine->weights()),
              perception::to_safetensors(undisturbed->engine->weights()));
}

TEST_F(Learning, GoesOnSearchingWhileErrorsFall) {
    const Settings settings{.tasks = 10, .start = "network", .refine_steps = 0, .consensus = false};
    const auto problem = problem_of(settings, 0);
    ASSERT_TRUE(problem);
    LearnOptions options = options_for(settings);
    options.least_steps = 20;
    options.settle_steps = 10;
    options.settle_share = 0;
    options.most_steps = 400;
    options.settle_error = 0;
    const auto patient = learn(*problem, options);
    options.settle_error = 1000;
    const auto hasty = learn(*problem, options);
    ASSERT_TRUE(patient && hasty);
    EXPECT_LT(hasty->search_steps, patient->search_steps);
    EXPECT_LT(error(*patient), error(*hasty));
}

TEST_F(Learning, GoesOnWithTheBestOfSeveralSearchesStoppedAndResumedOrNot) {
    const Settings settings{.tasks = 3, .start = "network", .refine_steps = 5, .consensus = false};
    const auto problem = problem_of(settings, 0);
    ASSERT_TRUE(problem);
    LearnOptions options = options_for(settings);
    options.least_steps = options.most_steps = 30;
    const auto first = learn(*problem, options);
    options.searches = 4;
    const auto best = learn(*problem, options);
    ASSERT_TRUE(first && best);
    EXPECT_EQ(best->searches, 4u);
    EXPECT_EQ(best->search_steps, 120u);
    EXPECT_LE(error(*best), error(*first));

    options.checkpoint_file = path("checkpoint.safetensors");
    // Before the second search, in it, in the third, and in the refinement.
    for (const int steps : {30, 12, 45, 35}) {
        options.run.stop = stop_after(steps);
        options.resume = steps != 30;
        const auto stopped = learn(*problem, options);
        ASSERT_TRUE(stopped) << base::render(stopped.error());
        EXPECT_LE(error(*stopped), error(*first) + 1e-9) << "after " << stopped->search_steps << " steps";
        EXPECT_GT(error(*stopped), 0) << "after " << stopped->search_steps << " steps";
    }
    options.run.stop = nullptr;
    options.resume = true;
    const auto resumed = learn(*problem, options);
    ASSERT_TRUE(resumed) << base::render(resumed.error());
    EXPECT_EQ(resumed->searches, best->searches);
    EXPECT_EQ(resumed->decisions, best->decisions);
    EXPECT_EQ(perception::to_safetensors(resumed->engine->weights()),
              perception::to_safetensors(best->engine->weights()));
}

TEST_F(Learning, BeginsToReadWithTheSameLastLayerWhereverTheNetworkStarted) {
    perception::EngineOptions options{.statistics = {{0.0}, {1.0}},
                                      .pool = *identification::monomial_table({formula::variable(1, 0)}),
                                      .sigma = {1.0},
                                      .seed = 3};
    const auto first = perception::make_engine(options);
    options.start = 1;
    const auto second = perception::make_engine(options);
    ASSERT_TRUE(first && second);
    const auto values = [](const perception::Engine& engine, const char* name) {
        return engine.weights().tensors.at(name).values;
    };
    EXPECT_NE(values(**first, "fc1.weight"), values(**second, "fc1.weight"));
    for (const auto* engine : {&*first, &*second})
        ASSERT_TRUE((*engine)->begin_reading(std::vector<double>{0.1, 0.5, 1}));
    EXPECT_EQ(values(**first, "fc2.weight"), values(**second, "fc2.weight"));
}

TEST_F(Learning, KeepsItsFormulasWhereTheRefinementSpoilsTheNetwork) {
    Settings settings{.tasks = 10, .start = "network", .refine_steps = 0, .consensus = false};
    const auto problem = problem_of(settings, 0);
    ASSERT_TRUE(problem);
    LearnOptions options = options_for(settings);
    options.least_steps = options.most_steps = 150;
    const auto found = learn(*problem, options);
    options.decode = false;
    options.refine_steps = 20;
    options.refine_learning_rate = 10;
    const auto spoilt = learn(*problem, options);
    ASSERT_TRUE(found && spoilt);
    EXPECT_EQ(formulas(*spoilt), formulas(*found));
    const auto judgement = perception::judge(*problem, *spoilt->engine, formulas(*spoilt), {.rows = 200});
    ASSERT_TRUE(judgement);
    EXPECT_GT(judgement->test.symbols.loss_modulo_gauge, 0.05) << "the network is spoilt";
}

TEST_F(Learning, LooksForATableWhereTheSearchIsStuck) {
    const Settings settings{.tasks = 40, .seed = 4, .refine_steps = 3};
    const auto problem = problem_of(settings, 0);
    ASSERT_TRUE(problem);
    LearnOptions options = options_for(settings);
    options.consensus_interval = 1000; // stuck, as far as it can be seen
    options.table_step = 3;
    const auto undisturbed = learn(*problem, options);
    ASSERT_TRUE(undisturbed) << base::render(undisturbed.error());
    EXPECT_TRUE(undisturbed->table);
    EXPECT_EQ(undisturbed->search_steps, 3u);
    EXPECT_EQ(formulas(*undisturbed), problem->tasks);

    options.checkpoint_file = path("checkpoint.safetensors");
    options.run.stop = stop_after(4);
    const auto stopped = learn(*problem, options);
    ASSERT_TRUE(stopped) << base::render(stopped.error());
    EXPECT_EQ(stopped->phase, Phase::refine);
    options.run.stop = nullptr;
    options.resume = true;
    const auto resumed = learn(*problem, options);
    ASSERT_TRUE(resumed) << base::render(resumed.error());
    EXPECT_TRUE(resumed->table);
    EXPECT_EQ(perception::to_safetensors(resumed->engine->weights()),
              perception::to_safetensors(undisturbed->engine->weights()));
}

TEST_F(Learning, EndsTheSearchByConsensusUnlessToldNotTo) {
    Settings settings{.tasks = 60, .seed = 4, .refine_steps = 0};
    const auto problem = problem_of(settings, 0);
    ASSERT_TRUE(problem);
    const auto agreed = learn(*problem, options_for(settings));
    ASSERT_TRUE(agreed) << base::render(agreed.error());
    ASSERT_TRUE(agreed->agreement);
    EXPECT_EQ(agreed->agreement->tasks, 60u);
    EXPECT_EQ(agreed->agreement->step, agreed->search_steps);
    EXPECT_TRUE(agreed->settled);
    EXPECT_EQ(formulas(*agreed), problem->tasks);
    settings.consensus = false;
    LearnOptions options = options_for(settings);
    options.most_steps = agreed->search_steps + 5;
    const auto averaged = learn(*problem, options);
    ASSERT_TRUE(averaged);
    EXPECT_FALSE(averaged->agreement);
    EXPECT_GT(averaged->search_steps, agreed->search_steps);
}

TEST_F(Learning, ReadsNearlyTheSameInReducedPrecision) {
    perception::EngineOptions options{
        .network = {.kind = perception::NetworkOptions::Kind::resnet, .width = 8},
        .channels = 3,
        .height = 32,
        .width = 32,
        .statistics = {{0.5, 0.5, 0.5}, {0.2, 0.2, 0.2}},
        .pool = *identification::monomial_table({formula::variable(1, 0)}),
        .sigma = {1.0}};
    const auto full = perception::make_engine(options);
    options.network.precision = perception::Precision::bfloat16;
    const auto reduced = perception::make_engine(options);
    ASSERT_TRUE(full);
    ASSERT_TRUE(reduced) << base::render(reduced.error());
    base::RandomStream random(1, base::Purpose::test);
    std::vector<float> pixels(16 * 3 * 32 * 32);
    for (float& pixel : pixels) pixel = static_cast<float>(random.below(256)) / 255.0f;
    const identification::Grounding exact = *(*full)->ground(pixels), rounded = *(*reduced)->ground(pixels);
    for (std::size_t i = 0; i < exact.mean.size(); ++i) EXPECT_NEAR(exact.mean[i], rounded.mean[i], 0.05);
    EXPECT_NE(exact.mean, rounded.mean);
    EXPECT_EQ(perception::to_safetensors((*full)->weights()),
              perception::to_safetensors((*reduced)->weights()));
}

TEST_F(Learning, RefusesACheckpointThatIsCutShortOrOfOtherSettings) {
    Settings settings{.tasks = 5, .start = "network", .refine_steps = 0};
    const auto problem = problem_of(settings, 0);
    LearnOptions options = options_for(settings);
    options.checkpoint_file = path("checkpoint.safetensors");
    options.run.stop = [] { return true; };
    ASSERT_TRUE(learn(*problem, options));
    options.resume = true;
    EXPECT_TRUE(learn(*problem, options));
    settings.seed = 9;
    options.settings = to_json(settings);
    EXPECT_NE(complaint(learn(*problem, options), folder_)
                  .find("a checkpoint of a run with seed 0; expected seed 9, as the options say"),
              std::string::npos);
    const std::string whole = *base::read_file(options.checkpoint_file);
    std::string damaged = whole;
    std::fill(damaged.end() - 64, damaged.end(), '\xff');
    write("checkpoint.safetensors", damaged);
    options.settings = to_json(Settings{.tasks = 5, .start = "network", .refine_steps = 0});
    EXPECT_NE(complaint(learn(*problem, options), folder_).find("a value that is not finite"),
              std::string::npos);
    write("checkpoint.safetensors", whole.substr(0, whole.size() / 2));
    EXPECT_NE(complaint(learn(*problem, options), folder_).find("checkpoint.safetensors: "),
              std::string::npos);
    write("checkpoint.safetensors", "");
    EXPECT_NE(complaint(learn(*problem, options), folder_).find("no safetensors header"), std::string::npos);
}

TEST_F(Learning, KeepsARunThatCanBeJudgedAgain) {
    const Settings settings{.tasks = 5, .start = "network", .refine_steps = 0};
    const auto problem = problem_of(settings, 0);
    LearnOptions options = options_for(settings);
    options.run.stop = stop_after(5);
    const auto learned = learn(*problem, options);
    ASSERT_TRUE(learned);
    ASSERT_TRUE(save_run(folder_.string(), settings, *problem, *learned, "{}"));
    const auto stored = load_run(folder_.string());
    ASSERT_TRUE(stored) << base::render(stored.error());
    EXPECT_EQ(stored->settings, settings);
    EXPECT_EQ(stored->decisions.size(), 5u);
    const auto engine = engine_of(*stored, *problem, 1, "cpu");
    ASSERT_TRUE(engine);
    const auto before = perception::judge(*problem, *learned->engine, formulas(*learned), {.rows = 50});
    const auto after = perception::judge(*problem, **engine, formulas(*learned), {.rows = 50});
    EXPECT_EQ(before->test.symbols.loss, after->test.symbols.loss);
}

TEST_F(Learning, NamesTheWeightsOfAResNetAsTorchvisionDoes) {
    auto engine =
        perception::make_engine({.network = {.kind = perception::NetworkOptions::Kind::resnet, .width = 8},
                                 .channels = 3,
                                 .height = 32,
                                 .width = 32,
                                 .statistics = {{0, 0, 0}, {1, 1, 1}},
                                 .pool = *identification::monomial_table({formula::variable(1, 0)}),
                                 .sigma = {1.0}});
    ASSERT_TRUE(engine);
    const perception::TensorFile weights = (*engine)->weights();
    using Shape = std::vector<std::int64_t>;
    EXPECT_EQ(weights.tensors.at("conv1.weight").shape, (Shape{8, 3, 7, 7}));
    EXPECT_EQ(weights.tensors.at("layer1.0.bn1.running_mean").shape, (Shape{8}));
    EXPECT_EQ(weights.tensors.at("layer2.0.downsample.0.weight").shape, (Shape{16, 8, 1, 1}));
    EXPECT_EQ(weights.tensors.at("layer2.0.downsample.1.running_var").shape, (Shape{16}));
    EXPECT_EQ(weights.tensors.at("layer4.1.conv2.weight").shape, (Shape{64, 64, 3, 3}));
    EXPECT_EQ(weights.tensors.at("fc.weight").shape, (Shape{2, 64}));
    EXPECT_EQ(weights.tensors.size(), 20u * 5 + 2);
}

TEST(Gauge, IsTheBestStraightLine) {
    const std::vector<double> gold{0.1, 0.2, 0.5, 1.0};
    std::vector<double> grounded;
    for (const double s : gold) grounded.push_back(-2 * s + 1);
    const perception::GaugeFit fit = perception::fit_gauge(grounded, gold);
    EXPECT_NEAR(fit.scale, -0.5, 1e-12);
    EXPECT_NEAR(fit.offset, 0.5, 1e-12);
    EXPECT_NEAR(fit.loss_modulo_gauge, 0, 1e-12);
    EXPECT_GT(fit.loss, 0.1);
}

} // namespace
} // namespace ropewalk::learning
