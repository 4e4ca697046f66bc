// Programs by amortised gradient search: its gradient, easy tasks, ablations, and what it refuses.
#include <cmath>
#include <memory>
#include <tuple>

#include "papers/roap/roap.hpp"
#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/formulas/search/search.hpp"
#include "ropewalk/images/datasets/datasets.hpp"
#include "ropewalk/images/networks/networks.hpp"
#include "ropewalk/images/problems/problems.hpp"
#include "ropewalk/images/proposing/proposing.hpp"
#include "tests/scratch.hpp"

namespace ropewalk::papers {
namespace {

using testing::HasSubstr;

class Roap : public Scratch {
protected:
    void SetUp() override {
        Scratch::SetUp();
        if (const auto engine =
                perception::make_roap_engine({.engine = {.sigma = {1.0}}, .symbols_given = true});
            !engine)
            GTEST_SKIP() << base::render(engine.error());
    }

    /// The first formulas of the pool, which are its easiest.
    static perception::Problem problem(std::size_t tasks) {
        perception::Problem problem =
            *perception::make_problem(datasets::draw_glyphs({.train = 500, .test = 200}), {.tasks = tasks});
        std::vector<double> symbols;
        for (const int label : formula::draw_labels(1000, 3, 0, 0)) symbols.push_back(label / 10.0);
        for (std::size_t t = 0; t < tasks; ++t) problem.tasks[t] = t;
        problem.sigma = formula::task_outputs(problem.pool, problem.tasks, symbols, 1000).sigma;
        return problem;
    }

    static RoapOptions quick() {
        RoapOptions options;
        options.model.lines = 5;
        options.model.features = 32;
        options.steps = 3;
        options.threads = 1;
        options.symbols_given = true;
        return options;
    }
};

TEST_F(Roap, GradientOfTheExecutorInLibtorchAgreesWithFiniteDifferences) {
    const perception::RoapModel model{.lines = 4};
    const std::size_t tasks = 2, rows = 5, choices = model.sketch(3).choices();
    const auto engine = perception::make_roap_engine(
        {.engine = {.sigma = {0.7, 1.3}, .threads = 1}, .model = model, .symbols_given = true});
    ASSERT_TRUE(engine);
    base::RandomStream random(3, base::Purpose::test);
    std::vector<double> logits(tasks * choices), symbols(rows * 3), y(tasks * rows);
    for (auto* values : {&logits, &symbols, &y})
        for (double& value : *values) value = random.normal();
    const double beta = 1.7, lambda = 0.05;
    const auto loss = [&] { return (*engine)->sketch_gradient(logits, symbols, y, beta, lambda)->loss; };
    const auto gradient = (*engine)->sketch_gradient(logits, symbols, y, beta, lambda);
    ASSERT_TRUE(gradient) << base::render(gradient.error());
    const auto check = [&](std::vector<double>& values, const std::vector<double>& derivative) {
        ASSERT_EQ(values.size(), derivative.size());
        constexpr double width = 1e-5;
        for (std::size_t i = 0; i < values.size(); ++i) {
            const double middle = values[i];
            values[i] = middle + width;
            const double above = loss();
            values[i] = middle - width;
            const double below = loss();
            values[i] = middle;
            EXPECT_NEAR(derivative[i], (above - below) / (2 * width), 1e-6) << i;
        }
    };
    check(logits, gradient->logits);
    check(symbols, gradient->symbols);
}

TEST_F(Roap, SketchGradientOfAWrongSizeIsADiagnostic) {
    const auto engine = perception::make_roap_engine({.engine = {.sigma = {1.0}}, .symbols_given = true});
    ASSERT_TRUE(engine);
    const std::vector<double> logits(1170), symbols(3), y(7);
    EXPECT_FALSE((*engine)->sketch_gradient(logits, symbols, y, 1, 0));
}

TEST_F(Roap, FindsFiveEasyProgramsOfSymbolsThatAreGiven) {
    const perception::Problem easy = problem(5);
    RoapOptions options = quick();
    options.model.features = 64;
    options.steps = 1000;
    options.learning_rate = 4e-3;
    auto learned = learn_roap(easy, options);
    ASSERT_TRUE(learned) << base::render(learned.error());
    EXPECT_TRUE(learned->finished);
    const auto judgement = judge(easy, options, *learned, 200);
    ASSERT_TRUE(judgement);
    EXPECT_EQ(judgement->programs_right, 5u);
    EXPECT_LT(judgement->test.outputs.raw, 1e-9);
    EXPECT_LT(judgement->size.operators, 8);
}

TEST_F(Roap, GivesTheSameResultTwice) {
    const perception::Problem easy = problem(4);
    RoapOptions options = quick();
    options.symbols_given = false;
    options.tasks_per_step = 3;
    const auto once = learn_roap(easy, options), twice = learn_roap(easy, options);
    ASSERT_TRUE(once) << base::render(once.error());
    ASSERT_TRUE(twice);
    EXPECT_EQ(once->loss, twice->loss);
    EXPECT_EQ(once->programs, twice->programs);
}

/// Ends the training of a run that keeps itself in `file` after so many steps; a run has six.
RoapOptions six_steps_kept_in(const std::string& file, std::size_t stop_after) {
    RoapOptions options;
    options.model.lines = 5;
    options.model.features = 32;
    options.network.kind = perception::NetworkOptions::Kind::medium; // which drops numbers
    options.tasks_per_step = 3;
    options.steps = 6;
    options.check_every = 2;
    options.threads = 1;
    options.checkpoint = {.file = file, .resume = true, .settings = R"({"run":1})"};
    options.stop = [stop_after, asked = std::make_shared<std::size_t>(0)] { return (*asked)++ >= stop_after; };
    return options;
}

TEST_F(Roap, StoppedTwiceAndGoneOnWithGivesWhatAnUndisturbedTrainingDoes) {
    const perception::Problem easy = problem(4);
    const std::string file = path("training.safetensors");
    RoapOptions undisturbed = six_steps_kept_in(file, 100);
    undisturbed.checkpoint = {};
    const auto once = learn_roap(easy, undisturbed);
    ASSERT_TRUE(once) << base::render(once.error());
    for (const std::size_t steps : {std::size_t{1}, std::size_t{3}}) {
        const auto part = learn_roap(easy, six_steps_kept_in(file, steps));
        ASSERT_TRUE(part) << base::render(part.error());
        EXPECT_FALSE(part->finished);
    }
    const auto last = learn_roap(easy, six_steps_kept_in(file, 100));
    ASSERT_TRUE(last) << base::render(last.error());
    EXPECT_TRUE(last->finished);
    EXPECT_EQ(last->steps, 6u);
    EXPECT_EQ(last->loss, once->loss);
    EXPECT_EQ(last->programs, once->programs);
    EXPECT_EQ(base::to_safetensors(last->engine->weights()), base::to_safetensors(once->engine->weights()));
    const auto looks = [](const RoapLearned& learned) {
        std::vector<std::tuple<std::size_t, double, std::size_t>> all;
        for (const RoapCheck& check : learned.curve) all.emplace_back(check.step, check.loss, check.programs_right);
        return all;
    };
    EXPECT_EQ(looks(*last), looks(*once));
}

TEST_F(Roap, ACheckpointOfOtherSettingsOrOneThatIsDamagedIsRefused) {
    const perception::Problem easy = problem(4);
    const std::string file = path("training.safetensors");
    ASSERT_TRUE(learn_roap(easy, six_steps_kept_in(file, 2)));
    RoapOptions other = six_steps_kept_in(file, 100);
    other.checkpoint.settings = R"({"run":2})";
    EXPECT_THAT(base::render(learn_roap(easy, other).error()), HasSubstr("run 1"));
    RoapOptions wider = six_steps_kept_in(file, 100);
    wider.model.features = 64;
    EXPECT_THAT(base::render(learn_roap(easy, wider).error()), HasSubstr("of the network's shape"));
    std::string bytes = *base::read_file(file);
    ASSERT_TRUE(base::write_file(file, bytes.substr(0, bytes.size() / 2), base::Overwrite::allow));
    EXPECT_FALSE(learn_roap(easy, six_steps_kept_in(file, 100)));
}

TEST_F(Roap, LearnsSymbolsUnderEveryKindOfProgram) {
    const perception::Problem easy = problem(3);
    for (const perception::ProgramModel program :
         {perception::ProgramModel::straight_line, perception::ProgramModel::tree,
          perception::ProgramModel::one_network, perception::ProgramModel::disjoint_networks})
        for (const bool amortised : {true, false}) {
            RoapOptions options = quick();
            options.symbols_given = false;
            options.model.program = program;
            options.model.depth = 2;
            options.model.amortised = amortised;
            options.noise = amortised;
            auto learned = learn_roap(easy, options);
            ASSERT_TRUE(learned) << base::render(learned.error());
            EXPECT_EQ(learned->skipped, 0u);
            EXPECT_EQ(learned->programs.size(), options.model.has_programs() ? 3u : 0u);
            const auto judgement = judge(easy, options, *learned, 50);
            ASSERT_TRUE(judgement) << base::render(judgement.error());
            EXPECT_TRUE(std::isfinite(judgement->test.outputs.raw));
            EXPECT_GT(judgement->test.symbols.loss, 0);
        }
}

TEST_F(Roap, AsksOnlyForWhatAModelHas) {
    const perception::Problem easy = problem(3);
    RoapOptions options = quick();
    const auto learned = learn_roap(easy, options);
    ASSERT_TRUE(learned);
    const std::vector<double> symbols(3);
    EXPECT_FALSE(learned->engine->predict(symbols));
    EXPECT_FALSE(learned->engine->ground({}));
}

TEST_F(Roap, RefusesWhatIsOutOfRange) {
    const perception::Problem easy = problem(3);
    const auto refused = [&](auto change) {
        RoapOptions options = quick();
        change(options);
        return !learn_roap(easy, options);
    };
    EXPECT_TRUE(refused([](RoapOptions& options) { options.pairs = 0; }));
    EXPECT_TRUE(refused([](RoapOptions& options) { options.pairs = options.batch.rows + 1; }));
    EXPECT_TRUE(refused([](RoapOptions& options) { options.steps = 0; }));
    EXPECT_TRUE(refused([](RoapOptions& options) { options.samples = 0; }));
    EXPECT_TRUE(refused([](RoapOptions& options) { options.learning_rate = 0; }));
    EXPECT_TRUE(refused([](RoapOptions& options) { options.beta_last = -1; }));
    EXPECT_TRUE(refused([](RoapOptions& options) { options.lambda = NAN; }));
    EXPECT_TRUE(refused([](RoapOptions& options) { options.batch.images = 2; }));
    EXPECT_TRUE(refused([](RoapOptions& options) { options.model.lines = 0; }));
    EXPECT_TRUE(refused([](RoapOptions& options) {
        options.model.program = perception::ProgramModel::tree;
        options.model.depth = 99;
    }));
}

TEST(RightPrograms, AreComparedExactlyHoweverLong) {
    const perception::Problem problem =
        *perception::make_problem(datasets::draw_glyphs({.train = 100, .test = 100}), {.tasks = 1});
    const formula::Program& gold = problem.pool.formulas[problem.tasks[0]];
    // (gold + h) - h, with a number h far beyond the whole numbers of double precision.
    formula::Program huge = formula::variable(3, 0);
    for (int i = 0; i < 7; ++i) huge = formula::combine(formula::Operator::multiply, huge, huge);
    const formula::Program long_way = formula::combine(
        formula::Operator::subtract, formula::combine(formula::Operator::add, gold, huge), huge);
    const std::vector<formula::Program> same{long_way}, other{huge};
    EXPECT_EQ(count_right(problem, same), 1u);
    EXPECT_EQ(count_right(problem, other), 0u);
}

} // namespace
} // namespace ropewalk::papers
