#include "ropewalk/programs/tuning/certified_repair.hpp"

namespace ropewalk::tuning {

CertifiedRepair certified_repair(const assembly::Program& program, const tasks::Task& task,
                                 std::vector<machine::Example> examples, long steps,
                                 const RepairOptions& repair_options, const CertifyOptions& certify_options) {
    constexpr int rounds = 4;
    long candidates = 0;
    for (int round = 0; round < rounds; ++round) {
        Repaired repaired = repair(program, examples, steps, repair_options);
        candidates += repaired.candidates;
        if (!repaired.program) break;
        Certificate certificate = certify(*repaired.program, task, certify_options);
        if (certificate.holds) {
            repaired.candidates = candidates;
            return {std::move(repaired), std::move(certificate)};
        }
        if (!certificate.counterexample) break;
        const Counterexample& wrong = *certificate.counterexample;
        examples.push_back({.memory = wrong.memory,
                            .registers = wrong.registers,
                            .expected_memory = wrong.expected_memory,
                            .expected_registers = wrong.expected_registers});
    }
    return {{.program = {}, .candidates = candidates}, {}};
}

} // namespace ropewalk::tuning
