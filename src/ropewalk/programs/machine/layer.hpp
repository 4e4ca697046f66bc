#pragma once

#include <span>

#include "ropewalk/programs/machine/configuration.hpp"

namespace ropewalk::machine {

/// What a differentiable program as a layer of a network is asked for.
struct LayerRequest {
    Configuration configuration;
    /// Machine steps T.
    long steps = 1;
    int threads = 0;
};

/// Memory after soft runs whose memory starts as a distribution per cell.
///
/// `weights` is [L, columns] (see Layout), `memory` and `result` are [examples, cells, base]. Registers start
/// with the configuration's values. Runs the kernel that kernels/dispatch.hpp has chosen, a vector of examples
/// at a time, on several threads.
template<class Real>
void run_layer(const LayerRequest& request, std::span<const Real> weights, std::span<const Real> memory,
               std::span<Real> result);

/// The adjoint: from the derivative of a number by the result, shaped as that, to its derivatives by the
/// weights and by the memory. The same bits at any number of threads. An empty `weight_adjoint` asks for the
/// derivatives by the memory only. The run is repeated, as nothing of it is kept.
template<class Real>
void run_layer_adjoint(const LayerRequest& request, std::span<const Real> weights,
                       std::span<const Real> memory, std::span<const Real> result_adjoint,
                       std::span<Real> weight_adjoint, std::span<Real> memory_adjoint);

} // namespace ropewalk::machine
