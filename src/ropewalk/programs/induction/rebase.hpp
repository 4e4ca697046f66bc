#pragma once

#include "ropewalk/programs/induction/induce.hpp"

namespace ropewalk::induction {

struct RebaseOptions {
    /// Inputs of the certificate where the domain is too large to exhaust; long arrays take many steps.
    std::uint64_t random_inputs = std::uint64_t{1} << 14;
    std::uint64_t seed = 0;
    int threads = 0;
    base::Stop stop; ///< its certificate is then `stopped`
};

/// A program on a machine of another base, with as many cells, checked there.
struct Rebased {
    int base = 0;
    assembly::Program program;
    tuning::Certificate certificate;
};

/// Lowers the source for a machine of `base` with as many cells and certifies it on the task of that size.
/// Fails when the task has one size only (tasks::Task::resized), or the source does not fit the machine.
base::Result<Rebased> rebase(const language::Program& source, const tasks::Task& task, int base,
                             const RebaseOptions& options = {});

} // namespace ropewalk::induction
