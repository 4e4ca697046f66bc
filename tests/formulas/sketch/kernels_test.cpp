// The fast kernels of relaxation and descent against the plain ones.
#include <cmath>

#include "ropewalk/base/random.hpp"
#include "tests/formulas/sketch/sketch_case.hpp"

namespace ropewalk::formula {
namespace {

template<class Real>
std::vector<Real> draws(std::size_t count, std::uint64_t index, double scale = 1) {
    base::RandomStream random(3, base::Purpose::test, index);
    std::vector<Real> numbers(count);
    for (Real& each : numbers) each = static_cast<Real>(scale * random.normal());
    return numbers;
}

template<class Real>
void expect_same(const std::vector<Real>& found, const std::vector<Real>& expected, Real tolerance) {
    for (std::size_t i = 0; i < expected.size(); ++i)
        ASSERT_NEAR(found[i], expected[i], tolerance * std::max(Real{1}, std::abs(expected[i]))) << i;
}

template<class Real>
void compare_softmax(Real tolerance) {
    for (const std::string& kernel : executor_targets())
        for (const SketchShape shape : {SketchShape{1, 1}, SketchShape{1, 2}, SketchShape{3, 5},
                                        SketchShape{3, 30}, SketchShape{5, 40}}) {
            SCOPED_TRACE(kernel + ", L " + std::to_string(shape.lines));
            const std::size_t size = shape.choices();
            const auto logits = draws<Real>(size, 1, 3), noise = draws<Real>(size, 2),
                       gradient = draws<Real>(size, 3), start = draws<Real>(size, 4);
            for (const bool noisy : {false, true}) {
                const std::span<const Real> with =
                    noisy ? std::span<const Real>(noise) : std::span<const Real>();
                std::vector<Real> expected(size), found(size), expected_gradient = start,
                                                               found_gradient = start;
                {
                    const ForcedExecutor forced("reference");
                    relaxed<Real>(shape, 1.7, logits, with, expected);
                    relaxed_adjoint<Real>(shape, 1.7, expected, gradient, expected_gradient);
                }
                const ForcedExecutor forced(kernel);
                relaxed<Real>(shape, 1.7, logits, with, found);
                relaxed_adjoint<Real>(shape, 1.7, found, gradient, found_gradient);
                expect_same(found, expected, tolerance);
                expect_same(found_gradient, expected_gradient, tolerance);
            }
        }
}

TEST(RelaxationKernels, AreTheSameInSinglePrecision) { compare_softmax<float>(3e-6f); }

TEST(RelaxationKernels, AreTheSameInDoublePrecision) { compare_softmax<double>(1e-14); }

TEST(RelaxationKernels, DrawTheSameNoise) {
    for (const std::size_t count : {1u, 15u, 16u, 300u, 1170u}) {
        std::vector<float> expected(count), found(count);
        {
            const ForcedExecutor forced("reference");
            gumbel_noise<float>(4, 5, expected);
        }
        for (const std::string& kernel : executor_targets()) {
            const ForcedExecutor forced(kernel);
            gumbel_noise<float>(4, 5, found);
            expect_same(found, expected, 2e-6f);
        }
    }
}

TEST(RelaxationKernels, MakeARowWithAnEntryThatIsNotFiniteNotANumber) {
    const SketchShape shape{3, 9};
    for (const std::string& kernel : executor_targets()) {
        SCOPED_TRACE(kernel);
        const ForcedExecutor forced(kernel);
        for (const double bad :
             {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
              -std::numeric_limits<double>::infinity()})
            for_each_row(shape, [&](std::size_t begin, std::size_t count) {
                auto logits = draws<double>(shape.choices(), 1);
                logits[begin + count - 1] = bad;
                std::vector<double> soft(logits.size());
                relaxed<double>(shape, 1, logits, {}, soft);
                for (std::size_t i = 0; i < soft.size(); ++i)
                    ASSERT_EQ(std::isnan(soft[i]), i >= begin && i < begin + count) << i;
            });
    }
}

TEST(DescentKernels, TakeTheSameStep) {
    for (const std::size_t count : {1u, 16u, 33u, 64u, 1170u})
        for (const float scale : {0.01f, 10.0f}) {
            const auto gradient = draws<float>(count, 1);
            const AdamStep step{.rate = 0.1f, .scale = scale};
            auto parameters = draws<float>(count, 2), first = draws<float>(count, 3, 0.1);
            std::vector<float> second(count, 0.01f);
            auto expected = parameters, expected_first = first, expected_second = second;
            plain::adam(step, gradient.data(), count, expected.data(), expected_first.data(),
                        expected_second.data());
            for (const std::string& kernel : executor_targets()) {
                const ForcedExecutor forced(kernel);
                auto found = parameters, found_first = first, found_second = second;
                active_adam_kernel()(step, gradient.data(), count, found.data(), found_first.data(),
                                     found_second.data());
                expect_same(found, expected, 1e-5f);
                expect_same(found_first, expected_first, 1e-5f);
                expect_same(found_second, expected_second, 1e-5f);
            }
        }
}

TEST(DescentKernels, DoNothingForAGradientThatIsNotFinite) {
    for (const std::string& kernel : executor_targets()) {
        const ForcedExecutor forced(kernel);
        std::vector<float> gradient(40, 1.0f), parameters(40, 2.0f), first(40, 0.5f), second(40, 0.5f);
        gradient[17] = std::numeric_limits<float>::quiet_NaN();
        active_adam_kernel()({.rate = 1}, gradient.data(), 40, parameters.data(), first.data(),
                             second.data());
        EXPECT_EQ(parameters, std::vector<float>(40, 2.0f));
        EXPECT_EQ(first, std::vector<float>(40, 0.5f));
    }
}

} // namespace
} // namespace ropewalk::formula
