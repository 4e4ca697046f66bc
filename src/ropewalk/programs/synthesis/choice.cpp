#include "ropewalk/programs/synthesis/choice.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "ropewalk/base/random.hpp"

namespace ropewalk::synthesis {

namespace {

using values::Value;

constexpr int probes = 40;
/// Programs that are dearer by more have no say.
constexpr int farthest = 8;
constexpr std::size_t most_programs = 60;

double bits_of(const Value& value) {
    if (!value.type.is_list())
        return value.type.kind == values::Kind::boolean ? 1 : std::log2(2 + 2 * std::abs(static_cast<double>(value.number)));
    double bits = std::log2(2 + static_cast<double>(value.elements.size()));
    for (const Value& each : value.elements) bits += bits_of(each);
    return bits;
}

/// Numbers and lengths as far as examples have them.
struct Bounds {
    std::int64_t least = 0, most = 1;
    std::size_t longest = 0;

    void include(const Value& value) {
        if (!value.type.is_list()) {
            least = std::min(least, value.number);
            most = std::max(most, value.number);
        }
        longest = std::max(longest, value.elements.size());
        for (const Value& each : value.elements) include(each);
    }
};

/// A value like `model`: of its type, now and then with parts of it.
Value like(const Value& model, values::Type type, const Bounds& bounds, base::RandomStream& random) {
    Value value{.type = type, .number = 0, .elements = {}};
    if (!type.is_list()) {
        const auto range = static_cast<std::uint64_t>(bounds.most - bounds.least) + 1;
        value.number = random.below(3) == 0 ? model.number
                                            : bounds.least + static_cast<std::int64_t>(random.below64(range));
        return value;
    }
    const auto length = random.below(static_cast<std::uint32_t>(bounds.longest) + 2);
    for (std::uint32_t i = 0; i < length; ++i) {
        const bool known = !model.elements.empty() && random.below(2) == 0;
        const std::size_t which = known ? random.below(static_cast<std::uint32_t>(model.elements.size())) : 0;
        value.elements.push_back(known ? model.elements[which] : like(Value{}, type.element(), bounds, random));
    }
    return value;
}

std::vector<std::vector<Value>> probe_inputs(const Examples& examples, std::uint64_t seed) {
    std::vector<Bounds> bounds(examples.parameters.size());
    for (const Example& row : examples.rows)
        for (std::size_t i = 0; i < bounds.size(); ++i) bounds[i].include(row.inputs[i]);
    std::vector<std::vector<Value>> all;
    for (std::uint64_t probe = 0; probe < probes; ++probe) {
        base::RandomStream random(seed, base::Purpose::held_out_examples, probe);
        const Example& row = examples.rows[random.below(static_cast<std::uint32_t>(examples.rows.size()))];
        std::vector<Value> inputs;
        for (std::size_t i = 0; i < bounds.size(); ++i)
            inputs.push_back(like(row.inputs[i], examples.parameters[i].type, bounds[i], random));
        all.push_back(std::move(inputs));
    }
    return all;
}

} // namespace

Choice choose(const Synthesised& found, const Examples& examples, std::uint64_t seed) {
    base::expects(!found.programs.empty());
    std::vector<const Consistent*> programs;
    for (const Consistent& each : found.programs)
        if (each.cost <= found.programs[0].cost + farthest && programs.size() < most_programs) programs.push_back(&each);
    const auto inputs = probe_inputs(examples, seed);
    // What each says on each input; where it has no value, nothing.
    std::vector<std::vector<std::string>> said(programs.size());
    std::vector<double> agreement(programs.size(), 0);
    for (const auto& arguments : inputs) {
        std::map<std::string, double> weight;
        for (std::size_t i = 0; i < programs.size(); ++i) {
            const auto value = functional::run(programs[i]->program, arguments);
            said[i].push_back(value ? values::to_text(*value) : "");
            weight[said[i].back()] += std::exp2(found.programs[0].cost - programs[i]->cost);
        }
        for (std::size_t i = 0; i < programs.size(); ++i) agreement[i] += weight[said[i].back()];
    }
    const auto best = static_cast<std::size_t>(std::max_element(agreement.begin(), agreement.end()) - agreement.begin());
    Choice choice{.program = programs[best]->program, .cost = programs[best]->cost};
    for (const Example& row : examples.rows) choice.output_bits += bits_of(row.output);
    choice.tried_bits = std::log2(1 + static_cast<double>(found.candidates));
    for (std::size_t i = 0; i < programs.size() && !choice.rival; ++i)
        for (std::size_t probe = 0; probe < inputs.size(); ++probe) {
            if (said[i][probe] == said[best][probe] || said[i][probe].empty() || said[best][probe].empty()) continue;
            choice.rival = Rival{programs[i]->program, inputs[probe],
                                 *functional::run(choice.program, inputs[probe]),
                                 *functional::run(programs[i]->program, inputs[probe])};
            break;
        }
    choice.program = functional::with_names(functional::simplify(choice.program));
    return choice;
}

} // namespace ropewalk::synthesis
