#include "ropewalk/programs/search/choice.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "ropewalk/base/base.hpp"
#include "ropewalk/base/random.hpp"

namespace ropewalk::search {

namespace {

using Memory = std::vector<int>;

constexpr std::size_t inputs_compared = 96;
constexpr std::size_t inputs_varied = 24;
/// In place of every value where a program does not end.
constexpr int endless = -1;
/// Bits by which a program that reads every varied cell is more probable than one that reads none.
constexpr double bits_for_reading = 4;

/// Inputs like those of the examples, and the cells that matter in them.
class Surroundings {
public:
    Surroundings(const language::Machine& machine, std::span<const machine::Example> examples)
        : machine_(machine), scored_(cells()), values_of_(cells()) {
        for (const machine::Example& example : examples)
            for (std::size_t cell = 0; cell < cells(); ++cell) {
                values_of_[cell].push_back(example.memory[cell]);
                values_.push_back(example.memory[cell]);
                if (cell >= example.expected_memory.size()) continue;
                const int expected = example.expected_memory[cell];
                scored_[cell] = scored_[cell] || expected != machine::not_scored;
            }
        draw();
    }

    const std::vector<Memory>& inputs() const { return inputs_; }

    /// What a program does that the examples score, input by input.
    Memory behaviour(const language::Program& program) const {
        Memory all;
        for (const Memory& input : inputs_) {
            const auto memory = run(program, input);
            for (std::size_t cell = 0; cell < cells(); ++cell)
                if (scored_[cell]) all.push_back(memory ? (*memory)[cell] : endless);
        }
        return all;
    }

    /// Share of the cells the examples vary that make a difference to what is scored.
    double share_read(const language::Program& program) const {
        int varied = 0, read = 0;
        for (std::size_t cell = 0; cell < cells(); ++cell) {
            const std::vector<int>& values = values_of_[cell];
            if (std::all_of(values.begin(), values.end(), [&](int each) { return each == values[0]; }))
                continue;
            ++varied;
            read += reads(program, cell);
        }
        return varied == 0 ? 0 : static_cast<double>(read) / varied;
    }

    /// Scored cells per input.
    std::size_t width() const {
        return static_cast<std::size_t>(std::count(scored_.begin(), scored_.end(), true));
    }

private:
    std::size_t cells() const { return static_cast<std::size_t>(machine_.cells); }

    /// Enough for two nested loops over all values, and for any search that ends.
    std::optional<Memory> run(const language::Program& program, const Memory& input) const {
        return language::evaluate(program, machine_, input, 16L * machine_.base * machine_.base);
    }

    /// Values from the same cell of other examples, which keeps pointers and marks in their places, and in
    /// every other input from any cell.
    void draw() {
        base::RandomStream random(0, base::Purpose::held_out_examples);
        const auto any_of = [&](const std::vector<int>& values) {
            return values[random.below(static_cast<std::uint32_t>(values.size()))];
        };
        for (std::size_t i = 0; i < inputs_compared; ++i) {
            Memory input;
            for (std::size_t cell = 0; cell < cells(); ++cell)
                input.push_back(any_of(i % 2 == 0 ? values_of_[cell] : values_));
            inputs_.push_back(std::move(input));
        }
    }

    bool reads(const language::Program& program, std::size_t cell) const {
        for (std::size_t i = 0; i < inputs_varied; ++i) {
            Memory other = inputs_[i];
            other[cell] = inputs_[i + inputs_varied][cell];
            if (other[cell] == inputs_[i][cell]) continue;
            const auto before = run(program, inputs_[i]), after = run(program, other);
            if (!before || !after) return true;
            // What only stays where it is has not been read.
            if ((*before)[cell] != inputs_[i][cell] || (*after)[cell] != other[cell]) {
                if (scored_[cell] && (*before)[cell] != (*after)[cell]) return true;
            }
            for (std::size_t c = 0; c < cells(); ++c)
                if (c != cell && scored_[c] && (*before)[c] != (*after)[c]) return true;
        }
        return false;
    }

    language::Machine machine_;
    std::vector<bool> scored_;
    std::vector<std::vector<int>> values_of_;
    std::vector<int> values_;
    std::vector<Memory> inputs_;
};

/// Whether two readings end on an input and differ there.
class Difference {
public:
    Difference(std::size_t width, const std::vector<const Memory*>& behaviours)
        : width_(width), behaviours_(behaviours) {}

    bool between(std::size_t a, std::size_t b, std::size_t input) const {
        const auto of_a = outcome(a, input), of_b = outcome(b, input);
        return of_a.front() != endless && of_b.front() != endless && !std::ranges::equal(of_a, of_b);
    }

private:
    std::span<const int> outcome(std::size_t reading, std::size_t input) const {
        return std::span(*behaviours_[reading]).subspan(input * width_, width_);
    }

    std::size_t width_;
    const std::vector<const Memory*>& behaviours_;
};

/// The rival is the most probable reading that differs from the first one where both end. Among the inputs
/// on which it does, the deciding one tells most of the other readings from the first, too.
void decide(const Surroundings& surroundings, const std::vector<const Memory*>& behaviours, Choice& choice) {
    const Difference difference(surroundings.width(), behaviours);
    for (std::size_t rival = 1; rival < choice.readings.size() && !choice.deciding_input; ++rival) {
        double most = 0;
        for (std::size_t input = 0; input < surroundings.inputs().size(); ++input) {
            if (!difference.between(0, rival, input)) continue;
            double weight = 0;
            for (std::size_t other = 1; other < choice.readings.size(); ++other)
                weight += difference.between(0, other, input) ? choice.readings[other].weight : 0;
            if (weight <= most) continue;
            most = weight;
            choice.rival = rival;
            choice.deciding_input = surroundings.inputs()[input];
        }
    }
}

} // namespace

Choice choose(std::span<const Candidate> fits, const language::Machine& machine,
              std::span<const machine::Example> examples, int threads) {
    if (fits.empty() || examples.empty()) return {};
    const Surroundings surroundings(machine, examples);
    std::vector<Memory> behaviours(fits.size());
    std::vector<double> weights(fits.size());
    base::parallel_for(fits.size(), threads, [&](std::size_t f) {
        behaviours[f] = surroundings.behaviour(fits[f].program);
        weights[f] = std::exp2(bits_for_reading * surroundings.share_read(fits[f].program)) /
                     static_cast<double>(std::max<std::uint64_t>(1, fits[f].rank));
    });
    std::map<Memory, Reading> readings;
    double total = 0;
    for (std::size_t f = 0; f < fits.size(); ++f) {
        total += weights[f];
        const auto [place, is_new] = readings.try_emplace(behaviours[f], Reading{fits[f], 0});
        Reading& reading = place->second;
        reading.weight += weights[f];
        const auto simpler = [](const Candidate& a, const Candidate& b) {
            return std::tuple(a.cost, node_count(a.program), a.rank) <
                   std::tuple(b.cost, node_count(b.program), b.rank);
        };
        if (!is_new && simpler(fits[f], reading.program)) reading.program = fits[f];
    }
    std::vector<std::pair<const Memory*, Reading*>> order;
    for (auto& [behaviour, reading] : readings) order.emplace_back(&behaviour, &reading);
    std::stable_sort(order.begin(), order.end(),
                     [](const auto& a, const auto& b) { return a.second->weight > b.second->weight; });
    Choice choice;
    std::vector<const Memory*> behaviour_of;
    for (const auto& [behaviour, reading] : order) {
        reading->weight /= total;
        choice.readings.push_back(std::move(*reading));
        behaviour_of.push_back(behaviour);
    }
    decide(surroundings, behaviour_of, choice);
    return choice;
}

} // namespace ropewalk::search
