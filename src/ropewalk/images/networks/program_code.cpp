#include "ropewalk/images/networks/program_code.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace ropewalk::perception {

namespace {

using formula::Line;
using formula::Operator;

/// Every line over the slots 0..slots-1. x - x is left out: no shortest program has it.
std::vector<Line> lines_over(int slots) {
    std::vector<Line> lines;
    for (const Operator operation : formula::arithmetic())
        for (int left = 0; left < slots; ++left)
            for (int right = 0; right < slots; ++right) {
                const bool commutative = formula::info(operation).commutative;
                if (commutative ? left <= right : left != right) lines.push_back({operation, left, right, 0});
            }
    for (int slot = 0; slot < slots; ++slot) lines.push_back({Operator::no_operation, slot, 0, 0});
    return lines;
}

} // namespace

ProgramCode::ProgramCode(int variables, int lines) : variables_(variables) {
    base::expects(variables >= 1 && lines >= 1);
    for (int line = 0; line < lines; ++line) lines_.push_back(lines_over(variables + line));
}

base::Result<std::vector<int>> ProgramCode::encode(const formula::Program& program) const {
    const formula::Program tidy = formula::tidy(program);
    if (tidy.variables != variables_ || static_cast<int>(tidy.lines.size()) > lines())
        return base::failure("program",
                             fmt::format("{} lines over {} variables", tidy.lines.size(), tidy.variables),
                             fmt::format("at most {} lines over {}", lines(), variables_));
    std::vector<int> tokens;
    int result = tidy.result();
    for (std::size_t l = 0; l < lines_.size(); ++l) {
        Line wanted{Operator::no_operation, result, 0, 0};
        if (l < tidy.lines.size())
            wanted = tidy.lines[l];
        else
            result = variables_ + static_cast<int>(l);
        const auto found = std::find(lines_[l].begin(), lines_[l].end(), wanted);
        if (found == lines_[l].end())
            return base::failure("program", fmt::format("line {} without a token", l + 1),
                                 "sums, differences and products, none of them x - x");
        tokens.push_back(static_cast<int>(found - lines_[l].begin()));
    }
    return tokens;
}

formula::Program ProgramCode::decode(std::span<const int> tokens) const {
    formula::Program program{variables_, {}, 0};
    for (std::size_t l = 0; l < lines_.size(); ++l)
        program.lines.push_back(lines_[l][static_cast<std::size_t>(tokens[l])]);
    return formula::tidy(program);
}

} // namespace ropewalk::perception
