#pragma once

#include <cstdint>
#include <vector>

#include "ropewalk/programs/functional/functional.hpp"

namespace ropewalk::synthesis {

/// Expressions in a few bytes a node: a search keeps one for every function that it keeps.
class PackedExpressions {
public:
    /// Where the expression stands from now on.
    std::uint32_t add(const functional::Expression& expression);
    functional::Expression operator[](std::uint32_t place) const;
    std::size_t bytes() const { return bytes_.capacity(); }

private:
    void write(const functional::Expression& expression);
    functional::Expression read(std::size_t& at) const;

    std::vector<std::uint8_t> bytes_;
};

} // namespace ropewalk::synthesis
