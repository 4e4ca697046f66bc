#include "ropewalk/formulas/search/search.hpp"
#include "tests/formulas/sketch/sketch_case.hpp"

namespace ropewalk::formula {
namespace {

/// A table of 40 rows made from a formula.
Problem problem_of(const Program& formula) {
    const std::vector<int> labels = draw_labels(40, formula.variables, 3, 0);
    Problem problem;
    problem.inputs.resize(static_cast<std::size_t>(formula.variables));
    for (std::size_t i = 0; i < labels.size(); ++i)
        problem.inputs[i % problem.inputs.size()].push_back(labels[i] / 10.0);
    problem.target = evaluate(formula, std::span<const std::vector<double>>(problem.inputs));
    return problem;
}

/// (s1 + s2) (s1 - s3)
Program product_of_sums() {
    return combine(Operator::multiply, combine(Operator::add, variable(3, 0), variable(3, 1)),
                   combine(Operator::subtract, variable(3, 0), variable(3, 2)));
}

GradientSearchOptions small_options() {
    GradientSearchOptions options;
    options.descent.lines = 10;
    options.restarts_per_round = 20;
    options.run.seconds = 0;
    options.restarts = 400;
    return options;
}

TEST(GradientSearch, FindsAFormulaExactly) {
    const auto report = search_by_gradient(problem_of(product_of_sums()), small_options());
    ASSERT_TRUE(report);
    EXPECT_EQ(report->stop_reason, StopReason::found);
    ASSERT_FALSE(report->front.empty());
    const Found& best = report->front.back();
    EXPECT_TRUE(best.fit.exact);
    EXPECT_TRUE(same_function(best.program, product_of_sums()).value());
    EXPECT_EQ(best.operators, size(best.program).operators);
    EXPECT_EQ(report->completed_operators, -1);
}

TEST(GradientSearch, GivesTheSameReportAtAnyNumberOfThreads) {
    const Problem problem = problem_of(combine(Operator::multiply, product_of_sums(), product_of_sums()));
    GradientSearchOptions options = small_options();
    options.restarts = 40;
    options.descent.steps = 60;
    options.descent.noise = true;
    options.run.threads = 1;
    const auto one = search_by_gradient(problem, options);
    ASSERT_TRUE(one);
    for (const int threads : {2, 0}) {
        options.run.threads = threads;
        const auto many = search_by_gradient(problem, options);
        ASSERT_TRUE(many);
        ASSERT_EQ(many->front.size(), one->front.size());
        for (std::size_t i = 0; i < one->front.size(); ++i)
            EXPECT_EQ(many->front[i].program, one->front[i].program);
        EXPECT_EQ(many->candidates, one->candidates);
    }
}

TEST(GradientSearch, ReportsAFrontOfSizeAgainstErrorWhenItEndsEarly) {
    Problem problem = problem_of(product_of_sums());
    for (double& y : problem.target) y += 0.01 * y * y * y;
    GradientSearchOptions options = small_options();
    options.restarts = 20;
    const auto report = search_by_gradient(problem, options);
    ASSERT_TRUE(report);
    EXPECT_EQ(report->stop_reason, StopReason::exhausted);
    EXPECT_EQ(report->candidates, 20u * 300u);
    for (std::size_t i = 1; i < report->front.size(); ++i) {
        EXPECT_LT(report->front[i - 1].operators, report->front[i].operators);
        EXPECT_GT(report->front[i - 1].fit.rmse, report->front[i].fit.rmse);
    }
}

TEST(GradientSearch, EndsWhenItIsToldTo) {
    Problem problem = problem_of(product_of_sums());
    problem.target[0] += 1;
    GradientSearchOptions options = small_options();
    options.restarts = 0;
    options.run.stop = [] { return true; };
    EXPECT_EQ(search_by_gradient(problem, options)->stop_reason, StopReason::interrupted);
    options.run.stop = nullptr;
    options.run.seconds = 0.05;
    const auto report = search_by_gradient(problem, options);
    EXPECT_EQ(report->stop_reason, StopReason::seconds);
    EXPECT_GT(report->candidates, 0u);
}

TEST(GradientSearch, TakesTargetsAndInputsOfAnySizeWithoutLosingItsWay) {
    Problem problem = problem_of(product_of_sums());
    for (std::vector<double>& column : problem.inputs)
        for (double& x : column) x *= 1e30;
    for (double& y : problem.target) y = 1e-30;
    GradientSearchOptions options = small_options();
    options.restarts = 20;
    options.descent.steps = 20;
    EXPECT_TRUE(search_by_gradient(problem, options));
}

TEST(GradientSearch, RefusesProblemsAndOptionsThatAreMalformed) {
    const Problem good = problem_of(product_of_sums());
    const auto refused = [](const Problem& problem, const GradientSearchOptions& options) {
        return !search_by_gradient(problem, options);
    };
    GradientSearchOptions options = small_options();
    Problem problem = good;
    problem.inputs[1].pop_back();
    EXPECT_TRUE(refused(problem, options));
    problem = good;
    problem.target[3] = std::numeric_limits<double>::infinity();
    EXPECT_TRUE(refused(problem, options));
    problem = good;
    problem.units.resize(3);
    EXPECT_TRUE(refused(problem, options));
    EXPECT_TRUE(refused(Problem{}, options));
    options.descent.steps = 0;
    EXPECT_TRUE(refused(good, options));
    options = small_options();
    options.descent.learning_rate = 0;
    EXPECT_TRUE(refused(good, options));
    options = small_options();
    options.descent.lines = 0;
    EXPECT_TRUE(refused(good, options));
}

} // namespace
} // namespace ropewalk::formula
