#include "ropewalk/formulas/laws/template_terms.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ropewalk/formulas/laws/description.hpp"
#include "ropewalk/formulas/laws/least_squares.hpp"
#include "ropewalk/formulas/laws/term_library.hpp"
#include "ropewalk/formulas/search/search.hpp"

namespace ropewalk::formula {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr std::size_t template_rows = 250;

} // namespace

FormSearch::FormSearch(const TemplateForm& of, const Problem& in, const ExplainOptions& by)
    : form(of), problem(in), options(by),
      screen(rows_of(in, screening_rows(in.target.size(), template_rows, by.search.run.seed))), view(of, screen),
      units(part_units(of, in)), collection(by.most_operators) {}

Problem arguments_of(const FormSearch& search, std::size_t call, const TemplateView& view) {
    Problem problem{.inputs = view.arguments(call)};
    problem.target.assign(problem.inputs.empty() ? 0 : problem.inputs.front().size(), 0);
    if (!search.has_units()) return problem;
    for (const Program& argument : search.form.calls[call].arguments)
        problem.units.push_back(unit_of(argument, search.problem.units).value_or(Unit{}));
    problem.target_unit = search.units[search.form.calls[call].part];
    return problem;
}

std::vector<std::size_t> linear_parts(const FormSearch& search) {
    std::vector<std::size_t> order(search.form.parts.size()), linear;
    for (std::size_t p = 0; p < order.size(); ++p) order[p] = p;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return search.form.parts[a].arguments.size() > search.form.parts[b].arguments.size();
    });
    for (const std::size_t part : order) {
        linear.push_back(part);
        if (!search.view.is_linear(linear)) linear.pop_back();
    }
    return linear;
}

std::vector<Program> small_bodies(const FormSearch& search, std::size_t part, std::size_t most) {
    const Problem seen = arguments_of(search, search.first_call(part), search.view);
    const auto variables = static_cast<int>(seen.inputs.size());
    Bank bank({.variables = variables,
               .constants = {1, 2},
               .operators = search.options.search.operators,
               .units = search.has_units() ? seen.units : std::vector<Unit>{}});
    constexpr std::uint32_t most_entries = 200'000;
    while (bank.size() < 4 * most && bank.levels() < 6)
        if (!bank.add_level({.entries = most_entries})) break;
    std::vector<Program> bodies;
    for (std::uint32_t i = 0; i < bank.size() && bodies.size() < most; ++i) {
        if (search.has_units() && search.units[part] && bank.unit(i) != *search.units[part]) continue;
        const Program program = bank.program(i);
        if (reads_inputs(program)) bodies.push_back(program);
    }
    return bodies;
}

PartTerms terms_of(const FormSearch& search, std::size_t part, std::size_t most) {
    const Problem seen = arguments_of(search, search.first_call(part), search.view);
    const auto variables = static_cast<int>(seen.inputs.size());
    TermOptions wanted;
    for (int v = 0; v < variables; ++v) wanted.variables.push_back(v);
    wanted.operators = search.options.law_functions.empty() ? search.options.search.operators
                                                            : search.options.law_functions;
    wanted.defined = search.options.defined;
    wanted.most = most;
    if (search.has_units()) wanted.unit = search.units[part];
    PartTerms terms{.part = part};
    const auto add = [&](const Program& program, double cost) {
        std::vector<std::vector<double>> at(search.form.calls.size());
        for (std::size_t c = 0; c < at.size(); ++c) {
            if (search.form.calls[c].part != part) continue;
            at[c] = search.view.call_values(c, program);
            if (!std::all_of(at[c].begin(), at[c].end(), [](double v) { return std::isfinite(v); })) return;
        }
        terms.programs.push_back(program);
        terms.costs.push_back(cost + coefficient_bits);
        terms.values.push_back(std::move(at));
    };
    if (search.pure(part)) add(constant(variables, 1), 0);
    for (const CandidateTerm& each : term_library(seen, wanted)) add(each.program, each.cost);
    return terms;
}

LinearForm linear_form(const FormSearch& search, const std::vector<PartTerms>& parts, const Bodies& bodies) {
    const std::size_t rows = search.screen.target.size(), calls = search.form.calls.size();
    std::vector<char> is_linear(search.form.parts.size(), 0);
    for (const PartTerms& each : parts) is_linear[each.part] = 1;
    TemplateView::Columns at(calls);
    for (std::size_t c = 0; c < calls; ++c)
        at[c] = is_linear[search.form.calls[c].part] != 0
                    ? std::vector<double>(rows, 0)
                    : search.view.call_values(c, bodies[search.form.calls[c].part]);
    const VectorXd none = search.view.values(at);
    LinearForm form;
    form.target = Eigen::Map<const VectorXd>(search.screen.target.data(), static_cast<Index>(rows)) - none;
    if (!form.target.allFinite()) return form;
    std::size_t count = 0;
    for (const PartTerms& each : parts) count += each.programs.size();
    form.library = MatrixXd::Zero(static_cast<Index>(rows), static_cast<Index>(count));
    for (std::size_t c = 0; c < calls; ++c) {
        const std::size_t part = search.form.calls[c].part;
        if (is_linear[part] == 0) continue;
        at[c].assign(rows, 1);
        const VectorXd slope = search.view.values(at) - none;
        at[c].assign(rows, 0);
        if (!slope.allFinite()) return form;
        Index column = 0;
        for (const PartTerms& each : parts)
            for (std::size_t k = 0; k < each.programs.size(); ++k, ++column)
                if (each.part == part)
                    form.library.col(column) += slope.cwiseProduct(
                        Eigen::Map<const VectorXd>(each.values[k][c].data(), static_cast<Index>(rows)));
    }
    if (!search.screen.weights.empty()) {
        const VectorXd roots =
            Eigen::Map<const VectorXd>(search.screen.weights.data(), static_cast<Index>(rows)).cwiseSqrt();
        form.target = form.target.cwiseProduct(roots);
        form.library = roots.asDiagonal() * form.library;
    }
    form.finite = form.library.allFinite();
    return form;
}

double left_by(const FormSearch& search, const std::vector<PartTerms>& parts, const Bodies& bodies) {
    const LinearForm form = linear_form(search, parts, bodies);
    constexpr double infinite = std::numeric_limits<double>::infinity();
    if (parts.empty()) return form.target.allFinite() ? form.target.squaredNorm() : infinite;
    if (!form.finite) return infinite;
    const VectorXd scale = form.library.colwise().norm().transpose().cwiseMax(1e-300).cwiseInverse();
    const MatrixXd library = form.library * scale.asDiagonal();
    const double left = (form.target - library * PivotedQr(library).solve(form.target)).squaredNorm();
    return std::isfinite(left) ? left : infinite;
}

} // namespace ropewalk::formula
