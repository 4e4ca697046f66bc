// Some of the inputs of a certificate, and what all of them come to.
#pragma once

#include <string>
#include <vector>

#include "ropewalk/base/part.hpp"
#include "ropewalk/programs/tuning/certificate.hpp"

namespace ropewalk::tuning {

/// What running a program on some of a certificate's inputs came to.
struct CertifyPart {
    base::UnitRange range;         ///< of the inputs, in their order
    std::uint64_t first_wrong = 0; ///< the first input that it is wrong on, or the range's end
    std::uint64_t right = 0;       ///< how many were right; later ones than the first wrong one need not have been run
    bool stopped = false;
};

/// Inputs of a certificate: the domain where it is exhausted, else the random inputs.
std::uint64_t input_count(const tasks::Task& task, const CertifyOptions& options);

/// Runs the program on the inputs of the range; what is expected is what `certify` expects.
CertifyPart certify_part(const assembly::Program& program, const tasks::Task& task, const CertifyOptions& options,
                         base::UnitRange range);

/// What `certify` gives, from the parts of its inputs in any order. Fails when inputs are missing or come twice.
base::Result<Certificate> join(const assembly::Program& program, const tasks::Task& task, const CertifyOptions& options,
                               std::vector<CertifyPart> parts);

/// A part as JSON, and back. `file` names the text in diagnostics.
std::string to_json(const CertifyPart& part);
base::Result<CertifyPart> parse_certify_part(std::string_view json, const std::string& file);

} // namespace ropewalk::tuning
