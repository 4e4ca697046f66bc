#include "ropewalk/formulas/laws/sum_laws.hpp"

#include <algorithm>
#include <cmath>

#include "ropewalk/formulas/laws/sparse_regression.hpp"
#include "ropewalk/formulas/search/search.hpp"

namespace ropewalk::formula {

namespace {

using Eigen::ArrayXd;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

struct Columns {
    std::vector<Program> programs;
    std::vector<double> costs;
    std::vector<char> times_target; ///< the column is the view's values times the program
    MatrixXd values;
};

Columns columns_of(const LawContext& context, const std::vector<CandidateTerm>& terms,
                   const std::vector<CandidateTerm>& below, const View& view, const ArrayXd& weights,
                   bool intercept) {
    Columns columns;
    const auto count = static_cast<Index>(terms.size() + below.size()) + (intercept ? 1 : 0);
    columns.values.resize(weights.size(), count);
    Index at = 0;
    if (intercept) {
        columns.programs.push_back(constant(context.variables(), 1));
        columns.costs.push_back(coefficient_bits);
        columns.times_target.push_back(0);
        columns.values.col(at++) = weights.matrix();
    }
    for (const CandidateTerm& term : terms) {
        columns.programs.push_back(term.program);
        columns.costs.push_back(term.cost + coefficient_bits);
        columns.times_target.push_back(0);
        columns.values.col(at++) = (term.values.array() * weights).matrix();
    }
    for (const CandidateTerm& term : below) {
        columns.programs.push_back(term.program);
        columns.costs.push_back(term.cost + coefficient_bits + 4);
        columns.times_target.push_back(1);
        columns.values.col(at++) = (term.values.array() * view.values.array() * weights).matrix();
    }
    return columns;
}

Program program_of_fit(const LawContext& context, const Columns& columns, const SparseFit& fit,
                       const View& view) {
    std::vector<std::pair<double, Program>> over, under{{1.0, constant(context.variables(), 1)}};
    for (std::size_t k = 0; k < fit.columns.size(); ++k) {
        const auto j = static_cast<std::size_t>(fit.columns[k]);
        if (columns.times_target[j] != 0)
            under.emplace_back(-fit.coefficients[k], columns.programs[j]);
        else
            over.emplace_back(fit.coefficients[k], columns.programs[j]);
    }
    Program u = sum_of(context.variables(), over);
    if (under.size() > 1) u = combine(Operator::divide, u, sum_of(context.variables(), under));
    return view.program(u);
}

/// Libraries small enough to be fitted whole: what least squares gives no weight goes.
struct Family {
    std::vector<CandidateTerm> terms, below;
    bool whole = true; ///< few enough for a fit by all of them
};

std::vector<Family> families_of(const LawContext& context, const Part& part, const View& view) {
    const std::size_t most = std::clamp<std::size_t>(context.screen.target.size() / 3, 8, 150);
    const bool plain = view.name == "y" || view.name == "y^2" || view.name == "1/y";
    TermOptions powers = term_options(context, part);
    powers.unit = view.unit;
    powers.roots = powers.functions = powers.negative = false;
    powers.most = most;
    std::vector<Family> families;
    const auto offer = [&](const TermOptions& above, const TermOptions* below, bool whole) {
        Family family{term_library(part.problem, above), {}, whole};
        if (below != nullptr) family.below = term_library(part.problem, *below);
        if (!families.empty() && families.back().terms.size() == family.terms.size() &&
            families.back().below.empty() && family.below.empty() && families.back().whole == whole)
            families.pop_back();
        families.push_back(std::move(family));
    };
    // With units few products have the right one, so that all powers may take part.
    if (view.unit) powers.negative = true;
    for (const double degree : {2.0, 3.0, 4.0}) {
        TermOptions small = powers;
        if (!view.unit) small.most_degree = degree;
        offer(small, nullptr, true);
        if (view.unit) break;
    }
    if (plain) {
        TermOptions above = powers, below = powers;
        above.most = below.most = most / 2;
        if (view.unit) below.unit = Unit{};
        if (!view.unit) above.most_degree = below.most_degree = 3;
        offer(above, &below, true);
        below.functions = true;
        below.most_degree = 2;
        below.mixed = true;
        above.most = below.most = 150;
        offer(above, &below, false);
    }
    powers.negative = true;
    offer(powers, nullptr, true);
    TermOptions mixed = powers;
    mixed.functions = mixed.mixed = true;
    mixed.negative = view.unit.has_value();
    mixed.most = plain ? 1000 : 400;
    if (!view.unit) mixed.most_degree = 2;
    offer(mixed, nullptr, false);
    TermOptions all = powers;
    all.functions = true;
    all.roots = context.allowed(Operator::square_root);
    all.most = 400;
    offer(all, nullptr, false);
    return families;
}

std::vector<Program> whole_families(const LawContext& context, const Part& part, const View& view) {
    const ArrayXd weights = view.weights.array() * part.weights;
    const bool intercept = !view.unit || *view.unit == Unit{};
    std::vector<Program> programs;
    for (const Family& family : families_of(context, part, view)) {
        if (context.stopped()) break;
        const Columns columns = columns_of(context, family.terms, family.below, view, weights, intercept);
        if (columns.programs.empty()) continue;
        const VectorXd target = (view.values.array() * weights).matrix();
        // Few rows leave time for many sets.
        const int beam = static_cast<int>(std::clamp<Index>(9600 / target.size(), 12, 80));
        if (family.whole)
            for (const SparseFit& fit : pruned_fits(columns.values, target, columns.costs, 6))
                programs.push_back(part.whole(program_of_fit(context, columns, fit, view)));
        const auto fits = sparse_fits(
            columns.values, target, MatrixXd(target.size(), 0), columns.costs,
            {.most_terms = 9, .beam = beam, .branch = 8, .stop = [&] { return context.stopped(); }});
        for (const auto& same_size : fits)
            if (!same_size.empty() && !same_size.front().columns.empty())
                programs.push_back(part.whole(program_of_fit(context, columns, same_size.front(), view)));
    }
    return programs;
}

/// What a way to make programs of a view makes of all of them, view by view.
template<class Way>
std::vector<Program> through(const LawContext& context, const std::vector<View>& views, const Way& way) {
    std::vector<std::vector<Program>> found(views.size());
    base::parallel_for(views.size(), context.options.run.threads, [&](std::size_t i) {
        if (!context.stopped()) found[i] = way(views[i]);
    });
    std::vector<Program> all;
    for (const auto& each : found) all.insert(all.end(), each.begin(), each.end());
    return all;
}

} // namespace

std::vector<Program> sum_programs(const LawContext& context, const Part& part, bool usual) {
    const auto unit = has_units(context, part) ? part.problem.target_unit : std::nullopt;
    std::vector<View> views = views_of(part.problem.target, unit, context.options.operators);
    std::erase_if(views, [usual](const View& view) {
        const bool is_usual = view.name == "y" || view.name == "1/y" || view.name == "y^2" ||
                              view.name == "1/y^2" || view.name == "log y";
        return is_usual != usual;
    });
    return through(context, views, [&](const View& view) { return whole_families(context, part, view); });
}

std::vector<Program> large_sum_programs(const LawContext& context, const Part& part) {
    const auto unit = has_units(context, part) ? part.problem.target_unit : std::nullopt;
    const std::vector<View> views = views_of(part.problem.target, unit, context.options.operators);
    return through(context, views,
                   [&](const View& view) { return sum_programs_through(context, part, view, {}); });
}

std::vector<Program> sum_programs_through(const LawContext& context, const Part& part, const View& view,
                                          const std::vector<CandidateTerm>& extra) {
    const ArrayXd weights = view.weights.array() * part.weights;
    TermOptions chosen = term_options(context, part);
    chosen.roots = context.allowed(Operator::square_root);
    chosen.most = 1200;
    chosen.unit = view.unit;
    std::vector<CandidateTerm> terms = term_library(part.problem, chosen);
    for (const CandidateTerm& each : extra)
        if (!chosen.unit || each.unit == chosen.unit) terms.push_back(each);
    const bool intercept = !view.unit || *view.unit == Unit{};
    const Columns columns = columns_of(context, terms, {}, view, weights, intercept);
    if (columns.programs.empty()) return {};
    const auto fits = sparse_fits(
        columns.values, (view.values.array() * weights).matrix(), MatrixXd(weights.size(), 0), columns.costs,
        {.most_terms = 8, .beam = 8, .branch = 8, .stop = [&] { return context.stopped(); }});
    std::vector<Program> programs;
    for (const auto& same_size : fits)
        for (std::size_t f = 0; f < std::min<std::size_t>(same_size.size(), 2); ++f) {
            if (same_size[f].columns.empty()) continue;
            programs.push_back(part.whole(program_of_fit(context, columns, same_size[f], view)));
        }
    return programs;
}

} // namespace ropewalk::formula
