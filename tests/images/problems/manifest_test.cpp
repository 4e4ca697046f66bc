// A user's own data: tables that name images, and what is said about broken ones.
#include <gmock/gmock.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/formulas/search/search.hpp"
#include "ropewalk/images/datasets/datasets.hpp"
#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/judging/judging.hpp"
#include "ropewalk/images/learning/learning.hpp"
#include "ropewalk/images/problems/problems.hpp"
#include "tests/image_bytes.hpp"
#include "tests/scratch.hpp"

namespace ropewalk::perception {
namespace {

class Manifest : public Scratch {
protected:
    void SetUp() override {
        Scratch::SetUp();
        write("a.png", png(shades(10).data(), 10));
        write("b.png", png(shades(10).data(), 10));
    }

    /// A table with the header and 60 rows that alternate, `line` replaced by another row (the header is line
    /// 1).
    std::string table(const std::string& header, const std::string& row, const std::string& other,
                      std::size_t line = 0, const std::string& replaced = "") const {
        std::string text = header + "\n";
        for (std::size_t n = 2; n < 62; ++n) text += (n == line ? replaced : n % 2 == 0 ? row : other) + "\n";
        return write("data.csv", text);
    }

    /// What is said of a table of two columns of images and one of numbers with one row replaced.
    std::string said_of_row(std::size_t line, const std::string& replaced) const {
        return said(table("left,right,y", "a.png,b.png,1", "b.png,a.png,2.5", line, replaced));
    }

    std::string said(const std::string& path, const ManifestOptions& options = {}) const {
        return complaint(read_manifest(path, options, 3, 0), folder_);
    }
};

TEST_F(Manifest, GivesImagesOnceAndRowsInTwoParts) {
    const std::string path = table("left,comment,y,right,z", "a.png,x,1,b.png,7", "b.png,y,2.5,b.png,8");
    const auto problem = read_manifest(path, {}, 2, 0);
    ASSERT_TRUE(problem) << base::render(problem.error());
    EXPECT_EQ(problem->given()->files, (std::vector<std::string>{"a.png", "b.png"}));
    EXPECT_EQ(problem->given()->outputs, (std::vector<std::string>{"y", "z"}));
    EXPECT_EQ(problem->dataset.train.count(), 2u);
    EXPECT_EQ(problem->pool.variables, 2);
    EXPECT_EQ(problem->given()->validation.rows, 6u);
    const GivenRows& training = problem->given()->training;
    ASSERT_EQ(training.rows, 54u);
    for (std::size_t n = 0; n < training.rows; ++n) {
        EXPECT_EQ(training.y[n], training.images[2 * n] == 0 ? 1 : 2.5);
        EXPECT_EQ(training.y[training.rows + n], training.images[2 * n] == 0 ? 7 : 8);
        EXPECT_EQ(training.images[2 * n + 1], 1u);
    }
}

TEST_F(Manifest, TakesTheColumnsThatAreNamed) {
    const std::string path = table("left,id,y,right,z", "a.png,1,1,b.png,7", "b.png,2,2.5,b.png,8");
    const auto problem = read_manifest(path, {.image_columns = {"left"}, .output_columns = {"z"}}, 2, 0);
    ASSERT_TRUE(problem) << base::render(problem.error());
    EXPECT_EQ(problem->pool.variables, 1);
    EXPECT_EQ(problem->given()->outputs, (std::vector<std::string>{"z"}));
    EXPECT_NE(said(path, {.image_columns = {"lefd"}}).find("no column 'lefd'"), std::string::npos);
    EXPECT_NE(said(path, {.output_columns = {"w"}}).find("no column of numbers 'w'"), std::string::npos);
}

TEST_F(Manifest, NamesTheLineOfAnImageThatIsMissingOrDamagedOrOfAnotherSize) {
    write("wide.png", png(shades(12).data(), 12));
    write("red.png", png(shades(10, 3).data(), 10, true));
    write("cut.png", png(shades(10).data(), 10).substr(0, 40));
    write("text.png", "hello");
    EXPECT_EQ(said_of_row(7, "a.png,c.png,1"),
              "data.csv:7: image 'c.png': no such file; expected a file that exists\n");
    EXPECT_EQ(
        said_of_row(8, "wide.png,a.png,1"),
        "data.csv:8: image 'wide.png': 12 x 12 pixels; expected 10 x 10 as 'a.png', the first image; setting "
        "`size` scales images to one size\n");
    EXPECT_EQ(said_of_row(8, "red.png,a.png,1"), "no failure") << "grey images become coloured";
    EXPECT_NE(said_of_row(9, "a.png,cut.png,1").find("data.csv:9: image 'cut.png': a damaged PNG image"),
              std::string::npos);
    EXPECT_EQ(said_of_row(61, "a.png,text.png,1"),
              "data.csv:61: image 'text.png': a file that is neither PNG "
              "nor JPEG; expected a PNG or JPEG image\n");
    EXPECT_NE(said_of_row(5, "a.png,,1").find("data.csv:5: image ''"), std::string::npos);
}

TEST_F(Manifest, SaysThatNamesOfColumnsAreMissing) {
    EXPECT_EQ(said(table("a.png,b.png,1", "a.png,b.png,1", "b.png,a.png,2.5")),
              "data.csv:1: image 'a.png'; expected the names of the columns on the first line\n");
}

TEST_F(Manifest, TakesListsOfImagesForRowsOfAnyLength) {
    const auto problem = read_manifest(table("row,y", "a.png|b.png,1", "b.png;a.png;b.png,2"), {}, 3, 0);
    ASSERT_TRUE(problem) << base::render(problem.error());
    EXPECT_TRUE(problem->has_long_rows());
    std::set<std::size_t> lengths;
    for (const GivenRows* rows : {&problem->given()->training, &problem->given()->validation})
        for (std::size_t n = 0; n < rows->rows; ++n) lengths.insert(rows->row(n).size());
    EXPECT_EQ(lengths, (std::set<std::size_t>{2, 3}));
    EXPECT_EQ(problem->dataset.train.count(), 2u);
    const Batch batch = draw_batch(*example_source(*problem, 1), {.rows = 4, .augmentation = {}}, 0);
    ASSERT_EQ(batch.starts.size(), 5u);
    EXPECT_EQ(batch.starts.back(), batch.rows_of_images.size());
}

TEST_F(Manifest, TakesManyColumnsOfImages) {
    const auto problem = read_manifest(table("a,b,c,d,e,f,y", "a.png,a.png,a.png,a.png,a.png,b.png,1",
                                             "a.png,a.png,a.png,b.png,a.png,b.png,2"),
                                       {}, 3, 0);
    ASSERT_TRUE(problem) << base::render(problem.error());
    EXPECT_TRUE(problem->has_long_rows());
    EXPECT_EQ(problem->pool.variables, 6);
}

TEST_F(Manifest, LetsColumnsBeCalledLikeImagesAndNotesNameThem) {
    EXPECT_EQ(said(table("left.png,note,y", "a.png,as in a.png,1", "b.png,none,2")), "no failure");
}

TEST_F(Manifest, KnowsAColumnOfImagesWhoseFirstNameIsWrong) {
    EXPECT_EQ(said_of_row(2, "a,b.png,1"),
              "data.csv:2: image 'a': no such file; expected a file that exists\n");
}

TEST_F(Manifest, NamesTheLineOfAnOutputThatIsNoFiniteNumber) {
    EXPECT_NE(said_of_row(7, "a.png,b.png,inf").find("data.csv:7:13: 'inf' in column 3"), std::string::npos);
    EXPECT_NE(said_of_row(7, "a.png,b.png,two").find("data.csv:7:13: 'two' in column 3"), std::string::npos);
    EXPECT_NE(said_of_row(7, "a.png,b.png").find("data.csv:7:1: a row of 2 fields"), std::string::npos);
}

TEST_F(Manifest, LeavesOutRowsThatLackAnOutput) {
    const auto problem = read_manifest(
        table("l,r,y,z,empty", "a.png,b.png,1,low,", "b.png,a.png,2,high,", 7, "a.png,b.png,,low,"), {}, 2, 0);
    ASSERT_TRUE(problem) << base::render(problem.error());
    EXPECT_EQ(problem->given()->training.rows + problem->given()->validation.rows, 59u);
    EXPECT_EQ(problem->given()->outputs, std::vector<std::string>{"y"});
    EXPECT_THAT(problem->given()->notes,
                testing::IsSupersetOf({"column 'empty' is left out: it is empty",
                                       "1 of 60 rows are left out: they have no value in column 'y' (1)"}));
    const auto of_both =
        read_manifest(table("l,r,y,z", "a.png,b.png,1,low", "b.png,a.png,2,high", 7, "a.png,b.png,1,"),
                      {.output_columns = {"y", "z"}}, 2, 0);
    ASSERT_TRUE(of_both) << base::render(of_both.error());
    EXPECT_EQ(of_both->given()->training.rows + of_both->given()->validation.rows, 59u);
    EXPECT_EQ(of_both->given()->words[1], (std::vector<std::string>{"high", "low"}));
    EXPECT_THAT(of_both->given()->notes,
                testing::Contains(testing::HasSubstr("no value in column 'z' (1); setting `output-columns` chooses fewer")));
    EXPECT_EQ(said_of_row(7, "a.png,b.png,nan"), "no failure") << "a word for a missing value";
}

TEST_F(Manifest, SaysWhichOutputFewRowsHave) {
    std::string text = "l,r,y,z\n";
    for (int n = 0; n < 60; ++n) text += n < 3 ? "a.png,b.png,1,3\n" : n % 2 == 0 ? "b.png,a.png,2,\n" : "a.png,b.png,1,\n";
    EXPECT_EQ(said(write("few.csv", text)), "few.csv: 3 rows: 57 of 60 rows are left out: they have no value in column 'z' (57); "
                                     "setting `output-columns` chooses fewer outputs; expected at least 50\n");
}

TEST_F(Manifest, TakesNothingForAWordWhereThereIsOneOther) {
    const auto problem = read_manifest(table("l,r,flag", "a.png,b.png,x", "b.png,a.png,"), {}, 2, 0);
    ASSERT_TRUE(problem) << base::render(problem.error());
    EXPECT_EQ(problem->given()->words.at(0), (std::vector<std::string>{"", "x"}));
    EXPECT_EQ(problem->given()->training.rows + problem->given()->validation.rows, 60u);
}

TEST_F(Manifest, TellsWordsFromMissingOnesInAnyRow) {
    const auto problem = read_manifest(
        table("l,r,z", "a.png,b.png,low", "b.png,a.png,high", 2, "a.png,b.png,NA"), {}, 2, 0);
    ASSERT_TRUE(problem) << base::render(problem.error());
    EXPECT_EQ(problem->given()->words.at(0), (std::vector<std::string>{"high", "low"}));
    EXPECT_EQ(problem->given()->training.rows + problem->given()->validation.rows, 59u);
}

TEST_F(Manifest, RefusesTablesThatGiveNothingToLearn) {
    EXPECT_EQ(said(path("none.csv")), "none.csv: no such file; expected a file that exists\n");
    EXPECT_NE(
        said(table("l,r,y,z", "a.png,b.png,1,7", "b.png,a.png,2,7")).find("column 'z' that are all the same"),
        std::string::npos);
    EXPECT_NE(said(table("l,y", "1,1", "2,1")).find("no column of images"), std::string::npos);
    EXPECT_NE(said(table("l,r", "a.png,b.png", "b.png,a.png")).find("no column of numbers"),
              std::string::npos);
    EXPECT_NE(said(table("l,l,y", "a.png,b.png,1", "b.png,a.png,2")).find("the name 'l' for columns 1 and 2"),
              std::string::npos);
    EXPECT_NE(said(write("few.csv", "l,y\na.png,1\nb.png,2\n")).find("few.csv: 2 rows; expected at least 50"),
              std::string::npos);
    const std::string fine = table("l,y", "a.png,1", "b.png,2");
    EXPECT_NE(said(fine, {.holdout = 1}).find("setting `holdout`: 1"), std::string::npos);
    EXPECT_NE(said(fine, {.scale = 0}).find("setting `scale`: 0"), std::string::npos);
}

TEST_F(Manifest, TellsOfWhatIsOddInATable) {
    const auto notes = [&](const std::string& path, const ManifestOptions& options = {}) {
        const auto problem = read_manifest(path, options, 2, 0);
        EXPECT_TRUE(problem) << base::render(problem.error());
        std::string text;
        if (problem)
            for (const std::string& note : problem->given()->notes) text += note + "\n";
        return text;
    };
    write("b.png", png(shades(10, 3).data(), 10));
    EXPECT_NE(notes(table("l,y", "a.png,1", "b.png,2")).find("58 of 60 rows are the same as others"),
              std::string::npos);
    EXPECT_NE(notes(table("l,y", "a.png,1", "b.png,2", 7, "b.png,1"))
                  .find("the same images have different outputs in 1 rows, such as lines 3 and 7"),
              std::string::npos);
    std::string text = "row,l,y\n";
    for (int n = 1; n <= 60; ++n) text += std::to_string(n) + (n % 2 == 0 ? ",a.png,1\n" : ",b.png,2\n");
    EXPECT_NE(notes(write("rows.csv", text)).find("column 'row' numbers the rows"), std::string::npos);
    const auto counted = read_manifest(path("rows.csv"), {.output_columns = {"row"}}, 2, 0);
    ASSERT_TRUE(counted);
    EXPECT_EQ(counted->given()->outputs, std::vector<std::string>{"row"});
}

TEST_F(Manifest, TakesWordsForNumbersInTheOrderOfTheAlphabet) {
    const auto problem = read_manifest(table("l,y", "a.png,odd", "b.png,even"), {}, 2, 0);
    ASSERT_TRUE(problem) << base::render(problem.error());
    EXPECT_EQ(problem->given()->words.front(), (std::vector<std::string>{"even", "odd"}));
    const GivenRows& rows = problem->given()->training;
    for (std::size_t n = 0; n < rows.rows; ++n) EXPECT_EQ(rows.y[n], rows.images[n] == 0 ? 1 : 0);
    const auto beside = read_manifest(table("l,y,word", "a.png,1,odd", "b.png,2,even"), {}, 2, 0);
    ASSERT_TRUE(beside);
    EXPECT_EQ(beside->given()->outputs, std::vector<std::string>{"y"});
}

TEST_F(Manifest, BringsImagesToOneForm) {
    write("b.png", png(shades(10, 3).data(), 10, true));
    const std::string mixed = table("l,y", "a.png,1", "b.png,2");
    const auto widened = read_manifest(mixed, {}, 2, 0);
    ASSERT_TRUE(widened) << base::render(widened.error());
    EXPECT_EQ(widened->dataset.train.channels, 3);
    EXPECT_EQ(widened->dataset.train.image_size(), 300u);
    const auto scaled = read_manifest(mixed, {.size = 20}, 2, 0);
    ASSERT_TRUE(scaled);
    EXPECT_EQ(scaled->dataset.train.height, 20);
    write("a.png", png(shades(100).data(), 100));
    EXPECT_NE(said(mixed).find("10 x 10 pixels; expected 100 x 100 as 'a.png', the first image; setting `size`"),
              std::string::npos)
        << said(mixed);
    write("b.png", png(shades(100).data(), 100));
    const auto shrunk = read_manifest(mixed, {}, 2, 0);
    ASSERT_TRUE(shrunk);
    EXPECT_EQ(shrunk->dataset.train.width, 64);
    EXPECT_NE(shrunk->given()->notes.front().find("images of 100 x 100 pixels are shrunk to 64 x 64"),
              std::string::npos);
}

TEST_F(Manifest, LeavesOutRowsWithDamagedImagesWhereItIsAskedTo) {
    const std::string path = table("l,y", "a.png,1", "b.png,2", 5, "none.png,1");
    EXPECT_NE(said(path).find("data.csv:5: image 'none.png'"), std::string::npos);
    const auto problem = read_manifest(path, {.skip_damaged = true}, 2, 0);
    ASSERT_TRUE(problem) << base::render(problem.error());
    EXPECT_EQ(problem->given()->training.rows + problem->given()->validation.rows, 59u);
    EXPECT_NE(problem->given()->notes.front().find("1 rows are left out, as their images cannot be read: line 5"),
              std::string::npos);
}

TEST_F(Manifest, DrawsRowsWithTheirOutputs) {
    const auto problem = read_manifest(table("l,y", "a.png,1", "b.png,2"), {}, 2, 0);
    ASSERT_TRUE(problem);
    const auto source = example_source(*problem, 1);
    ASSERT_TRUE(source);
    const Batch batch = draw_batch(*source, {.rows = 20}, 3);
    ASSERT_EQ(batch.y.size(), 20u);
    EXPECT_EQ(batch.pixels.size(), 2u * 100);
    const double first = batch.y[0];
    for (std::size_t n = 0; n < 20; ++n)
        EXPECT_EQ(batch.y[n], batch.rows_of_images[n] == batch.rows_of_images[0] ? first : 3 - first);
}

TEST_F(Manifest, IsEnoughToFindFormulasAndToReadImages) {
    constexpr std::size_t rows = 1500, tasks = 20;
    const datasets::Dataset glyphs = datasets::draw_glyphs({.train = 3000, .test = 10, .seed = 5});
    for (std::size_t i = 0; i < 3000; ++i)
        write(std::to_string(i) + ".png", png(glyphs.train.image(i).data(), 28));
    const formula::Pool pool = *formula::formula_pool({.with_zero = false});
    const std::vector<std::size_t> gold = *formula::draw_tasks(pool, tasks, 5);
    std::string text = "one,two,three";
    for (std::size_t t = 0; t < tasks; ++t) text += ",y" + std::to_string(t);
    base::RandomStream random(5, base::Purpose::test);
    for (std::size_t n = 0; n < rows; ++n) {
        text += "\n";
        std::vector<double> symbols;
        for (int v = 0; v < 3; ++v) {
            const std::uint32_t image = random.below(3000);
            text += (v == 0 ? "" : ",") + std::to_string(image) + ".png";
            symbols.push_back(glyphs.train.symbol(image));
        }
        for (const std::size_t task : gold)
            text += "," + std::to_string(formula::evaluate(pool.formulas[task], symbols));
    }
    learning::Settings settings{
        .images = "manifest", .data = write("data.csv", text), .seed = 5, .refine_steps = 200};
    const auto problem = learning::problem_of(settings, 1);
    ASSERT_TRUE(problem) << base::render(problem.error());
    learning::LearnOptions options = learn_options_of(settings);
    options.run.seconds = 0;
    options.run.threads = 1;
    options.most_steps = 350;
    const auto learned = learning::learn(*problem, options);
    if (!learned) GTEST_SKIP() << base::render(learned.error());
    std::vector<std::size_t> formulas;
    for (const identification::Decision& decision : learned->decisions) formulas.push_back(decision.formula);
    EXPECT_EQ(formulas, gold);
    EXPECT_TRUE(learned->agreement) << "exact outputs of 20 tasks give each other away";
    ASSERT_TRUE(learned->reading) << learned->unread;
    EXPECT_EQ(learned->reading->alphabet.size(), 10u);
    const auto judgement = judge_given(*problem, *learned->engine, formulas);
    ASSERT_TRUE(judgement) << base::render(judgement.error());
    double error = 0;
    for (const double each : judgement->validation) error += each / tasks;
    EXPECT_LT(error, 0.05);
    EXPECT_EQ(judgement->symbols.mean.size(), problem->dataset.train.count());
    EXPECT_NE(symbols_text(*problem, *judgement).find(".png,"), std::string::npos);
}

} // namespace
} // namespace ropewalk::perception
