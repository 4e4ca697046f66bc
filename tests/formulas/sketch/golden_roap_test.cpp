// Executor, length, loss and gradients against numbers from an independent implementation: every
// tests/golden/roap*.json.
#include <cmath>
#include <filesystem>
#include <fstream>
#include <numeric>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/formulas/search/search.hpp"
#include "ropewalk/formulas/sketch/kernels/executor_dispatch.hpp"
#include "ropewalk/formulas/sketch/sketch.hpp"
#include "tests/places.hpp"

namespace ropewalk::formula {
namespace {

using nlohmann::json;
using Numbers = std::vector<double>;

constexpr double tolerance = 1e-9;

std::vector<json> golden() {
    std::vector<json> all;
    for (const auto& entry : std::filesystem::directory_iterator(source_dir() + "/tests/golden")) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with("roap") || !name.ends_with(".json")) continue;
        std::ifstream stream(entry.path());
        all.push_back(json::parse(stream));
    }
    return all;
}

Numbers numbers(const json& array) { return array.at("data").get<Numbers>(); }

void expect_near(const Numbers& found, const Numbers& expected, const std::string& what) {
    ASSERT_EQ(found.size(), expected.size()) << what;
    for (std::size_t i = 0; i < found.size(); ++i)
        EXPECT_NEAR(found[i], expected[i], tolerance * std::max(1.0, std::abs(expected[i])))
            << what << " at " << i;
}

/// The file's [V, N] as the library's [N, V].
Numbers rows_of(const Numbers& columns, std::size_t variables) {
    const std::size_t rows = columns.size() / variables;
    Numbers result(columns.size());
    for (std::size_t n = 0; n < rows; ++n)
        for (std::size_t v = 0; v < variables; ++v) result[n * variables + v] = columns[v * rows + n];
    return result;
}

/// The file's operators [T, L, 4] and operands [T, L, W] as flat choices [T, choices].
struct Layout {
    SketchShape shape;
    std::size_t tasks;

    std::size_t width() const { return static_cast<std::size_t>(shape.variables + shape.lines - 1); }

    template<class Body>
    void for_each(const Body& body) const {
        const auto lines = static_cast<std::size_t>(shape.lines);
        for (std::size_t t = 0; t < tasks; ++t)
            for (std::size_t l = 0; l < lines; ++l) {
                const std::size_t task = t * shape.choices();
                const int line = static_cast<int>(l);
                for (std::size_t o = 0; o < 4; ++o)
                    body('O', task + shape.operator_begin(line) + o, (t * lines + l) * 4 + o);
                for (std::size_t a = 0; a < static_cast<std::size_t>(shape.operands(line)); ++a) {
                    body('L', task + shape.left_begin(line) + a, (t * lines + l) * width() + a);
                    body('R', task + shape.right_begin(line) + a, (t * lines + l) * width() + a);
                }
            }
    }

    Numbers flat(const Numbers& operators, const Numbers& left, const Numbers& right) const {
        Numbers result(tasks * shape.choices());
        for_each([&](char which, std::size_t to, std::size_t from) {
            result[to] = which == 'O' ? operators[from] : which == 'L' ? left[from] : right[from];
        });
        return result;
    }

    Numbers flat(const json& object, const std::string& prefix) const {
        return flat(numbers(object.at(prefix + "O")), numbers(object.at(prefix + "L")),
                    numbers(object.at(prefix + "R")));
    }
};

Layout layout_of(const json& c) {
    return {{c.at("V").get<int>(), c.at("L").get<int>()}, c.at("T").get<std::size_t>()};
}

/// What `execute` gives, with every gradient.
struct Executed {
    Numbers outputs, losses, choice_gradient, symbol_gradient;
    std::vector<unsigned char> finite;

    Executed(const Layout& layout, const Numbers& choices, const Numbers& symbols,
             const Differentiated<double>& differentiated) {
        const std::size_t rows = symbols.size() / static_cast<std::size_t>(layout.shape.variables);
        outputs.resize(layout.tasks * rows);
        losses.resize(layout.tasks);
        choice_gradient.resize(choices.size());
        symbol_gradient.resize(symbols.size());
        finite.resize(layout.tasks);
        const auto done =
            execute<double>({.shape = layout.shape,
                             .tasks = layout.tasks,
                             .rows = rows,
                             .choices = choices,
                             .symbols = symbols},
                            differentiated, {outputs, losses, choice_gradient, symbol_gradient, finite});
        EXPECT_TRUE(done);
    }
};

/// Runs `body` on every case with every kernel there is.
template<class Body>
void with_every_kernel(const Body& body) {
    const std::string active = active_executor_target();
    for (const std::string& name : executor_targets()) {
        SCOPED_TRACE(name);
        ASSERT_TRUE(force_executor_target(name));
        for (const json& file : golden()) body(file);
    }
    ASSERT_TRUE(force_executor_target(active));
}

template<class Body>
void with_every_case(const Body& body) {
    with_every_kernel([&](const json& file) {
        for (const json& c : file.at("cases")) {
            SCOPED_TRACE(c.at("name").get<std::string>());
            body(c, layout_of(c));
        }
    });
}

TEST(RoapGolden, IsThere) { EXPECT_FALSE(golden().empty()); }

TEST(RoapGolden, OutputsAndTheirGradientsAreEqual) {
    with_every_case([](const json& c, const Layout& layout) {
        const Numbers weights = numbers(c.at("exec_w"));
        const auto variables = static_cast<std::size_t>(layout.shape.variables);
        const Executed found(layout, layout.flat(c, "z"), rows_of(numbers(c.at("s")), variables),
                             {.output_gradient = weights});
        expect_near(found.outputs, numbers(c.at("y")), "outputs");
        expect_near(found.choice_gradient, layout.flat(c, "exec_dz"), "choice gradient");
        expect_near(found.symbol_gradient, rows_of(numbers(c.at("exec_ds")), variables), "symbol gradient");
    });
}

TEST(RoapGolden, ExpectedLengthsAndTheirGradientsAreEqual) {
    for (const json& file : golden())
        for (const json& c : file.at("cases")) {
            SCOPED_TRACE(c.at("name").get<std::string>());
            const Layout layout = layout_of(c);
            const Numbers choices = layout.flat(c, "z"), weights = numbers(c.at("length_u"));
            Numbers lengths, gradient(choices.size(), 0.0);
            const std::size_t size = layout.shape.choices();
            for (std::size_t t = 0; t < layout.tasks; ++t)
                lengths.push_back(expected_length<double>(
                    layout.shape, std::span<const double>(choices).subspan(t * size, size),
                    LengthMeasure::tree, {}, weights[t],
                    std::span<double>(gradient).subspan(t * size, size)));
            expect_near(lengths, numbers(c.at("length")), "lengths");
            expect_near(gradient, layout.flat(c, "length_dz"), "gradient");
        }
}

TEST(RoapGolden, LossesAndTheirGradientsAreEqual) {
    with_every_case([](const json& c, const Layout& layout) {
        const Numbers choices = layout.flat(c, "z"), sigma = numbers(c.at("loss_sigma"));
        const Numbers targets = numbers(c.at("loss_ytrue"));
        const double tasks = c.at("T").get<double>(), rows = c.at("N").get<double>();
        const double lambda = c.at("loss_lambda").get<double>();
        const std::size_t size = layout.shape.choices();
        Numbers weights;
        for (const double s : sigma) weights.push_back(1 / (rows * s * s * tasks));
        const auto variables = static_cast<std::size_t>(layout.shape.variables);
        Executed found(layout, choices, rows_of(numbers(c.at("s")), variables),
                       {.targets = targets, .weights = weights});
        double loss = std::accumulate(found.losses.begin(), found.losses.end(), 0.0);
        for (std::size_t t = 0; t < layout.tasks; ++t)
            loss += lambda / tasks *
                    expected_length<double>(layout.shape,
                                            std::span<const double>(choices).subspan(t * size, size),
                                            LengthMeasure::tree, {}, lambda / tasks,
                                            std::span<double>(found.choice_gradient).subspan(t * size, size));
        EXPECT_NEAR(loss, c.at("loss").get<double>(), tolerance);
        expect_near(found.choice_gradient, layout.flat(c, "loss_dz"), "choice gradient");
        expect_near(found.symbol_gradient, rows_of(numbers(c.at("loss_ds")), variables), "symbol gradient");
    });
}

TEST(RoapGolden, TheLossOfLogitsAndItsGradientAreEqual) {
    with_every_kernel([](const json& file) {
        const json& c = file.at("logits_case");
        const Layout layout = layout_of(c);
        const std::size_t lines = static_cast<std::size_t>(layout.shape.lines), width = layout.width();
        const auto variables = static_cast<std::size_t>(layout.shape.variables);
        const Numbers uniform = numbers(c.at("uA"));
        Numbers left, right;
        for (std::size_t i = 0; i < layout.tasks * lines; ++i)
            for (std::size_t a = 0; a < width; ++a) {
                left.push_back(uniform[2 * i * width + a]);
                right.push_back(uniform[(2 * i + 1) * width + a]);
            }
        Numbers noise = layout.flat(numbers(c.at("uO")), left, right);
        for (double& each : noise) each = -std::log(-std::log(each));
        const Numbers logits = numbers(c.at("logits")), symbols = rows_of(numbers(c.at("s")), variables);
        const Numbers targets = numbers(c.at("ytrue")), sigma = numbers(c.at("sigma"));
        Numbers data(layout.tasks), length(layout.tasks), gradient(logits.size()),
            symbol_gradient(symbols.size());
        std::vector<unsigned char> finite(layout.tasks);
        const auto loss = sketch_loss<double>({.shape = layout.shape,
                                               .tasks = layout.tasks,
                                               .rows = c.at("N").get<std::size_t>(),
                                               .logits = logits,
                                               .symbols = symbols,
                                               .targets = targets,
                                               .sigma = sigma,
                                               .noise = noise},
                                              {.beta = c.at("beta").get<double>()},
                                              {.lambda = c.at("loss_lambda").get<double>()},
                                              {.data = data,
                                               .length = length,
                                               .logit_gradient = gradient,
                                               .symbol_gradient = symbol_gradient,
                                               .finite = finite});
        ASSERT_TRUE(loss);
        EXPECT_NEAR(*loss, c.at("loss").get<double>(), tolerance);
        expect_near(gradient, numbers(c.at("dlogits")), "logit gradient");
        expect_near(symbol_gradient, rows_of(numbers(c.at("ds")), variables), "symbol gradient");
    });
}

TEST(RoapGolden, ThePosteriorOverThePoolIsEqual) {
    for (const json& file : golden()) {
        const json& c = file.at("enum_case");
        const auto pool = formula_pool({.with_zero = false});
        ASSERT_TRUE(pool);
        ASSERT_EQ(pool->formulas.size(), c.at("n_candidates").get<std::size_t>());
        const Numbers symbols = rows_of(numbers(c.at("s")), 3), sigma = numbers(c.at("sigma"));
        const Numbers targets = numbers(c.at("Y")), smallest = numbers(c.at("min_err"));
        const double temperature = c.at("temp").get<double>();
        const std::size_t tasks = sigma.size(), rows = symbols.size() / 3, count = pool->formulas.size();

        // Every formula as a sketch of choices 0 and 1, so that the executor gives values and gradients.
        const SketchShape shape{3, 3};
        Numbers choices;
        for (const Program& formula : pool->formulas) {
            const auto one = one_hot(shape, formula);
            ASSERT_TRUE(one);
            choices.insert(choices.end(), one->begin(), one->end());
        }
        const Layout layout{shape, count};
        const Numbers zero(count * rows, 0.0);
        const Executed values(layout, choices, symbols, {.output_gradient = zero});
        double loss = 0;
        Numbers seeds(count * rows, 0.0), errors(count);
        for (std::size_t t = 0; t < tasks; ++t) {
            for (std::size_t f = 0; f < count; ++f) {
                errors[f] = 0;
                for (std::size_t n = 0; n < rows; ++n) {
                    const double error = values.outputs[f * rows + n] - targets[t * rows + n];
                    errors[f] += error * error / (sigma[t] * sigma[t]) / static_cast<double>(rows);
                }
            }
            const double best = *std::min_element(errors.begin(), errors.end());
            EXPECT_NEAR(best, smallest[t], tolerance);
            double sum = 0;
            for (const double error : errors) sum += std::exp((best - error) / temperature);
            loss += (best - temperature * std::log(sum)) / static_cast<double>(tasks);
            for (std::size_t f = 0; f < count; ++f) {
                const double share = std::exp((best - errors[f]) / temperature) / sum;
                for (std::size_t n = 0; n < rows; ++n)
                    seeds[f * rows + n] += share * 2 *
                                           (values.outputs[f * rows + n] - targets[t * rows + n]) /
                                           (sigma[t] * sigma[t] * static_cast<double>(rows * tasks));
            }
        }
        EXPECT_NEAR(loss, c.at("loss").get<double>(), tolerance);
        const Executed found(layout, choices, symbols, {.output_gradient = seeds});
        expect_near(found.symbol_gradient, rows_of(numbers(c.at("ds")), 3), "symbol gradient");
    }
}

} // namespace
} // namespace ropewalk::formula
