// A synthesizer that is taught programs, and what is counted as its own.
#include <algorithm>
#include <cmath>
#include <set>

#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/formulas/search/search.hpp"
#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/learning/learning.hpp"
#include "ropewalk/images/networks/networks.hpp"
#include "ropewalk/images/problems/problems.hpp"
#include "ropewalk/images/proposing/lessons.hpp"
#include "ropewalk/images/proposing/proposing.hpp"
#include "tests/scratch.hpp"
#include "tests/stop_after.hpp"

namespace ropewalk::proposing {
namespace {

using formula::combine;
using formula::Operator;

formula::Program s(int variable) { return formula::variable(3, variable); }

TEST(ProgramCodes, AreDifferentForAllFormulasAndGiveThemBack) {
    const auto pool = formula::formula_pool({.with_zero = false});
    ASSERT_EQ(pool->formulas.size(), 1101u);
    const perception::ProgramCode code(3, 3);
    EXPECT_EQ(code.tokens(0), 21u);
    std::set<std::vector<int>> codes;
    for (const formula::Program& program : pool->formulas) {
        const auto tokens = code.encode(program);
        ASSERT_TRUE(tokens) << base::render(tokens.error());
        codes.insert(*tokens);
        EXPECT_EQ(*formula::polynomial(code.decode(*tokens)), *formula::polynomial(program));
    }
    EXPECT_EQ(codes.size(), 1101u);
}

TEST(ProgramCodes, AreOneForOperandsInEitherOrder) {
    const perception::ProgramCode code(3, 2);
    EXPECT_EQ(*code.encode(combine(Operator::add, s(0), s(1))),
              *code.encode(combine(Operator::add, s(1), s(0))));
    EXPECT_NE(*code.encode(combine(Operator::subtract, s(0), s(1))),
              *code.encode(combine(Operator::subtract, s(1), s(0))));
}

TEST(ProgramCodes, RefuseWhatTheyCannotSay) {
    const perception::ProgramCode code(3, 1);
    const auto sum = combine(Operator::add, s(0), s(1));
    EXPECT_FALSE(code.encode(combine(Operator::multiply, sum, s(2))));
    EXPECT_FALSE(code.encode(combine(Operator::divide, s(0), s(1))));
    EXPECT_FALSE(code.encode(formula::variable(2, 0)));
}

TEST(SymbolRows, HaveTheNearestLettersAndLeaveOutWhatIsUnsure) {
    const identification::Grounding grounding{{0.11, 0.52, 0.29}, {1e-6, 0.01, 1e-6}};
    const std::vector<std::uint32_t> images{0, 2, 0, 1, 2, 2};
    const SymbolRows sure = symbol_rows(grounding, images, 2, std::vector{0.1, 0.3, 0.5});
    EXPECT_EQ(sure.rows, (std::vector<std::uint32_t>{0, 2}));
    EXPECT_EQ(sure.symbols, (std::vector<float>{0.1f, 0.3f, 0.3f, 0.3f}));
    const SymbolRows all = symbol_rows(grounding, images, 2, {});
    EXPECT_EQ(all.size(), 3u);
    EXPECT_EQ(all.symbols[3], 0.52f);
}

/// Writes what it is told to, whatever the examples are.
class Parrot : public perception::Proposer {
public:
    std::function<perception::Proposal(const perception::Examples&, std::size_t task)> say;

    base::Result<std::vector<float>> teach(const perception::Examples&, std::span<const std::int64_t>,
                                           double) override {
        return std::vector<float>();
    }
    base::Result<std::vector<perception::Proposal>> propose(const perception::Examples& examples, std::size_t,
                                                            std::size_t) override {
        std::vector<perception::Proposal> proposals;
        for (std::size_t t = 0; t < examples.tasks; ++t) proposals.push_back(say(examples, t));
        return proposals;
    }
    perception::TensorFile weights() const override { return {}; }
    perception::TensorFile state() const override { return {}; }
    base::Status restore(const perception::TensorFile&) override { return {}; }
};

TEST(Candidates, AreAlsoReadUnderOtherNamesOfTheVariables) {
    const perception::ProgramCode code(3, 1);
    perception::Examples examples{.tasks = 1, .pairs = 2, .symbols = {1, 2, 3, 4, 5, 6}, .y = {3, 6}};
    Parrot parrot;
    // It knows s1 only, and how well that fits.
    parrot.say = [&](const perception::Examples& seen, std::size_t) {
        return perception::Proposal{*code.encode(s(0)), -std::abs(seen.y[0] - seen.symbols[0])};
    };
    const auto plain = candidates(parrot, code, examples, {.group = 2});
    ASSERT_TRUE(plain);
    ASSERT_EQ(plain->front().size(), 1u);
    EXPECT_EQ(plain->front().front().program, s(0));
    const auto renamed = candidates(parrot, code, examples, {.group = 2, .renamings = true});
    EXPECT_EQ(renamed->front().front().program, s(2));
    EXPECT_EQ(renamed->front().size(), 3u);
    EXPECT_EQ(checked(renamed->front(), examples, 0).program, s(2));
    EXPECT_EQ(mean_error(s(1), examples, 0), 1);
}

class Amortising : public Scratch {
protected:
    void SetUp() override {
        Scratch::SetUp();
        if (const auto proposer = perception::make_proposer({.features = 4, .hidden = 4}); !proposer)
            GTEST_SKIP() << base::render(proposer.error());
        auto drawn = learning::problem_of({.tasks = 20, .seed = 4}, 0);
        ASSERT_TRUE(drawn);
        problem_.emplace(std::move(*drawn));
        learning::LearnOptions learn;
        learn.run.threads = 1;
        engine_ = *perception::make_engine(learning::engine_options_of(*problem_, learn));
        for (const std::size_t task : problem_->tasks) decisions_.push_back({.formula = task});
        options_.steps = 8;
        options_.tasks = 6;
        options_.pairs = 5;
        options_.images = 32;
        options_.rows = 64;
        options_.features = options_.hidden = 16;
        options_.threads = 1;
    }

    std::optional<perception::Problem> problem_;
    std::unique_ptr<perception::Engine> engine_;
    std::vector<identification::Decision> decisions_;
    AmortiseOptions options_;
};

TEST_F(Amortising, HasEveryFormulaInOneListAndNeverTeachesTheHeldOut) {
    options_.operators = 4;
    const auto curriculum = curriculum_of(*problem_, decisions_, 100, 4);
    ASSERT_TRUE(curriculum);
    EXPECT_EQ(curriculum->held_out.size(), 100u);
    EXPECT_EQ(curriculum->tasks.size(), 20u);
    std::set<std::size_t> all;
    for (const auto* list :
         {&curriculum->tasks, &curriculum->dreamt, &curriculum->held_out, &curriculum->wider})
        all.insert(list->begin(), list->end());
    EXPECT_EQ(all.size(), 8603u);
    EXPECT_EQ(curriculum->dreamt.size(), 1101u - 120);
    EXPECT_EQ(curriculum->wider.size(), 8603u - 1101);

    const std::set<std::size_t> held_out(curriculum->held_out.begin(), curriculum->held_out.end());
    const auto pool = pool_of(*curriculum, 3);
    auto read = read_examples(*problem_, *engine_, 32, 64);
    ASSERT_TRUE(read);
    Lessons lessons(*curriculum, *pool, perception::ProgramCode(3, 4), problem_->tasks, *read, options_, 4);
    ASSERT_TRUE(lessons.check());
    std::size_t wide = 0, exact = 0;
    for (std::uint64_t step = 0; step < 200; ++step) {
        const Lessons::Lesson lesson = lessons.draw(step);
        for (std::size_t i = 0; i < lesson.formulas.size(); ++i) {
            EXPECT_FALSE(held_out.contains(lesson.formulas[i]));
            wide += lesson.formulas[i] >= 1101;
            exact += mean_error(pool->formulas[lesson.formulas[i]], lesson.examples, i) < 1e-5;
        }
    }
    EXPECT_EQ(wide, 200u * 3);
    // Rows of the tasks have the outputs of the images and the symbols of a grounder that knows nothing yet.
    EXPECT_GT(exact, 1150u);
    EXPECT_LT(exact, 1200u);
}

TEST_F(Amortising, LearnsATinyPoolExactly) {
    const perception::ProgramCode code(3, 2);
    const std::vector<formula::Program> pool{
        s(1), combine(Operator::add, s(0), s(1)), combine(Operator::subtract, s(2), s(0)),
        combine(Operator::multiply, combine(Operator::subtract, s(0), s(1)), s(2))};
    const auto proposer =
        perception::make_proposer({.lines = 2, .features = 24, .hidden = 32, .seed = 1, .threads = 1});
    ASSERT_TRUE(proposer);
    std::vector<std::int64_t> tokens;
    for (const formula::Program& program : pool) {
        const auto encoded = code.encode(program);
        tokens.insert(tokens.end(), encoded->begin(), encoded->end());
    }
    base::RandomStream random(7, base::Purpose::test);
    const auto draw = [&](std::size_t pairs) {
        perception::Examples examples{.tasks = pool.size(), .pairs = pairs, .symbols = {}, .y = {}};
        for (const formula::Program& program : pool)
            for (std::size_t n = 0; n < pairs; ++n) {
                const std::vector<double> row{random.uniform(), random.uniform(), random.uniform()};
                examples.symbols.insert(examples.symbols.end(), row.begin(), row.end());
                examples.y.push_back(static_cast<float>(formula::evaluate(program, row)));
            }
        return examples;
    };
    float first = 0, last = 0;
    for (int step = 0; step < 200; ++step) {
        const auto losses = (*proposer)->teach(draw(16), tokens, 3e-3);
        ASSERT_TRUE(losses) << base::render(losses.error());
        last = *std::max_element(losses->begin(), losses->end());
        if (step == 0) first = last;
    }
    EXPECT_GT(first, 3);
    EXPECT_LT(last, 0.2);
    const perception::Examples fresh = draw(64);
    const auto proposals = (*proposer)->propose(fresh, 16, 3);
    ASSERT_TRUE(proposals) << base::render(proposals.error());
    ASSERT_EQ(proposals->size(), 12u);
    for (std::size_t i = 0; i < pool.size(); ++i) {
        EXPECT_EQ((*proposals)[3 * i].tokens, *code.encode(pool[i]));
        EXPECT_GT((*proposals)[3 * i].log_probability, (*proposals)[3 * i + 1].log_probability);
        EXPECT_GE((*proposals)[3 * i + 1].log_probability, (*proposals)[3 * i + 2].log_probability);
    }
    const auto one = (*proposer)->propose(fresh, 16, 1);
    EXPECT_EQ((*one)[3].tokens, (*proposals)[9].tokens);
    EXPECT_NEAR((*one)[3].log_probability, (*proposals)[9].log_probability, 1e-5);
    EXPECT_FALSE((*proposer)->propose(fresh, 65, 1));
}

TEST_F(Amortising, CountsProgramsThatAreEqualToTheTasksFormulas) {
    const perception::ProgramCode code(3, 3);
    std::vector<formula::Program> gold = problem_->programs();
    gold[0] = problem_->pool.formulas[problem_->tasks[0] == 3 ? 4 : 3]; // a wrong one
    problem_->tasks[1] = problem_->table.formulas;                      // replaced below
    for (std::size_t f = 0; f < problem_->pool.formulas.size(); ++f) {
        // s1 * (s2 + s3) is also s1 * s2 + s1 * s3.
        const auto factored = combine(Operator::multiply, s(0), combine(Operator::add, s(1), s(2)));
        if (*formula::polynomial(problem_->pool.formulas[f]) == *formula::polynomial(factored))
            problem_->tasks[1] = f;
    }
    ASSERT_LT(problem_->tasks[1], problem_->pool.formulas.size());
    gold[1] = combine(Operator::add, combine(Operator::multiply, s(0), s(1)),
                      combine(Operator::multiply, s(0), s(2)));
    Parrot parrot;
    parrot.say = [&](const perception::Examples&, std::size_t task) {
        return perception::Proposal{*code.encode(gold[task]), 0};
    };
    const auto judgement =
        judge(*problem_, *engine_, parrot, Curriculum(), 5, {.rows = 20, .tasks_only = true});
    ASSERT_TRUE(judgement) << base::render(judgement.error());
    EXPECT_EQ(judgement->tasks.right, 19u);
    EXPECT_EQ(judgement->pairs, 20u);
    EXPECT_FALSE(judgement->right[0]);
    EXPECT_TRUE(judgement->right[1]);
}

TEST_F(Amortising, StoppedAndResumedEndsAsUndisturbedBitForBit) {
    const auto undisturbed = amortise(*problem_, decisions_, *engine_, options_);
    ASSERT_TRUE(undisturbed) << base::render(undisturbed.error());
    EXPECT_TRUE(undisturbed->finished);
    const std::string weights = perception::to_safetensors(undisturbed->proposer->weights());
    EXPECT_EQ(
        perception::to_safetensors(amortise(*problem_, decisions_, *engine_, options_)->proposer->weights()),
        weights);

    options_.checkpoint_file = path("synthesizer.checkpoint");
    options_.resume = true;
    options_.stop = stop_after(3);
    const auto stopped = amortise(*problem_, decisions_, *engine_, options_);
    ASSERT_TRUE(stopped);
    EXPECT_EQ(stopped->steps, 3u);
    EXPECT_FALSE(stopped->finished);
    options_.stop = nullptr;
    const auto resumed = amortise(*problem_, decisions_, *engine_, options_);
    ASSERT_TRUE(resumed) << base::render(resumed.error());
    EXPECT_EQ(perception::to_safetensors(resumed->proposer->weights()), weights);
    EXPECT_EQ(resumed->loss, undisturbed->loss);
}

TEST_F(Amortising, RefusesACheckpointOfOtherSettingsOrCutShort) {
    options_.checkpoint_file = path("synthesizer.checkpoint");
    ASSERT_TRUE(amortise(*problem_, decisions_, *engine_, options_));
    options_.resume = true;
    options_.settings = "others";
    EXPECT_NE(complaint(amortise(*problem_, decisions_, *engine_, options_), folder_)
                  .find("a checkpoint of a run with"),
              std::string::npos);
    const std::string whole = *base::read_file(options_.checkpoint_file);
    write("synthesizer.checkpoint", whole.substr(0, whole.size() / 2));
    EXPECT_NE(complaint(amortise(*problem_, decisions_, *engine_, options_), folder_)
                  .find("synthesizer.checkpoint: "),
              std::string::npos);
}

TEST_F(Amortising, KeepsASynthesizerThatProposesTheSameAgain) {
    auto amortised = amortise(*problem_, decisions_, *engine_, options_);
    ASSERT_TRUE(amortised);
    EXPECT_FALSE(has_synthesizer(folder_.string()));
    ASSERT_TRUE(save_synthesizer(folder_.string(), *problem_, options_, *amortised));
    EXPECT_TRUE(has_synthesizer(folder_.string()));
    const auto stored = load_synthesizer(folder_.string());
    ASSERT_TRUE(stored) << base::render(stored.error());
    EXPECT_EQ(stored->curriculum, amortised->curriculum);
    EXPECT_EQ(stored->pairs, 5u);
    const auto proposer = proposer_of(*stored, 1, "cpu");
    ASSERT_TRUE(proposer) << base::render(proposer.error());
    const auto rows = test_rows(*problem_, *engine_, 10);
    const perception::Examples examples = test_examples(problem_->pool, problem_->tasks, *rows, 10);
    const auto before = amortised->proposer->propose(examples, 5, 2),
               after = (*proposer)->propose(examples, 5, 2);
    ASSERT_EQ(before->size(), 40u);
    for (std::size_t i = 0; i < before->size(); ++i) {
        EXPECT_EQ((*before)[i].tokens, (*after)[i].tokens);
        EXPECT_EQ((*before)[i].log_probability, (*after)[i].log_probability);
    }
    write("synthesizer.safetensors", perception::to_safetensors(engine_->weights()));
    EXPECT_NE(complaint(load_synthesizer(folder_.string()), folder_).find("of another kind"),
              std::string::npos);
}

} // namespace
} // namespace ropewalk::proposing
