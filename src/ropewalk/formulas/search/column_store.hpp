// Values of a bank's formulas on the rows of a problem.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "ropewalk/formulas/search/enumeration.hpp"
#include "ropewalk/formulas/search/kernels/columns.hpp"

namespace ropewalk::formula {

/// One column of `rows` doubles per entry of a bank, in blocks of `block_width` entries that stand side by
/// side (kernels/columns.hpp). What stands beside the entries in the last block is finite and means nothing.
class ColumnStore {
public:
    explicit ColumnStore(std::size_t rows) : rows_(rows) {}

    std::size_t rows() const { return rows_; }
    /// Bytes one entry takes.
    std::size_t bytes_per_entry() const { return rows_ * sizeof(double); }

    /// Makes room for `entries` entries in all; removes those beyond.
    void resize(std::uint32_t entries);

    void read(std::uint32_t entry, double* column) const;
    void write(std::uint32_t entry, const double* column);
    double at(std::uint32_t entry, std::size_t row) const {
        return blocks_[entry / block_width][row * block_width + entry % block_width];
    }
    /// The block that holds the entry.
    const double* block(std::uint32_t entry) const { return blocks_[entry / block_width].get(); }

private:
    std::size_t rows_;
    std::vector<std::unique_ptr<double[]>> blocks_;
};

/// Evaluates the entries of the bank's last level on the inputs and takes those without a finite value on
/// every row out of the bank. `leaves[v]` holds the rows of variable v; the store has the columns of all
/// earlier levels. Once a stop is asked it returns false, and the bank is without the level.
bool evaluate_last_level(Bank& bank, ColumnStore& store, const std::vector<std::vector<double>>& leaves,
                         int threads, const base::Stop& stop = {});

} // namespace ropewalk::formula
