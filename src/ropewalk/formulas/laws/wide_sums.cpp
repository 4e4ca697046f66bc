#include "ropewalk/formulas/laws/wide_sums.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "ropewalk/formulas/laws/description.hpp"
#include "ropewalk/formulas/laws/sparse_regression.hpp"
#include "ropewalk/formulas/laws/term_library.hpp"
#include "ropewalk/formulas/laws/views.hpp"
#include "ropewalk/formulas/laws/wide_selection.hpp"
#include "ropewalk/formulas/search/search.hpp"

namespace ropewalk::formula {

namespace {

using Eigen::ArrayXd;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr std::size_t scanned_rows = 240;

/// Terms on the scanned rows, with the number 1 in front where it has the unit.
struct WideLibrary {
    std::vector<CandidateTerm> terms;
    std::optional<Unit> unit;
    MatrixXd values;
};

WideLibrary library_of(const LawContext& context, const Problem& few, const Part& part,
                       const std::optional<Unit>& unit) {
    TermOptions powers = term_options(context, part);
    powers.unit = unit;
    powers.roots = powers.functions = false;
    powers.most = 9000;
    powers.most_cost = 40;
    WideLibrary library{term_library(few, powers), unit, {}};
    const auto add = [&](double degree, bool roots, bool negative) {
        TermOptions beside = powers;
        beside.functions = beside.mixed = true;
        beside.alone = false;
        beside.most_degree = degree;
        beside.roots = roots;
        beside.negative = negative || unit;
        beside.most = 3500;
        const auto terms = term_library(few, beside);
        library.terms.insert(library.terms.end(), terms.begin(), terms.end());
    };
    add(3, false, false);
    add(3, false, true);
    if (context.allowed(Operator::square_root)) add(2, true, false);
    const auto rows = static_cast<Index>(few.target.size());
    if (!unit || *unit == Unit{}) {
        CandidateTerm one{constant(context.variables(), 1), VectorXd::Ones(rows), 0, Unit{}};
        library.terms.insert(library.terms.begin(), std::move(one));
    }
    // What several of the libraries hold is held once.
    std::set<std::pair<double, double>> seen;
    std::erase_if(library.terms, [&](const CandidateTerm& term) {
        return !seen.emplace(term.values[0], term.values[rows - 1]).second;
    });
    library.values.resize(rows, static_cast<Index>(library.terms.size()));
    for (std::size_t j = 0; j < library.terms.size(); ++j)
        library.values.col(static_cast<Index>(j)) = library.terms[j].values;
    return library;
}

/// The sum of some terms with coefficients of all screening rows.
Program sum_on_all_rows(const LawContext& context, const Part& part, const View& view,
                        const WideLibrary& library, const std::vector<Index>& columns) {
    const ArrayXd weights = view.weights.array() * part.weights;
    MatrixXd values(weights.size(), static_cast<Index>(columns.size()));
    std::vector<Index> all;
    for (std::size_t k = 0; k < columns.size(); ++k) {
        const Program& term = library.terms[static_cast<std::size_t>(columns[k])].program;
        const std::vector<double> column = evaluate_columns(term, part.problem.inputs);
        values.col(static_cast<Index>(k)) =
            (Eigen::Map<const ArrayXd>(column.data(), weights.size()) * weights).matrix();
        all.push_back(static_cast<Index>(k));
    }
    if (!values.allFinite()) return {};
    const SparseFit fit = least_squares(values, (view.values.array() * weights).matrix(),
                                        MatrixXd(weights.size(), 0), std::move(all));
    std::vector<std::pair<double, Program>> terms;
    for (std::size_t k = 0; k < columns.size(); ++k)
        terms.emplace_back(fit.coefficients[k], library.terms[static_cast<std::size_t>(columns[k])].program);
    return part.whole(view.program(sum_of(context.variables(), terms)));
}

std::vector<Program> sums_of(const LawContext& context, const Part& part, const View& view,
                             const WideLibrary& library) {
    const auto rows = library.values.rows();
    // A few rows of large weight would leave too few to tell terms apart.
    VectorXd weights = view.weights.head(rows).cwiseProduct(part.weights.head(rows).matrix());
    std::vector<double> sorted(weights.begin(), weights.end());
    std::nth_element(sorted.begin(), sorted.begin() + rows / 2, sorted.end());
    weights = weights.cwiseMin(4 * sorted[static_cast<std::size_t>(rows / 2)]);
    const MatrixXd columns = weights.asDiagonal() * library.values;
    std::vector<double> costs;
    for (const CandidateTerm& term : library.terms) costs.push_back(term.cost + coefficient_bits);
    const Index one = !library.unit || *library.unit == Unit{} ? 0 : -1;
    const auto sets = wide_sets(columns, view.values.head(rows).cwiseProduct(weights), costs, one,
                                {.level = weights, .stop = [&] { return context.stopped(); }});
    std::vector<Program> programs;
    for (const auto& same_size : sets)
        for (const std::vector<Index>& set : same_size) {
            Program program = sum_on_all_rows(context, part, view, library, set);
            if (program.variables > 0) programs.push_back(std::move(program));
        }
    return programs;
}

} // namespace

std::vector<Program> wide_sum_programs(const LawContext& context, const Part& part) {
    std::vector<std::size_t> rows(std::min(scanned_rows, part.problem.target.size()));
    for (std::size_t n = 0; n < rows.size(); ++n) rows[n] = n;
    const Problem few = rows_of(part.problem, rows);
    const auto unit = has_units(context, part) ? part.problem.target_unit : std::nullopt;
    std::vector<Program> programs;
    WideLibrary library;
    for (const View& view : views_of(part.problem.target, unit, context.options.operators)) {
        if (view.name != "y" && view.name != "1/y" && view.name != "y^2" && view.name != "1/y^2" &&
            view.name != "log y")
            continue;
        if (context.stopped()) break;
        if (library.terms.empty() || library.unit != view.unit)
            library = library_of(context, few, part, view.unit);
        if (library.terms.empty()) continue;
        const auto some = sums_of(context, part, view, library);
        programs.insert(programs.end(), some.begin(), some.end());
    }
    return programs;
}

} // namespace ropewalk::formula
