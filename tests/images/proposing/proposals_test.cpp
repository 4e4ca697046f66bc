// Whether a proposed program fits rows, as `ropewalk propose` tells it.
#include <cmath>

#include <gtest/gtest.h>

#include "ropewalk/images/proposing/proposing.hpp"

namespace ropewalk::proposing {
namespace {

NewTasks sums_of(std::vector<double> outputs) {
    return {.names = {"y"}, .symbols = {{1, 2, 3}, {4, 5, 6}}, .outputs = {std::move(outputs)}};
}

TEST(Proposals, FitWhereEveryRowAgrees) {
    const formula::Program sum =
        formula::combine(formula::Operator::add, formula::variable(2, 0), formula::variable(2, 1));
    EXPECT_TRUE(fits(sum, sums_of({5, 7, 9}), 0));
    EXPECT_TRUE(fits(sum, sums_of({5, 7, 9 + 8e-9}), 0)) << "within 1e-9 of the largest";
    EXPECT_FALSE(fits(sum, sums_of({5, 7, 9 + 1e-8}), 0));
    EXPECT_FALSE(fits(sum, sums_of({5, 7, std::nan("")}), 0)) << "no row agrees with what is no number";
}

} // namespace
} // namespace ropewalk::proposing
