// Random batches for the executor, and every array that it writes.
#pragma once

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/formulas/sketch/kernels/executor_dispatch.hpp"
#include "ropewalk/formulas/sketch/sketch.hpp"

namespace ropewalk::formula {

/// Softmax choices, symbols in 0.1..1, targets in 0..1, all of one stream.
template<class Real>
struct SketchCase {
    SketchShape shape;
    std::size_t tasks = 1, rows = 1;
    bool private_symbols = false;
    Real limit = Real{1'000'000};
    int threads = 1;
    std::vector<Real> choices, symbols, targets, weights, output_gradient;

    SketchCase(SketchShape the_shape, std::size_t the_tasks, std::size_t the_rows, std::uint64_t seed,
               bool with_private_symbols = false)
        : shape(the_shape), tasks(the_tasks), rows(the_rows), private_symbols(with_private_symbols) {
        base::RandomStream random(seed, base::Purpose::test);
        for (std::size_t t = 0; t < tasks; ++t) {
            const std::vector<double> logits = random_logits(shape, 1.5, seed, t);
            std::vector<double> soft(logits.size());
            relaxed<double>(shape, 1, logits, {}, soft);
            for (const double each : soft) choices.push_back(static_cast<Real>(each));
            weights.push_back(static_cast<Real>(0.5 + random.uniform()));
        }
        symbols.resize((private_symbols ? tasks : 1) * rows * static_cast<std::size_t>(shape.variables));
        for (Real& each : symbols) each = static_cast<Real>(0.1 + 0.9 * random.uniform());
        for (std::size_t i = 0; i < tasks * rows; ++i) {
            targets.push_back(static_cast<Real>(random.uniform()));
            output_gradient.push_back(static_cast<Real>(random.normal()));
        }
    }

    Execution<Real> execution() const {
        return {.shape = shape,
                .tasks = tasks,
                .rows = rows,
                .choices = choices,
                .symbols = symbols,
                .private_symbols = private_symbols,
                .limit = limit,
                .threads = threads};
    }
};

template<class Real>
struct SketchResults {
    std::vector<Real> outputs, losses, choice_gradient, symbol_gradient;
    std::vector<unsigned char> finite;

    /// Gradient of the losses, or of outputs times output_gradient.
    explicit SketchResults(const SketchCase<Real>& c, bool of_losses = true)
        : outputs(c.tasks * c.rows), losses(c.tasks), choice_gradient(c.choices.size()),
          symbol_gradient(c.symbols.size()), finite(c.tasks, 2) {
        const Differentiated<Real> losses_of{.targets = c.targets, .weights = c.weights};
        const Differentiated<Real> outputs_of{.output_gradient = c.output_gradient};
        EXPECT_TRUE(execute<Real>(c.execution(), of_losses ? losses_of : outputs_of,
                                  {outputs, losses, choice_gradient, symbol_gradient, finite}));
    }
};

/// Runs the named kernel until the end of the scope.
class ForcedExecutor {
public:
    explicit ForcedExecutor(const std::string& name) : before_(active_executor_target()) {
        EXPECT_TRUE(force_executor_target(name));
    }
    ~ForcedExecutor() { (void)force_executor_target(before_); }
    ForcedExecutor(const ForcedExecutor&) = delete;
    ForcedExecutor& operator=(const ForcedExecutor&) = delete;

private:
    std::string before_;
};

} // namespace ropewalk::formula
