#pragma once

#include <span>
#include <vector>

#include "ropewalk/base/settings.hpp"
#include "ropewalk/programs/language/language.hpp"

namespace ropewalk::search {

/// A function that a set of programs has in common.
struct Abstraction {
    language::Function function;
    /// Places in the programs that call it now.
    int uses = 0;
    /// Description length of the programs before it, less that of the programs and the function after it, in
    /// bits.
    double saving = 0;
};

struct Library {
    /// In the order they were found; later ones may call earlier ones.
    std::vector<Abstraction> abstractions;
    /// The programs with calls in place of what was common.
    std::vector<language::Program> programs;
    /// Description length of the given programs, and of the rewritten ones with the functions.
    double bits_before = 0;
    double bits_after = 0;

    std::vector<language::Function> functions() const;
};

struct LibraryOptions {
    int most_functions = 8;
    /// Parameters of a function; the search can call functions of one or two.
    int most_parameters = 2;

    static constexpr auto fields = base::fields(
        base::field<&LibraryOptions::most_functions>("functions", "Most functions to learn", base::within(1, 64)),
        base::field<&LibraryOptions::most_parameters>("parameters", "Most parameters of a function", base::within(1, 2)));
};

/// Description length of programs in bits: every node of a syntax tree is one choice among the operators,
/// leaves, statements and functions that exist.
double description_length(std::span<const language::Program> programs);

/// Compression-based library learning on expressions (after Stitch: Bowers et al. 2023, without its bounds):
/// the candidates are the least general generalisations of all pairs of expressions, each round keeps the one
/// that saves most bits, until none saves any. Programs mean the same as before: `inlined` gives the given
/// ones back.
Library learn_library(std::span<const language::Program> programs, const LibraryOptions& options = {});

/// Functions the search calls unless told otherwise: `distance(a, b)`, the difference without its sign.
std::vector<language::Function> standard_library();

} // namespace ropewalk::search
