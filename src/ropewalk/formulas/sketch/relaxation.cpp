#include "ropewalk/formulas/sketch/relaxation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/sketch/kernels/executor_dispatch.hpp"

namespace ropewalk::formula {

template<class Real>
void gumbel_noise(std::uint64_t seed, std::uint64_t index, std::span<Real> noise) {
    base::RandomStream random(seed, base::Purpose::gumbel, index);
    std::array<std::uint32_t, 256> numbers;
    for (std::size_t i = 0; i < noise.size(); i += numbers.size()) {
        const std::size_t count = std::min(numbers.size(), noise.size() - i);
        for (std::size_t k = 0; k < count; ++k) numbers[k] = random();
        active_softmax_kernels<Real>().gumbel(numbers.data(), count, noise.data() + i);
    }
}

template<class Real>
void relaxed(const SketchShape& shape, double factor, std::span<const Real> logits,
             std::span<const Real> noise, std::span<Real> soft) {
    active_softmax_kernels<Real>().forward(shape, static_cast<Real>(factor), logits.data(),
                                           noise.empty() ? nullptr : noise.data(), soft.data());
}

template<class Real>
void hardened(const SketchShape& shape, std::span<const Real> soft, std::span<Real> choices) {
    for_each_row(shape, [&](std::size_t begin, std::size_t count) {
        const std::span<const Real> from = soft.subspan(begin, count);
        const std::span<Real> to = choices.subspan(begin, count);
        const bool numbers = std::none_of(from.begin(), from.end(), [](Real z) { return std::isnan(z); });
        const std::ptrdiff_t best = std::max_element(from.begin(), from.end()) - from.begin();
        std::copy(from.begin(), from.end(), to.begin());
        if (!numbers) return;
        std::fill(to.begin(), to.end(), Real{0});
        to[static_cast<std::size_t>(best)] = 1;
    });
}

template<class Real>
void relaxed_adjoint(const SketchShape& shape, double factor, std::span<const Real> soft,
                     std::span<const Real> soft_gradient, std::span<Real> logit_gradient) {
    active_softmax_kernels<Real>().adjoint(shape, static_cast<Real>(factor), soft.data(),
                                           soft_gradient.data(), logit_gradient.data());
}

template<class Real>
base::Result<Real> sketch_loss(const SketchTasks<Real>& tasks, const Relaxation& relaxation,
                               const LengthPrior& prior, const SketchLosses<Real>& losses) {
    if (const auto fits = checked(tasks.shape); !fits) return tl::make_unexpected(fits.error());
    const std::size_t size = tasks.shape.choices(), all = tasks.tasks * size;
    const auto wrong = [](const char* what, std::size_t found, std::size_t expected) {
        return base::failure("sketch loss", std::to_string(found) + " " + what, std::to_string(expected));
    };
    if (tasks.logits.size() != all) return wrong("logits", tasks.logits.size(), all);
    if (!tasks.noise.empty() && tasks.noise.size() != all) return wrong("noise", tasks.noise.size(), all);
    if (tasks.sigma.size() != tasks.tasks) return wrong("sigma", tasks.sigma.size(), tasks.tasks);
    if (losses.logit_gradient.size() != all) return wrong("gradient", losses.logit_gradient.size(), all);
    if (losses.data.size() != tasks.tasks) return wrong("data losses", losses.data.size(), tasks.tasks);
    if (losses.length.size() != tasks.tasks) return wrong("lengths", losses.length.size(), tasks.tasks);
    const double factor = relaxation.factor();
    if (!(factor > 0) || !std::isfinite(factor))
        return base::failure("sketch loss", "a softmax times " + std::to_string(factor), "a positive number");

    std::vector<Real> soft(all), hard(relaxation.straight_through ? all : 0), gradient(all);
    std::vector<Real> weights(tasks.tasks);
    base::parallel_for(tasks.tasks, tasks.threads, [&](std::size_t t) {
        const std::span<Real> row = std::span<Real>(soft).subspan(t * size, size);
        const bool noisy = relaxation.noise && !tasks.noise.empty();
        relaxed<Real>(tasks.shape, factor, tasks.logits.subspan(t * size, size),
                      noisy ? tasks.noise.subspan(t * size, size) : tasks.noise.first(0), row);
        if (relaxation.straight_through)
            hardened<Real>(tasks.shape, row, std::span<Real>(hard).subspan(t * size, size));
        weights[t] = 1 / (static_cast<Real>(tasks.rows) * tasks.sigma[t] * tasks.sigma[t] *
                          static_cast<Real>(tasks.tasks));
    });
    const auto executed = execute<Real>({.shape = tasks.shape,
                                         .tasks = tasks.tasks,
                                         .rows = tasks.rows,
                                         .choices = relaxation.straight_through ? hard : soft,
                                         .symbols = tasks.symbols,
                                         .private_symbols = tasks.private_symbols,
                                         .limit = tasks.limit,
                                         .threads = tasks.threads},
                                        {.targets = tasks.targets, .weights = weights},
                                        {.outputs = losses.outputs,
                                         .losses = losses.data,
                                         .choice_gradient = gradient,
                                         .symbol_gradient = losses.symbol_gradient,
                                         .finite = losses.finite});
    if (!executed) return tl::make_unexpected(executed.error());
    base::parallel_for(tasks.tasks, tasks.threads, [&](std::size_t t) {
        const auto part = [&](auto& whole) { return std::span(whole).subspan(t * size, size); };
        const std::span<Real> to = losses.logit_gradient.subspan(t * size, size);
        std::fill(to.begin(), to.end(), Real{0});
        losses.data[t] *= static_cast<Real>(tasks.tasks);
        losses.length[t] = 0;
        if (losses.finite[t] == 0) return;
        relaxed_adjoint<Real>(tasks.shape, factor, part(soft), part(gradient), to);
        if (prior.lambda == 0) return;
        relaxed<Real>(tasks.shape, 1, tasks.logits.subspan(t * size, size), {}, part(soft));
        for (Real& each : part(gradient)) each = 0;
        losses.length[t] = expected_length<Real>(
            tasks.shape, part(soft), prior.measure, prior.costs,
            static_cast<Real>(prior.lambda / static_cast<double>(tasks.tasks)), part(gradient));
        relaxed_adjoint<Real>(tasks.shape, 1, part(soft), part(gradient), to);
    });
    double sum = 0;
    for (std::size_t t = 0; t < tasks.tasks; ++t)
        if (losses.finite[t] != 0)
            sum += static_cast<double>(losses.data[t]) + prior.lambda * static_cast<double>(losses.length[t]);
    return static_cast<Real>(sum / static_cast<double>(tasks.tasks));
}

template void gumbel_noise(std::uint64_t, std::uint64_t, std::span<float>);
template void gumbel_noise(std::uint64_t, std::uint64_t, std::span<double>);
template void relaxed(const SketchShape&, double, std::span<const float>, std::span<const float>,
                      std::span<float>);
template void relaxed(const SketchShape&, double, std::span<const double>, std::span<const double>,
                      std::span<double>);
template void hardened(const SketchShape&, std::span<const float>, std::span<float>);
template void hardened(const SketchShape&, std::span<const double>, std::span<double>);
template void relaxed_adjoint(const SketchShape&, double, std::span<const float>, std::span<const float>,
                              std::span<float>);
template void relaxed_adjoint(const SketchShape&, double, std::span<const double>, std::span<const double>,
                              std::span<double>);
template base::Result<float> sketch_loss(const SketchTasks<float>&, const Relaxation&, const LengthPrior&,
                                         const SketchLosses<float>&);
template base::Result<double> sketch_loss(const SketchTasks<double>&, const Relaxation&, const LengthPrior&,
                                          const SketchLosses<double>&);

} // namespace ropewalk::formula
