#include "ropewalk/images/judging/judged_rows.hpp"

#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/search/search.hpp"

namespace ropewalk::perception {

JudgedRows judged_rows(const datasets::Images& images, std::size_t count, int variables, std::uint64_t seed,
                       JudgedStream stream, int smallest, int largest) {
    JudgedRows rows{formula::draw_labels(count, variables, seed, stream, smallest, largest), {}, {}};
    const auto by_label = datasets::images_by_label(images);
    base::RandomStream random(seed, base::Purpose::judged_images, stream);
    for (const int label : rows.labels) {
        const auto& list = by_label[static_cast<std::size_t>(label - 1)];
        rows.positions.push_back(static_cast<std::uint32_t>(rows.positions.size()));
        rows.images.push_back(list[random.below(static_cast<std::uint32_t>(list.size()))]);
    }
    return rows;
}

std::vector<std::vector<double>> label_columns(const std::vector<int>& labels, std::size_t variables,
                                               double divisor) {
    std::vector<std::vector<double>> columns(variables);
    for (std::size_t i = 0; i < labels.size(); ++i) columns[i % variables].push_back(labels[i] / divisor);
    return columns;
}

} // namespace ropewalk::perception
