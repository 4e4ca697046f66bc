#include "ropewalk/programs/compiler/compile.hpp"

#include <cmath>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/compiler/lower.hpp"

namespace ropewalk::compiler {

namespace {

/// One head of one line: log(distribution + gamma u + epsilon).
void encode_head(std::span<float> weights, std::optional<int> choice, const CompileOptions& options,
                 base::RandomStream& noise) {
    const double uniform = 1.0 / static_cast<double>(weights.size());
    for (std::size_t c = 0; c < weights.size(); ++c) {
        const double probability = !choice ? uniform : static_cast<int>(c) == *choice ? 1.0 : 0.0;
        weights[c] =
            static_cast<float>(std::log(probability + options.gamma * noise.uniform() + options.epsilon));
    }
}

std::vector<float> encode(const Lowered& lowered, const CompileOptions& options, base::RandomStream& noise) {
    const machine::Layout layout = layout_of(lowered.configuration);
    std::vector<float> weights(weight_count(lowered.configuration));
    for (std::size_t line = 0; line < lowered.rows.size(); ++line) {
        const auto heads = layout.heads();
        const auto choices = lowered.rows[line].choices();
        for (std::size_t h = 0; h < heads.size(); ++h) {
            const std::size_t start =
                line * static_cast<std::size_t>(layout.columns) + static_cast<std::size_t>(heads[h].offset);
            const auto choice = choices[h] || !options.pin ? choices[h] : std::optional<int>(0);
            encode_head(std::span(weights).subspan(start, static_cast<std::size_t>(heads[h].width)), choice,
                        options, noise);
        }
    }
    return weights;
}

} // namespace

base::Result<Model> compile(const assembly::Program& program, const CompileOptions& options,
                            base::RandomStream& noise) {
    if (const auto fit = base::check_settings(options); !fit) return base::failure(fit.error());
    return lower(program, options.instruction_set, options.switches, options.lines)
        .map([&](const Lowered& lowered) {
            return Model{.configuration = lowered.configuration,
                         .weights = encode(lowered, options, noise),
                         .program_registers = program.registers,
                         .steps = program.steps};
        });
}

assembly::InstructionSet instruction_set_for(const assembly::Program& program) {
    const assembly::InstructionSet small = assembly::paper13();
    for (const assembly::Instruction& each : program.instructions)
        if (position(small, each.opcode) < 0) return assembly::all_instructions();
    return small;
}

} // namespace ropewalk::compiler
