#include <cmath>
#include <set>

#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/search/search.hpp"
#include "ropewalk/formulas/sketch/syntax_tree.hpp"
#include "tests/formulas/sketch/sketch_case.hpp"

namespace ropewalk::formula {
namespace {

/// Text of the polynomial: equal for equal functions.
std::string meaning(const Program& program) { return normal_form(program).value(); }

std::set<std::string> meanings_of_pool() {
    std::set<std::string> all;
    const auto pool = formula_pool({});
    for (const Program& formula : pool.value().formulas) all.insert(meaning(formula));
    return all;
}

TEST(SyntaxTree, OfDepthTwoExpresses553OfThe1102FormulasOfThePool) {
    const TreeShape shape{3, 2};
    const std::set<std::string> pool = meanings_of_pool();
    ASSERT_EQ(pool.size(), 1102u);
    std::set<std::string> found;
    for (int index = 0; index < 64 * 81; ++index) {
        std::vector<double> choices(shape.choices(), 0.0);
        int rest = index;
        for (std::size_t node = 0; node < 7; ++node) {
            const std::size_t options = node < 3 ? 4 : 3;
            const std::size_t begin = node < 3 ? 4 * node : 12 + 3 * (node - 3);
            choices[begin + static_cast<std::size_t>(rest) % options] = 1;
            rest /= static_cast<int>(options);
        }
        const std::string text = meaning(tree_program(shape, choices));
        if (pool.contains(text)) found.insert(text);
    }
    EXPECT_EQ(found.size(), 553u);
}

TEST(SyntaxTree, OfDepthThreeExpressesEveryFormulaOfThePool) {
    const auto pool = formula_pool({});
    ASSERT_TRUE(pool);
    for (const Program& formula : pool->formulas) {
        const TreeShape shape{3, 3};
        const auto choices = one_hot(shape, formula);
        ASSERT_TRUE(choices);
        EXPECT_EQ(meaning(tree_program(shape, *choices)), meaning(formula));
    }
}

TEST(SyntaxTree, RefusesExpressionsDeeperThanItself) {
    Program deep = variable(2, 0);
    for (int i = 0; i < 3; ++i) deep = combine(Operator::add, deep, variable(2, 1));
    EXPECT_FALSE(one_hot(TreeShape{2, 2}, deep));
    EXPECT_TRUE(one_hot(TreeShape{2, 3}, deep));
    EXPECT_FALSE(one_hot(TreeShape{3, 3}, deep)) << "other variables";
    EXPECT_FALSE(checked(TreeShape{3, 0}));
    EXPECT_FALSE(checked(TreeShape{3, 9}));
}

/// Value of a node of the relaxed tree, straight from the definition.
double value(const TreeShape& shape, const std::vector<double>& z, std::span<const double> symbols,
             int node) {
    const auto inner = static_cast<std::size_t>(shape.inner_nodes()), n = static_cast<std::size_t>(node);
    const auto variables = static_cast<std::size_t>(shape.variables);
    double result = 0;
    if (n >= inner) {
        for (std::size_t v = 0; v < variables; ++v)
            result += z[4 * inner + (n - inner) * variables + v] * symbols[v];
        return result;
    }
    const double a = value(shape, z, symbols, 2 * node + 1), b = value(shape, z, symbols, 2 * node + 2);
    return z[4 * n] * (a + b) + z[4 * n + 1] * (a - b) + z[4 * n + 2] * a * b + z[4 * n + 3] * a;
}

/// Softmax over the rows of the tree.
std::vector<double> soft_choices(const TreeShape& shape, const std::vector<double>& logits) {
    std::vector<double> z;
    const auto inner = static_cast<std::size_t>(4 * shape.inner_nodes());
    const auto variables = static_cast<std::size_t>(shape.variables);
    for (std::size_t begin = 0; begin < logits.size(); begin += begin < inner ? 4 : variables) {
        const std::size_t count = begin < inner ? 4 : variables;
        double sum = 0;
        for (std::size_t i = 0; i < count; ++i) sum += std::exp(logits[begin + i]);
        for (std::size_t i = 0; i < count; ++i) z.push_back(std::exp(logits[begin + i]) / sum);
    }
    return z;
}

TEST(SyntaxTree, RunsAsASketchWithItsOwnValuesAndGradients) {
    const TreeShape shape{2, 3};
    const SketchShape sketch = shape.sketch();
    base::RandomStream random(4, base::Purpose::test);
    std::vector<double> logits(shape.choices());
    for (double& each : logits) each = random.normal();
    const std::vector<double> symbols{0.3, 0.7, 0.2, 0.9, 0.8, 0.1}, targets{0.5, 0.1, 0.9}, sigma{1};

    std::vector<double> data(1), length(1), gradient(sketch.choices()), inside(sketch.choices()), outputs(3);
    std::vector<unsigned char> finite(1);
    const auto loss = [&] {
        tree_logits_in_sketch<double>(shape, logits, inside);
        return sketch_loss<double>({.shape = sketch,
                                    .tasks = 1,
                                    .rows = 3,
                                    .logits = inside,
                                    .symbols = symbols,
                                    .targets = targets,
                                    .sigma = sigma},
                                   {}, {.lambda = 0.1},
                                   {.outputs = outputs,
                                    .data = data,
                                    .length = length,
                                    .logit_gradient = gradient,
                                    .finite = finite})
            .value();
    };
    loss();
    const std::vector<double> z = soft_choices(shape, logits);
    for (std::size_t n = 0; n < 3; ++n)
        EXPECT_NEAR(outputs[n], value(shape, z, std::span<const double>(symbols).subspan(2 * n, 2), 0),
                    1e-12);

    std::vector<double> tree_gradient(shape.choices(), 0.0);
    tree_logits_in_sketch_adjoint<double>(shape, gradient, tree_gradient);
    for (std::size_t i = 0; i < logits.size(); ++i) {
        const double before = logits[i];
        logits[i] = before + 1e-5;
        const double above = loss();
        logits[i] = before - 1e-5;
        const double below = loss();
        logits[i] = before;
        EXPECT_NEAR(tree_gradient[i], (above - below) / 2e-5, 1e-8) << i;
    }
}

} // namespace
} // namespace ropewalk::formula
