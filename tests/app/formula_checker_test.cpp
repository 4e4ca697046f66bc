// What tools/check_formula, which shares no code with the toolkit, says about answers of `formula`.
#include <cmath>
#include <cstdio>
#include <tuple>

#include <fmt/format.h>

#include "ropewalk/base/random.hpp"
#include "tests/app/command.hpp"
#include "tests/places.hpp"

namespace ropewalk::cli {
namespace {

using testing::HasSubstr;
using Json = nlohmann::ordered_json;

class FormulaChecker : public Command {
protected:
    void SetUp() override {
        Command::SetUp();
        if (python().empty()) GTEST_SKIP() << "no python3";
    }

    std::string table(const std::string& name, double (*law)(double, double), double noise) const {
        std::string text = "a,b,y\n";
        base::RandomStream random(7, base::Purpose::test);
        for (int n = 0; n < 60; ++n) {
            const double a = 0.5 + 2.5 * random.uniform(), b = 0.5 + 2.5 * random.uniform();
            text += fmt::format("{},{},{}\n", a, b, law(a, b) * (1 + noise * (random.uniform() - 0.5)));
        }
        return write(name + ".csv", text);
    }

    Json answer(const std::string& file) {
        return json({"formula", file, "--seconds", "2", "--json", "--threads", "1"});
    }

    /// What the checker says, and its exit status.
    std::pair<std::string, int> check(const Json& answer) const {
        const std::string file = write("answer.json", answer.dump());
        const std::string command =
            "'" + python() + "' '" + source_dir() + "/tools/check_formula' '" + file + "' 2>&1";
        std::FILE* const pipe = popen(command.c_str(), "r");
        std::string text;
        char chunk[4096];
        while (std::size_t count = std::fread(chunk, 1, sizeof chunk, pipe)) text.append(chunk, count);
        return {text, WEXITSTATUS(pclose(pipe))};
    }
};

TEST_F(FormulaChecker, ReadsTablesAsPeopleWriteThem) {
    for (const auto& [head, separator, end] : {std::tuple{"Sales of May\na|b|y", "|", "\n"}, {"sep=;\ra;b;y", ";", "\r"}}) {
        std::string text = std::string(head) + end;
        for (int n = 1; n <= 12; ++n)
            text += (n == 7 ? "-999" : fmt::format("${}", n + 0.5)) + separator + std::to_string(n % 4) + separator +
                    fmt::format("\u2212{}", n % 4 + 2 * n + 1) + end;
        const Json found = answer(write("written.csv", text));
        EXPECT_EQ(found["rows"], 11);
        const auto [words, code] = check(found);
        EXPECT_EQ(code, 0) << words;
    }
}

TEST_F(FormulaChecker, AgreesWithAnswersOnTablesOfManyKinds) {
    const std::vector<std::string> tables{
        table("exact", [](double a, double b) { return a * a + b; }, 0),
        table("noisy", [](double a, double b) { return 3 * a / b + 1; }, 0.02),
        table("waves", [](double a, double b) { return std::sin(2 * a) * b; }, 0),
        table("growth", [](double a, double b) { return std::exp(-a) * std::sqrt(b); }, 0.01),
        table("large", [](double a, double b) { return 1e9 + a * b; }, 0)};
    for (const std::string& file : tables) {
        const auto [text, code] = check(answer(file));
        EXPECT_EQ(code, 0) << text;
        EXPECT_THAT(text, HasSubstr("are as they are said to be on 60 rows"));
    }
}

TEST_F(FormulaChecker, FindsEveryFalseWord) {
    const Json honest = answer(table("noisy", [](double a, double b) { return 3 * a / b + 1; }, 0.02));
    ASSERT_EQ(check(honest).second, 0);
    const auto expect_found = [&](const char* what, auto&& change) {
        Json lie = honest;
        change(lie["best"]);
        const auto [text, code] = check(lie);
        EXPECT_EQ(code, 1) << what << ": " << text;
        EXPECT_THAT(text, HasSubstr(what));
    };
    expect_found("called exact", [](Json& best) { best["exact"] = true; });
    expect_found("rmse", [](Json& best) { best["rmse"] = best["rmse"].get<double>() * 1.001; });
    expect_found("max_error", [](Json& best) { best["max_error"] = best["max_error"].get<double>() * 0.99; });
    expect_found("R2", [](Json& best) { best["r2"] = 1.0; });
    expect_found("not on the front", [](Json& best) { best["formula"] = "3.01*a/b + 1"; });
    expect_found("no value at the row", [](Json& best) { best["formula"] = "log(-a)"; });
}

TEST_F(FormulaChecker, SaysWhatItCannotCheck) {
    EXPECT_EQ(check(Json::object()).second, 2);
    Json answer{{"table", {{"file", path("nowhere.csv")}, {"units", false}}}, {"front", Json::array()}, {"best", nullptr}};
    EXPECT_THAT(check(answer).first, HasSubstr("not checked"));
    answer = this->answer(table("exact", [](double a, double b) { return a * a + b; }, 0));
    answer["best"]["formula"] = "__import__('os')";
    EXPECT_THAT(check(answer).first, HasSubstr("not checked"));
    answer["best"]["formula"] = std::string(100'000, '(') + "a";
    EXPECT_EQ(check(answer).second, 2) << "nested beyond all measure";
}

} // namespace
} // namespace ropewalk::cli
