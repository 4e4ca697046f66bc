#include "ropewalk/formulas/text/written_text.hpp"

namespace ropewalk::formula {

namespace {

/// Text with how tightly its outermost operator binds: 1 sums, 2 products, 3 variables.
struct Text {
    std::string text;
    int binding = 3;
};

std::string wrapped(const Text& text, int needed) {
    return text.binding >= needed ? text.text : "(" + text.text + ")";
}

Text of_slot(const Program& program, int slot) {
    if (slot < program.variables) return {name_of_variable(static_cast<std::size_t>(slot)), 3};
    const Line& line = program.lines[static_cast<std::size_t>(slot - program.variables)];
    Text left = of_slot(program, line.left);
    if (info(line.operation).arity != 2) return left;
    const Text right = of_slot(program, line.right);
    switch (line.operation) {
    case Operator::add: return {left.text + " + " + right.text, 1};
    case Operator::subtract: return {left.text + " - " + wrapped(right, 2), 1};
    default: return {wrapped(left, 2) + " * " + wrapped(right, 2), 2};
    }
}

} // namespace

std::string written_text(const Program& program) { return of_slot(program, program.result()).text; }

} // namespace ropewalk::formula
