// Walks through a list with a state that the outputs do not show but follow from: steps are tried from few elements on,
// and given up where one state stands for two outputs.
#include <algorithm>
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
        for (const std::uint32_t list : at_.ids(Slot::list, reached + 1)) {
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
    context->only_numbers();
    return *context;
}

namespace {

/// Tries steps on walks: which states after a start determine the outputs.
class StepTrials {
public:
    StepTrials(Context& steps, const Walks& walks) : steps_(steps), walks_(walks) {}

    /// Whether the states after this start determine the outputs. `values` are these states then.
    bool follows(const Step& step, Word start) {
        ++tried;
        ++steps_.search().candidates;
        reading_.begin();
        values.clear();
        for (std::size_t row = 0; row < walks_.elements.size(); ++row) {
            const auto& x = walks_.elements[row];
            Word state = start;
            for (std::size_t i = 0; i < x.size(); ++i) {
                state = next(step, state, x[i]);
                if (state == values::undefined) return false;
                if (walks_.at_every_place && !note(state, walks_.wanted[row][i])) return false;
            }
            if (!walks_.at_every_place && !note(state, walks_.wanted[row][0])) return false;
        }
        return reading_.distinct() >= 2 && reading_.distinct() * 2 <= walks_.prefixes;
    }

    Expression body_of(const Step& step) const {
        Expression then = steps_.expression(step.then);
        if (!step.branches) return then;
        return call(Operator::condition, {steps_.expression(step.condition), std::move(then), steps_.expression(step.otherwise)});
    }

    /// Calls `take` with every step of one expression and its cost, the cheapest first, while `goes_on`.
    template<class GoesOn, class Take>
    void each_plain(GoesOn goes_on, Take take) {
        for (int cost = 5; cost <= steps_.level() && goes_on(); ++cost)
            for (const std::uint32_t body : steps_.ids(Slot::number, cost))
                if (steps_.uses_parameter(body, 0) && steps_.uses_parameter(body, 1) && goes_on()) take(Step{.then = body}, cost);
    }

    /// The same with every step of two expressions and a condition.
    template<class GoesOn, class Take>
    void each_branching(GoesOn goes_on, Take take) {
        const int condition_cost = steps_.search().grammar.condition;
        for (int cost = condition_cost + 3; cost <= condition_cost + 3 * dearest_branch && goes_on(); ++cost)
            for (int of_condition = 1; of_condition <= dearest_branch && goes_on(); ++of_condition)
                for (const std::uint32_t condition : steps_.ids(Slot::truth, of_condition))
                    each_with_condition(condition, cost - condition_cost - of_condition, goes_on,
                                        [&](const Step& step) { take(step, cost); });
    }

    std::vector<Word> values;
    long tried = 0;

private:
    static constexpr int dearest_branch = 8;

    template<class GoesOn, class Take>
    void each_with_condition(std::uint32_t condition, int of_both, GoesOn goes_on, Take take) {
        for (int of_then = 1; of_then <= dearest_branch; ++of_then) {
            const int of_otherwise = of_both - of_then;
            if (of_otherwise < 1 || of_otherwise > dearest_branch) continue;
            for (const std::uint32_t then : steps_.ids(Slot::number, of_then))
                for (const std::uint32_t otherwise : steps_.ids(Slot::number, of_otherwise)) {
                    if (!goes_on()) return;
                    if (!steps_.uses_parameter(then, 0) && !steps_.uses_parameter(otherwise, 0)) continue;
                    take(Step{.then = then, .condition = condition, .otherwise = otherwise, .branches = true});
                }
        }
    }

    Word next(const Step& step, Word state, Word element) const {
        const Word parameters[2] = {state, element};
        const bool other = step.branches && steps_.value_at(step.condition, 0, parameters) == 0;
        return steps_.value_at(other ? step.otherwise : step.then, 0, parameters);
    }

    bool note(Word state, Word wanted) {
        if (!reading_.add(state, wanted)) return false;
        values.push_back(state);
        return true;
    }

    Context& steps_;
    const Walks& walks_;
    Reading reading_;
};

} // namespace

void FunctionEnumeration::pursue_steps(Goal& goal, std::uint32_t list, const Walks& walks) {
    constexpr long most_candidates = 250'000, most_steps = 1'500'000;
    constexpr int dearest_step = 13, most_readings = 12;
    const Operator op = walks.at_every_place ? Operator::scan : Operator::fold;
    if (!allows(op)) return;
    Context& steps = step_context(walks.alphabet);
    for (const long before = search_.candidates; steps.level() < dearest_step && search_.candidates - before < most_candidates;)
        steps.extend(steps.level() + 1);
    StepTrials trials(steps, walks);
    int readings = 0;
    const auto take = [&](const Step& step, int cost) {
        for (const Word start : {Word{0}, Word{1}}) {
            if (readings >= most_readings || !trials.follows(step, start)) continue;
            ++readings;
            HiddenList hidden{.cost = at_.bank()[list].cost + 6 + Grammar::constant(start, false) + cost, .values = trials.values};
            hidden.expression = call(op, {at_.expression(list), functional::number(start), trials.body_of(step)});
            pursue_reading(goal, hidden, walks);
        }
    };
    const auto goes_on = [&] { return readings < most_readings && trials.tried < most_steps && !search_.stopped(); };
    trials.each_plain(goes_on, take);
    trials.tried = 0;
    trials.each_branching(goes_on, take);
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
    reading.only_numbers();
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
