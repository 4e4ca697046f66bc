#pragma once

#include <span>
#include <vector>

#include "ropewalk/programs/machine/configuration.hpp"
#include "ropewalk/programs/machine/example.hpp"
#include "ropewalk/programs/machine/loss.hpp"

namespace ropewalk::machine {

/// What lies side by side in a vector register of the fast kernels.
enum class Lanes {
    automatic,    ///< examples where they fill registers or there is one program, else programs
    reproducible, ///< examples where they fill registers, else programs: the number of programs decides
                  ///< nothing, so a program's result is the same bits in whatever company it is evaluated
    programs      ///< always programs
};

/// What one evaluation is asked for.
struct EvaluationRequest {
    Configuration configuration;
    Loss loss;
    /// Machine steps T.
    long steps = 1;
    /// Ask for `reproducible` where programs are split over several calls, as over threads, and the split
    /// must not show in the last bits of the result.
    Lanes lanes = Lanes::automatic;
};

/// Loss, and gradient of the loss, of `programs` programs, each averaged over all examples.
///
/// `weights` is [programs, L, columns] (see Layout), `losses` is [programs] and `gradient` is shaped as
/// `weights`; an empty `gradient` asks for losses only. Programs do not influence each other's results.
/// Runs the kernel that kernels/dispatch.hpp has chosen.
void evaluate(const EvaluationRequest& request, std::span<const float> weights,
              std::span<const Example> examples, std::span<float> losses, std::span<float> gradient);

/// The same in double precision.
void evaluate(const EvaluationRequest& request, std::span<const double> weights,
              std::span<const Example> examples, std::span<double> losses, std::span<double> gradient);

} // namespace ropewalk::machine
