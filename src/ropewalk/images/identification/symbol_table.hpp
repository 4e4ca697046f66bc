// Few tasks: formulas and symbols at once, exactly, and what the data cannot pin down.
#pragma once

#include "ropewalk/formulas/search/search.hpp"
#include "ropewalk/images/identification/class_symbols.hpp"

namespace ropewalk::identification {

/// Which alphabets are taken for likelier, where several explain the data.
enum class AlphabetPrior {
    even, ///< within (0, 1], then by spacing (see Spacing), then those of formulas with fewer operators
    any,  ///< all alike; fewer operators decide
};

/// How letters stand: multiples 1, 2, 3, ... of one step, evenly spaced, or otherwise.
enum class Spacing { multiples, even, arbitrary };
/// "multiples", "even" or "arbitrary".
const char* text_of(Spacing spacing);

/// An explanation of all outputs: a formula for each task and symbols for each class of images.
struct TableReading {
    std::vector<std::size_t> formulas;        ///< [tasks], indices into the pool
    std::vector<std::vector<double>> symbols; ///< [classes], see ClassSymbols
    bool continuum = false;                   ///< likewise
    std::vector<std::vector<double>>
        likely;                   ///< [classes]; of each class's values those that the prior leaves
    std::vector<double> alphabet; ///< the likely values of all classes, in rising order
    Spacing spacing = Spacing::arbitrary;
    bool within = false;       ///< whether the alphabet is in (0, 1]
    std::size_t operators = 0; ///< of all formulas together
};

/// What settles a formula or a symbol.
enum class Determined {
    no,          ///< readings that the prior ranks alike differ in it
    by_network,  ///< likewise; what a network makes of the images chooses
    by_prior,    ///< only worse readings differ in it
    by_alphabet, ///< only readings with other symbols than the other tasks have differ in it
    by_data,     ///< no reading was found that differs in it
};
/// "no", "by the network", "by the prior", "by the alphabet" or "by the data".
const char* text_of(Determined determined);

/// All readings of the outputs. Classes without a symbol that is determined are left unread.
struct SymbolTable {
    ImageClasses classes;
    std::vector<TableReading> readings; ///< the likeliest first
    std::size_t likeliest = 0;          ///< how many the prior ranks alike with the first
    std::vector<Determined> of_tasks;   ///< [tasks], of the formulas of the first reading
    std::vector<Determined> of_classes; ///< [classes], of the symbols
    std::vector<double> alphabet;       ///< symbols of the classes that have one, in rising order
    std::vector<std::int64_t> letters;  ///< [classes], index into the alphabet, or -1
    std::vector<double> errors;         ///< [tasks, pool], see Posterior::errors; of the first reading
    std::vector<double> sigma;          ///< [tasks]
    double seconds = 0;                 ///< that finding it took

    Determined of_symbols() const; ///< the least of all classes
};

/// What a table is made from.
struct TableQuestion {
    const formula::Pool* pool = nullptr;
    const MonomialTable* table = nullptr; ///< of the pool
    AskOutputs ask;
    std::size_t images = 0;        ///< to learn from
    std::span<const double> sigma; ///< [tasks]
    std::uint64_t seed = 0;
    AlphabetPrior prior = AlphabetPrior::even;
    ImageClassOptions classes;
};

/// Sorts images into classes by their outputs, then looks for all formulas and symbols that give the outputs
/// of all tasks exactly. The result depends on the question alone. Fails when there is none: the outputs are
/// not exact, or no formula of the pool is behind some task.
base::Result<SymbolTable> find_symbol_table(const TableQuestion& question);

} // namespace ropewalk::identification
