#include "ropewalk/formulas/sketch/executor.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "ropewalk/formulas/sketch/kernels/executor_dispatch.hpp"

namespace ropewalk::formula {

namespace {

/// Tasks whose shares of a shared symbol gradient are summed into one array. A fixed number, so that the
/// order of summation does not depend on the number of threads.
constexpr std::size_t chunk = 16;

/// Whether all numbers are finite: zero times a finite number is zero. Sixteen sums side by side, which
/// compilers turn into vectors.
template<class Real>
bool all_finite(std::span<const Real> numbers) {
    constexpr std::size_t width = 16;
    Real sums[width] = {};
    std::size_t i = 0;
    for (; i + width <= numbers.size(); i += width)
        for (std::size_t k = 0; k < width; ++k) sums[k] += numbers[i + k] * Real{0};
    for (; i < numbers.size(); ++i) sums[0] += numbers[i] * Real{0};
    return std::all_of(sums, sums + width, [](Real sum) { return sum == 0; });
}

/// columns[v * rows + n] = symbols[n * variables + v].
template<class Real>
void to_columns(std::span<const Real> symbols, std::size_t rows, std::size_t variables, Real* columns) {
    for (std::size_t n = 0; n < rows; ++n)
        for (std::size_t v = 0; v < variables; ++v) columns[v * rows + n] = symbols[n * variables + v];
}

base::Status wrong_size(const char* what, std::size_t found, std::size_t expected) {
    return base::failure("executor", std::to_string(found) + " " + what, std::to_string(expected));
}

template<class Real>
class Batch {
public:
    Batch(const Execution<Real>& execution, const Differentiated<Real>* differentiated,
          const ExecutionResults<Real>& results)
        : e_(execution), d_(differentiated), r_(results),
          variables_(static_cast<std::size_t>(execution.shape.variables)), size_(execution.shape.choices()),
          symbols_(execution.rows * variables_) {}

    base::Status check() const {
        if (const auto fits = checked(e_.shape); !fits) return tl::make_unexpected(fits.error());
        const std::size_t outputs = e_.tasks * e_.rows;
        const std::size_t symbols = e_.private_symbols ? e_.tasks * symbols_ : symbols_;
        const auto fits = [](auto span, std::size_t size) { return span.empty() || span.size() == size; };
        if (e_.choices.size() != e_.tasks * size_)
            return wrong_size("choices", e_.choices.size(), e_.tasks * size_);
        if (e_.symbols.size() != symbols) return wrong_size("symbols", e_.symbols.size(), symbols);
        if (!(e_.limit > 0) || !std::isfinite(e_.limit * e_.limit))
            return base::failure("executor", "limit " + std::to_string(e_.limit),
                                 "a positive number with a finite square");
        if (!fits(r_.outputs, outputs)) return wrong_size("outputs", r_.outputs.size(), outputs);
        if (r_.finite.size() != e_.tasks) return wrong_size("finite flags", r_.finite.size(), e_.tasks);
        if (d_ == nullptr) return {};
        if (d_->output_gradient.empty()) {
            if (d_->targets.size() != outputs) return wrong_size("targets", d_->targets.size(), outputs);
            if (d_->weights.size() != e_.tasks) return wrong_size("weights", d_->weights.size(), e_.tasks);
        } else if (d_->output_gradient.size() != outputs) {
            return wrong_size("output gradients", d_->output_gradient.size(), outputs);
        }
        if (!fits(r_.losses, e_.tasks)) return wrong_size("losses", r_.losses.size(), e_.tasks);
        if (!fits(r_.choice_gradient, e_.choices.size()))
            return wrong_size("choice gradients", r_.choice_gradient.size(), e_.choices.size());
        if (!fits(r_.symbol_gradient, symbols))
            return wrong_size("symbol gradients", r_.symbol_gradient.size(), symbols);
        return {};
    }

    void run() {
        const bool sums = d_ != nullptr && !r_.symbol_gradient.empty() && !e_.private_symbols;
        const std::size_t chunks = (e_.tasks + chunk - 1) / chunk;
        if (!e_.private_symbols) {
            shared_finite_ = all_finite(e_.symbols);
            shared_.resize(symbols_);
            to_columns(e_.symbols, e_.rows, variables_, shared_.data());
        }
        if (sums) sums_.assign(chunks * symbols_, Real{0});
        base::parallel_for(chunks, e_.threads, [&](std::size_t c) {
            Scratch scratch;
            if (e_.private_symbols) scratch.symbols.resize(symbols_);
            if (d_ != nullptr) {
                scratch.symbol_gradient.resize(symbols_);
                if (r_.choice_gradient.empty()) scratch.choice_gradient.resize(size_);
            }
            if (r_.outputs.empty()) scratch.outputs.resize(e_.rows);
            for (std::size_t t = c * chunk; t < std::min(e_.tasks, (c + 1) * chunk); ++t)
                run_task(t, sums ? &sums_[c * symbols_] : nullptr, scratch);
        });
        if (!sums) return;
        std::fill(r_.symbol_gradient.begin(), r_.symbol_gradient.end(), Real{0});
        for (std::size_t c = 0; c < chunks; ++c)
            for (std::size_t n = 0; n < e_.rows; ++n)
                for (std::size_t v = 0; v < variables_; ++v)
                    r_.symbol_gradient[n * variables_ + v] += sums_[c * symbols_ + v * e_.rows + n];
    }

private:
    struct Scratch {
        std::vector<Real> symbols, symbol_gradient, choice_gradient, outputs;
    };

    void run_task(std::size_t t, Real* sum, Scratch& scratch) {
        const std::span<const Real> choices = e_.choices.subspan(t * size_, size_);
        bool finite = all_finite(choices);
        if (e_.private_symbols) {
            const std::span<const Real> symbols = e_.symbols.subspan(t * symbols_, symbols_);
            finite = finite && all_finite(symbols);
            to_columns(symbols, e_.rows, variables_, scratch.symbols.data());
        } else {
            finite = finite && shared_finite_;
        }
        ExecutorTask<Real> task{.shape = e_.shape,
                                .rows = e_.rows,
                                .choices = choices.data(),
                                .symbols = e_.private_symbols ? scratch.symbols.data() : shared_.data(),
                                .limit = e_.limit};
        const std::span<Real> outputs =
            r_.outputs.empty() ? std::span<Real>(scratch.outputs) : r_.outputs.subspan(t * e_.rows, e_.rows);
        task.outputs = outputs.data();
        Real loss = 0;
        std::span<Real> choice_gradient, symbol_gradient;
        if (d_ != nullptr) {
            if (!d_->output_gradient.empty()) {
                task.output_gradient = d_->output_gradient.data() + t * e_.rows;
            } else {
                task.targets = d_->targets.data() + t * e_.rows;
                task.weight = d_->weights[t];
                task.loss = &loss;
            }
            choice_gradient = r_.choice_gradient.empty() ? std::span<Real>(scratch.choice_gradient)
                                                         : r_.choice_gradient.subspan(t * size_, size_);
            symbol_gradient = scratch.symbol_gradient;
            task.choice_gradient = choice_gradient.data();
            task.symbol_gradient = symbol_gradient.data();
        }
        if (finite) {
            active_executor_kernel<Real>()(task);
            finite = all_finite<Real>(outputs) && std::isfinite(loss) && all_finite<Real>(choice_gradient) &&
                     all_finite<Real>(symbol_gradient);
        }
        if (!finite) {
            constexpr Real nan = std::numeric_limits<Real>::quiet_NaN();
            std::fill(outputs.begin(), outputs.end(), nan);
            std::fill(choice_gradient.begin(), choice_gradient.end(), Real{0});
            std::fill(symbol_gradient.begin(), symbol_gradient.end(), Real{0});
            loss = nan;
        }
        r_.finite[t] = finite ? 1 : 0;
        if (d_ == nullptr) return;
        if (!r_.losses.empty()) r_.losses[t] = loss;
        if (sum != nullptr)
            for (std::size_t i = 0; i < symbols_; ++i) sum[i] += symbol_gradient[i];
        else if (!r_.symbol_gradient.empty())
            for (std::size_t n = 0; n < e_.rows; ++n)
                for (std::size_t v = 0; v < variables_; ++v)
                    r_.symbol_gradient[t * symbols_ + n * variables_ + v] = symbol_gradient[v * e_.rows + n];
    }

    const Execution<Real>& e_;
    const Differentiated<Real>* d_;
    const ExecutionResults<Real>& r_;
    std::size_t variables_, size_, symbols_; ///< numbers per row, per task's choices, per task's symbols
    bool shared_finite_ = true;
    std::vector<Real> shared_; ///< columns of shared symbols
    std::vector<Real> sums_;   ///< per chunk, columns
};

template<class Real>
base::Status run_batch(const Execution<Real>& execution, const Differentiated<Real>* differentiated,
                       const ExecutionResults<Real>& results) {
    Batch<Real> batch(execution, differentiated, results);
    if (auto fits = batch.check(); !fits) return fits;
    batch.run();
    return {};
}

} // namespace

template<class Real>
base::Status execute(const Execution<Real>& execution, const ExecutionResults<Real>& results) {
    return run_batch<Real>(execution, nullptr, results);
}

template<class Real>
base::Status execute(const Execution<Real>& execution, const Differentiated<Real>& differentiated,
                     const ExecutionResults<Real>& results) {
    return run_batch<Real>(execution, &differentiated, results);
}

template base::Status execute(const Execution<float>&, const ExecutionResults<float>&);
template base::Status execute(const Execution<double>&, const ExecutionResults<double>&);
template base::Status execute(const Execution<float>&, const Differentiated<float>&,
                              const ExecutionResults<float>&);
template base::Status execute(const Execution<double>&, const Differentiated<double>&,
                              const ExecutionResults<double>&);

} // namespace ropewalk::formula
