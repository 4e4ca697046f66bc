// How large calls become once functions are written out in their place. A function that calls another one
// twice doubles with every step, so text is measured before anything expands it.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ropewalk/programs/language/syntax.hpp"

namespace ropewalk::language {

/// Nodes and nesting of an expression without calls, up to a ceiling where it does not matter any more.
struct Expansion {
    long nodes = 0;
    long depth = 0;
};

constexpr long expansion_ceiling = 1'000'000'000;

class ExpansionTable {
public:
    /// `function` may call those added before it.
    void add(const Function& function);
    Expansion measure(const Expression& expression) const;

private:
    /// A function body as a sum: nodes of its own and how often it writes each argument; likewise the nesting
    /// of its own nodes and the nesting below which each argument stands (-1: not used).
    struct Form {
        Expansion own;
        std::vector<long> uses, depths;
    };
    Form form(const Expression& expression, const std::vector<std::string>& parameters) const;

    std::map<std::string, Form, std::less<>> functions_;
};

} // namespace ropewalk::language
