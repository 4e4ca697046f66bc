#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "ropewalk/base/settings.hpp"
#include "ropewalk/programs/assembly/assembly.hpp"
#include "ropewalk/programs/tasks/tasks.hpp"

namespace ropewalk::tuning {

/// An input on which a program is wrong.
struct Counterexample {
    std::vector<int> memory;
    std::vector<int> registers;       ///< empty: the program's own
    std::vector<int> expected_memory; ///< machine::not_scored where anything goes
    std::vector<int> found_memory;
    std::vector<int> expected_registers; ///< empty when no register is scored
    std::vector<int> found_registers;
};

/// What was checked about a program, and what came out. The record names everything that is needed to check
/// it again: program, task, steps, the examples' digest, and the seed and digest of the random inputs when
/// the domain was too large to exhaust. docs/certificates.md states the file.
struct Certificate {
    int version = 2;
    std::string task;
    /// Whether the task is a file of examples, which the check needs again, or one of the catalogue.
    bool from_examples = false;
    std::string examples_sha256; ///< of the file of examples; empty for a task of the catalogue
    std::string program;         ///< assembly text
    long steps = 0;
    std::uint64_t domain_size = 0;
    std::uint64_t inputs_checked = 0;
    bool exhaustive = false;
    bool holds = false;
    /// Whether the check was stopped before its end: right on the first `inputs_checked`, and not `holds`.
    bool stopped = false;
    std::uint64_t seed = 0;
    std::string inputs_sha256; ///< of the random inputs, one byte a value; empty when exhaustive
    std::optional<Counterexample> counterexample; ///< the first one found
};

/// In one sentence what a certificate says, and about which inputs it says nothing.
std::string claim_of(const Certificate& certificate);

/// Domains up to this size are checked completely.
constexpr std::uint64_t exhaustive_limit = std::uint64_t{1} << 20;

constexpr std::uint64_t most_random_inputs = std::uint64_t{1} << 40;

struct CertifyOptions {
    /// Random inputs for domains beyond `exhaustive_limit`.
    std::uint64_t random_inputs = std::uint64_t{1} << 20;
    std::uint64_t seed = 0;
    int threads = 0;
    base::Stop stop;

    static constexpr auto fields = base::fields(
        base::field<&CertifyOptions::random_inputs>("inputs", "Random inputs for domains too large to exhaust",
                                                    base::within(std::uint64_t{1}, most_random_inputs)),
        base::field<&CertifyOptions::seed>("seed", "Seed of the random inputs"),
        base::field<&CertifyOptions::threads>("threads", "Threads; 0: all. The result does not depend on it",
                                              base::within(0, 1024)));
};

/// Runs the program with the exact machine on every input of the task's domain where that is at most
/// `exhaustive_limit`, otherwise on `random_inputs` random ones, for the program's own steps or the task's.
/// The program must fit the task's machine (see fit_to_task).
Certificate certify(const assembly::Program& program, const tasks::Task& task,
                    const CertifyOptions& options = {});

/// A certificate as a JSON object, and back. The reader refuses what is not a certificate, and one whose
/// claim or program is not what its entries say.
std::string to_json(const Certificate& certificate);
base::Result<Certificate> parse_certificate(std::string_view json, const std::string& file);

} // namespace ropewalk::tuning
