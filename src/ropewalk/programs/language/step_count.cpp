#include "ropewalk/programs/language/step_count.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

namespace ropewalk::language {

using assembly::Instruction;
using assembly::Opcode;

namespace {

constexpr int unknown = -1;

class Counter {
public:
    Counter(const Emitted& emitted, std::optional<long> last_line_runs)
        : program_(emitted.program), meeting_lines_(emitted.meeting_lines), last_line_runs_(last_line_runs) {}

    std::optional<StepCount> run(bool starting_registers_known) {
        Registers registers = program_.initial_registers;
        if (!starting_registers_known) std::fill(registers.begin(), registers.end(), unknown);
        return until(-1, 0, registers);
    }

private:
    using Registers = std::vector<int>;
    /// End of the branch, line, and registers there.
    using Place = std::tuple<int, int, Registers>;

    /// Steps from `line` until `end` is reached (-1: until the end of the run).
    std::optional<StepCount> until(int end, int line, Registers& registers) {
        StepCount steps;
        while (line != end) {
            if (fuel_-- <= 0 || line >= program_.lines()) return std::nullopt;
            const Instruction& instruction = program_.instructions[static_cast<std::size_t>(line)];
            ++steps.most;
            if (instruction.opcode == Opcode::halt) return end < 0 ? std::optional(steps) : std::nullopt;
            if (last_line_runs_ && end < 0 && line == program_.lines() - 1 && --*last_line_runs_ == 0)
                return steps;
            if (instruction.opcode != Opcode::jump) {
                produce(instruction, registers);
                ++line;
                continue;
            }
            const int condition = registers[instruction.first];
            if (condition != unknown) {
                line = condition == 0 ? instruction.target : line + 1;
                continue;
            }
            const int meeting = meeting_lines_[static_cast<std::size_t>(line)];
            if (meeting < 0) return std::nullopt;
            Registers other = registers;
            const auto taken = branch(meeting, instruction.target, registers);
            const auto passed = taken ? branch(meeting, line + 1, other) : std::nullopt;
            if (!passed) return std::nullopt;
            steps.exact = steps.exact && taken->exact && passed->exact && taken->most == passed->most;
            steps.most += std::max(taken->most, passed->most);
            for (std::size_t i = 0; i < registers.size(); ++i)
                if (registers[i] != other[i]) registers[i] = unknown;
            line = meeting;
        }
        return steps;
    }

    /// One way of a condition. Ways through several conditions meet again and again before the end, so what
    /// is known of them is kept until they are all through.
    std::optional<StepCount> branch(int end, int line, Registers& registers) {
        constexpr std::size_t most_kept = 10'000;
        Place place{end, line, registers};
        if (const auto found = kept_.find(place); found != kept_.end()) {
            registers = found->second.second;
            return found->second.first;
        }
        ++open_branches_;
        const auto steps = until(end, line, registers);
        --open_branches_;
        if (open_branches_ == 0)
            kept_.clear();
        else if (steps && kept_.size() < most_kept)
            kept_.try_emplace(std::move(place), *steps, registers);
        return steps;
    }

    void produce(const Instruction& instruction, Registers& registers) const {
        const assembly::InstructionInfo& row = assembly::info(instruction.opcode);
        if (!row.produces_value) return;
        int& destination = registers[instruction.destination];
        if (row.value == nullptr) {
            destination = unknown;
            return;
        }
        const bool one = row.uses(assembly::OperandRole::first),
                   two = row.uses(assembly::OperandRole::second);
        const int x = one ? registers[instruction.first] : 0, y = two ? registers[instruction.second] : 0;
        const bool same = one && two && instruction.first == instruction.second;
        if (same && instruction.opcode == Opcode::sub)
            destination = 0;
        else if (x == unknown || y == unknown)
            destination = unknown;
        else
            destination = row.value(x, y, program_.base);
    }

    const assembly::Program& program_;
    const std::vector<int>& meeting_lines_;
    std::optional<long> last_line_runs_;
    long fuel_ = 20'000'000;
    int open_branches_ = 0;
    std::map<Place, std::pair<StepCount, Registers>> kept_;
};

} // namespace

std::optional<StepCount> count_steps(const Emitted& emitted, bool starting_registers_known,
                                     std::optional<long> last_line_runs) {
    return Counter(emitted, last_line_runs).run(starting_registers_known);
}

} // namespace ropewalk::language
