// Learning to read: what rows say about their images, as classes for the grounder.
#pragma once

#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/networks/networks.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::learning {

/// How symbols are decoded, and the values they have.
struct Reading {
    std::vector<std::size_t> tasks; ///< whose outputs are decoded
    std::vector<double> alphabet;   ///< the distinct symbols, in rising order
    double explained = 0;           ///< share of the rows that the formulas explain; the others are left out
    double residual = 0;            ///< largest of an explained row, see Decoded::residual
    double uncertainty = 0;         ///< likewise
};

struct ReadingOptions {
    std::size_t tasks = 32;         ///< at most; those decided with the largest margin
    double most_residual = 1e-4;    ///< of a row that counts as explained
    double least_explained = 0.9;   ///< share of the rows
    double most_uncertainty = 1000; ///< of a row
    perception::BatchOptions batch{.images = 512, .rows = 512, .augmentation = {}};
};

/// Decodes some rows from the grounder's means and from other starts. Fails when outputs and formulas do not
/// agree, when they leave a symbol open, and when the symbols are no alphabet.
base::Result<Reading> find_reading(const perception::ExampleSource& source,
                                   const identification::MonomialTable& pool,
                                   std::span<const identification::Decision> decisions,
                                   std::span<const double> sigma, perception::Engine& engine,
                                   const ReadingOptions& options = {});

/// Decodes batches by a reading.
class Reader {
public:
    Reader(const perception::ExampleSource& source, const identification::MonomialTable& pool,
           std::span<const identification::Decision> decisions, std::span<const double> sigma,
           Reading reading);

    /// Images of a step and what their rows say about them: an index into the alphabet, or -1 where no row
    /// has the image, the rows disagree or the symbol is not in the alphabet.
    struct Page {
        std::vector<float> pixels;
        std::vector<std::int64_t> letters;
    };
    Page page(const perception::BatchOptions& options, std::uint64_t step) const;

    const Reading& reading() const { return reading_; }

private:
    Reading reading_;
    perception::ExampleSource source_; ///< of the reading's tasks only
    identification::Decoder decoder_;
    std::vector<std::vector<double>> starts_;
};

} // namespace ropewalk::learning
