// A finished run used on new images.
#include <algorithm>
#include <cmath>

#include "ropewalk/base/random.hpp"
#include "ropewalk/images/datasets/datasets.hpp"
#include "ropewalk/images/prediction/prediction.hpp"
#include "ropewalk/images/prediction/row_fields.hpp"
#include "tests/image_bytes.hpp"
#include "tests/scratch.hpp"

namespace ropewalk::prediction {
namespace {

/// Sums of two glyphs, learned for a moment: what is read may be wrong, but it must be the same.
class Predicting : public testing::Test {
protected:
    static constexpr std::size_t images = 300, rows = 400;

    static void SetUpTestSuite() {
        folder_ = std::filesystem::temp_directory_path() / ("ropewalk_predicting_" + std::to_string(getpid()));
        std::filesystem::create_directories(folder_ / "run");
        const datasets::Dataset glyphs = datasets::draw_glyphs({.train = images, .test = 10, .seed = 4});
        for (std::size_t i = 0; i < images; ++i)
            write(std::to_string(i) + ".png", png(glyphs.train.image(i).data(), 28));
        std::string text = "left,right,sum,shown_left,shown_right\n";
        base::RandomStream random(4, base::Purpose::test);
        for (std::size_t n = 0; n < rows; ++n) {
            const std::uint32_t a = random.below(images), b = random.below(images);
            const int x = glyphs.train.labels[a] - 1, y = glyphs.train.labels[b] - 1;
            text += std::to_string(a) + ".png," + std::to_string(b) + ".png," + std::to_string(x + y) + "," +
                    std::to_string(x) + "," + std::to_string(y) + "\n";
        }
        learning::Settings settings{.images = "manifest",
                                    .data = write("data.csv", text),
                                    .tasks = 1,
                                    .letters = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
                                    .seed = 4,
                                    .refine_steps = 60,
                                    .manifest = {.output_columns = {"sum"}, .scale = 10}};
        const auto problem = learning::problem_of(settings, 1);
        ASSERT_TRUE(problem) << base::render(problem.error());
        learning::LearnOptions options = learn_options_of(settings);
        options.run.seconds = 0;
        options.run.threads = 1;
        const auto learned = learning::learn(*problem, options);
        if (!learned) return; // without libtorch
        const std::vector<std::size_t> formulas = identification::formulas_of(learned->decisions);
        auto judged = perception::judge_given(*problem, *learned->engine, formulas);
        ASSERT_TRUE(judged) << base::render(judged.error());
        judged_ = std::move(*judged);
        files_ = problem->given()->files;
        ASSERT_TRUE(learning::save_run((folder_ / "run").string(), settings, *problem, *learned, "{}"));
    }
    static void TearDownTestSuite() { std::filesystem::remove_all(folder_); }

    void SetUp() override {
        if (files_.empty()) GTEST_SKIP() << "no libtorch";
        auto reader = open_run((folder_ / "run").string(), {.threads = 1});
        ASSERT_TRUE(reader) << base::render(reader.error());
        reader_ = std::make_unique<Reader>(std::move(*reader));
    }

    static std::string write(const std::string& name, const std::string& content) {
        EXPECT_TRUE(base::write_file((folder_ / name).string(), content, base::Overwrite::allow));
        return (folder_ / name).string();
    }
    static std::string in_folder(const std::string& name) { return (folder_ / name).string(); }

    static std::filesystem::path folder_;
    static perception::GivenJudgement judged_;
    static std::vector<std::string> files_;
    std::unique_ptr<Reader> reader_;
};

std::filesystem::path Predicting::folder_;
perception::GivenJudgement Predicting::judged_;
std::vector<std::string> Predicting::files_;

TEST(OutputTexts, AreWordsWhereTheValueIsTheirNumberButForRounding) {
    learning::StoredOutput output;
    EXPECT_EQ(output_text(output, 1), "1");
    output.words = {"even", "odd"};
    EXPECT_EQ(output_text(output, 1), "odd");
    EXPECT_EQ(output_text(output, 1 - 1e-9), "odd");
    EXPECT_EQ(output_text(output, -1e-9), "even");
    EXPECT_EQ(output_text(output, 0.98), "0.98");
    EXPECT_EQ(output_text(output, 2), "2");
    EXPECT_EQ(output_text(output, -1), "-1");
}

TEST_F(Predicting, ReadsEveryImageAsTheRunDidToTheLastBit) {
    std::vector<std::string> files;
    for (const std::string& file : files_) files.push_back(in_folder(file));
    const auto read = read_files(*reader_, files);
    ASSERT_TRUE(read) << base::render(read.error());
    EXPECT_EQ(read->read.probabilities, judged_.probabilities);
    EXPECT_EQ(read->read.symbols.mean, judged_.symbols.mean);
    EXPECT_EQ(reader_->letters, judged_.letters);
}

TEST_F(Predicting, ReadsAnImageAloneAsAmongOthersInAnyOrderWithAnyThreads) {
    std::vector<std::string> files;
    for (std::size_t i = 0; i < 40; ++i) files.push_back(in_folder(files_[i]));
    std::vector<std::string> turned(files.rbegin(), files.rend());
    const auto many = read_files(*reader_, files), other_way = read_files(*reader_, turned);
    auto threaded = open_run(in_folder("run"), {.threads = 2});
    ASSERT_TRUE(many && other_way && threaded);
    const auto with_threads = read_files(*threaded, files);
    ASSERT_TRUE(with_threads);
    EXPECT_EQ(with_threads->read.probabilities, many->read.probabilities);
    const std::size_t letters = reader_->letters.size();
    for (std::size_t i = 0; i < files.size(); ++i) {
        const auto alone = read_files(*reader_, std::span(files).subspan(i, 1));
        ASSERT_TRUE(alone);
        for (std::size_t k = 0; k < letters; ++k) {
            EXPECT_EQ(alone->read.probabilities[k], many->read.probabilities[i * letters + k]);
            EXPECT_EQ(alone->read.probabilities[k],
                      other_way->read.probabilities[(files.size() - 1 - i) * letters + k]);
        }
    }
}

TEST_F(Predicting, TellsOutputsLettersAndProbabilitiesOfATableOfItsOwnColumns) {
    // Columns in another order, and one image twice in a row.
    const std::string table = write("new.csv", "right,note,left\n1.png,x,0.png\n2.png,y,2.png\n");
    const auto prediction = predict(*reader_, table);
    ASSERT_TRUE(prediction) << base::render(prediction.error());
    const std::string text = to_csv(*reader_, *prediction);
    EXPECT_EQ(text.substr(0, text.find('\n')),
              "left,right,sum,sum_probability,left_letter,left_probability,right_letter,right_probability");
    EXPECT_NE(text.find("\n0.png,1.png,"), std::string::npos);
    ASSERT_EQ(prediction->outputs.values.size(), 2u);
    for (const double probability : prediction->outputs.probabilities) {
        EXPECT_GT(probability, 0);
        EXPECT_LE(probability, 1 + 1e-9);
    }
    const double twice = prediction->outputs.values[1];
    EXPECT_NE(std::find_if(reader_->letters.begin(), reader_->letters.end(),
                           [&](double letter) { return std::abs(2 * letter - twice) < 1e-9; }),
              reader_->letters.end())
        << "one image is one letter, so the sum is even: " << twice;
}

TEST_F(Predicting, CountsRightOutputsAndConfusedLettersOnAllRows) {
    const auto evaluation = evaluate(*reader_, in_folder("data.csv"),
                                     {.letter_columns = {"shown_left", "shown_right"}});
    ASSERT_TRUE(evaluation) << base::render(evaluation.error());
    ASSERT_EQ(evaluation->scores.size(), 1u);
    const OutputScore& score = evaluation->scores.front();
    EXPECT_EQ(score.given.size(), rows);
    EXPECT_EQ(score.rights, static_cast<std::size_t>(std::count(score.right.begin(), score.right.end(), true)));
    ASSERT_TRUE(evaluation->confusion);
    EXPECT_EQ(evaluation->confusion->images, 2 * rows);
    std::size_t counted = 0;
    for (const auto& of_label : evaluation->confusion->counts)
        for (const std::size_t count : of_label) counted += count;
    EXPECT_EQ(counted, 2 * rows);
    const std::string text = to_csv(*reader_, *evaluation);
    EXPECT_EQ(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')), rows + 1);
    EXPECT_EQ(text.substr(0, text.find('\n')),
              "line,left,right,left_letter,right_letter,sum,sum_predicted,sum_probability,sum_right");
}

TEST_F(Predicting, JudgesTheRowsThatHaveAnOutput) {
    const std::string table = write("gaps.csv", "left,right,sum,shown_left,shown_right\n0.png,1.png,,0,1\n"
                                                "2.png,2.png,4,2,2\n1.png,0.png,NA,1,\n");
    const auto evaluation = evaluate(*reader_, table, {.letter_columns = {"shown_left", "shown_right"}});
    ASSERT_TRUE(evaluation) << base::render(evaluation.error());
    ASSERT_EQ(evaluation->scores.size(), 1u);
    EXPECT_EQ(evaluation->scores.front().rows, 1u);
    EXPECT_TRUE(std::isfinite(evaluation->scores.front().mean_error));
    EXPECT_EQ(evaluation->confusion->images, 5u);
    const std::string text = to_csv(*reader_, *evaluation), first = text.substr(text.find('\n') + 1);
    EXPECT_EQ(first.find("nan"), std::string::npos) << first;
    EXPECT_EQ(first[first.find('\n') - 1], ',') << "neither right nor wrong: " << first;
    EXPECT_NE(complaint(evaluate(*reader_, write("none.csv", "left,right,sum\n0.png,1.png,\n")), folder_)
                  .find("no value of an output of the run"),
              std::string::npos);
}

TEST_F(Predicting, SaysWhatIsMissing) {
    const auto said = [&](const auto& result) { return complaint(result, folder_); };
    EXPECT_NE(said(open_run(in_folder("nowhere"))).find("no run of `ropewalk perceive`"), std::string::npos);
    EXPECT_NE(said(predict(*reader_, write("one.csv", "left\n0.png\n"))).find("1 columns of images; expected 2"),
              std::string::npos);
    EXPECT_NE(said(evaluate(*reader_, write("blind.csv", "left,right\n0.png,1.png\n")))
                  .find("no value of an output of the run; expected a column sum"),
              std::string::npos);
    write("small.png", png(shades(10).data(), 10));
    EXPECT_NE(said(predict(*reader_, write("size.csv", "left,right\n0.png,small.png\n")))
                  .find("size.csv:2: image 'small.png': 10 x 10 pixels; expected 28 x 28, as the run reads"),
              std::string::npos);
}

TEST(Fields, OfRowsOfImagesAreQuotedWhereTheyMustBe) {
    perception::ImageRows rows;
    rows.lines = {2, 3};
    rows.files = {"a,b.png", "c.png"};
    rows.places = {0, 1, 1, 0};
    const auto file = [&](std::uint32_t image) { return rows.files[image]; };
    const auto number = [](std::uint32_t image) { return std::to_string(image); };
    EXPECT_EQ(row_fields(rows, 0, file), ",\"a,b.png\",c.png");
    EXPECT_EQ(row_fields(rows, 1, number, file), ",1,c.png,0,\"a,b.png\"");
    rows.starts = {0, 3, 4};
    EXPECT_EQ(row_fields(rows, 0, file, number), ",\"a,b.png|c.png|c.png\",0|1|1");
    EXPECT_EQ(row_fields(rows, 1, file), ",\"a,b.png\"");
}

TEST(Outputs, AsTextHaveAllDigitsOfWholeNumbers) {
    const learning::StoredOutput number;
    EXPECT_EQ(output_text(number, 1234567890123456), "1234567890123456");
    EXPECT_EQ(output_text(number, -3), "-3");
    EXPECT_EQ(output_text(number, 1.0 / 3), "0.333333333333");
    EXPECT_EQ(output_text(number, 1e300), "1e+300");
}

TEST(LikeliestOutputs, AddUpTheProbabilitiesOfAllLettersThatGiveThem) {
    // Two images that are 0, 1 or 2: the likeliest letters are 0 and 2, but 1 + 1 gives 2 as well.
    const std::vector<double> letters{0, 1, 2};
    const std::vector<double> probabilities{0.5, 0.4, 0.1, 0.1, 0.4, 0.5};
    const std::vector<std::uint32_t> images{0, 1, 1, 1};
    const formula::Program sum =
        formula::combine(formula::Operator::add, formula::variable(2, 0), formula::variable(2, 1));
    const perception::RowOutputs outputs = perception::likeliest_outputs(
        std::vector{rules::rule_of(sum)}, letters, probabilities,
        {.rows = 2, .images = images}, 1);
    EXPECT_EQ(outputs.values, (std::vector<double>{2, 4}));
    EXPECT_NEAR(outputs.probabilities[0], 0.5 * 0.5 + 0.4 * 0.4 + 0.1 * 0.1, 1e-12);
    EXPECT_NEAR(outputs.probabilities[1], 0.5, 1e-12) << "an image is one letter, however often it is shown";
}

} // namespace
} // namespace ropewalk::prediction
