// Tables of digits: the rows of their lists, and lists that are damaged.
#include <gmock/gmock.h>

#include "papers/results/digit_tasks.hpp"
#include "tests/scratch.hpp"

namespace ropewalk::papers {
namespace {

class DigitLists : public Scratch {
protected:
    static constexpr std::size_t images = 30;

    void SetUp() override {
        Scratch::SetUp();
        std::filesystem::create_directories(folder_ / "pairs");
        std::filesystem::create_directories(folder_ / "sequences");
        data_.lists = folder_.string();
        data_.mnist = datasets::draw_glyphs({.train = images, .test = images, .seed = 1});
        std::string order;
        for (std::size_t i = 0; i < images; ++i) order += std::to_string(images - 1 - i) + "\n";
        write("order-train.txt.gz", order); // lists may be unpacked
        write("order-test.txt.gz", order);
        write("pairs/sum-train.csv.gz", "i,j,label\n" + pair(0, 1) + pair(2, 3));
        write("pairs/sum-test.csv.gz", pair(4, 5));
        write("sequences/sum-train.csv.gz", row({1, 2, 3}) + row({4}));
        write("sequences/sum-test-short.csv.gz", row({1, 2}, true));
        write("sequences/sum-test-10.csv.gz", row({1, 2, 3, 4, 5, 6, 7, 8, 9, 0}, true));
        write("sequences/sum-test-100-ours.csv.gz", row(std::vector<std::size_t>(100, 7), true));
    }

    /// The digit of an image of the original order.
    int digit(std::size_t image) const { return data_.mnist.train.labels[images - 1 - image] - 1; }
    int test_digit(std::size_t image) const { return data_.mnist.test.labels[images - 1 - image] - 1; }

    std::string pair(std::size_t a, std::size_t b) const {
        const int sum = a < 4 ? digit(a) + digit(b) : test_digit(a) + test_digit(b);
        return std::to_string(a) + "," + std::to_string(b) + "," + std::to_string(sum) + "\n";
    }
    std::string row(const std::vector<std::size_t>& all, bool of_test = false) const {
        int sum = 0;
        std::string text;
        for (const std::size_t image : all) {
            sum += of_test ? test_digit(image) : digit(image);
            text += "," + std::to_string(image);
        }
        return std::to_string(sum) + text + "\n";
    }

    base::Result<DigitTable> table(const std::string& name) const {
        for (const DigitTask& task : digit_tasks())
            if (task.name == name) return digit_table(task, data_, 0);
        return base::failure("task", name, "one of digit_tasks");
    }

    DigitData data_;
};

TEST_F(DigitLists, AreReadInTheOriginalOrder) {
    const auto pairs = table("pairs-1200");
    ASSERT_TRUE(pairs) << base::render(pairs.error());
    EXPECT_EQ(pairs->train.rows, 2u);
    EXPECT_THAT(pairs->train.images, testing::ElementsAre(29, 28, 27, 26));
    EXPECT_EQ(pairs->train.y[0], digit(0) + digit(1));
    const auto rows = table("sequences-sum");
    ASSERT_TRUE(rows) << base::render(rows.error());
    EXPECT_THAT(rows->train.starts, testing::ElementsAre(0, 3, 4));
    EXPECT_EQ(rows->train.y[1], digit(4));
    ASSERT_EQ(rows->longer.size(), 2u);
    EXPECT_EQ(rows->longer[0].second.images.size(), 10u);
    EXPECT_EQ(rows->longer[1].first, "sum-test-100-ours");
    EXPECT_EQ(rows->longer[1].second.y[0], 100 * test_digit(7));
}

TEST_F(DigitLists, ThatAreDamagedAreNamedWithTheirLine) {
    const auto said = [&](const char* file, const std::string& text, const char* name) {
        const std::string before = *base::read_file(path(file));
        write(file, text);
        const std::string complaint_of = complaint(table(name), folder_);
        write(file, before);
        return complaint_of;
    };
    using testing::StartsWith;
    EXPECT_THAT(said("pairs/sum-train.csv.gz", pair(0, 1) + "2,30,5\n", "pairs-1200"),
                StartsWith("pairs/sum-train.csv.gz:2: image 30; expected 0 to 29"));
    EXPECT_THAT(said("pairs/sum-train.csv.gz", "0,-1,5\n", "pairs-1200"), StartsWith("pairs/sum-train.csv.gz:1: image -1"));
    EXPECT_THAT(said("pairs/sum-train.csv.gz", "0,1\n", "pairs-1200"),
                StartsWith("pairs/sum-train.csv.gz:1: 2 numbers; expected i,j,label"));
    EXPECT_THAT(said("pairs/sum-train.csv.gz", "i,j,label\n0,x,5\n", "pairs-1200"),
                StartsWith("pairs/sum-train.csv.gz:2: '0,x,5'; expected whole numbers"));
    EXPECT_THAT(said("pairs/sum-train.csv.gz", "0,1,77\n", "pairs-1200"),
                StartsWith("pairs/sum-train.csv.gz:1: output 77 of digits that make"));
    EXPECT_THAT(said("pairs/sum-train.csv.gz", "i,j,label\n", "pairs-1200"),
                StartsWith("pairs/sum-train.csv.gz: no rows"));
    EXPECT_THAT(said("sequences/sum-train.csv.gz", "7\n", "sequences-sum"),
                StartsWith("sequences/sum-train.csv.gz:1: 1 numbers; expected label,i1,i2"));
    EXPECT_THAT(said("order-train.txt.gz", "0\n1\n", "addition-1"),
                StartsWith("order-train.txt.gz: 2 lines; expected 30"));
    std::string twice = "0\n";
    for (std::size_t i = 0; i + 1 < images; ++i) twice += std::to_string(i) + "\n";
    EXPECT_THAT(said("order-train.txt.gz", twice, "addition-1"),
                StartsWith("order-train.txt.gz:2: 0; expected the place of an image, each once"));
}

} // namespace
} // namespace ropewalk::papers
