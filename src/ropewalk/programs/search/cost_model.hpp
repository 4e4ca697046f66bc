#pragma once

#include <map>
#include <span>
#include <string>

#include "ropewalk/programs/language/language.hpp"

namespace ropewalk::search {

/// What each production of the grammar costs, in whole units of at least 1; programs are enumerated by rising
/// sum. The uniform model charges 1 for everything but numbers other than 0 and 1, which cost 2, so that `n`
/// is preferred to the number it equals. A fitted model charges rounded bits, -log2 of the production's
/// frequency.
class CostModel {
public:
    CostModel() = default;

    int of(language::Operator op) const;
    int of_number(int number) const;
    int of_size() const;
    int of_argument() const;
    int of_load() const;
    int of_function(const std::string& name) const;
    /// A sketch's own part of the cost: its size, see Sketch.
    int of_sketch(const std::string& name, int size) const;
    /// Sum over an expression's nodes; variables count as arguments.
    int of(const language::Expression& expression) const;

    bool fitted() const { return !bits_.empty(); }

    friend CostModel fit(std::span<const language::Program> programs, std::span<const std::string> sketches);

private:
    int cost(const std::string& production, int otherwise) const;

    std::map<std::string, int> bits_;
    int unseen_ = 0;
};

/// The probabilistic grammar of solved tasks: production frequencies in `programs` with one added to each
/// count (Laplace), and the sketches they came from. Without programs it is the model to start from.
CostModel fit(std::span<const language::Program> programs, std::span<const std::string> sketches);

} // namespace ropewalk::search
