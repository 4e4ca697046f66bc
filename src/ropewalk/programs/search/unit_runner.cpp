#include "ropewalk/programs/search/unit_runner.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace ropewalk::search {

namespace {

constexpr std::size_t misses_per_unit = 8;

template<class Less>
void keep(const Miss& miss, std::vector<Miss>& misses, const Less& less) {
    for (const Miss& each : misses)
        if (each.behaviour == miss.behaviour) return; // the earlier one is not dearer
    if (misses.size() < misses_per_unit) {
        misses.reserve(misses_per_unit);
        misses.push_back(miss);
        return;
    }
    const auto worst = std::min_element(misses.begin(), misses.end(), less);
    if (less(*worst, miss)) *worst = miss;
}

} // namespace

Untouched untouched_by(const PackedExamples& examples) {
    Untouched untouched;
    std::uint64_t wrong = 0;
    for (std::size_t e = 0; e < examples.scoring(); ++e) {
        untouched.right.push_back(examples.right(examples.memory(e), e));
        untouched.total += untouched.right.back();
        wrong |= examples.wrong_cells(examples.memory(e), e);
    }
    untouched.whole_cells = std::popcount(examples.scored_cells() & ~wrong);
    return untouched;
}

Outcome UnitRunner::run(const base::Stop& stopped) {
    Outcome outcome;
    place(unit_.begin);
    for (std::uint64_t index = unit_.begin; index < unit_.end; ++index) {
        if ((index & 4095) == 0 && stopped()) break;
        judge(index, outcome);
        ++outcome.candidates;
        advance();
    }
    return outcome;
}

void UnitRunner::place(std::uint64_t index) {
    for (std::size_t h = unit_.levels.size(); h-- > 0;) {
        const std::uint64_t width = unit_.levels[h].end - unit_.levels[h].begin;
        set(h, unit_.levels[h].begin + index % width);
        index /= width;
    }
}

void UnitRunner::advance() {
    for (std::size_t h = unit_.levels.size(); h-- > 0;) {
        if (position_[h] + 1 < unit_.levels[h].end) {
            set(h, position_[h] + 1);
            return;
        }
        set(h, unit_.levels[h].begin);
    }
}

void UnitRunner::set(std::size_t hole, std::size_t position) {
    position_[hole] = position;
    machine_.fill(hole, banks_[hole]->table(position));
}

int UnitRunner::right_on(std::size_t example) {
    std::memcpy(memory_.data(), examples_.memory(example), examples_.stride());
    return machine_.run(memory_.data(), example) ? examples_.right(memory_.data(), example) : -1;
}

void UnitRunner::judge(std::uint64_t index, Outcome& outcome) {
    const int first = right_on(0);
    if (first == examples_.scored(0)) {
        std::size_t example = 1;
        while (example < examples_.count() && right_on(example) == examples_.scored(example)) ++example;
        if (example == examples_.count()) {
            outcome.right.push_back(index);
            return;
        }
        right_on(0);
    } else if (first <= untouched_.right[0]) {
        return;
    }
    miss(index, first, outcome);
}

bool UnitRunner::hopeful(int right, int scored, int whole_cells) const {
    constexpr int slack = 2;
    const long share_of_bar = static_cast<long>(bar_) * scored / examples_.scored_in_ranking();
    return right + slack > share_of_bar || whole_cells > untouched_.whole_cells;
}

void UnitRunner::miss(std::uint64_t index, int first, Outcome& outcome) {
    int right = 0, scored = 0;
    std::uint64_t behaviour = 0, wrong = 0;
    const auto whole_cells = [&] { return std::popcount(examples_.scored_cells() & ~wrong); };
    for (std::size_t example = 0; example < examples_.scoring(); ++example) {
        const int here = example == 0 ? first : right_on(example);
        if (here < 0) return;
        right += here;
        scored += examples_.scored(example);
        wrong |= examples_.wrong_cells(memory_.data(), example);
        if (!hopeful(right, scored, whole_cells())) return;
        behaviour = examples_.hash(memory_.data(), example, behaviour);
    }
    const Miss miss{right, whole_cells(), behaviour, index};
    if (right > bar_)
        keep(miss, outcome.misses, [](const Miss& a, const Miss& b) { return a.right < b.right; });
    if (miss.whole_cells > untouched_.whole_cells)
        keep(miss, outcome.first_parts,
             [](const Miss& a, const Miss& b) { return a.whole_cells < b.whole_cells; });
}

} // namespace ropewalk::search
