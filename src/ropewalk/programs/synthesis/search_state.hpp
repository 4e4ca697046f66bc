#pragma once

#include <functional>
#include <string>
#include <vector>

#include "ropewalk/programs/synthesis/grammar.hpp"

namespace ropewalk::synthesis {

/// A program that is right on all examples, and what it costs.
struct Found {
    functional::Expression body;
    int cost = 0;
};

/// What all contexts of one search share.
struct SearchState {
    SearchState(Grammar with_grammar, std::size_t longest_list, double seconds, std::size_t memory_limit, base::Stop stop_asked)
        : grammar(std::move(with_grammar)), lists(longest_list), limit_seconds(seconds), memory(memory_limit),
          stop(std::move(stop_asked)) {
        lists.limit(memory + memory / 4);
    }

    Grammar grammar;
    values::Lists lists;
    /// Numbers that programs may name, with their costs.
    std::vector<std::pair<std::int64_t, int>> constants;
    std::function<void(int cost, functional::Expression body)> report;
    bool gives_texts = false; ///< the value of the program is a text

    /// Columns computed so far.
    long candidates = 0;
    /// Values in them.
    long cells = 0;
    /// Columns that were new or looked for, and expressions that were kept.
    long useful = 0, kept = 0;
    double limit_seconds;
    long most_candidates = 0; ///< 0: without a limit
    int threads = 1;
    std::size_t memory; ///< bytes that banks and lists may hold
    std::size_t bank_bytes = 0;

    std::size_t bytes() const { return lists.bytes() + bank_bytes; }
    /// Whether nothing more can be kept: what is computed from now on is only compared with what is looked for.
    bool full() const { return bytes() > memory; }
    /// Whether contexts that are dear should make room for others.
    bool nearly_full() const { return bytes() / 4 > memory / 5; }

    /// True once the time is up or a stop was asked; looks at the clock now and then.
    bool stopped() {
        if (stopped_ || ++asked_ % 512 != 0) return stopped_;
        return look();
    }
    bool look() {
        stopped_ = stopped_ || worked_enough() || (limit_seconds > 0 && watch.seconds() > limit_seconds) || stop();
        return stopped_;
    }

    bool worked_enough() const { return most_candidates > 0 && candidates >= most_candidates; }

    base::Stopwatch watch;
    base::StopCheck stop;

private:
    long asked_ = 0;
    bool stopped_ = false;
};

} // namespace ropewalk::synthesis
