// The plain versions of machine::run_layer and machine::run_layer_adjoint, an example after the other.
#pragma once

#include <span>

#include "ropewalk/programs/machine/layer.hpp"

namespace ropewalk::machine::reference {

template<class Real>
void run_layer(const LayerRequest& request, std::span<const Real> weights, std::span<const Real> memory,
               std::span<Real> result);

template<class Real>
void run_layer_adjoint(const LayerRequest& request, std::span<const Real> weights,
                       std::span<const Real> memory, std::span<const Real> result_adjoint,
                       std::span<Real> weight_adjoint, std::span<Real> memory_adjoint);

} // namespace ropewalk::machine::reference
