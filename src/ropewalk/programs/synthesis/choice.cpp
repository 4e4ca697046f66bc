#include "ropewalk/programs/synthesis/choice.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <numbers>
#include <numeric>
#include <set>
#include <utility>

#include "ropewalk/base/random.hpp"

namespace ropewalk::synthesis {

namespace {

using values::Value;

constexpr int probes = 60;
/// Programs that are dearer by more have no say.
constexpr int farthest = 8;
constexpr std::size_t most_programs = 150;

double bits_of(const Value& value) {
    if (!value.type.is_list())
        return value.type.kind == values::Kind::boolean ? 1 : std::log2(2 + 2 * std::abs(static_cast<double>(value.number)));
    double bits = std::log2(2 + static_cast<double>(value.elements.size()));
    for (const Value& each : value.elements) bits += bits_of(each);
    return bits;
}

/// Bits that the outputs hold: each for itself, or where they repeat each value once and which example has which.
double bits_of_outputs(const Examples& examples) {
    double each = 0, values = 0;
    std::map<std::string, double> times;
    for (const Example& row : examples.rows) {
        const double bits = bits_of(row.output);
        each += bits;
        if (++times[values::to_text(row.output)] == 1) values += bits;
    }
    double order = std::lgamma(1 + static_cast<double>(examples.rows.size()));
    for (const auto& [value, count] : times) order -= std::lgamma(1 + count);
    return std::min(each, values + order / std::numbers::ln2);
}

/// Numbers and lengths as far as examples have them.
struct Bounds {
    std::int64_t least = 0, most = 1;
    std::size_t longest = 0;
    /// Of texts: those of the examples, and some that many texts have.
    std::vector<std::int64_t> characters{'a', 'z', 'M', '7', ' ', '-'};

    void include(const Value& value) {
        if (!value.type.is_list()) {
            least = std::min(least, value.number);
            most = std::max(most, value.number);
            if (value.type.kind == values::Kind::character) characters.push_back(value.number);
        }
        longest = std::max(longest, value.elements.size());
        for (const Value& each : value.elements) include(each);
    }
};

/// A value like `model`: of its type, now and then with parts of it.
Value like(const Value& model, values::Type type, const Bounds& bounds, base::RandomStream& random) {
    Value value{.type = type, .number = 0, .elements = {}};
    if (!type.is_list() && type.kind == values::Kind::character) {
        value.number = bounds.characters[random.below(static_cast<std::uint32_t>(bounds.characters.size()))];
        return value;
    }
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

void set_signs(Value& value, int sign) {
    if (!value.type.is_list() && value.type.kind == values::Kind::integer) value.number = sign * std::abs(value.number);
    for (Value& each : value.elements) set_signs(each, sign);
}

void shuffle(Value& value, base::RandomStream& random) {
    for (std::size_t i = value.elements.size(); i > 1; --i)
        std::swap(value.elements[i - 1], value.elements[random.below(static_cast<std::uint32_t>(i))]);
}

/// An argument of an example in another order, with all signs alike, or longer; or another of its kind.
Value changed(const Value& model, values::Type type, const Bounds& bounds, std::uint64_t probe, base::RandomStream& random) {
    constexpr std::uint64_t kinds = 5;
    Value value = probe % kinds == 0 && type.is_list() && !model.elements.empty() ? model : like(model, type, bounds, random);
    switch (probe % kinds) {
    case 0: shuffle(value, random); break;
    case 1: set_signs(value, 1); break;
    case 2:
        if (bounds.least < 0) set_signs(value, -1);
        break;
    case 3:
        if (type.is_list()) {
            const Value more = like(model, type, bounds, random);
            value.elements.insert(value.elements.end(), more.elements.begin(), more.elements.end());
        }
        break;
    default: break;
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
            inputs.push_back(changed(row.inputs[i], examples.parameters[i].type, bounds[i], probe, random));
        all.push_back(std::move(inputs));
    }
    return all;
}

/// A value that no program has, so that whoever needs it has none.
functional::Expression poison() {
    return functional::call(functional::Operator::multiply, {functional::number(INT64_MAX), functional::number(2)});
}

/// Every branch of a condition in the expression.
void add_branches(functional::Expression& expression, std::vector<functional::Expression*>& branches) {
    for (std::size_t i = 0; i < expression.arguments.size(); ++i) {
        if (expression.op == functional::Operator::condition && i > 0) branches.push_back(&expression.arguments[i]);
        add_branches(expression.arguments[i], branches);
    }
}

int support_of(functional::Program program, const Examples& examples) {
    int least = static_cast<int>(examples.rows.size());
    std::vector<functional::Expression*> branches;
    add_branches(program.body, branches);
    for (functional::Expression* const branch : branches) {
        functional::Expression kept = std::exchange(*branch, poison());
        const auto needs_it = [&](const Example& row) { return !functional::run(program, row.inputs); };
        least = std::min(least, static_cast<int>(std::count_if(examples.rows.begin(), examples.rows.end(), needs_it)));
        *branch = std::move(kept);
    }
    return least;
}

/// A place in an expression where one of its arguments may stand alone: a condition without one of its branches, a sum or a
/// list put together without one of its parts.
struct Place {
    functional::Expression* whole = nullptr;
    std::size_t kept = 0;
};

void add_places(functional::Expression& expression, std::vector<Place>& places) {
    using enum functional::Operator;
    for (functional::Expression& argument : expression.arguments) add_places(argument, places);
    if (expression.op == condition) places.insert(places.end(), {{&expression, 1}, {&expression, 2}});
    if (expression.op == add || expression.op == concat) places.insert(places.end(), {{&expression, 0}, {&expression, 1}});
    if (expression.op == subtract || expression.op == append || expression.op == prepend) places.push_back({&expression, 0});
}

/// Whether a number stands in the expression that is not one of those that programs are full of.
bool has_odd_number(const functional::Expression& expression) {
    constexpr std::int64_t most_usual = 2;
    if (expression.op == functional::Operator::number) return std::abs(expression.number) > most_usual;
    return std::any_of(expression.arguments.begin(), expression.arguments.end(), has_odd_number);
}

/// The shortest program without a branch, or without a part that has a number of its own, that is right on all examples but
/// one.
std::optional<OddExample> odd_example_of(functional::Program program, const Examples& examples) {
    constexpr std::size_t fewest_examples = 5;
    if (examples.rows.size() < fewest_examples) return std::nullopt;
    std::vector<Place> places;
    add_places(program.body, places);
    std::optional<OddExample> best;
    for (const Place& place : places) {
        functional::Expression whole = *place.whole;
        bool odd = whole.op == functional::Operator::condition;
        for (std::size_t i = 0; i < whole.arguments.size(); ++i) odd = odd || (i != place.kept && has_odd_number(whole.arguments[i]));
        if (!odd) continue;
        *place.whole = functional::Expression(whole.arguments[place.kept]);
        std::vector<std::size_t> missed;
        for (std::size_t row = 0; row < examples.rows.size() && missed.size() < 2; ++row) {
            const auto value = functional::run(program, examples.rows[row].inputs);
            if (!value || !(*value == examples.rows[row].output)) missed.push_back(row);
        }
        if (missed.size() == 1 && (!best || functional::size(program.body) < functional::size(best->program.body)))
            best = OddExample{program, missed.front()};
        *place.whole = std::move(whole);
    }
    return best;
}

/// Whether the program looks for an order, or for an end of it.
bool orders(const functional::Expression& body) {
    using enum functional::Operator;
    for (const auto op : {sort, sort_by, maximum, minimum, max_by, min_by})
        if (functional::uses(body, op)) return true;
    return false;
}

/// Bits by which it is odd that every list of the arguments stands in order, all upwards or all downwards, where they were
/// to show a program that orders lists: by chance one list of n elements in n! does, and who shows such a program chooses
/// lists that do not, which counts as much again.
double surprise_of_order(const Examples& examples) {
    constexpr double most = 5;
    double bits = 0;
    bool up = true, down = true;
    for (const Example& row : examples.rows)
        for (const Value& input : row.inputs) {
            if (input.type.depth != 1) continue;
            const auto before = [](const Value& a, const Value& b) { return a.number < b.number; };
            const auto after = [](const Value& a, const Value& b) { return a.number > b.number; };
            up = up && std::is_sorted(input.elements.begin(), input.elements.end(), before);
            down = down && std::is_sorted(input.elements.begin(), input.elements.end(), after);
            bits += 2 * std::lgamma(1 + static_cast<double>(input.elements.size())) / std::numbers::ln2;
        }
    return up || down ? std::min(bits, most) : 0;
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
    for (std::size_t i = 0; i < programs.size(); ++i)
        for (const auto& arguments : inputs) {
            const auto value = functional::run(programs[i]->program, arguments);
            said[i].push_back(value ? values::to_text(*value) : "");
        }
    // Of those that say the same everywhere only the cheapest has weight: how many ways there are to write a function
    // says nothing about it.
    std::set<std::vector<std::string>> functions;
    std::vector<double> weights, agreement(programs.size(), 0);
    const double surprise = surprise_of_order(examples);
    for (std::size_t i = 0; i < programs.size(); ++i) {
        const double bits = programs[i]->cost - found.programs[0].cost + (orders(programs[i]->program.body) ? surprise : 0);
        weights.push_back(functions.insert(said[i]).second ? std::exp2(-bits) : 0);
    }
    for (std::size_t probe = 0; probe < inputs.size(); ++probe) {
        std::map<std::string, double> weight;
        for (std::size_t i = 0; i < programs.size(); ++i) weight[said[i][probe]] += weights[i];
        for (std::size_t i = 0; i < programs.size(); ++i) agreement[i] += weight[said[i][probe]];
    }
    const auto best = static_cast<std::size_t>(std::max_element(agreement.begin(), agreement.end()) - agreement.begin());
    Choice choice{.program = programs[best]->program, .cost = programs[best]->cost};
    choice.output_bits = bits_of_outputs(examples);
    choice.beyond = std::max(0, choice.cost - found.level);
    choice.odd = odd_example_of(choice.program, examples);
    choice.support = choice.odd ? 1 : support_of(choice.program, examples);
    choice.tried_bits = std::log2(1 + static_cast<double>(found.candidates));
    const double all = std::accumulate(weights.begin(), weights.end(), 0.0);
    choice.doubt = 1 - agreement[best] / (all * static_cast<double>(inputs.size()));
    // The heaviest that says something else.
    for (std::size_t i = 0; i < programs.size() && !choice.rival; ++i)
        for (std::size_t probe = 0; probe < inputs.size(); ++probe) {
            if (said[i][probe] == said[best][probe] || said[i][probe].empty() || said[best][probe].empty()) continue;
            choice.rival = Rival{programs[i]->program, inputs[probe],
                                 *functional::run(choice.program, inputs[probe]),
                                 *functional::run(programs[i]->program, inputs[probe]), programs[i]->cost - choice.cost};
            break;
        }
    // What is simpler may say by one operator what was not to be said by it.
    functional::Program simpler = functional::simplify(choice.program);
    const bool allowed = std::none_of(found.without.begin(), found.without.end(),
                                      [&](functional::Operator op) { return functional::uses(simpler.body, op); });
    choice.program = functional::with_names(allowed ? std::move(simpler) : std::move(choice.program));
    return choice;
}

} // namespace ropewalk::synthesis
