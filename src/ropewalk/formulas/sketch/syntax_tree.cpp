#include "ropewalk/formulas/sketch/syntax_tree.hpp"

#include <algorithm>

#include "ropewalk/formulas/sketch/place.hpp"

namespace ropewalk::formula {

namespace {

/// Where a node's entries begin in the tree's array; nodes are numbered breadth first, leaves included.
std::size_t entries_begin(const TreeShape& shape, int node) {
    const int inner = std::min(node, shape.inner_nodes());
    return at(sketch_operators * inner + shape.variables * (node - inner));
}

/// The line of the sketch that computes a node: leaves first, from left to right, then inner nodes, last
/// first.
int line_of(const TreeShape& shape, int node) {
    const int inner = shape.inner_nodes();
    return node >= inner ? node - inner : shape.leaves() + inner - 1 - node;
}

/// Calls body(entry of the tree, entry of the sketch, count) for every row of the tree.
template<class Body>
void for_each_choice(const TreeShape& shape, const SketchShape& sketch, const Body& body) {
    for (int node = 0; node < shape.inner_nodes() + shape.leaves(); ++node) {
        const int line = line_of(shape, node);
        if (node < shape.inner_nodes())
            body(entries_begin(shape, node), sketch.operator_begin(line), at(sketch_operators));
        else
            body(entries_begin(shape, node), sketch.left_begin(line), at(shape.variables));
    }
}

/// Writes the part of an expression that stands at `node`; false where the tree is too shallow.
bool place(const TreeShape& shape, const Program& program, int slot, int node, std::vector<double>& choices) {
    const std::size_t begin = entries_begin(shape, node);
    if (node >= shape.inner_nodes()) {
        while (slot >= program.variables) {
            const Line& line = program.lines[at(slot - program.variables)];
            if (line.operation != Operator::no_operation) return false;
            slot = line.left;
        }
        choices[begin + at(slot)] = 1;
        return true;
    }
    const int left = 2 * node + 1, right = 2 * node + 2;
    Line line{Operator::no_operation, slot, slot, 0};
    if (slot >= program.variables) line = program.lines[at(slot - program.variables)];
    if (line.operation == Operator::no_operation) {
        // Nobody reads the right child; it is a variable so that its rows have a largest entry, too.
        choices[begin + at(static_cast<int>(Operator::no_operation))] = 1;
        return place(shape, program, line.left, left, choices) && place(shape, program, 0, right, choices);
    }
    choices[begin + at(static_cast<int>(line.operation))] = 1;
    return place(shape, program, line.left, left, choices) &&
           place(shape, program, line.right, right, choices);
}

} // namespace

base::Result<TreeShape> checked(const TreeShape& shape) {
    if (shape.variables < 1 || shape.variables > 1000)
        return base::failure("tree", std::to_string(shape.variables) + " variables", "1 to 1000");
    if (shape.depth < 1 || shape.depth > 8)
        return base::failure("tree", "depth " + std::to_string(shape.depth), "1 to 8");
    return shape;
}

template<class Real>
void tree_logits_in_sketch(const TreeShape& shape, std::span<const Real> tree_logits,
                           std::span<Real> sketch_logits) {
    constexpr Real absent{-1e9};
    const SketchShape sketch = shape.sketch();
    std::fill(sketch_logits.begin(), sketch_logits.end(), absent);
    for (int node = 0; node < shape.inner_nodes() + shape.leaves(); ++node) {
        const int line = line_of(shape, node);
        if (node < shape.inner_nodes()) {
            const auto slot = [&](int child) { return at(shape.variables + line_of(shape, child)); };
            sketch_logits[sketch.left_begin(line) + slot(2 * node + 1)] = 0;
            sketch_logits[sketch.right_begin(line) + slot(2 * node + 2)] = 0;
        } else {
            sketch_logits[sketch.operator_begin(line) + at(static_cast<int>(Operator::no_operation))] = 0;
            sketch_logits[sketch.right_begin(line)] = 0;
        }
    }
    for_each_choice(shape, sketch, [&](std::size_t from, std::size_t to, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) sketch_logits[to + i] = tree_logits[from + i];
    });
}

template<class Real>
void tree_logits_in_sketch_adjoint(const TreeShape& shape, std::span<const Real> sketch_gradient,
                                   std::span<Real> tree_gradient) {
    for_each_choice(shape, shape.sketch(), [&](std::size_t to, std::size_t from, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) tree_gradient[to + i] += sketch_gradient[from + i];
    });
}

template void tree_logits_in_sketch(const TreeShape&, std::span<const float>, std::span<float>);
template void tree_logits_in_sketch(const TreeShape&, std::span<const double>, std::span<double>);
template void tree_logits_in_sketch_adjoint(const TreeShape&, std::span<const float>, std::span<float>);
template void tree_logits_in_sketch_adjoint(const TreeShape&, std::span<const double>, std::span<double>);

Program tree_program(const TreeShape& shape, std::span<const double> tree_logits) {
    std::vector<double> logits(shape.sketch().choices());
    tree_logits_in_sketch<double>(shape, tree_logits, logits);
    return tidy(argmax_program<double>(shape.sketch(), logits));
}

base::Result<std::vector<double>> one_hot(const TreeShape& shape, const Program& program) {
    if (const auto fits = checked(shape); !fits) return tl::make_unexpected(fits.error());
    if (!valid(program) || program.variables != shape.variables)
        return base::failure("program", "operands or variables that do not fit the tree",
                             "a valid program over " + std::to_string(shape.variables) + " variables");
    for (const Line& line : program.lines)
        if (static_cast<int>(line.operation) >= sketch_operators)
            return base::failure("program", "operator " + std::string(info(line.operation).name),
                                 "add, subtract, multiply or no_operation");
    std::vector<double> choices(shape.choices(), 0.0);
    const Program shortest = tidy(program);
    if (!place(shape, shortest, shortest.result(), 0, choices))
        return base::failure("program", "an expression deeper than the tree",
                             "a depth of at most " + std::to_string(shape.depth));
    return choices;
}

} // namespace ropewalk::formula
