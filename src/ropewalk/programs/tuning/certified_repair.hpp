// Repair until a certificate holds.
#pragma once

#include <vector>

#include "ropewalk/programs/tasks/tasks.hpp"
#include "ropewalk/programs/tuning/certificate.hpp"
#include "ropewalk/programs/tuning/repair.hpp"

namespace ropewalk::tuning {

/// What repair came to, and the certificate of the program if there is one.
struct CertifiedRepair : Repaired {
    std::optional<Certificate> certificate;
};

/// A program in the neighbourhood of `program` that is certified on the task, see `repair`. A program may be right on
/// the examples by luck: what shows it wrong becomes an example, a few times.
CertifiedRepair certified_repair(const assembly::Program& program, const tasks::Task& task,
                                 std::vector<machine::Example> examples, long steps,
                                 const RepairOptions& repair_options, const CertifyOptions& certify_options);

} // namespace ropewalk::tuning
