#include "ropewalk/programs/machine/evaluate.hpp"

#include "ropewalk/programs/machine/kernels/dispatch.hpp"
#include "ropewalk/programs/machine/kernels/reference.hpp"

namespace ropewalk::machine {

void evaluate(const EvaluationRequest& request, std::span<const float> weights,
              std::span<const Example> examples, std::span<float> losses, std::span<float> gradient) {
    evaluate_on_active_target(request, weights, examples, losses, gradient);
}

void evaluate(const EvaluationRequest& request, std::span<const double> weights,
              std::span<const Example> examples, std::span<double> losses, std::span<double> gradient) {
    reference::evaluate<double>(request, weights, examples, losses, gradient);
}

} // namespace ropewalk::machine
