// Rows of letters and what formulas make of them, as a manifest would give them.
#pragma once

#include <functional>
#include <vector>

#include "ropewalk/base/base.hpp"
#include "ropewalk/base/random.hpp"

namespace ropewalk {

/// Outputs of rows whose letters are drawn alike.
struct DrawnRows {
    std::size_t rows = 0;
    std::vector<std::size_t> letters; ///< [rows, variables], indices into the alphabet
    std::vector<double> y;            ///< [tasks, rows]
};

inline DrawnRows draw_rows(std::size_t rows, const std::vector<double>& alphabet, std::size_t variables,
                           const std::vector<std::function<double(const std::vector<double>&)>>& tasks) {
    DrawnRows drawn{.rows = rows, .letters = {}, .y = {}};
    base::RandomStream random(5, base::Purpose::test);
    for (std::size_t i = 0; i < rows * variables; ++i)
        drawn.letters.push_back(random.below(static_cast<std::uint32_t>(alphabet.size())));
    for (const auto& task : tasks)
        for (std::size_t n = 0; n < rows; ++n) {
            std::vector<double> symbols;
            for (std::size_t v = 0; v < variables; ++v)
                symbols.push_back(alphabet[drawn.letters[n * variables + v]]);
            drawn.y.push_back(task(symbols));
        }
    return drawn;
}

} // namespace ropewalk
