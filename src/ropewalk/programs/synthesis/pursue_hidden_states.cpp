// Walks through a list with a state that the outputs do not show but follow from: steps are tried from few elements on,
// and given up where one state stands for two outputs.
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "ropewalk/programs/synthesis/function_enumeration.hpp"

namespace ropewalk::synthesis {

using functional::call;
using functional::Expression;

namespace {

constexpr int dearest_list = 11;
constexpr std::size_t most_symbols = 10, most_outputs = 12;

/// A step: one expression, or two and a condition.
struct Step {
    std::uint32_t then = 0, condition = 0, otherwise = 0;
    bool branches = false;
};

} // namespace

bool Reading::add(Word value, Word output) {
    std::size_t slot = static_cast<std::uint64_t>(value) * 0x9e3779b97f4a7c15u >> 32 & (slots - 1);
    for (; stamps_[slot] == stamp_; slot = (slot + 1) & (slots - 1))
        if (keys_[slot] == value) return outputs_[slot] == output;
    if (++distinct_ > slots / 2) return false;
    stamps_[slot] = stamp_;
    keys_[slot] = value;
    outputs_[slot] = output;
    return true;
}

void FunctionEnumeration::pursue_hidden_states(Goal& goal, int level) {
    if (goal.type == Slot::nested || !allows(Operator::map)) return;
    int& reached = reached_[&goal].hidden;
    for (const int farthest = std::min({dearest_list, at_.level(), level - goal.cost - 4}); reached < farthest; ++reached)
        for (const std::uint32_t list : at_.bank().ids(Slot::list, reached + 1)) {
            if (search_.stopped()) return;
            // Of dear lists those that were given, as they are close to the arguments.
            const Origin origin = at_.bank()[list].origin;
            if (reached + 1 > 5 && origin != Origin::literal) continue;
            if (const auto walks = walks_of(goal, list)) {
                pursue_steps(goal, list, *walks);
                pursue_cancelled(goal, list, *walks);
            }
            if (Goal* const digits = digits_of(goal, list))
                if (const auto walks = walks_of(*digits, list)) pursue_steps(*digits, list, *walks);
        }
}

/// Outputs that begin with no zero, as numbers do: from the last digit on, and with zeros up to the length of the list.
/// Null where the outputs are none, or are longer.
Goal* FunctionEnumeration::digits_of(Goal& goal, std::uint32_t list) {
    if (goal.type != Slot::list || goal.cost > 0 || !allows(Operator::drop_while) || !allows(Operator::reverse)) return nullptr;
    std::vector<Word> column, words;
    bool longer = false;
    for (std::size_t row = 0; row < at_.rows(); ++row) {
        const auto to = search_.lists[goal.column[row]];
        const std::size_t length = list_at(list, row).size();
        if (to.empty() || to.size() > length || to.front() == 0) return nullptr;
        longer = longer || length > to.size();
        words.assign(to.rbegin(), to.rend());
        words.resize(length, 0);
        column.push_back(search_.lists.intern(words));
    }
    if (!longer) return nullptr;
    const std::int64_t digit = at_.variables();
    digits_.push_back(std::make_unique<Goal>(
        Slot::list, std::move(column), 13, [digit, wrap = goal.around](int cost, Expression all) {
            wrap(cost, call(Operator::drop_while,
                            {call(Operator::reverse, {std::move(all)}),
                             call(Operator::equal, {functional::variable(digit), functional::number(0)})}));
        }));
    return digits_.back().get();
}

/// Nothing where there are too few outputs to tell states apart, or what comes later decides about them.
std::optional<Walks> FunctionEnumeration::walks_of(const Goal& goal, std::uint32_t list) const {
    constexpr std::size_t least_outputs = 12;
    Walks walks;
    walks.at_every_place = goal.type == Slot::list;
    std::set<Word> alphabet, outputs;
    std::map<std::vector<Word>, Word> wanted_after;
    Reading of_element;
    of_element.begin();
    bool element_tells = walks.at_every_place;
    std::size_t count = 0;
    for (std::size_t row = 0; row < at_.rows(); ++row) {
        const auto x = list_at(list, row);
        std::vector<Word> wanted{goal.column[row]}, before;
        if (walks.at_every_place) {
            const auto to = search_.lists[goal.column[row]];
            if (to.size() != x.size()) return std::nullopt;
            wanted.assign(to.begin(), to.end());
        }
        alphabet.insert(x.begin(), x.end());
        outputs.insert(wanted.begin(), wanted.end());
        if (alphabet.size() > most_symbols || outputs.size() > most_outputs) return std::nullopt;
        for (std::size_t i = 0; i < x.size(); ++i) {
            before.push_back(x[i]);
            const bool shown = walks.at_every_place || i + 1 == x.size();
            if (!shown) continue;
            const Word here = walks.at_every_place ? wanted[i] : wanted[0];
            if (!wanted_after.emplace(before, here).second && wanted_after[before] != here) return std::nullopt;
            element_tells = element_tells && of_element.add(x[i], here);
            ++count;
        }
        walks.elements.emplace_back(x.begin(), x.end());
        walks.wanted.push_back(std::move(wanted));
    }
    walks.prefixes = wanted_after.size();
    walks.alphabet.assign(alphabet.begin(), alphabet.end());
    if (element_tells || count < least_outputs || outputs.size() < 2 || outputs.size() * 3 > walks.prefixes) return std::nullopt;
    return walks;
}

/// Functions of a state and an element, told apart on small states.
Context& FunctionEnumeration::step_context(const std::vector<Word>& alphabet) {
    constexpr Word least_state = -1, largest_state = 6;
    auto& context = step_contexts_[alphabet];
    if (context) return *context;
    std::vector<Word> states, elements;
    for (Word state = least_state; state <= largest_state; ++state)
        for (const Word element : alphabet) {
            states.push_back(state);
            elements.push_back(element);
        }
    context = std::make_unique<Context>(search_, at_, std::vector<std::uint32_t>(states.size(), 0));
    context->add_variable(Slot::number, std::move(states), search_.grammar.parameter);
    context->add_variable(Slot::number, std::move(elements), search_.grammar.parameter);
    context->with_functions = context->with_captured = context->with_lists = false;
    return *context;
}

void FunctionEnumeration::pursue_steps(Goal& goal, std::uint32_t list, const Walks& walks) {
    constexpr long most_candidates = 250'000, most_steps = 1'500'000;
    constexpr int dearest_step = 13, dearest_branch = 8, most_readings = 12;
    if (!allows(walks.at_every_place ? Operator::scan : Operator::fold)) return;
    Context& steps = step_context(walks.alphabet);
    for (const long before = search_.candidates; steps.level() < dearest_step && search_.candidates - before < most_candidates;)
        steps.extend(steps.level() + 1);
    const Bank& bank = steps.bank();
    Reading reading;
    std::vector<Word> values;
    long tried = 0;
    int readings = 0;
    const auto next = [&](const Step& step, Word state, Word element) {
        const Word parameters[2] = {state, element};
        const bool other = step.branches && steps.value_at(step.condition, 0, parameters) == 0;
        return steps.value_at(other ? step.otherwise : step.then, 0, parameters);
    };
    // Whether the states after a start determine the outputs.
    const auto follows = [&](const Step& step, Word start) {
        ++tried;
        ++search_.candidates;
        reading.begin();
        values.clear();
        for (std::size_t row = 0; row < walks.elements.size(); ++row) {
            const auto& x = walks.elements[row];
            Word state = start;
            for (std::size_t i = 0; i < x.size(); ++i) {
                state = next(step, state, x[i]);
                if (state == values::undefined) return false;
                if (!walks.at_every_place) continue;
                if (!reading.add(state, walks.wanted[row][i])) return false;
                values.push_back(state);
            }
            if (walks.at_every_place) continue;
            if (!reading.add(state, walks.wanted[row][0])) return false;
            values.push_back(state);
        }
        return reading.distinct() >= 2 && reading.distinct() * 2 <= walks.prefixes;
    };
    const auto take = [&](const Step& step, int cost) {
        for (const Word start : {Word{0}, Word{1}}) {
            if (readings >= most_readings || !follows(step, start)) continue;
            ++readings;
            Expression body = steps.expression(step.then);
            if (step.branches)
                body = call(Operator::condition, {steps.expression(step.condition), std::move(body), steps.expression(step.otherwise)});
            HiddenList hidden{.cost = at_.bank()[list].cost + 6 + Grammar::constant(start, false) + cost, .values = values};
            hidden.expression = call(walks.at_every_place ? Operator::scan : Operator::fold,
                                     {at_.expression(list), functional::number(start), std::move(body)});
            pursue_reading(goal, hidden, walks);
        }
    };
    const auto goes_on = [&] { return readings < most_readings && tried < most_steps && !search_.stopped(); };
    for (int cost = 5; cost <= steps.level() && goes_on(); ++cost)
        for (const std::uint32_t body : bank.ids(Slot::number, cost))
            if (steps.uses_parameter(body, 0) && steps.uses_parameter(body, 1) && goes_on()) take({.then = body}, cost);
    tried = 0;
    const int condition_cost = search_.grammar.condition;
    for (int cost = condition_cost + 3; cost <= condition_cost + 3 * dearest_branch && goes_on(); ++cost)
        for (int of_condition = 1; of_condition <= dearest_branch && goes_on(); ++of_condition)
            for (const std::uint32_t condition : bank.ids(Slot::truth, of_condition))
                for (int of_then = 1; of_then <= dearest_branch; ++of_then) {
                    const int of_otherwise = cost - condition_cost - of_condition - of_then;
                    if (of_otherwise < 1 || of_otherwise > dearest_branch) continue;
                    for (const std::uint32_t then : bank.ids(Slot::number, of_then))
                        for (const std::uint32_t otherwise : bank.ids(Slot::number, of_otherwise)) {
                            if (!goes_on()) return;
                            if (!steps.uses_parameter(then, 0) && !steps.uses_parameter(otherwise, 0)) continue;
                            take({.then = then, .condition = condition, .otherwise = otherwise, .branches = true}, cost);
                        }
                }
}

/// What is left of every beginning when neighbours that belong together are taken out: its length, its last element,
/// ... may determine the outputs.
void FunctionEnumeration::pursue_cancelled(Goal& goal, std::uint32_t list, const Walks& walks) {
    constexpr int dearest_body = 11, most_readings = 6;
    constexpr std::array<std::pair<Operator, int>, 4> features{
        {{Operator::length, 4}, {Operator::maximum, 3}, {Operator::last, 3}, {Operator::first, 3}}};
    if (!allows(Operator::cancel) || (walks.at_every_place && !allows(Operator::prefixes))) return;
    const std::size_t symbols = walks.alphabet.size();
    std::vector<Word> left, right;
    for (const Word a : walks.alphabet)
        for (const Word b : walks.alphabet) {
            left.push_back(a);
            right.push_back(b);
        }
    Context pairs(search_, at_, std::vector<std::uint32_t>(left.size(), 0));
    pairs.add_variable(Slot::number, std::move(left), search_.grammar.parameter);
    pairs.add_variable(Slot::number, std::move(right), search_.grammar.parameter);
    pairs.with_functions = pairs.with_captured = pairs.with_lists = false;
    std::map<Word, std::size_t> which;
    for (std::size_t i = 0; i < symbols; ++i) which[walks.alphabet[i]] = i;
    std::array<Reading, features.size()> readings;
    std::array<std::vector<Word>, features.size()> values;
    std::array<bool, features.size()> open{};
    std::vector<std::size_t> kept;
    const auto note = [&](Word wanted) {
        bool any = false;
        const auto symbol = [&](std::size_t i) { return walks.alphabet[i]; };
        for (std::size_t i = 0; i < features.size(); ++i) {
            if (!open[i]) continue;
            Word value = static_cast<Word>(kept.size());
            if (features[i].first == Operator::maximum) value = kept.empty() ? 0 : symbol(*std::max_element(kept.begin(), kept.end()));
            if (features[i].first == Operator::last) value = kept.empty() ? 0 : symbol(kept.back());
            if (features[i].first == Operator::first) value = kept.empty() ? 0 : symbol(kept.front());
            values[i].push_back(value);
            any = (open[i] = readings[i].add(value, wanted)) || any;
        }
        return any;
    };
    const auto walk = [&](const Word* meets) {
        bool any = false;
        for (std::size_t row = 0; row < walks.elements.size(); ++row) {
            kept.clear();
            for (std::size_t i = 0; i < walks.elements[row].size(); ++i) {
                const std::size_t symbol = which[walks.elements[row][i]];
                if (!kept.empty() && meets[kept.back() * symbols + symbol] != 0) {
                    kept.pop_back();
                    any = true;
                } else {
                    kept.push_back(symbol);
                }
                if (walks.at_every_place && !note(walks.wanted[row][i])) return false;
            }
            if (!walks.at_every_place && !note(walks.wanted[row][0])) return false;
        }
        return any;
    };
    int found = 0;
    for (int cost = 5; cost <= dearest_body && found < most_readings; ++cost) {
        pairs.extend(cost);
        for (const std::uint32_t body : pairs.bank().ids(Slot::truth, cost)) {
            if (search_.stopped() || found >= most_readings) return;
            if (!pairs.uses_parameter(body, 0) || !pairs.uses_parameter(body, 1)) continue;
            ++search_.candidates;
            for (std::size_t i = 0; i < features.size(); ++i) {
                readings[i].begin();
                values[i].clear();
                open[i] = true;
            }
            if (!walk(pairs.bank().column(body))) continue;
            for (std::size_t i = 0; i < features.size(); ++i) {
                if (!open[i] || readings[i].distinct() < 2 || readings[i].distinct() * 2 > walks.prefixes) continue;
                ++found;
                const auto& [feature, feature_cost] = features[i];
                HiddenList hidden{.cost = at_.bank()[list].cost + 6 + cost + feature_cost, .values = values[i]};
                const std::int64_t parameter = at_.variables();
                Expression meets = pairs.expression(body);
                if (walks.at_every_place) meets = functional::shifted(std::move(meets), parameter, functional::facts(Operator::map).parameters);
                const auto of = [&](Expression all) { return call(feature, {call(Operator::cancel, {std::move(all), std::move(meets)})}); };
                if (walks.at_every_place) {
                    hidden.cost += 5 + 4;
                    hidden.expression = call(Operator::map, {call(Operator::prefixes, {at_.expression(list)}), of(functional::variable(parameter))});
                } else {
                    hidden.expression = of(at_.expression(list));
                }
                pursue_reading(goal, hidden, walks);
            }
        }
    }
}

/// Looks for a function of the values alone that gives what is wanted.
void FunctionEnumeration::pursue_reading(Goal& goal, const HiddenList& hidden, const Walks& walks) {
    constexpr int dearest_reading = 14;
    constexpr long most_candidates = 400'000;
    std::map<Word, Word> outputs;
    std::size_t at = 0;
    bool shown = true;
    for (const auto& wanted : walks.wanted)
        for (const Word each : wanted) {
            shown = shown && hidden.values[at] == each;
            outputs.emplace(hidden.values[at++], each);
        }
    if (shown && goal.type != Slot::truth) return goal.around(goal.cost + hidden.cost, hidden.expression);
    std::vector<Word> values, wanted;
    for (const auto& [value, output] : outputs) {
        values.push_back(value);
        wanted.push_back(output);
    }
    Context reading(search_, at_, std::vector<std::uint32_t>(values.size(), 0));
    reading.add_variable(Slot::number, std::move(values), search_.grammar.parameter);
    reading.with_functions = reading.with_captured = reading.with_lists = false;
    const bool at_every_place = walks.at_every_place;
    const int outer = goal.cost + hidden.cost + (at_every_place ? 3 : 1);
    const Goal& sought = reading.add_goal(
        Goal(goal.type == Slot::truth ? Slot::truth : Slot::number, std::move(wanted), outer,
             [wrap = goal.around, whole = hidden.expression, at_every_place](int cost, Expression body) {
                 wrap(cost, call(at_every_place ? Operator::map : Operator::let, {whole, std::move(body)}));
             }));
    const long before = search_.candidates;
    while (!sought.met && reading.level() < dearest_reading && search_.candidates - before < most_candidates && !search_.stopped()) {
        reading.extend(reading.level() + 1);
        reading.cover_goals();
        if (sought.best_cover <= reading.level()) return;
    }
}

} // namespace ropewalk::synthesis
