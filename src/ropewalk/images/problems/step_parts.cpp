#include "ropewalk/images/problems/step_parts.hpp"

#include <algorithm>

namespace ropewalk::perception {

BatchOptions options_of_part(BatchOptions options, std::size_t parts, int variables) {
    if (parts == 1) return options;
    options.images = std::max(options.images / parts, 2 * static_cast<std::size_t>(variables));
    options.rows = std::max<std::size_t>(options.rows / parts, 1);
    return options;
}

std::vector<Batch> draw_parts(const ExampleSource& source, const BatchOptions& options,
                              const StepNumber& number) {
    const BatchOptions of_part = options_of_part(options, number.parts.all, source.variables);
    std::vector<Batch> batches;
    for (std::size_t k = 0; k < number.parts.count; ++k)
        batches.push_back(draw_batch(source, of_part, number.batch(k)));
    return batches;
}

} // namespace ropewalk::perception
