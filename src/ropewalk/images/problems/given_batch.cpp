// Batches of rows that are given.
#include <map>
#include <set>

#include "ropewalk/base/random.hpp"
#include "ropewalk/images/datasets/datasets.hpp"
#include "ropewalk/images/problems/batch.hpp"

namespace ropewalk::perception {

std::span<const std::uint32_t> row_of(std::span<const std::uint32_t> all, std::span<const std::uint32_t> starts,
                                      std::size_t rows, std::size_t row) {
    if (!starts.empty()) return all.subspan(starts[row], starts[row + 1] - starts[row]);
    const std::size_t of_each = all.size() / rows;
    return all.subspan(row * of_each, of_each);
}

std::span<const std::uint32_t> GivenRows::row(std::size_t number) const {
    return row_of(images, starts, rows, number);
}

Batch draw_given(const ExampleSource& source, const BatchOptions& options, std::uint64_t step) {
    const GivenRows& given = *source.given;
    base::RandomStream random(source.seed, base::Purpose::batch_rows, step);
    std::set<std::size_t> rows;
    while (rows.size() < std::min(options.rows, given.rows)) rows.insert(random.below64(given.rows));
    Batch batch;
    std::map<std::uint32_t, std::uint32_t> places;
    for (const std::size_t row : rows) {
        if (!given.starts.empty()) batch.starts.push_back(static_cast<std::uint32_t>(batch.rows_of_images.size()));
        for (const std::uint32_t image : given.row(row)) {
            const auto [place, fresh] =
                places.try_emplace(image, static_cast<std::uint32_t>(batch.indices.size()));
            if (fresh) batch.indices.push_back(image);
            batch.rows_of_images.push_back(place->second);
        }
    }
    if (!given.starts.empty()) batch.starts.push_back(static_cast<std::uint32_t>(batch.rows_of_images.size()));
    for (std::size_t t = 0; t < source.tasks; ++t)
        for (const std::size_t row : rows) batch.y.push_back(given.y[t * given.rows + row]);
    batch.pixels =
        datasets::augmented_pixels(*source.images, batch.indices, options.augmentation, source.seed, step);
    return batch;
}

} // namespace ropewalk::perception
