#include "ropewalk/formulas/search/column_store.hpp"

#include <algorithm>
#include <cmath>

namespace ropewalk::formula {

void ColumnStore::resize(std::uint32_t entries) {
    const std::size_t blocks = (entries + block_width - 1) / block_width;
    const std::size_t before = blocks_.size();
    blocks_.resize(blocks);
    for (std::size_t b = before; b < blocks; ++b) blocks_[b] = std::make_unique_for_overwrite<double[]>(rows_ * block_width);
    if (blocks > before) std::fill_n(blocks_.back().get(), rows_ * block_width, 0.0);
}

void ColumnStore::read(std::uint32_t entry, double* column) const {
    const double* const from = block(entry) + entry % block_width;
    for (std::size_t n = 0; n < rows_; ++n) column[n] = from[n * block_width];
}

void ColumnStore::write(std::uint32_t entry, const double* column) {
    double* const to = blocks_[entry / block_width].get() + entry % block_width;
    for (std::size_t n = 0; n < rows_; ++n) to[n * block_width] = column[n];
}

namespace {

/// Entries one task evaluates: whole blocks, so that no two threads write to one.
constexpr std::uint32_t piece = 64 * block_width;

void evaluate_entry(const Bank& bank, const ColumnStore& store,
                    const std::vector<std::vector<double>>& leaves, std::uint32_t index, double* left,
                    double* right, double* out) {
    const Entry& entry = bank.entry(index);
    if (entry.operation == Operator::no_operation) {
        if (entry.left < leaves.size())
            std::copy(leaves[entry.left].begin(), leaves[entry.left].end(), out);
        else
            std::fill_n(out, store.rows(), bank.alphabet().constants[entry.left - leaves.size()]);
        return;
    }
    store.read(entry.left, left);
    if (info(entry.operation).arity == 2) store.read(entry.right, right);
    apply_column(entry.operation, left, right, out, store.rows());
}

} // namespace

bool evaluate_last_level(Bank& bank, ColumnStore& store, const std::vector<std::vector<double>>& leaves,
                         int threads, const base::Stop& stop) {
    const std::uint32_t begin = bank.level_begin(bank.levels() - 1), end = bank.size();
    store.resize(end);
    std::vector<char> finite(end - begin);
    const std::uint32_t first_piece = begin / piece, last_piece = (end + piece - 1) / piece;
    base::parallel_for(last_piece - first_piece, threads, [&](std::size_t p) {
        if (stop.requested()) return;
        std::vector<double> buffer(3 * store.rows());
        double *const left = buffer.data(), *const right = left + store.rows(),
                      *const out = right + store.rows();
        const std::uint32_t from = (first_piece + static_cast<std::uint32_t>(p)) * piece;
        for (std::uint32_t i = std::max(begin, from); i < std::min(end, from + piece); ++i) {
            evaluate_entry(bank, store, leaves, i, left, right, out);
            finite[i - begin] =
                std::all_of(out, out + store.rows(), [](double v) { return std::isfinite(v); });
            store.write(i, out);
        }
    });
    if (stop.requested()) {
        bank.drop_last_level();
        store.resize(begin);
        return false;
    }
    if (std::find(finite.begin(), finite.end(), 0) == finite.end()) return true;
    std::vector<double> column(store.rows());
    std::uint32_t next = begin;
    for (std::uint32_t i = begin; i < end; ++i) {
        if (finite[i - begin] == 0) continue;
        store.read(i, column.data());
        store.write(next++, column.data());
    }
    bank.keep_of_last_level(finite);
    store.resize(next);
    return true;
}

} // namespace ropewalk::formula
