// Tables from CSV files. Every file of tests/formulas/table/cases is a test.
//
// NAME.csv is read with the options of NAME.options, where there is one: words such as units, skip-missing,
// target=y, others=z, inputs=a,b, weights=w, separator=;, missing=-1,-2, may-lack-inputs. NAME.expected shows the table that comes out, or for bad-NAME.csv the
// diagnostics to the letter. ROPEWALK_ACCEPT=1 writes what comes out into the .expected files.
#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/formulas/table/table.hpp"

#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "tests/places.hpp"
#include "tests/text_cases.hpp"

namespace ropewalk::formula {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

const fs::path folder = source_dir() + "/tests/formulas/table/cases";

TableOptions options_of(const fs::path& file) {
    TableOptions options;
    std::istringstream words(text_cases::content(fs::path(file).replace_extension(".options")));
    for (std::string word; words >> word;) {
        const std::string value = word.substr(std::min(word.size(), word.find('=') + 1));
        if (word == "units") options.units = true;
        if (word == "skip-missing") options.skip_missing = true;
        if (word.starts_with("target=")) options.target = value;
        if (word.starts_with("weights=")) options.weights = value;
        if (word.starts_with("others=")) options.others.push_back(value);
        if (word.starts_with("separator=")) options.separator = value == "tab" ? '\t' : value.front();
        if (word == "may-lack-inputs") options.may_lack_inputs = true;
        std::istringstream names(word.starts_with("inputs=") || word.starts_with("missing=") ? value : "");
        for (std::string name; std::getline(names, name, ',');)
            (word.starts_with("inputs=") ? options.inputs : options.missing).push_back(name);
    }
    return options;
}

std::string shown(const Table& table) {
    const auto unit = [](const std::optional<Unit>& each) {
        return each ? " [" + to_string(*each) + "]" : std::string{};
    };
    std::string text;
    for (std::size_t i = 0; i < table.names.size(); ++i)
        text += fmt::format("input {}{}: {}\n", table.names[i],
                            table.problem.units.empty() ? "" : unit(table.problem.units[i]),
                            fmt::join(table.problem.inputs[i], " "));
    text += fmt::format("target {}{}: {}\n", table.target_name, unit(table.problem.target_unit),
                        fmt::join(table.problem.target, " "));
    for (const std::string& note : table.notes) text += "note: " + note + "\n";
    return text;
}

base::Result<Table> table_of(const fs::path& file) {
    return parse_table(text_cases::content(file), file.filename().string(), options_of(file));
}

class GoodTable : public testing::TestWithParam<fs::path> {};

TEST_P(GoodTable, IsReadAsExpected) {
    const auto table = table_of(GetParam());
    ASSERT_TRUE(table) << base::render(table.error());
    text_cases::expect_file(GetParam(), shown(*table), "*GoodTable*");
}

INSTANTIATE_TEST_SUITE_P(Cases, GoodTable, testing::ValuesIn(text_cases::files(folder, ".csv", false)),
                         text_cases::test_name);

class BadTable : public testing::TestWithParam<fs::path> {};

TEST_P(BadTable, IsRefusedWithTheExpectedDiagnostics) {
    const auto table = table_of(GetParam());
    ASSERT_FALSE(table) << "the table was accepted:\n" << shown(*table);
    text_cases::expect_file(GetParam(), base::render(table.error()), "*BadTable*");
}

INSTANTIATE_TEST_SUITE_P(Cases, BadTable, testing::ValuesIn(text_cases::files(folder, ".csv", true)),
                         text_cases::test_name);

TEST(ReadTable, NamesTheFileThatIsMissing) {
    const auto table = read_table("/nowhere/data.csv", {});
    ASSERT_FALSE(table);
    EXPECT_EQ(base::render(table.error()), "/nowhere/data.csv: no such file; expected a file that exists\n");
}

TEST(ReadTable, TakesEveryLineEndAlike) {
    const std::string lines = "a,y\n1,2\n3,4\n";
    for (const std::string end : {"\n", "\r\n", "\r", "\n\n"})
        for (const bool last : {true, false}) {
            std::string text;
            for (const char c : lines) text += c == '\n' ? end : std::string(1, c);
            if (!last) text.resize(text.size() - end.size());
            const auto table = parse_table(text, "t.csv", {});
            ASSERT_TRUE(table) << base::render(table.error());
            EXPECT_EQ(shown(*table), "input a: 1 3\ntarget y: 2 4\n");
        }
}

TEST(ReadTable, ReadsBackWhatWasWritten) {
    base::RandomStream random(5, base::Purpose::test);
    for (const char separator : {',', ';', '\t'}) {
        std::vector<std::vector<double>> columns(3);
        std::string text = fmt::format("\"the first\"{0}b{0}y\n", separator);
        for (int n = 0; n < 2'000; ++n) {
            for (std::size_t c = 0; c < 3; ++c) {
                const double value = random.normal() * std::exp(40 * random.normal());
                columns[c].push_back(value);
                const std::string quote = random.below(8) == 0 ? "\"" : "";
                text += quote + fmt::format("{}", value) + quote;
                text += c < 2 ? separator : '\n';
            }
        }
        const auto table = parse_table(text, "t.csv", {});
        ASSERT_TRUE(table) << base::render(table.error());
        EXPECT_EQ(table->problem.inputs[0], columns[0]);
        EXPECT_EQ(table->problem.inputs[1], columns[1]);
        EXPECT_EQ(table->problem.target, columns[2]);
        EXPECT_EQ(table->names, (std::vector<std::string>{"the first", "b"}));
    }
}

TEST(ReadTable, EndsOnAnyBytes) {
    base::RandomStream random(6, base::Purpose::test);
    const std::string letters = "ab,;\t|\"\"\n\r 0123456789.eE+-$%D=\xef\xbb\xbf\xff\xc2\xa0\xe2\x80\xaf";
    for (int trial = 0; trial < 30'000; ++trial) {
        std::string text = random.below(2) == 0 ? "a,y\n" : "";
        for (auto length = random.below(40); length > 0; --length)
            text += letters[random.below(static_cast<std::uint32_t>(letters.size()))];
        const auto table =
            parse_table(text, "t.csv", {.units = random.below(4) == 0, .skip_missing = random.below(2) == 0});
        if (!table) {
            EXPECT_FALSE(table.error().empty()) << text;
            continue;
        }
        EXPECT_GE(table->problem.target.size(), 2u);
        for (const auto& column : table->problem.inputs)
            EXPECT_EQ(column.size(), table->problem.target.size()) << text;
    }
}

TEST(ReadTable, NamesFormatsThatAreNoText) {
    for (const auto& [bytes, words] :
         {std::pair{std::string("PAR1\x15\0\x15", 7), "t.csv: a Parquet file; expected a CSV file, as pandas makes one: pandas.read_parquet"},
          std::pair{std::string("\x1f\x8b\x08\0", 4), "compressed by gzip; expected what gunzip makes of it"}}) {
        const auto other = parse_table(bytes, "t.csv", {});
        ASSERT_FALSE(other);
        EXPECT_THAT(base::render(other.error()), HasSubstr(words));
    }
}

TEST(ReadTable, RefusesByteZeroAndTooManyColumns) {
    const auto binary = parse_table(std::string("a,y\n1,\0002\n", 10), "t.csv", {});
    ASSERT_FALSE(binary);
    EXPECT_THAT(base::render(binary.error()), HasSubstr("t.csv:2: a byte 0, as in a binary file"));
    std::string header = "c0";
    for (int i = 1; i < 5'000; ++i) header += fmt::format(",c{}", i);
    const auto wide = parse_table(header + "\n", "t.csv", {});
    ASSERT_FALSE(wide);
    EXPECT_THAT(base::render(wide.error()), HasSubstr("5000 columns; expected at most 4096"));
}

TEST(HoldOut, PartsTheRowsBySeed) {
    Problem problem;
    problem.inputs.resize(1);
    for (int n = 0; n < 100; ++n) {
        problem.inputs[0].push_back(n);
        problem.target.push_back(10 * n);
    }
    const auto parts = hold_out(problem, 0.2, 7);
    ASSERT_TRUE(parts);
    const auto& [kept, held] = *parts;
    EXPECT_EQ(kept.target.size(), 80u);
    EXPECT_EQ(held.target.size(), 20u);
    std::vector<double> all = kept.inputs[0];
    all.insert(all.end(), held.inputs[0].begin(), held.inputs[0].end());
    EXPECT_TRUE(std::is_sorted(kept.inputs[0].begin(), kept.inputs[0].end()));
    std::sort(all.begin(), all.end());
    EXPECT_EQ(all, problem.inputs[0]);
    for (const Problem& part : {kept, held})
        for (std::size_t n = 0; n < part.target.size(); ++n)
            EXPECT_EQ(part.target[n], 10 * part.inputs[0][n]);
    EXPECT_EQ(hold_out(problem, 0.2, 7)->second.target, held.target);
    EXPECT_NE(hold_out(problem, 0.2, 8)->second.target, held.target);
    EXPECT_FALSE(hold_out(problem, 0.01, 7));
    EXPECT_FALSE(hold_out(problem, 0.99, 7));
    EXPECT_FALSE(hold_out(problem, std::nan(""), 7));
}

TEST(Lags, AreColumnsOfEarlierRows) {
    const auto table = parse_table("t,y\n0,1\n1,2\n2,4\n3,8\n", "series.csv", {});
    ASSERT_TRUE(table);
    const auto lagged = with_lags(*table, 2);
    ASSERT_TRUE(lagged);
    EXPECT_THAT(lagged->names, testing::ElementsAre("t", "y_lag1", "t_lag1", "y_lag2", "t_lag2"));
    EXPECT_THAT(lagged->problem.target, testing::ElementsAre(4, 8));
    EXPECT_THAT(lagged->problem.inputs[1], testing::ElementsAre(2, 4));
    EXPECT_THAT(lagged->problem.inputs[3], testing::ElementsAre(1, 2));
    EXPECT_FALSE(with_lags(*table, 3)) << "one row is left";
}

TEST(Lags, MakeInputsOfASeriesAlone) {
    TableOptions options;
    EXPECT_THAT(base::render(parse_table("x\n1\n3\n4\n7\n", "lucas.csv", options).error()), HasSubstr("setting `lags`"));
    options.may_lack_inputs = true;
    const auto table = parse_table("x\n1\n3\n4\n7\n", "lucas.csv", options);
    ASSERT_TRUE(table) << base::render(table.error());
    EXPECT_THAT(table->names, testing::IsEmpty());
    const auto lagged = with_lags(*table, 2);
    ASSERT_TRUE(lagged);
    EXPECT_THAT(lagged->names, testing::ElementsAre("x_lag1", "x_lag2"));
    EXPECT_THAT(lagged->problem.target, testing::ElementsAre(4, 7));
    EXPECT_THAT(lagged->problem.inputs[1], testing::ElementsAre(1, 3));
}

TEST(Weights, AreAColumnThatIsNoInput) {
    TableOptions options;
    options.weights = "w";
    const auto table = parse_table("a,w,y\n1,2,3\n4,0,5\n6,1,7\n", "weighted.csv", options);
    ASSERT_TRUE(table);
    EXPECT_THAT(table->names, testing::ElementsAre("a"));
    EXPECT_THAT(table->problem.weights, testing::ElementsAre(2, 1));
    EXPECT_THAT(table->problem.target, testing::ElementsAre(3, 7));
    EXPECT_THAT(table->notes, testing::Contains(HasSubstr("their weight is 0")));
    const auto failed = [&](const char* text) {
        return parse_table(text, "weighted.csv", options).error().front().found;
    };
    EXPECT_THAT(failed("a,w,y\n1,-2,3\n4,1,5\n"), HasSubstr("negative weight -2"));
    EXPECT_THAT(failed("a,y\n1,3\n4,5\n"), HasSubstr("no column 'w'"));
    EXPECT_THAT(failed("a,y,w\n1,3,1\n4,5,1\n"), HasSubstr("as target and as weights"));
}

} // namespace
} // namespace ropewalk::formula
