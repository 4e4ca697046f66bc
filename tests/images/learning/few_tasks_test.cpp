// Few tasks: what is read from the table of their symbols, and what files say about it.
#include <cmath>

#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/formulas/search/search.hpp"
#include "ropewalk/images/datasets/datasets.hpp"
#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/learning/learning.hpp"
#include "ropewalk/images/networks/networks.hpp"
#include "ropewalk/images/problems/problems.hpp"
#include "tests/programs.hpp"
#include "tests/scratch.hpp"
#include "tests/stop_after.hpp"

namespace ropewalk::learning {
namespace {

using formula::Program;

TEST(TableReaders, ReadTrainingImagesAsTheyAre) {
    const formula::Pool pool = *formula::formula_pool({.variables = 3, .operators = 3, .with_zero = false});
    const identification::MonomialTable monomials = *identification::monomial_table(pool.formulas);
    const auto dataset = datasets::draw_glyphs({.seed = 4, .threads = 1});
    const std::vector<Program> programs{product(s(1), s(2)), difference(s(1), product(s(1), s(1)))};
    const std::vector<double> sigma{0.3, 0.3};
    for (const bool both : {true, false}) {
        const auto asked = std::span(programs).subspan(both ? 0 : 1);
        const auto source = *perception::example_source(dataset.train, asked, 2);
        identification::TableQuestion question;
        question.pool = &pool;
        question.table = &monomials;
        question.ask = [&](std::span<const std::uint32_t> rows) {
            return perception::outputs_of_rows(source, rows);
        };
        question.images = dataset.train.count();
        question.sigma = std::span(sigma).first(asked.size());
        const auto table = identification::find_symbol_table(question);
        ASSERT_TRUE(table);
        const TableReader reader(source, *table);
        EXPECT_EQ(reader.tasks(), 1u) << "the first task tells all letters apart";
        const perception::BatchOptions options{.images = 200, .rows = 0, .augmentation = {}};
        const Reader::Page page = reader.page(options, 5);
        const perception::Batch batch = perception::draw_batch(source, options, 5);
        EXPECT_EQ(page.pixels, batch.pixels);
        int read = 0;
        for (std::size_t i = 0; i < options.images; ++i) {
            if (page.letters[i] < 0) continue;
            ++read;
            EXPECT_NEAR(table->alphabet[static_cast<std::size_t>(page.letters[i])], batch.gold[i], 1e-6);
        }
        // The second task alone determines 0.5 and 1 only; contexts cannot be read.
        EXPECT_GT(read, both ? 180 : 20);
        EXPECT_LT(read, both ? 201 : 70);
    }
}

class FewTasks : public Scratch {
protected:
    void SetUp() override {
        Scratch::SetUp();
        settings_.tasks = 2;
        settings_.seed = 3;
        settings_.refine_steps = 6;
        problem_ = problem_of(settings_, 1);
        ASSERT_TRUE(problem_);
        options_ = learn_options_of(settings_);
        options_.run.seconds = 0;
        options_.run.threads = 1;
        options_.reading_batch.images = 64;
        if (const auto engine = perception::make_engine(engine_options_of(*problem_, options_)); !engine)
            GTEST_SKIP() << base::render(engine.error());
    }

    Settings settings_;
    base::Result<perception::Problem> problem_ = base::failure("", "", "");
    LearnOptions options_;
};

TEST_F(FewTasks, AreLearnedByTheTableWhetherStoppedOrNot) {
    const auto undisturbed = learn(*problem_, options_);
    ASSERT_TRUE(undisturbed) << base::render(undisturbed.error());
    ASSERT_TRUE(undisturbed->table);
    EXPECT_EQ(undisturbed->search_steps, 0u);
    EXPECT_TRUE(undisturbed->settled);
    ASSERT_TRUE(undisturbed->reading);
    for (std::size_t t = 0; t < 2; ++t) EXPECT_EQ(undisturbed->decisions[t].formula, problem_->tasks[t]);

    options_.checkpoint_file = path("checkpoint.safetensors");
    for (const int steps : {0, 2}) {
        options_.run.stop = stop_after(steps);
        options_.resume = steps != 0;
        ASSERT_TRUE(learn(*problem_, options_));
    }
    options_.run.stop = nullptr;
    options_.resume = true;
    const auto resumed = learn(*problem_, options_);
    ASSERT_TRUE(resumed) << base::render(resumed.error());
    EXPECT_EQ(resumed->refine_steps, undisturbed->refine_steps);
    EXPECT_EQ(resumed->decisions, undisturbed->decisions);
    EXPECT_EQ(perception::to_safetensors(resumed->engine->weights()),
              perception::to_safetensors(undisturbed->engine->weights()));
}

TEST_F(FewTasks, HaveTheSameTableAtAnyNumberOfThreads) {
    options_.refine_steps = 0;
    const auto one = learn(*problem_, options_);
    options_.run.threads = 2;
    const auto two = learn(*problem_, options_);
    ASSERT_TRUE(one && two);
    EXPECT_EQ(one->decisions, two->decisions);
    EXPECT_EQ(one->table->alphabet, two->table->alphabet);
    EXPECT_EQ(one->table->errors, two->table->errors);
}

TEST_F(FewTasks, FallBackToTheNetworkWhereNothingIsExact) {
    // The pool forgets what its formulas are.
    std::fill(problem_->table.coefficients.begin(), problem_->table.coefficients.end(), 0.5);
    options_.most_steps = 1;
    options_.refine_steps = 0;
    const auto learned = learn(*problem_, options_);
    ASSERT_TRUE(learned) << base::render(learned.error());
    EXPECT_FALSE(learned->table);
    EXPECT_NE(learned->no_table.find("no formula of the pool"), std::string::npos);
    EXPECT_EQ(learned->search_steps, 1u);
    EXPECT_EQ(determined_text(*learned, 0), "no") << "all formulas are alike here";
    options_.start = Start::table;
    EXPECT_FALSE(learn(*problem_, options_));
}

TEST_F(FewTasks, SayInTheirFilesWhatIsDetermined) {
    options_.refine_steps = 0;
    const auto learned = learn(*problem_, options_);
    ASSERT_TRUE(learned);
    ASSERT_TRUE(save_run(folder_.string(), settings_, *problem_, *learned, "{}"));
    const std::string programs = *base::read_file(path("programs.json"));
    const std::string said =
        std::string("\"determined\": \"") + identification::text_of(learned->table->of_tasks[0]) + "\"";
    EXPECT_NE(programs.find(said), std::string::npos);
    EXPECT_NE(to_json(*learned->table).find("\"symbols_determined\""), std::string::npos);
    EXPECT_TRUE(load_run(folder_.string()));
}

} // namespace
} // namespace ropewalk::learning
