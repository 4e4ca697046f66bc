// The command that finds formulas for a table.
#include <cmath>
#include <cstdlib>
#include <utility>

#include "tests/app/command.hpp"
#include "tests/places.hpp"

namespace ropewalk::cli {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using Json = nlohmann::ordered_json;

class FormulaCommand : public Command {
protected:
    /// y = a*b - c on twelve rows, with a column of text.
    std::string product() const {
        std::string text = "name,a,b,c,y\n";
        for (int n = 1; n <= 12; ++n) {
            const double a = n % 5 + 0.5, b = n % 7 - 1.25, c = (n * n) % 11;
            text += "row " + std::to_string(n);
            for (const double value : {a, b, c, a * b - c}) text += "," + std::to_string(value);
            text += "\n";
        }
        return write("product.csv", text);
    }

    /// Numbers that nothing in the table explains.
    std::string noise() const {
        std::string text = "a,y\n";
        for (int n = 0; n < 40; ++n)
            text += std::to_string(1 + n % 2) + "," + std::to_string((n / 2) % 2 == 0 ? 1 : -1) + "\n";
        return write("noise.csv", text);
    }
};

TEST_F(FormulaCommand, ExplainsItselfWithAnExample) {
    const Outcome outcome = run({"formula", "--help"});
    EXPECT_EQ(outcome.code, 0);
    EXPECT_THAT(outcome.out, HasSubstr("Example: ropewalk formula"));
    EXPECT_THAT(outcome.out, HasSubstr("Exit status 1"));
    EXPECT_THAT(run({"--help"}).out, HasSubstr("formula"));
}

TEST_F(FormulaCommand, FindsAnExactFormula) {
    const Outcome outcome = run({"formula", product(), "--target", "y"});
    EXPECT_EQ(outcome.code, 0);
    EXPECT_THAT(outcome.out, StartsWith("y = a*b - c\n"));
    EXPECT_THAT(outcome.out, HasSubstr("the smallest formula that is exact"));
    EXPECT_THAT(outcome.out, HasSubstr("\n>         2  "));
    EXPECT_THAT(outcome.out, HasSubstr("12 rows, 3 inputs"));
    EXPECT_THAT(outcome.out, HasSubstr("stopped: an exact formula was found"));
    EXPECT_THAT(outcome.out,
                HasSubstr("Every formula without fitted numbers of up to 1 operator was looked at"));
    EXPECT_THAT(outcome.err, HasSubstr("note: column 'name' is left out: it holds text"));
}

TEST_F(FormulaCommand, GivesOneJsonObject) {
    const Json object = json({"formula", product(), "--json"});
    EXPECT_EQ(object["target"], "y");
    EXPECT_EQ(object["inputs"], (Json{"a", "b", "c"}));
    EXPECT_EQ(object["rows"], 12);
    EXPECT_EQ(object["found"], true);
    EXPECT_EQ(object["best"]["formula"], "a*b - c");
    EXPECT_EQ(object["best"], object["front"].back());
    EXPECT_EQ(object["best"]["exact"], true);
    EXPECT_GT(object["candidates"].get<long>(), 0);
    EXPECT_GE(object["seconds"].get<double>(), 0);
    EXPECT_EQ(object["completed_operators"], 1);
    long operators = -1;
    double rmse = INFINITY, bits = INFINITY;
    for (const Json& each : object["front"]) {
        EXPECT_GT(each["operators"].get<long>(), operators);
        EXPECT_TRUE(each["rmse"].get<double>() < rmse || each["bits"].get<double>() < bits);
        EXPECT_LE(each["r2"].get<double>(), 1);
        EXPECT_TRUE(each["exact"].is_boolean());
        operators = each["operators"];
        rmse = each["rmse"];
        bits = std::min(bits, each["bits"].get<double>());
    }
}

TEST_F(FormulaCommand, GivesTheSameAnswerOnAnyNumberOfThreads) {
    const auto answer = [&](const std::string& threads) {
        Json object = json({"formula", product(), "--inputs", "a,c", "--max-operators", "3", "--constants",
                            "--seconds", "0", "--threads", threads, "--json"},
                           1);
        object.erase("seconds");
        return object;
    };
    EXPECT_EQ(answer("1"), answer("3"));
}

TEST_F(FormulaCommand, ExportsCodeThatRuns) {
    const Outcome python = run({"formula", product(), "--export", "python"});
    EXPECT_EQ(python.code, 0);
    EXPECT_EQ(python.out, "def y(a, b, c):\n    return a*b - c\n");
    EXPECT_EQ(run({"formula", product(), "--export", "c"}).out,
              "#include <math.h>\n\ndouble y(double a, double b, double c) {\n    return a*b - c;\n}\n");
    EXPECT_EQ(run({"formula", product(), "--export", "latex"}).out, "y = a \\, b - c\n");
    EXPECT_THAT(run({"formula", product(), "--export", "sympy"}).out, HasSubstr("y = a*b - c\n"));
    EXPECT_EQ(json({"formula", product(), "--export", "json"})["formula"], "a*b - c");
    EXPECT_EQ(json({"formula", product(), "--export", "python", "--json"})["exported"], python.out);
    if (std::system("python3 --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "python3 is not here";
    write("found.py", python.out + "assert y(2, 3, 4) == 2\n");
    EXPECT_EQ(std::system(("python3 " + path("found.py")).c_str()), 0);
}

TEST_F(FormulaCommand, WritesAFileAndNeverReplacesOneUnasked) {
    const std::string file = path("found.py");
    const Outcome first = run({"formula", product(), "--export", "python", "-o", file});
    EXPECT_EQ(first.code, 0);
    EXPECT_THAT(first.out, StartsWith("y = a*b - c\n"));
    EXPECT_EQ(read(file), "def y(a, b, c):\n    return a*b - c\n");
    const Outcome refused = run({"formula", product(), "-o", file});
    EXPECT_EQ(refused.code, 2);
    EXPECT_THAT(refused.err, HasSubstr("found.py"));
    EXPECT_EQ(run({"formula", product(), "-o", file, "--force"}).code, 0);
    EXPECT_EQ(read(file), "a*b - c\n");
    EXPECT_EQ(run({"formula", product(), "-o", path("none/found.py")}).code, 2);
}

TEST_F(FormulaCommand, SaysPlainlyThatATargetIsConstant) {
    const Outcome outcome = run({"formula", write("same.csv", "a,y\n1,5\n2,5\n3,5\n")});
    EXPECT_EQ(outcome.code, 0);
    EXPECT_THAT(outcome.out, StartsWith("y = 5\n\ny is the same on all 3 rows.\n"));
}

TEST_F(FormulaCommand, EndsWithOneWhereNothingBeatsTheMean) {
    const std::vector<std::string> command{"formula", noise(), "--max-operators", "2"};
    const Outcome outcome = run(command);
    EXPECT_EQ(outcome.code, 1);
    EXPECT_THAT(
        outcome.out,
        StartsWith("No formula that was tried explains y better than its mean does by more than chance."));
    std::vector<std::string> exporting = command;
    exporting.insert(exporting.end(), {"--export", "c", "-o", path("found.c")});
    EXPECT_EQ(run(exporting).code, 1);
    EXPECT_FALSE(fs::exists(path("found.c")));
    std::vector<std::string> as_json = command;
    as_json.emplace_back("--json");
    EXPECT_EQ(json(as_json, 1)["found"], false);
}

TEST_F(FormulaCommand, JudgesOnRowsThatAreHeldOut) {
    const Json object = json({"formula", product(), "--holdout", "0.25", "--json"});
    EXPECT_EQ(object["best"]["formula"], "a*b - c");
    EXPECT_NEAR(object["best"]["held_out"]["r2"].get<double>(), 1, 1e-12);
    const Outcome people = run({"formula", product(), "--holdout", "0.25"});
    EXPECT_THAT(people.out, HasSubstr("held-out R2"));
    EXPECT_THAT(people.out, HasSubstr("On the rows held out: R2 1"));
    const Outcome few = run({"formula", product(), "--holdout", "0.01"});
    EXPECT_EQ(few.code, 2);
    EXPECT_THAT(few.err, HasSubstr("at least 2 rows held out"));
}

TEST_F(FormulaCommand, FitsNumbersUnlessToldNotTo) {
    const std::string file = write("line.csv", "x,y\n1,5\n2,8\n3,11\n4,14\n7,23\n");
    EXPECT_EQ(json({"formula", file, "--json"})["best"]["formula"], "3*x + 2");
    for (const Json& each :
         json({"formula", file, "--exact-only", "--max-operators", "2", "--json"})["front"])
        EXPECT_NE(each["formula"], "3*x + 2");
}

TEST_F(FormulaCommand, AppliesAnAnswerToNewRows) {
    const Outcome found = run({"formula", product(), "--json"});
    const std::string answer = write("answer.json", found.out);
    const std::string fresh = write("fresh.csv", "a,b,c\n2,3,4\n1,1,1\n");
    EXPECT_EQ(run({"formula", "apply", answer, fresh}).out, "a,b,c,y_predicted\n2,3,4,2\n1,1,1,0\n");
    const std::string file = path("predicted.csv");
    EXPECT_EQ(run({"formula", "apply", answer, fresh, "-o", file}).code, 0);
    EXPECT_THAT(read(file), HasSubstr("2,3,4,2\n"));
    EXPECT_EQ(run({"formula", "apply", answer, fresh, "-o", file}).code, 2);
    const Outcome missing = run({"formula", "apply", answer, write("few.csv", "a,b\n1,2\n")});
    EXPECT_EQ(missing.code, 2);
    EXPECT_THAT(missing.err, HasSubstr("no column of numbers 'c'"));
    EXPECT_EQ(run({"formula", "apply", fresh, fresh}).code, 2);
    const std::string exported = write("export.json", run({"formula", product(), "--export", "json"}).out);
    EXPECT_EQ(run({"formula", "apply", exported, fresh}).out, "a,b,c,y_predicted\n2,3,4,2\n1,1,1,0\n");
    const std::string units = write("units.csv", "a,b,c\nm,s,kg\n2,3,4\n");
    EXPECT_EQ(run({"formula", "apply", answer, units, "--units"}).out, "a,b,c,y_predicted\nm,s,kg,\n2,3,4,2\n");
    EXPECT_THAT(run({"formula", "apply", answer, units}).err, HasSubstr("(--units where the second line holds units)"));
}

TEST_F(FormulaCommand, ReadsNewRowsAsItReadsTheRowsOfAFit) {
    const std::string answer = write("answer.json", run({"formula", product(), "--json"}).out);
    std::string text = "Sales of May\nname,a,b,c\n";
    for (int n = 1; n <= 6; ++n) text += "n" + std::to_string(n) + ",$" + std::to_string(n) + "," + std::to_string(n * n) + ",1\n";
    const Outcome totals = run({"formula", "apply", answer, write("totals.csv", text + "Total,$21,91,6\n")});
    EXPECT_EQ(totals.code, 0) << totals.err;
    EXPECT_THAT(totals.err, HasSubstr("line 1 is passed over as a title: 'Sales of May'"));
    EXPECT_THAT(totals.err, HasSubstr("the last row is left out: it holds the sums of the others"));
    EXPECT_THAT(totals.err, HasSubstr("column 'a': '$' is left out"));
    EXPECT_THAT(totals.out, HasSubstr("\nn6,6,36,1,215\n"));
    EXPECT_THAT(totals.out, Not(HasSubstr("Total")));
    const std::string marked = write("marked.csv", "a,b,c\n1,1,1\n2,2,1\n-999,3,1\n4,4,1\n5,5,1\n3,2,1\n");
    const Outcome marks = run({"formula", "apply", answer, marked});
    EXPECT_THAT(marks.err, HasSubstr("column 'a': -999 is taken for a missing value on 1 row, the first on line 4"));
    EXPECT_THAT(marks.out, HasSubstr("\nnan,3,1,nan\n"));
    EXPECT_THAT(run({"formula", "apply", answer, marked, "--missing", "none"}).out, HasSubstr("\n-999,3,1,-2998\n"));
}

TEST_F(FormulaCommand, LeavesOutRowsWithMarksOfMissingValuesAndSaysHowToKeepThem) {
    std::string text = "a,b,y\n";
    for (int n = 0; n < 20; ++n) {
        const int a = n % 5 + 1, b = n % 7 + 2;
        text += (n % 8 == 3 ? "-999" : std::to_string(a)) + "," + std::to_string(b) + "," + std::to_string(a * b) + "\n";
    }
    const std::string file = write("marked.csv", text);
    const Outcome outcome = run({"formula", file});
    EXPECT_THAT(outcome.out, StartsWith("y = a*b\n"));
    EXPECT_THAT(outcome.err, HasSubstr("column 'a': -999 is taken for a missing value on 3 rows, the first on line 5"));
    EXPECT_THAT(outcome.err, HasSubstr("(--missing none keeps it)"));
    EXPECT_EQ(json({"formula", file, "--json", "--missing", "-999,-1"})["rows"], 17);
    const Outcome kept = run({"formula", file, "--missing", "none", "--seconds", "1"});
    EXPECT_THAT(kept.out, HasSubstr("20 rows"));
    EXPECT_THAT(kept.err, Not(HasSubstr("missing value")));
    EXPECT_THAT(run({"formula", file, "--missing", "minus"}).err, HasSubstr("--missing: 'minus'; expected numbers such as -999"));
}

TEST_F(FormulaCommand, ExplainsASeriesAloneByItsEarlierValues) {
    std::string text = "x\n";
    for (long n = 0, before = 2, value = 1; n < 14; ++n) {
        text += std::to_string(value) + "\n";
        before = std::exchange(value, value + before);
    }
    const std::string file = write("lucas.csv", text);
    EXPECT_THAT(json({"formula", file, "--lags", "2", "--json"})["best"]["formula"],
                testing::AnyOf("x_lag1 + x_lag2", "x_lag2 + x_lag1"));
    const Outcome alone = run({"formula", file});
    EXPECT_EQ(alone.code, 2);
    EXPECT_THAT(alone.err, HasSubstr("--lags, for a series"));
}

TEST_F(FormulaCommand, FitsTheConstantsOfAFormThatIsGiven) {
    const std::string file = write("line.csv", "x,y\n1,5\n2,8\n3,11\n4,14\n7,23\n");
    const Json object = json({"formula", file, "--like", "c1*x + c2", "--json"});
    EXPECT_NEAR(object["constants"]["c1"]["value"].get<double>(), 3, 1e-9);
    EXPECT_NEAR(object["constants"]["c2"]["value"].get<double>(), 2, 1e-9);
    EXPECT_THAT(run({"formula", file, "--like", "c1*x + c2"}).out, HasSubstr("c1 = 3"));
    const Outcome refused = run({"formula", file, "--like", "2*x"});
    EXPECT_EQ(refused.code, 2);
    EXPECT_THAT(refused.err, HasSubstr("no constant to fit"));
}

TEST_F(FormulaCommand, WeighsRowsAndLooksBack) {
    std::string text = "n,a\n";
    long a = 1, before = 1;
    for (int n = 0; n < 14; ++n) {
        text += std::to_string(n) + "," + std::to_string(before) + "\n";
        before = std::exchange(a, a + 2 * before);
    }
    const Json object = json({"formula", write("series.csv", text), "--lags", "2", "--json"});
    EXPECT_THAT(object["best"]["formula"], testing::AnyOf("2*a_lag2 + a_lag1", "a_lag1 + 2*a_lag2"));
    const std::string line = write("weighted.csv", "x,w,y\n1,1,2\n2,1,4\n3,1,6\n4,0,99\n5,1,10\n");
    const Outcome weighted = run({"formula", line, "--weights", "w"});
    EXPECT_THAT(weighted.out, StartsWith("y = 2*x\n"));
    EXPECT_THAT(weighted.err, HasSubstr("their weight is 0"));
    std::string outliers = "x,y\n";
    for (int n = 1; n <= 40; ++n)
        outliers += std::to_string(n) + "," + std::to_string(n % 9 == 0 ? 500 - n : 3 * n + 7) + "\n";
    const std::string far = write("far.csv", outliers);
    EXPECT_THAT(run({"formula", far, "--loss", "absolute"}).out, StartsWith("y = 3*x + 7\n"));
    EXPECT_EQ(run({"formula", far, "--loss", "least"}).code, 2);
}

TEST_F(FormulaCommand, LooksForTheFunctionsOfAForm) {
    std::string text = "x,z,y\n";
    for (int n = 0; n < 60; ++n) {
        const double x = (n * 7 % 31) / 10.0, z = (n * 11 % 17) / 8.0;
        text += std::to_string(x) + "," + std::to_string(z) + "," + std::to_string(std::exp(-x * x) + 3 * z) + "\n";
    }
    const std::string file = write("form.csv", text);
    const std::vector<std::string> command{"formula", file, "--template", "exp(f(x)) + g(z)", "--seconds", "5"};
    const Outcome people = run(command);
    EXPECT_EQ(people.code, 0) << people.err;
    EXPECT_THAT(people.out, HasSubstr("\ng(z) = 3*z\n"));
    std::vector<std::string> as_json = command;
    as_json.emplace_back("--json");
    EXPECT_EQ(json(as_json)["parts"]["g(z)"], "3*z");
    EXPECT_EQ(run({"formula", file, "--template", "exp(x)"}).code, 2);
    EXPECT_EQ(run({"formula", file, "--template", "f(x)", "--like", "c1*x"}).code, 2);
    EXPECT_EQ(run({"formula", file, "--template", "f(x)", "--loss", "huber"}).code, 2);
    for (const std::string form : {"--template", "--like"})
        for (const auto& option : {std::vector<std::string>{"--exact-only"}, {"--operators", "add"}}) {
            std::vector<std::string> both{"formula", file, form, form == "--like" ? "c1*x" : "f(x)"};
            both.insert(both.end(), option.begin(), option.end());
            const Outcome refused = run(both);
            EXPECT_EQ(refused.code, 2);
            EXPECT_THAT(refused.err, HasSubstr(option.front()));
        }
    EXPECT_THAT(run({"formula", file, "--like", "c1*x", "--functions", "exp"}).err, HasSubstr("--functions"));
    EXPECT_THAT(run({"formula", file, "--constant-units", "kg"}).err, HasSubstr("--units"));
}

TEST_F(FormulaCommand, ExplainsSeveralTargetsEachByWhatIsNoTarget) {
    std::string text = "a,b,sum,product\n";
    for (int n = 1; n <= 20; ++n) {
        const int a = n % 7 + 1, b = n % 5 + 2;
        text += std::to_string(a) + "," + std::to_string(b) + "," + std::to_string(a + b) + "," +
                std::to_string(a * b) + "\n";
    }
    const std::string file = write("several.csv", text);
    const Outcome found = run({"formula", file, "--target", "sum,product", "--json"});
    EXPECT_EQ(found.code, 0);
    const auto object = Json::parse(found.out);
    ASSERT_EQ(object["answers"].size(), 2u);
    EXPECT_EQ(object["answers"][0]["best"]["formula"], "a + b");
    EXPECT_EQ(object["answers"][1]["best"]["formula"], "a*b");
    EXPECT_EQ(object["answers"][1]["inputs"], (Json{"a", "b"}));
    const std::string answers = write("answers.json", found.out);
    EXPECT_EQ(run({"formula", "apply", answers, write("new.csv", "a,b\n2,5\n")}).out,
              "a,b,sum_predicted,product_predicted\n2,5,7,10\n");
    EXPECT_EQ(run({"formula", file, "--target", "sum,product", "--export", "python"}).out,
              "def sum(a, b):\n    return a + b\n\ndef product(a, b):\n    return a*b\n");
    EXPECT_EQ(run({"formula", file, "--target", "sum,product", "-o", path("both.txt")}).code, 0);
    EXPECT_EQ(read(path("both.txt")), "sum = a + b\nproduct = a*b\n");
    const Outcome refused = run({"formula", file, "--target", "sum,product", "--plot", path("both.svg")});
    EXPECT_EQ(refused.code, 2);
    EXPECT_THAT(refused.err, HasSubstr("--plot: 2 targets"));
    EXPECT_THAT(run({"formula", file, "--target", "sum,sum"}).err, HasSubstr("'sum' twice"));
}

TEST_F(FormulaCommand, DrawsAPicture) {
    const std::string file = path("fit.svg");
    EXPECT_EQ(run({"formula", product(), "--plot", file}).code, 0);
    EXPECT_THAT(read(file), StartsWith("<svg"));
    EXPECT_EQ(run({"formula", product(), "--plot", file}).code, 2);
}

TEST_F(FormulaCommand, TakesItsOptionsInFrontOfTheFileToo) {
    EXPECT_EQ(json({"formula", "--inputs", "a,b,c", "--json", product()})["best"]["formula"], "a*b - c");
}

TEST_F(FormulaCommand, LetsUnitsRuleOutFormulas) {
    // Without units y = a + b is as right as y = 2*b.
    const std::string with_units = write("units.csv", "a,b,y\nm,s,m\n2,2,4\n3,3,6\n5,5,10\n");
    const std::string without = write("none.csv", "a,b,y\n2,2,4\n3,3,6\n5,5,10\n");
    EXPECT_EQ(json({"formula", without, "--json", "--inputs", "b"})["best"]["formula"], "2*b");
    const Json object = json({"formula", with_units, "--units", "--json"});
    const std::string formula = object["best"]["formula"];
    EXPECT_THAT(formula, HasSubstr("a"));
    EXPECT_EQ(object["best"]["exact"], true);
    for (const Json& each : object["front"]) EXPECT_NE(each["formula"], "a + b");
    // Nothing made of seconds alone is a length.
    const Outcome impossible =
        run({"formula", with_units, "--units", "--inputs", "b", "--max-operators", "3"});
    EXPECT_EQ(impossible.code, 2);
    EXPECT_THAT(impossible.err, HasSubstr("which no product of powers of s has"));
    const Outcome forgotten = run({"formula", with_units});
    EXPECT_EQ(forgotten.code, 2);
    EXPECT_THAT(forgotten.err, HasSubstr("units.csv:2:1: 'm' in column 1 ('a')"));
    EXPECT_THAT(forgotten.err, HasSubstr("--units"));
}

TEST_F(FormulaCommand, RefusesMissingValuesUntilAskedToSkipThem) {
    const std::string file = write("gaps.csv", "a,y\n1,2\n2,\n3,6\n4,8\n");
    const Outcome refused = run({"formula", file});
    EXPECT_EQ(refused.code, 2);
    EXPECT_EQ(refused.out, "");
    EXPECT_THAT(refused.err, HasSubstr("gaps.csv:3:3: no value in column 2 ('y')"));
    EXPECT_THAT(refused.err, HasSubstr("--skip-missing"));
    const Outcome skipped = run({"formula", file, "--skip-missing"});
    EXPECT_EQ(skipped.code, 0);
    EXPECT_THAT(skipped.err, HasSubstr("note: 1 of 4 rows are left out"));
    EXPECT_THAT(skipped.out, HasSubstr("3 rows"));
}

TEST_F(FormulaCommand, NamesWhatIsWrongWithItsArguments) {
    const auto refused = [&](std::vector<std::string> arguments, const std::string& words) {
        arguments.insert(arguments.begin(), {"formula", product()});
        const Outcome outcome = run(arguments);
        EXPECT_EQ(outcome.code, 2) << words;
        EXPECT_EQ(outcome.out, "");
        EXPECT_THAT(outcome.err, HasSubstr(words));
    };
    refused({"--target", "z"}, "no column 'z', which --target names; expected 'a'");
    refused({"--target", "name"}, "'row 1' in column 1 ('name'); expected a number");
    refused({"--inputs", "a,d"}, "no column 'd', which --inputs names");
    refused({"--functions", "sqr"}, "--functions: unknown operator 'sqr'; expected 'sqrt'");
    refused({"--operators", "plus"}, "--operators: unknown operator 'plus'");
    refused({"--operators", ""}, "--operators");
    refused({"--solver", "magic"}, "--solver");
    refused({"--export", "fortran"}, "--export");
    refused({"--max-operators", "-1"}, "--max-operators");
    refused({"--seconds", "-1"}, "--seconds");
    refused({"--separator", ":"}, "--separator");
    EXPECT_EQ(run({"formula"}).code, 2);
    EXPECT_THAT(run({"formula", path("none.csv")}).err, HasSubstr("no such file"));
}

TEST_F(FormulaCommand, GivesTheBestSoFarWhenInterrupted) {
    std::string text = "a,b,c,d,y\n";
    for (int n = 0; n < 200; ++n) {
        const double a = std::sin(n * 1.7), b = std::cos(n * 2.3), c = std::sin(n * 3.1 + 1), d = n % 13;
        text += std::to_string(a) + "," + std::to_string(b) + "," + std::to_string(c) + "," +
                std::to_string(d) + "," + std::to_string(a * b + 0.3 * std::sin(n * n)) + "\n";
    }
    const pid_t process =
        start({"formula", write("slow.csv", text), "--exact-only", "--functions", "exp,log,sqrt,sin,cos",
               "--max-operators", "12", "--seconds", "0", "--json"});
    std::this_thread::sleep_for(std::chrono::seconds(2));
    kill(process, SIGINT);
    const Outcome outcome = finish(process);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    const auto object = Json::parse(outcome.out, nullptr, false);
    ASSERT_TRUE(object.is_object()) << outcome.out;
    EXPECT_FALSE(object["front"].empty());
    EXPECT_EQ(object["stop_reason"], "it was interrupted");
}

TEST_F(FormulaCommand, FindsThePendulumInTheExampleData) {
    const Json object = json({"formula", source_dir() + "/examples/data/pendulum.csv", "--units", "--functions",
                              "sqrt", "--constants", "--max-operators", "4", "--json"});
    const std::string formula = object["best"]["formula"];
    // 39.46 is (2 pi)^2 as far as the noise lets one see.
    EXPECT_THAT(formula, testing::AnyOf(HasSubstr("sqrt(length/gravity)"),
                                        testing::MatchesRegex("sqrt\\(39\\.[0-9]*\\*length/gravity\\)")));
    EXPECT_THAT(formula, Not(HasSubstr("mass")));
    EXPECT_GT(object["best"]["r2"].get<double>(), 0.99);
}

TEST_F(FormulaCommand, SaysWhichUnitsNumbersHave) {
    const std::string table =
        write("energy.csv", "h,g,energy\nm,m/s^2,J\n1,2,7\n2,3,21\n3,5,52.5\n4,1,14\n2,7,49\n5,3,52.5\n");
    EXPECT_EQ(run({"formula", table, "--units"}).code, 2);
    const std::vector<std::string> command{"formula", table, "--units", "--constant-units", "kg", "--seconds", "3"};
    const Outcome said = run(command);
    EXPECT_EQ(said.code, 0);
    EXPECT_THAT(said.out, HasSubstr("3.5 is in kg"));
    std::vector<std::string> as_json = command;
    as_json.emplace_back("--json");
    const Json object = json(as_json);
    EXPECT_EQ(object["best"]["exact"], true);
    EXPECT_EQ(object["number_units"], Json::parse(R"([{"value": 3.5, "unit": "kg"}])"));
}

TEST_F(FormulaCommand, UnitsThatNoFormulaCanHaveAreRefusedBeforeTheSearch) {
    const std::string table = write("sec.csv", "length,mass,period\nm,kg,sec\n1,2,3\n2,3,4\n3,5,5\n4,1,7\n");
    const Outcome outcome = run({"formula", table, "--units"});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_THAT(outcome.err, HasSubstr("the unit sec, which no product of powers of kg, m has"));
    EXPECT_THAT(outcome.err, HasSubstr("sec is no unit of SI"));
}

} // namespace
} // namespace ropewalk::cli
