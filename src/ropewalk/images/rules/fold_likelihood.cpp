#include "ropewalk/images/rules/fold_likelihood.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace ropewalk::rules {

namespace {

/// What places that have not been visited yet can add to a sum.
struct Rest {
    double least = 0, most = 0;
    double base = 0, step = 0; ///< all that they can add is the base and a multiple of the step
};

double common_divisor(double a, double b) {
    a = std::abs(a), b = std::abs(b);
    while (b != 0) a = std::exchange(b, std::fmod(a, b));
    return a;
}

/// [places visited + 1]
std::vector<Rest> rests_of(const Fold& fold, std::span<const double> letters,
                           const std::vector<std::size_t>& order) {
    std::vector<Rest> rests(order.size() + 1);
    const auto [least, most] = std::minmax_element(letters.begin(), letters.end());
    double step = 0;
    for (const double letter : letters) step = common_divisor(step, letter - letters.front());
    for (std::size_t i = order.size(); i-- > 0;) {
        const double weight = weight_of(fold, order[i]);
        rests[i].least = rests[i + 1].least + std::min(weight * *least, weight * *most);
        rests[i].most = rests[i + 1].most + std::max(weight * *least, weight * *most);
        rests[i].base = rests[i + 1].base + weight * letters.front();
        rests[i].step = common_divisor(rests[i + 1].step, weight * step);
    }
    return rests;
}

/// Whether a state may lead to the value; where not, it is not followed.
bool may_reach(const Fold& fold, double state, const Rest& rest, double value) {
    if (is_sum(fold)) {
        const double missing = value - state;
        if (missing < rest.least || missing > rest.most) return false;
        const double beyond = missing - rest.base;
        return rest.step == 0 ? beyond == 0 : std::fmod(beyond, rest.step) == 0;
    }
    switch (fold.kind) {
    case FoldKind::product: return value == 0 || (state != 0 && std::fmod(value, state) == 0);
    case FoldKind::maximum: return state <= value;
    case FoldKind::minimum: return state >= value;
    case FoldKind::first: return state == value;
    default: return true;
    }
}

double step_of(const Fold& fold, double state, double letter, std::size_t visit, std::size_t place,
               double value) {
    if (is_sum(fold)) return state + weight_of(fold, place) * letter;
    const double next = next_state(fold, state, letter, visit);
    // Which product it is does not matter where it is to be zero.
    if (fold.kind == FoldKind::product && value == 0) return next == 0 ? 0 : 1;
    return next;
}

std::vector<std::size_t> order_of(const Fold& fold, std::size_t places) {
    std::vector<std::size_t> order(places);
    std::iota(order.begin(), order.end(), std::size_t{0});
    if (fold.kind == FoldKind::sum && !fold.weights.empty())
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            return std::abs(fold.weights[a]) < std::abs(fold.weights[b]);
        });
    return order;
}

/// Leaves the steps that lead to one of the last states; numbers states anew.
void keep_what_arrives(Trellis& trellis, std::vector<bool> arrives) {
    const auto numbers_of = [](const std::vector<bool>& kept, std::uint32_t& count) {
        std::vector<std::uint32_t> numbers(kept.size());
        count = 0;
        for (std::size_t s = 0; s < kept.size(); ++s) numbers[s] = kept[s] ? count++ : 0;
        return numbers;
    };
    std::vector<std::uint32_t> after = numbers_of(arrives, trellis.states.back());
    for (std::size_t i = trellis.steps.size(); i-- > 0;) {
        std::vector<bool> before(trellis.states[i]);
        std::erase_if(trellis.steps[i], [&](const Trellis::Step& step) { return !arrives[step.to]; });
        for (const Trellis::Step& step : trellis.steps[i]) before[step.from] = true;
        const std::vector<std::uint32_t> numbers = numbers_of(before, trellis.states[i]);
        for (Trellis::Step& step : trellis.steps[i]) step.from = numbers[step.from], step.to = after[step.to];
        after = numbers;
        arrives = std::move(before);
    }
}

} // namespace

std::size_t Trellis::size() const {
    std::size_t size = 0;
    for (const std::vector<Step>& each : steps) size += each.size();
    return size;
}

Trellis trellis_of(const Fold& fold, std::span<const double> letters, std::size_t places, double value) {
    Trellis trellis{.order = order_of(fold, places), .steps = {}, .states = {1}};
    const std::vector<Rest> rests = is_sum(fold) ? rests_of(fold, letters, trellis.order)
                                                 : std::vector<Rest>(places + 1);
    std::vector<double> states{0};
    for (std::size_t i = 0; i < places; ++i) {
        std::map<double, std::uint32_t> numbers;
        std::vector<double> next;
        std::vector<Trellis::Step>& steps = trellis.steps.emplace_back();
        for (std::uint32_t from = 0; from < states.size(); ++from)
            for (std::uint32_t k = 0; k < letters.size(); ++k) {
                const double state = step_of(fold, states[from], letters[k], i, trellis.order[i], value);
                if (!may_reach(fold, state, rests[i + 1], value)) continue;
                const auto [place, fresh] =
                    numbers.try_emplace(state, static_cast<std::uint32_t>(next.size()));
                if (fresh) next.push_back(state);
                steps.push_back({from, place->second, k});
            }
        states = std::move(next);
        trellis.states.push_back(static_cast<std::uint32_t>(states.size()));
    }
    std::vector<bool> arrives;
    for (const double state : states) arrives.push_back(state == value);
    if (std::none_of(arrives.begin(), arrives.end(), [](bool each) { return each; })) return {};
    keep_what_arrives(trellis, std::move(arrives));
    return trellis;
}

FoldLikelihood::FoldLikelihood(Fold fold, std::vector<double> letters, double unit)
    : fold_(std::move(fold)), letters_(std::move(letters)), unit_(unit),
      plain_sum_(fold_.kind == FoldKind::sum && fold_.weights.empty()) {
    const auto [least, most] = std::minmax_element(letters_.begin(), letters_.end());
    lowest_ = std::lround(*least);
    range_ = std::lround(*most) - lowest_;
    for (const double letter : letters_) steps_.push_back(static_cast<std::size_t>(std::lround(letter) - lowest_));
}

const Trellis& FoldLikelihood::trellis(std::size_t places, double value) const {
    constexpr std::size_t most_steps = 4'000'000; // about 50 MB
    std::unique_ptr<Trellis>& known = known_[{places, value}];
    if (!known) {
        auto made = std::make_unique<Trellis>(trellis_of(fold_, letters_, places, value));
        if (known_size_ + made->size() > most_steps) {
            known_.clear();
            known_size_ = 0;
        }
        known_size_ += made->size();
        return *(known_[{places, value}] = std::move(made));
    }
    return *known;
}

double FoldLikelihood::probability(std::span<const double* const> probabilities, double output) const {
    const double value = (output - fold_.constant) / unit_, whole = std::round(value);
    target_ = -1;
    last_ = nullptr;
    if (std::abs(value - whole) > 1e-4 || std::abs(whole) > 9e15) return 0;
    if (plain_sum_) {
        const long target = std::lround(whole) - lowest_ * static_cast<long>(probabilities.size());
        return probability_of_sum(probabilities, target);
    }
    last_ = &trellis(probabilities.size(), whole);
    if (last_->steps.empty()) {
        last_ = nullptr;
        return 0;
    }
    starts_.assign(1, 0);
    for (const std::uint32_t states : last_->states) starts_.push_back(starts_.back() + states);
    ahead_.assign(starts_.back(), 0);
    ahead_[0] = 1;
    for (std::size_t i = 0; i < last_->steps.size(); ++i) {
        const double* of_letters = probabilities[last_->order[i]];
        const double* from = ahead_.data() + starts_[i];
        double* to = ahead_.data() + starts_[i + 1];
        for (const Trellis::Step& step : last_->steps[i]) to[step.to] += from[step.from] * of_letters[step.letter];
    }
    return ahead_.back();
}

void FoldLikelihood::add_shares(std::span<const double* const> probabilities, double factor,
                                std::span<double* const> shares) const {
    if (plain_sum_) return add_shares_of_sum(probabilities, factor, shares);
    if (last_ == nullptr) return;
    behind_.assign(1, 1.0);
    for (std::size_t i = last_->steps.size(); i-- > 0;) {
        const std::size_t place = last_->order[i];
        const double* of_letters = probabilities[place];
        const double* from = ahead_.data() + starts_[i];
        next_.assign(last_->states[i], 0);
        for (const Trellis::Step& step : last_->steps[i]) {
            const double through = of_letters[step.letter] * behind_[step.to];
            next_[step.from] += through;
            shares[place][step.letter] += factor * from[step.from] * through;
        }
        std::swap(behind_, next_);
    }
}

// States of a plain sum are numbers from 0 on, above the least sum of so many letters: no list of them is kept.
double FoldLikelihood::probability_of_sum(std::span<const double* const> probabilities, long target) const {
    const auto places = static_cast<long>(probabilities.size());
    if (target < 0 || target > places * range_) return 0;
    target_ = target;
    starts_.assign(1, 0);
    for (long i = 0; i <= places; ++i)
        starts_.push_back(starts_.back() + static_cast<std::size_t>(std::min(i * range_, target)) + 1);
    ahead_.assign(starts_.back(), 0);
    ahead_[0] = 1;
    for (long i = 0; i < places; ++i) {
        const double* of_letters = probabilities[static_cast<std::size_t>(i)];
        const double* from = ahead_.data() + starts_[static_cast<std::size_t>(i)];
        double* to = ahead_.data() + starts_[static_cast<std::size_t>(i) + 1];
        const long first = std::max(0L, target - (places - i) * range_), last = std::min(i * range_, target);
        for (std::size_t k = 0; k < steps_.size(); ++k) {
            const auto step = static_cast<long>(steps_[k]);
            const double probability = of_letters[k];
            for (long s = first; s <= std::min(last, target - step); ++s) to[s + step] += from[s] * probability;
        }
    }
    return ahead_[starts_[static_cast<std::size_t>(places)] + static_cast<std::size_t>(target)];
}

void FoldLikelihood::add_shares_of_sum(std::span<const double* const> probabilities, double factor,
                                       std::span<double* const> shares) const {
    if (target_ < 0) return;
    const auto places = static_cast<long>(probabilities.size());
    behind_.assign(static_cast<std::size_t>(target_) + 1, 0);
    behind_.back() = 1;
    for (long i = places; i-- > 0;) {
        const auto place = static_cast<std::size_t>(i);
        const double* from = ahead_.data() + starts_[place];
        const long first = std::max(0L, target_ - (places - i) * range_), last = std::min(i * range_, target_);
        next_.assign(static_cast<std::size_t>(last) + 1, 0);
        for (std::size_t k = 0; k < steps_.size(); ++k) {
            const auto step = static_cast<long>(steps_[k]);
            const double probability = probabilities[place][k];
            const long most = std::min(last, target_ - step);
            double share = 0;
            for (long s = first; s <= most; ++s) {
                const auto state = static_cast<std::size_t>(s);
                const double after = behind_[static_cast<std::size_t>(s + step)];
                next_[state] += probability * after;
                share += from[s] * after;
            }
            shares[place][k] += factor * probability * share;
        }
        std::swap(behind_, next_);
        behind_.resize(static_cast<std::size_t>(target_) + 1);
    }
}

double plain_probability(const Fold& fold, std::span<const double> letters, double unit,
                         std::span<const double* const> probabilities, double output) {
    const std::size_t places = probabilities.size();
    std::vector<std::size_t> row(places);
    std::vector<double> values(places);
    Fold without = fold;
    without.constant = 0;
    double sum = 0;
    for (bool more = true; more;) {
        double probability = 1;
        for (std::size_t i = 0; i < places; ++i) {
            values[i] = letters[row[i]];
            probability *= probabilities[i][row[i]];
        }
        if (std::abs(unit * value_of(without, values) + fold.constant - output) < 1e-6 * std::abs(unit)) sum += probability;
        more = false;
        for (std::size_t i = 0; i < places && !more; ++i) {
            more = ++row[i] < letters.size();
            if (!more) row[i] = 0;
        }
    }
    return sum;
}

} // namespace ropewalk::rules
