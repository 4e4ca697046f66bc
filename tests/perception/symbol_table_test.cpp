// Formulas and symbols of a few tasks at once, and what is said about what the data leave open.
#include <cmath>

#include "ropewalk/perception/perception.hpp"
#include "ropewalk/perception/real_roots.hpp"
#include "tests/perception/scratch.hpp"
#include "tests/perception/stop_after.hpp"

namespace ropewalk::perception {
namespace {

using formula::combine;
using formula::Operator;
using formula::Program;

Program s(int variable) { return formula::variable(3, variable - 1); }
Program sum(const Program& a, const Program& b) { return combine(Operator::add, a, b); }
Program difference(const Program& a, const Program& b) { return combine(Operator::subtract, a, b); }
Program product(const Program& a, const Program& b) { return combine(Operator::multiply, a, b); }

/// Images without pixels: a table asks for outputs only.
Images bare_images() {
    Images images;
    for (int i = 0; i < 400; ++i) images.labels.push_back(static_cast<std::uint8_t>(i % 10 + 1));
    return images;
}

class Table : public testing::Test {
protected:
    base::Result<SymbolTable> table_of(const std::vector<Program>& programs,
                                       AlphabetPrior prior = AlphabetPrior::even) {
        source_ = *example_source(images_, programs, 1);
        TableQuestion question;
        question.pool = &pool_;
        question.table = &monomials_;
        question.ask = [this](std::span<const std::uint32_t> rows) {
            std::vector<double> y = outputs_of_rows(source_, rows);
            for (std::size_t n = 0; n < y.size(); ++n)
                y[n] += row_noise_ * std::sin(static_cast<double>(n * n));
            return y;
        };
        question.images = images_.count();
        sigma_.assign(programs.size(), 0.3);
        question.sigma = sigma_;
        question.prior = prior;
        return find_symbol_table(question);
    }

    std::string formula(const TableReading& reading, std::size_t task = 0) const {
        return formula_text(pool_.formulas[reading.formulas[task]]);
    }

    /// Whether every image has the symbol of its class in the first reading.
    bool symbols_right(const SymbolTable& table) const {
        for (std::size_t c = 0; c < table.classes.count(); ++c)
            for (const std::uint32_t image : table.classes.members[c])
                if (std::abs(table.readings.front().likely[c].front() - images_.symbol(image)) > 1e-9)
                    return false;
        return true;
    }

    const Images images_ = bare_images();
    const formula::Pool pool_ = *formula::formula_pool({.variables = 3, .operators = 3, .with_zero = false});
    const MonomialTable monomials_ = *monomial_table(pool_.formulas);
    ExampleSource source_;
    std::vector<double> sigma_;
    double row_noise_ = 0;
};

TEST(RealRoots, AreAllOnceInOrder) {
    // (x - 1)^2 (x + 2) (x - 3)
    const auto roots = real_roots({-6, 11, -3, -3, 1});
    ASSERT_EQ(roots.size(), 3u);
    EXPECT_NEAR(roots[0], -2, 1e-12);
    EXPECT_NEAR(roots[1], 1, 1e-12);
    EXPECT_NEAR(roots[2], 3, 1e-12);
    EXPECT_TRUE(real_roots({1, 0, 1}).empty());
    EXPECT_TRUE(real_roots({0.5}).empty());
    EXPECT_EQ(real_roots({0, 0, 4}), std::vector<double>{0});
}

TEST_F(Table, FindsTheOneReadingOfATaskThatPinsDownEverything) {
    const auto table = table_of({sum(sum(s(1), s(1)), s(2))});
    ASSERT_TRUE(table) << base::render(table.error());
    EXPECT_EQ(table->classes.count(), 10u);
    ASSERT_EQ(table->readings.size(), 1u);
    EXPECT_EQ(formula(table->readings[0]), "s1 + s1 + s2");
    EXPECT_EQ(table->of_tasks[0], Determined::by_data);
    EXPECT_EQ(table->of_symbols(), Determined::by_data);
    EXPECT_TRUE(symbols_right(*table));
}

TEST_F(Table, PrefersTheEvenAlphabetWithinOneAndSaysSo) {
    for (const Program& program : {sum(s(1), s(1)), product(s(1), s(1)), s(1)}) {
        const auto table = table_of({program});
        ASSERT_TRUE(table);
        EXPECT_EQ(formula(table->readings[0]), formula_text(program));
        EXPECT_TRUE(symbols_right(*table));
        EXPECT_EQ(table->of_tasks[0], Determined::by_prior);
        EXPECT_EQ(table->of_symbols(), Determined::by_prior);
        EXPECT_GT(table->readings.size(), 10u);
    }
    const auto doubled = table_of({sum(s(1), s(1))}, AlphabetPrior::any);
    ASSERT_TRUE(doubled);
    EXPECT_EQ(formula(doubled->readings[0]), "s1") << "without that prior, the shorter formula wins";
    EXPECT_NEAR(doubled->readings[0].alphabet.back(), 2, 1e-9);
}

TEST_F(Table, ListsTheOtherReadingsWithTheirAlphabets) {
    const auto table = table_of({product(s(1), s(1))});
    ASSERT_TRUE(table);
    bool squares = false;
    for (const OtherReading& each : other_readings(*table, 0, 100))
        squares |=
            formula_text(pool_.formulas[each.formula]) == "s1" && std::abs(each.alphabet[2] - 0.09) < 1e-9;
    EXPECT_TRUE(squares) << "s1 with the squares as symbols explains the outputs as well";
    EXPECT_EQ(other_readings(*table, 0, 4).size(), 4u);
}

TEST_F(Table, ClaimsNoSymbolsThatTheOutputsCannotTellApart) {
    const auto table = table_of({difference(s(1), product(s(1), s(1)))});
    ASSERT_TRUE(table);
    EXPECT_EQ(formula(table->readings[0]), "s1 - s1 * s1");
    EXPECT_EQ(table->classes.count(), 6u) << "0.1 and 0.9, 0.2 and 0.8, 0.3 and 0.7, 0.4 and 0.6, 0.5, 1";
    EXPECT_EQ(table->of_symbols(), Determined::no);
    ASSERT_EQ(table->alphabet.size(), 2u);
    EXPECT_NEAR(table->alphabet[0], 0.5, 1e-6);
    EXPECT_NEAR(table->alphabet[1], 1, 1e-9);
    EXPECT_EQ(table->readings[0].alphabet.size(), 10u);
    for (std::size_t c = 0; c < table->classes.count(); ++c) {
        const bool alone = images_.labels[table->classes.members[c][0]] % 5 == 0;
        EXPECT_EQ(table->letters[c] >= 0, alone);
        EXPECT_EQ(table->of_classes[c], alone ? Determined::by_prior : Determined::no);
    }
}

TEST_F(Table, DoesNotDecideBetweenADifferenceAndItsMirrorImage) {
    const auto table = table_of({difference(s(1), s(2))});
    ASSERT_TRUE(table);
    EXPECT_EQ(table->likeliest, 2u);
    EXPECT_EQ(formula(table->readings[0]), "s1 - s2");
    EXPECT_EQ(formula(table->readings[1]), "s2 - s1");
    EXPECT_TRUE(table->readings[0].continuum);
    EXPECT_EQ(table->of_tasks[0], Determined::no);
    EXPECT_EQ(table->of_symbols(), Determined::no);
}

TEST_F(Table, PinsDownTogetherWhatTasksLeaveOpenAlone) {
    const auto table = table_of({difference(s(1), s(2)), sum(sum(s(1), s(1)), s(2)), product(s(1), s(3))});
    ASSERT_TRUE(table);
    ASSERT_EQ(table->readings.size(), 1u);
    EXPECT_EQ(formula(table->readings[0], 0), "s1 - s2");
    EXPECT_EQ(formula(table->readings[0], 2), "s1 * s3");
    EXPECT_EQ(tasks_determined(*table, Determined::by_data), 3u);
    EXPECT_EQ(classes_determined(*table, Determined::by_data), 10u);
}

TEST_F(Table, SolvesFormulasThatVanishOnRowsOfOneSymbol) {
    for (const Program& program :
         {product(s(1), difference(s(2), s(3))), difference(product(s(1), s(1)), product(s(2), s(2))),
          product(product(s(1), s(2)), difference(s(1), s(2)))}) {
        const auto table = table_of({program});
        ASSERT_TRUE(table) << formula_text(program) << ": " << base::render(table.error());
        EXPECT_EQ(formula(table->readings[0]), formula_text(program));
        EXPECT_TRUE(symbols_right(*table)) << formula_text(program);
        EXPECT_NE(table->of_tasks[0], Determined::no);
    }
}

TEST_F(Table, HasNoAnswerToNoise) {
    row_noise_ = 1e-4;
    const auto table = table_of({sum(sum(s(1), s(1)), s(2))});
    ASSERT_FALSE(table);
    EXPECT_NE(base::render(table.error()).find("more than 32 kinds of images"), std::string::npos);
}

TEST_F(Table, HasNoAnswerToAFormulaThatIsNotInThePool) {
    Program power = s(1);
    for (int i = 0; i < 5; ++i) power = sum(product(power, s(2)), s(3));
    const auto table = table_of({s(1), power});
    ASSERT_FALSE(table);
    EXPECT_NE(base::render(table.error()).find("task 1"), std::string::npos);
}

TEST_F(Table, ReadsTrainingImagesAsTheyAre) {
    const auto dataset = draw_glyphs({.seed = 4, .threads = 1});
    const std::vector<Program> programs{product(s(1), s(2)), difference(s(1), product(s(1), s(1)))};
    const std::vector<double> sigma{0.3, 0.3};
    for (const bool both : {true, false}) {
        const auto asked = std::span(programs).subspan(both ? 0 : 1);
        const auto source = *example_source(dataset.train, asked, 2);
        TableQuestion question;
        question.pool = &pool_;
        question.table = &monomials_;
        question.ask = [&](std::span<const std::uint32_t> rows) { return outputs_of_rows(source, rows); };
        question.images = dataset.train.count();
        question.sigma = std::span(sigma).first(asked.size());
        const auto table = find_symbol_table(question);
        ASSERT_TRUE(table);
        const TableReader reader(source, *table);
        EXPECT_EQ(reader.tasks(), 1u) << "the first task tells all letters apart";
        const BatchOptions options{.images = 200, .rows = 0, .augmentation = {}};
        const Reader::Page page = reader.page(options, 5);
        const Batch batch = draw_batch(source, options, 5);
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
        options_.seconds = 0;
        options_.threads = 1;
        options_.reading_batch.images = 64;
        if (const auto engine = make_engine(engine_options_of(*problem_, options_)); !engine)
            GTEST_SKIP() << base::render(engine.error());
    }

    Settings settings_;
    base::Result<Problem> problem_ = base::failure("", "", "");
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
        options_.stop = stop_after(steps);
        options_.resume = steps != 0;
        ASSERT_TRUE(learn(*problem_, options_));
    }
    options_.stop = nullptr;
    options_.resume = true;
    const auto resumed = learn(*problem_, options_);
    ASSERT_TRUE(resumed) << base::render(resumed.error());
    EXPECT_EQ(resumed->refine_steps, undisturbed->refine_steps);
    EXPECT_EQ(resumed->decisions, undisturbed->decisions);
    EXPECT_EQ(to_safetensors(resumed->engine->weights()), to_safetensors(undisturbed->engine->weights()));
}

TEST_F(FewTasks, HaveTheSameTableAtAnyNumberOfThreads) {
    options_.refine_steps = 0;
    const auto one = learn(*problem_, options_);
    options_.threads = 2;
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
    const std::string said = std::string("\"determined\": \"") + text_of(learned->table->of_tasks[0]) + "\"";
    EXPECT_NE(programs.find(said), std::string::npos);
    EXPECT_NE(to_json(*learned->table).find("\"symbols_determined\""), std::string::npos);
    EXPECT_TRUE(load_run(folder_.string()));
}

} // namespace
} // namespace ropewalk::perception
