// Tables of digit images with a rule behind them: public lists, canonical addition, and rules of our own.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "ropewalk/images/datasets/datasets.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::papers {

/// What a row's letters make: its outputs.
using DigitRule = std::function<std::vector<double>(std::span<const double> letters)>;

/// A table to learn from and one to be judged by.
struct DigitTask {
    enum class Rows { pairs, sequences, addition, groups, operators };

    std::string name;
    Rows rows = Rows::groups;
    std::size_t places = 2; ///< images of a row; of a number in an addition
    std::size_t count = 0;  ///< rows to learn from; 0: all there are
    std::size_t outputs = 1;
    DigitRule rule;
    std::string published; ///< the best figure we know, and what that system was given
};

/// pairs-24000, pairs-2400, pairs-1200 (NSIL's lists), sequences-sum, sequences-product (Meta_Abd's), addition-N for
/// N = 1, 2, 4, 15 (canonical), sum-M of M = 8, 16, 64, 200, and tables of rules: max, min, equal, less, mod10,
/// parity, count, tens, plus3, if-less, if-equal, if-even, operators, sort3.
const std::vector<DigitTask>& digit_tasks();

/// Images and rows of one task and seed.
struct DigitTable {
    datasets::Images images;      ///< to learn from; digits have label 1 + digit, others labels above 10
    datasets::Images test_images; ///< to be judged by
    perception::GivenRows train, test;
    /// Longer rows of sequences, to be judged by as well, by the name of their list.
    std::vector<std::pair<std::string, perception::GivenRows>> longer;
};

struct DigitData {
    datasets::Dataset mnist;
    std::string lists; ///< folder with order-train.txt.gz, pairs/ and sequences/; empty: none
};

/// Fails where a list is needed that is not there, or names no image.
base::Result<DigitTable> digit_table(const DigitTask& task, const DigitData& data, std::uint64_t seed);

} // namespace ropewalk::papers
