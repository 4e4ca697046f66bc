#pragma once

#include <vector>

#include "ropewalk/programs/synthesis/bank.hpp"

namespace ropewalk::synthesis {

/// What is wanted while lists are walked through from the front: an output after every element, or after the last.
struct Walks {
    std::vector<std::vector<Word>> elements; ///< of every row
    std::vector<std::vector<Word>> wanted;   ///< as many, or one of every row
    bool at_every_place = true;
    std::vector<Word> alphabet; ///< all elements, sorted
    std::size_t prefixes = 0;   ///< how many differ, of those after which an output is wanted
};

/// Values after every element (or the last) that determine what is wanted there, and what gives them.
struct HiddenList {
    functional::Expression expression; ///< the list of the values, or the last value
    int cost = 0;
    std::vector<Word> values; ///< in the order of what is wanted
};

/// Tells whether values determine what is wanted there, value by value.
class Reading {
public:
    Reading() : keys_(slots), outputs_(slots), stamps_(slots, 0) {}

    void begin() {
        ++stamp_;
        distinct_ = 0;
    }
    /// False where this value stood for another output before, or there are too many values.
    bool add(Word value, Word output);
    std::size_t distinct() const { return distinct_; }

private:
    static constexpr std::size_t slots = 2048;

    std::vector<Word> keys_, outputs_;
    std::vector<std::uint32_t> stamps_;
    std::uint32_t stamp_ = 0;
    std::size_t distinct_ = 0;
};

} // namespace ropewalk::synthesis
