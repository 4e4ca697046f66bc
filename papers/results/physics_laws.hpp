// Textbook laws of physics as formulas to be found again from numbers.
#pragma once

#include <string>
#include <vector>

#include "ropewalk/base/base.hpp"
#include "ropewalk/formulas/table/table.hpp"

namespace ropewalk::papers {

/// A law: its formula in infix text, the ranges its variables are drawn from, and the operators beyond +, -,
/// * and / that a person would switch on for it.
struct Law {
    struct Variable {
        std::string name;
        double low = 1;
        double high = 5;
    };
    std::string name;
    std::string formula;
    std::vector<Variable> variables;
    std::string functions;
};

/// Laws with one to five variables.
const std::vector<Law>& physics_laws();

/// `rows` rows with every variable uniform in its range, and the law's value as the target.
base::Result<formula::Problem> data_of(const Law& law, std::size_t rows, std::uint64_t seed,
                                       std::uint64_t stream);

} // namespace ropewalk::papers
