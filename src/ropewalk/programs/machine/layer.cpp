#include "ropewalk/programs/machine/layer.hpp"

#include "ropewalk/base/base.hpp"
#include "ropewalk/programs/machine/kernels/dispatch.hpp"

namespace ropewalk::machine {

namespace {

/// Whether there is a whole number of memories.
bool fits(const LayerRequest& request, std::size_t weights, std::size_t memory) {
    const Configuration& c = request.configuration;
    return weights == weight_count(c) &&
           memory % (static_cast<std::size_t>(c.cells) * static_cast<std::size_t>(c.base)) == 0;
}

} // namespace

template<class Real>
void run_layer(const LayerRequest& request, std::span<const Real> weights, std::span<const Real> memory,
               std::span<Real> result) {
    base::expects(fits(request, weights.size(), memory.size()) && result.size() == memory.size());
    run_layer_on_active_target(request, weights, memory, result);
}

template<class Real>
void run_layer_adjoint(const LayerRequest& request, std::span<const Real> weights,
                       std::span<const Real> memory, std::span<const Real> result_adjoint,
                       std::span<Real> weight_adjoint, std::span<Real> memory_adjoint) {
    base::expects(fits(request, weights.size(), memory.size()) &&
                  (weight_adjoint.empty() || weight_adjoint.size() == weights.size()) &&
                  result_adjoint.size() == memory.size() && memory_adjoint.size() == memory.size());
    run_layer_adjoint_on_active_target(request, weights, memory, result_adjoint, weight_adjoint,
                                       memory_adjoint);
}

template void run_layer(const LayerRequest&, std::span<const float>, std::span<const float>,
                        std::span<float>);
template void run_layer(const LayerRequest&, std::span<const double>, std::span<const double>,
                        std::span<double>);
template void run_layer_adjoint(const LayerRequest&, std::span<const float>, std::span<const float>,
                                std::span<const float>, std::span<float>, std::span<float>);
template void run_layer_adjoint(const LayerRequest&, std::span<const double>, std::span<const double>,
                                std::span<const double>, std::span<double>, std::span<double>);

} // namespace ropewalk::machine
