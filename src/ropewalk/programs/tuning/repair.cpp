#include "ropewalk/programs/tuning/repair.hpp"

#include <algorithm>
#include <unordered_set>

#include "ropewalk/programs/tuning/edits.hpp"

namespace ropewalk::tuning {

namespace {

/// Examples a program is scored on; being right is always decided on all of them.
constexpr std::size_t scoring_examples = 8;

struct Neighbour {
    Code code;
    int score;
};

/// Runs codes on the examples without allocating.
class Judge {
public:
    Judge(const assembly::Program& program, std::span<const machine::Example> examples, long steps)
        : machine_(program), examples_(examples), steps_(steps) {}

    bool right(const Code& code) {
        ++candidates_;
        machine_.set_instructions(code);
        return std::all_of(examples_.begin(), examples_.end(), [this](const machine::Example& example) {
            machine_.load(example);
            machine_.run(steps_);
            return machine_.matches(example);
        });
    }

    /// Scored places that are right on the scoring examples, and a hash of all final states there.
    std::pair<int, std::uint64_t> behaviour(const Code& code) {
        machine_.set_instructions(code);
        int score = 0;
        std::uint64_t hash = 0;
        for (const machine::Example& example :
             examples_.first(std::min(scoring_examples, examples_.size()))) {
            machine_.load(example);
            machine_.run(steps_);
            score += machine_.score(example).first;
            hash = machine_.hash(hash);
        }
        return {score, hash};
    }

    long candidates() const { return candidates_; }

private:
    machine::ExactMachine machine_;
    std::span<const machine::Example> examples_;
    long steps_;
    long candidates_ = 0;
};

class Search {
public:
    Search(const assembly::Program& program, std::span<const machine::Example> examples, long steps,
           const RepairOptions& options)
        : program_(program), judge_(program, examples, steps), options_(options) {}

    Repaired run() {
        const Code& code = program_.instructions;
        if (judge_.right(code)) return found(code, 0);
        Repaired result;
        std::vector<Neighbour> near;
        std::unordered_set<std::uint64_t> behaviours{judge_.behaviour(code).second};
        edit(code, [&](const Code& edited) {
            if (judge_.right(edited)) return result = found(edited, 1), true;
            const auto [score, hash] = judge_.behaviour(edited);
            if (behaviours.insert(hash).second) near.push_back({edited, score});
            return false;
        });
        if (result.program) return result;
        std::stable_sort(near.begin(), near.end(),
                         [](const Neighbour& a, const Neighbour& b) { return a.score > b.score; });
        near.resize(std::min(near.size(), static_cast<std::size_t>(options_.beam)));
        for (const Neighbour& each : near)
            if (edit(each.code, [&](const Code& edited) {
                    return judge_.right(edited) && (result = found(edited, 2), true);
                }))
                break;
        if (result.program) return result;
        return {.program = {}, .candidates = judge_.candidates()};
    }

private:
    bool edit(const Code& code, const std::function<bool(const Code&)>& visit) {
        const auto bounded = [&](const Code& edited) {
            const bool spent =
                options_.most_candidates > 0 && judge_.candidates() >= options_.most_candidates;
            return spent || options_.stop() || visit(edited);
        };
        return for_each_edit(code, options_.instruction_set, program_.registers, options_.longest, bounded);
    }

    Repaired found(const Code& code, int edits) const {
        assembly::Program program = program_;
        program.instructions = code;
        if (edits > 0) program.labels.clear();
        return {.program = std::move(program), .edits = edits, .candidates = judge_.candidates()};
    }

    const assembly::Program& program_;
    Judge judge_;
    const RepairOptions& options_;
};

} // namespace

Repaired repair(const assembly::Program& program, std::span<const machine::Example> examples, long steps,
                const RepairOptions& options) {
    return Search(program, examples, steps, options).run();
}

} // namespace ropewalk::tuning
