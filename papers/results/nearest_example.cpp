#include "papers/results/nearest_example.hpp"

#include <algorithm>

namespace ropewalk::papers {

namespace {

double likeness(const values::Value& left, const values::Value& right) {
    if (!left.type.is_list() || !right.type.is_list()) return left == right;
    const std::size_t shorter = std::min(left.elements.size(), right.elements.size());
    const std::size_t longer = std::max(left.elements.size(), right.elements.size());
    if (longer == 0) return 1;
    double equal = 0;
    for (std::size_t i = 0; i < shorter; ++i) equal += likeness(left.elements[i], right.elements[i]);
    return equal / static_cast<double>(longer);
}

} // namespace

values::Value nearest_output(const synthesis::Examples& examples, const std::vector<values::Value>& inputs) {
    double best = -1;
    values::Value output;
    for (const synthesis::Example& row : examples.rows) {
        double like = 0;
        for (std::size_t i = 0; i < inputs.size(); ++i) like += likeness(row.inputs[i], inputs[i]);
        if (like <= best) continue;
        best = like;
        output = row.output;
    }
    return output;
}

} // namespace ropewalk::papers
