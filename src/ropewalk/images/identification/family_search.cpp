#include "ropewalk/images/identification/family_search.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

namespace ropewalk::identification {

namespace {

constexpr std::size_t random_rows = 300;

/// Whether a change of the image at a place ever changes a task's outputs.
std::vector<bool> depends(const ImageClasses& classes, std::size_t task) {
    const std::size_t size = classes.signatures.size() / classes.count(), block = size / classes.tasks,
                      contexts = block / classes.variables;
    std::vector<bool> depends(classes.variables);
    for (std::size_t c = 1; c < classes.count(); ++c)
        for (std::size_t n = 0; n < block; ++n) {
            const double* first = classes.signatures.data() + task * block + n;
            if (std::abs(first[c * size] - *first) > classes.tolerance) depends[n / contexts] = true;
        }
    return depends;
}

} // namespace

FamilySearch::FamilySearch(const TableQuestion& question, const ImageClasses& classes)
    : examples_(class_examples(classes, random_rows, question.seed)), y_(question.ask(examples_.images)) {
    const std::size_t count = rows().count();
    for (std::size_t t = 0; t < classes.tasks; ++t)
        outputs_.push_back({std::span(y_).subspan(t * count, count), question.sigma[t], depends(classes, t)});
    for (std::size_t f = 0; f < question.table->formulas; ++f)
        formulas_.push_back(sparse_polynomial(*question.table, f));
}

base::Result<std::vector<Family>> FamilySearch::families() {
    std::vector<Family> families = first_families();
    for (const std::size_t task : order_) {
        if (task != order_.front()) families = with(task, families);
        if (families.empty())
            return base::failure(fmt::format("task {}", task),
                                 "outputs that no formula of the pool and no symbols explain exactly",
                                 "exact outputs of a formula of the pool");
    }
    return families;
}

std::vector<double> FamilySearch::errors(const std::vector<std::vector<double>>& symbols) const {
    std::vector<double> symbol_of_row, values(rows().count()), errors;
    for (const std::uint32_t each : rows().rows) symbol_of_row.push_back(symbols[each][0]);
    errors.resize(outputs_.size() * formulas_.size());
    for (std::size_t f = 0; f < formulas_.size(); ++f) {
        for (std::size_t n = 0; n < values.size(); ++n)
            values[n] =
                formulas_[f](std::span(symbol_of_row).subspan(n * rows().variables, rows().variables));
        for (std::size_t t = 0; t < outputs_.size(); ++t) {
            double sum = 0;
            for (std::size_t n = 0; n < values.size(); ++n)
                sum += (values[n] - outputs_[t].y[n]) * (values[n] - outputs_[t].y[n]);
            errors[t * formulas_.size() + f] =
                sum / (outputs_[t].sigma * outputs_[t].sigma * static_cast<double>(values.size()));
        }
    }
    return errors;
}

/// Tasks whose rows of a single class say something come first: there, all symbols are found. Among them,
/// those that depend on more variables have fewer readings. Where there is none, a task is first that
/// leaves no continuum, if any.
std::vector<Family> FamilySearch::first_families() {
    order_.resize(outputs_.size());
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    const auto rank = [&](std::size_t t) {
        const auto& depends = outputs_[t].depends;
        return std::pair(vanishes_alone(rows(), outputs_[t]),
                         -std::count(depends.begin(), depends.end(), true));
    };
    std::stable_sort(order_.begin(), order_.end(),
                     [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
    std::vector<Family> families;
    for (std::size_t first = 0; first < order_.size(); ++first) {
        families = from(order_[first]);
        const bool continuum = std::any_of(families.begin(), families.end(),
                                           [](const Family& each) { return each.symbols.continuum; });
        if (continuum && first + 1 < order_.size()) continue;
        std::swap(order_[0], order_[first]);
        break;
    }
    return families;
}

std::vector<Family> FamilySearch::from(std::size_t task) const {
    std::vector<Family> families;
    for (std::size_t f = 0; f < formulas_.size(); ++f)
        for (ClassSymbols& symbols : symbols_under(formulas_[f], rows(), outputs_[task])) {
            families.push_back({std::vector<std::size_t>(outputs_.size()), std::move(symbols)});
            families.back().formulas[task] = f;
        }
    return families;
}

std::vector<Family> FamilySearch::with(std::size_t task, const std::vector<Family>& families) const {
    std::vector<Family> more;
    for (const Family& family : families)
        for (std::size_t f = 0; f < formulas_.size(); ++f)
            for (ClassSymbols& symbols :
                 symbols_among(family.symbols, formulas_[f], rows(), outputs_[task])) {
                more.push_back({family.formulas, std::move(symbols)});
                more.back().formulas[task] = f;
            }
    return more;
}

} // namespace ropewalk::identification
