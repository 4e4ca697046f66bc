// Straight-line programs as one token a line, for networks that write programs.
#pragma once

#include <span>
#include <vector>

#include "ropewalk/formulas/expression/expression.hpp"

namespace ropewalk::perception {

/// The code of programs over {add, subtract, multiply}: a token per line stands for its operator and both
/// operands. Operands of add and multiply have one order; a program shorter than the code ends in tokens that
/// pass its result on. A tidy program has exactly one code.
class ProgramCode {
public:
    /// `variables` and `lines` must be at least 1.
    ProgramCode(int variables, int lines);

    int variables() const { return variables_; }
    int lines() const { return static_cast<int>(lines_.size()); }

    /// How many tokens there are for a line, one for each of the lines that may stand there.
    std::size_t tokens(int line) const { return lines_[static_cast<std::size_t>(line)].size(); }

    /// One token per line, of the program made tidy. Fails on other operators, on other variables, and on
    /// programs with more lines.
    base::Result<std::vector<int>> encode(const formula::Program& program) const;

    /// The tidy program of a code; every sequence of tokens in range is one.
    formula::Program decode(std::span<const int> tokens) const;

private:
    int variables_;
    std::vector<std::vector<formula::Line>> lines_; ///< per line, what each token stands for
};

} // namespace ropewalk::perception
