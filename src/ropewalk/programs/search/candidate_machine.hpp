#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "ropewalk/programs/search/sketch.hpp"

namespace ropewalk::search {

/// A sketch translated once, so that its fillings run without touching a syntax tree: short instructions on
/// byte slots, in which a hole is a look-up in the table of its filling.
struct SketchCode {
    enum class Kind : std::uint8_t {
        set,         ///< slot d = number a
        copy,        ///< slot d = slot a
        load,        ///< slot d = M[slot a]
        store,       ///< M[slot a] = slot b
        table0,      ///< slot d = table[hole][0]
        table1,      ///< slot d = table[hole][slot a]
        table2,      ///< slot d = table[hole][slot a * base + slot b]
        table3,      ///< likewise with slot c
        start,       ///< slot d = number or cell of a `start` hole
        point,       ///< slot d = table[hole][example]
        operation,   ///< slot d = fixed operation number c on slots a, b
        begin_range, ///< counter d, slot a = first index of a `range` hole
        begin_fixed, ///< counter d = number c, slot a = number b
        begin_count, ///< counter d = slot b - slot a (modulo base)
        next,        ///< counter d: one less; goes to `target` while it is not 0, slot a moves on by 1
        skip_empty,  ///< goes to `target` when counter d is 0
        jump_false,  ///< goes to `target` when slot a is 0
        jump,        ///< goes to `target`; every backward jump costs fuel
        end
    };
    struct Instruction {
        Kind kind;
        std::uint8_t d = 0, a = 0, b = 0, c = 0;
        std::uint8_t hole = 0;
        std::uint16_t target = 0;
    };
    std::vector<Instruction> code;
    language::Machine machine;
    std::vector<std::uint8_t> cell_of;    ///< a value modulo cells
    std::vector<std::uint8_t> operations; ///< fixed operations as tables, where any occurs
};

/// Translates a sketch. Fails for what the search does not need: functions, unequal numbers of targets and
/// values, more than 48 slots or 8 nested loops.
base::Result<SketchCode> translate(const Sketch& sketch, const language::Machine& machine);

constexpr std::size_t most_holes = 12;

/// Runs candidates on one example after the other without allocating. A small value; `code` outlives it.
class CandidateMachine {
public:
    explicit CandidateMachine(const SketchCode& code);

    /// Puts the table of a filling in a hole.
    void fill(std::size_t hole, const std::uint8_t* table) { tables_[hole] = table; }

    /// Runs on a memory of `cells` bytes, in place; false when a loop does not end in time. `example` is the
    /// index in the tables of `point` holes.
    bool run(std::uint8_t* memory, std::size_t example) const;

private:
    const SketchCode* code_;
    int fuel_;
    std::array<const std::uint8_t*, most_holes> tables_{};
};

} // namespace ropewalk::search
