// Walks through a list in which neighbours that belong together are taken out, as brackets are: what is left may tell what
// the outputs follow from.
#include <algorithm>
#include <array>
#include <map>

#include "ropewalk/programs/synthesis/function_enumeration.hpp"

namespace ropewalk::synthesis {

using functional::call;
using functional::Expression;

namespace {

/// What may be told from what is left when neighbours that belong together are taken out, and what it costs to say it.
constexpr std::array<std::pair<Operator, int>, 4> features{
    {{Operator::length, 4}, {Operator::maximum, 3}, {Operator::last, 3}, {Operator::first, 3}}};

/// Takes neighbours out of walks, and notes which features of what is left determine the outputs.
class CancelTrials {
public:
    explicit CancelTrials(const Walks& walks) : walks_(walks) {
        for (std::size_t i = 0; i < walks.alphabet.size(); ++i) which_[walks.alphabet[i]] = i;
    }

    /// `meets` holds for every two symbols whether they go. False where none ever do, or nothing is determined.
    bool walk(const Word* meets) {
        for (std::size_t i = 0; i < features.size(); ++i) {
            readings_[i].begin();
            values[i].clear();
            open_[i] = true;
        }
        bool any = false;
        for (std::size_t row = 0; row < walks_.elements.size(); ++row) {
            kept_.clear();
            for (std::size_t i = 0; i < walks_.elements[row].size(); ++i) {
                any = take(which_[walks_.elements[row][i]], meets) || any;
                if (walks_.at_every_place && !note(walks_.wanted[row][i])) return false;
            }
            if (!walks_.at_every_place && !note(walks_.wanted[row][0])) return false;
        }
        return any;
    }

    bool determines(std::size_t feature) const {
        return open_[feature] && readings_[feature].distinct() >= 2 && readings_[feature].distinct() * 2 <= walks_.prefixes;
    }

    std::array<std::vector<Word>, features.size()> values;

private:
    bool take(std::size_t symbol, const Word* meets) {
        const bool goes = !kept_.empty() && meets[kept_.back() * walks_.alphabet.size() + symbol] != 0;
        if (goes)
            kept_.pop_back();
        else
            kept_.push_back(symbol);
        return goes;
    }

    Word value_of(Operator feature) const {
        if (feature == Operator::length) return static_cast<Word>(kept_.size());
        if (kept_.empty()) return 0;
        const std::size_t symbol = feature == Operator::maximum ? *std::max_element(kept_.begin(), kept_.end())
                                   : feature == Operator::last  ? kept_.back()
                                                                : kept_.front();
        return walks_.alphabet[symbol];
    }

    bool note(Word wanted) {
        bool any = false;
        for (std::size_t i = 0; i < features.size(); ++i) {
            if (!open_[i]) continue;
            values[i].push_back(value_of(features[i].first));
            open_[i] = readings_[i].add(values[i].back(), wanted);
            any = any || open_[i];
        }
        return any;
    }

    const Walks& walks_;
    std::map<Word, std::size_t> which_;
    std::array<Reading, features.size()> readings_;
    std::array<bool, features.size()> open_{};
    std::vector<std::size_t> kept_;
};

} // namespace

/// What is left of every beginning when neighbours that belong together are taken out: its length, its last element,
/// ... may determine the outputs.
void FunctionEnumeration::pursue_cancelled(Goal& goal, std::uint32_t list, const Walks& walks) {
    constexpr int dearest_body = 11, most_readings = 6;
    if (!allows(Operator::cancel) || (walks.at_every_place && !allows(Operator::prefixes))) return;
    std::vector<Word> left, right;
    for (const Word a : walks.alphabet)
        for (const Word b : walks.alphabet) {
            left.push_back(a);
            right.push_back(b);
        }
    Context pairs(search_, at_, std::vector<std::uint32_t>(left.size(), 0));
    pairs.add_variable(Slot::number, std::move(left), search_.grammar.parameter);
    pairs.add_variable(Slot::number, std::move(right), search_.grammar.parameter);
    pairs.only_numbers();
    CancelTrials trials(walks);
    int found = 0;
    for (int cost = 5; cost <= dearest_body && found < most_readings; ++cost) {
        pairs.extend(cost);
        for (const std::uint32_t body : pairs.ids(Slot::truth, cost)) {
            if (search_.stopped() || found >= most_readings) return;
            if (!pairs.uses_parameter(body, 0) || !pairs.uses_parameter(body, 1)) continue;
            ++search_.candidates;
            if (!trials.walk(pairs.bank().column(body))) continue;
            for (std::size_t i = 0; i < features.size(); ++i) {
                if (!trials.determines(i)) continue;
                ++found;
                pursue_reading(goal, left_over(list, walks, pairs.expression(body), cost, i, trials.values[i]), walks);
            }
        }
    }
}

/// The feature of what is left, of the whole list or of every beginning of it.
HiddenList FunctionEnumeration::left_over(std::uint32_t list, const Walks& walks, Expression meets, int cost, std::size_t feature,
                                          std::vector<Word> values) const {
    const auto& [op, op_cost] = features[feature];
    HiddenList hidden{.cost = at_.bank()[list].cost + 6 + cost + op_cost, .values = std::move(values)};
    const std::int64_t parameter = at_.variables();
    if (walks.at_every_place) meets = functional::shifted(std::move(meets), parameter, functional::facts(Operator::map).parameters);
    const auto of = [&](Expression all) { return call(op, {call(Operator::cancel, {std::move(all), std::move(meets)})}); };
    if (walks.at_every_place) {
        hidden.cost += 5 + 4;
        hidden.expression = call(Operator::map, {call(Operator::prefixes, {at_.expression(list)}), of(functional::variable(parameter))});
    } else {
        hidden.expression = of(at_.expression(list));
    }
    return hidden;
}

} // namespace ropewalk::synthesis
