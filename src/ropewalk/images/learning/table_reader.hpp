// Letters of new images by a symbol table: outputs beside images whose class is known say which one it is.
#pragma once

#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/learning/reading.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::learning {

/// The table's question about a problem whose rows may have any training images.
identification::TableQuestion table_question(const perception::Problem& problem,
                                             const perception::ExampleSource& source,
                                             identification::AlphabetPrior prior);

/// The table's errors as Decisions takes them in, with those of its own formulas the least: where formulas
/// agree on all letters, rounding is not to choose.
std::vector<float> decisive_errors(const identification::SymbolTable& table);

/// Reads training images as the table's classes.
class TableReader {
public:
    TableReader(const perception::ExampleSource& source, const identification::SymbolTable& table);

    /// Images of a step and their letters, indices into the table's alphabet; -1 where the outputs beside the
    /// table's contexts are those of no class, or the class has no letter.
    Reader::Page page(const perception::BatchOptions& options, std::uint64_t step) const;

    /// How many tasks are asked: the fewest first ones that tell all classes apart.
    std::size_t tasks() const { return source_.tasks; }

private:
    perception::ExampleSource source_; ///< of these tasks only
    std::vector<std::uint32_t> contexts_;
    std::vector<double> signatures_, sigma_;
    std::vector<std::int64_t> letters_;
    double tolerance_;
};

/// How the table's letters are read, in the form in which other readings are reported. Fails where the
/// outputs determine fewer than two letters.
base::Result<Reading> table_reading(const identification::SymbolTable& table, const TableReader& reader);

} // namespace ropewalk::learning
