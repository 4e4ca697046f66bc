#include "ropewalk/formulas/laws/template_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <Eigen/Core>

#include "ropewalk/formulas/laws/description.hpp"
#include "ropewalk/formulas/laws/number_fit.hpp"
#include "ropewalk/formulas/laws/refinement.hpp"
#include "ropewalk/formulas/laws/sparse_regression.hpp"
#include "ropewalk/formulas/laws/squares_search.hpp"
#include "ropewalk/formulas/laws/template_terms.hpp"
#include "ropewalk/formulas/laws/term_library.hpp"
#include "ropewalk/formulas/search/search.hpp"

namespace ropewalk::formula {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// Every combination of small formulas for the parts that the form is not linear in, those of one such part with scales
/// as well; best first.
std::vector<Bodies> starts_of(FormSearch& search, const std::vector<std::size_t>& linear) {
    constexpr std::size_t most_combinations = 3000, most_scaled = 16, terms = 20, most_starts = 40;
    Bodies none;
    std::vector<std::size_t> others;
    for (std::size_t p = 0; p < search.form.parts.size(); ++p) {
        none.push_back(constant(static_cast<int>(search.form.parts[p].arguments.size()), 1));
        if (std::find(linear.begin(), linear.end(), p) == linear.end()) others.push_back(p);
    }
    if (others.empty()) return {none};
    std::vector<PartTerms> parts;
    for (const std::size_t p : linear) parts.push_back(terms_of(search, p, terms));
    const auto each = static_cast<std::size_t>(
        std::pow(static_cast<double>(most_combinations), 1 / static_cast<double>(others.size())));
    std::vector<Bodies> all{none};
    for (const std::size_t p : others) {
        std::vector<Program> small = small_bodies(search, p, each);
        if (others.size() == 1) {
            const std::size_t plain = std::min(most_scaled, small.size());
            for (std::size_t i = 0; i < plain; ++i)
                for (double scale = 0.04; scale < 60; scale *= 1.2)
                    for (const double sign : {1.0, -1.0})
                        small.push_back(product_of(constant(small[i].variables, sign * scale), small[i]));
        }
        std::vector<Bodies> more;
        for (const Bodies& before : all)
            for (const Program& body : small) {
                more.push_back(before);
                more.back()[p] = body;
            }
        all = std::move(more);
    }
    std::vector<double> left(all.size(), std::numeric_limits<double>::infinity());
    base::parallel_for(all.size(), search.options.search.run.threads, [&](std::size_t i) {
        if (!search.over(0.3)) left[i] = left_by(search, parts, all[i]);
    });
    search.candidates += all.size();
    std::vector<std::size_t> order(all.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return left[a] < left[b]; });
    std::vector<Bodies> best;
    for (const std::size_t i : order)
        if (std::isfinite(left[i]) && best.size() < most_starts) best.push_back(all[i]);
    return best;
}

/// A body with a number before it and, where it is a pure number, one beside it.
Program with_numbers(const FormSearch& search, std::size_t part, const Program& body) {
    const auto number = [&](double value) { return constant(body.variables, value); };
    const Program scaled = combine(Operator::multiply, number(1), body);
    return search.pure(part) ? combine(Operator::add, scaled, number(0)) : scaled;
}

/// Bodies with sums of few terms for the parts that the form is linear in.
std::vector<Bodies> with_sums(const FormSearch& search, const std::vector<PartTerms>& parts, const Bodies& start) {
    if (parts.empty()) return {start};
    LinearForm form = linear_form(search, parts, start);
    if (!form.finite) return {};
    // What cancels between the calls of a part, as a number in f(x) - f(z), is no term.
    for (Index j = 0; j < form.library.cols(); ++j)
        if (!(form.library.col(j).norm() > 1e-12 * form.target.norm())) form.library.col(j).setConstant(std::nan(""));
    std::vector<double> costs;
    for (const PartTerms& each : parts) costs.insert(costs.end(), each.costs.begin(), each.costs.end());
    const auto fits = sparse_fits(
        form.library, form.target, MatrixXd(form.target.size(), 0), costs,
        {.most_terms = 6, .beam = 8, .branch = 8, .stop = [&] { return search.over(0.5); }});
    std::vector<Bodies> found;
    for (const auto& same_size : fits) {
        if (same_size.empty()) continue;
        const SparseFit& fit = same_size.front();
        Bodies bodies = start;
        Index column = 0;
        for (const PartTerms& each : parts) {
            std::vector<std::pair<double, Program>> sum;
            for (std::size_t k = 0; k < fit.columns.size(); ++k) {
                const Index term = fit.columns[k] - column;
                if (term >= 0 && term < static_cast<Index>(each.programs.size()))
                    sum.emplace_back(fit.coefficients[k], each.programs[static_cast<std::size_t>(term)]);
            }
            bodies[each.part] = sum_of(static_cast<int>(search.form.parts[each.part].arguments.size()), sum);
            column += static_cast<Index>(each.programs.size());
        }
        found.push_back(std::move(bodies));
    }
    return found;
}

/// Bodies whose numbers were fitted on the screening rows, and what they are worth there.
struct FittedBodies {
    Bodies bodies;
    double bits = std::numeric_limits<double>::infinity();
};

FittedBodies fitted_bodies(const FormSearch& search, const Bodies& bodies) {
    const FilledTemplate form = filled(search.form, bodies);
    const Program program = fit_numbers(form.program, search.screen, 30, form.frozen);
    const Found found = described(simplified(program), search.screen);
    if (!std::isfinite(found.fit.rmse)) return {};
    return {bodies_of(form, bodies, program), found.bits};
}

/// Fits bodies to all rows, makes their numbers simple, and keeps the whole.
void offer_bodies(FormSearch& search, const Bodies& bodies) {
    const FilledTemplate form = filled(search.form, bodies);
    const Program program =
        with_simpler_numbers(form.program, search.problem, form.frozen, [&] { return search.over(1); });
    Bodies simple = bodies_of(form, bodies, program);
    for (Program& body : simple) body = simplified(body);
    const Program whole = simplified(filled(search.form, simple).program);
    if (search.has_units() && unit_of(whole, search.problem.units) != search.problem.target_unit) return;
    search.collection.offer(described(whole, search.problem));
    search.bodies.emplace_back(whole, std::move(simple));
}

/// Fits many and keeps the best few.
void offer_best(FormSearch& search, const std::vector<Bodies>& all, std::size_t most) {
    std::vector<FittedBodies> fitted(all.size());
    base::parallel_for(all.size(), search.options.search.run.threads, [&](std::size_t i) {
        if (!search.over(0.9)) fitted[i] = fitted_bodies(search, all[i]);
    });
    search.candidates += all.size();
    std::stable_sort(fitted.begin(), fitted.end(),
                     [](const FittedBodies& a, const FittedBodies& b) { return a.bits < b.bits; });
    for (std::size_t i = 0; i < std::min(most, fitted.size()); ++i)
        if (std::isfinite(fitted[i].bits) && !search.over(1)) offer_bodies(search, fitted[i].bodies);
}

const Bodies* best_bodies(const FormSearch& search) {
    const Found* const best = search.collection.best();
    if (best == nullptr) return nullptr;
    for (const auto& [program, bodies] : search.bodies)
        if (program == best->program) return &bodies;
    return nullptr;
}

/// What one part must be for the whole to have the target's values, the others kept; no rows where the form cannot be
/// solved for it.
Problem problem_of_part(const FormSearch& search, std::size_t call, const Bodies& bodies) {
    constexpr std::size_t most_rows = 2000;
    const Problem sample = rows_of(search.problem, screening_rows(search.problem.target.size(), most_rows,
                                                                  search.options.search.run.seed));
    const TemplateView view(search.form, sample);
    TemplateView::Columns at(search.form.calls.size());
    for (std::size_t c = 0; c < at.size(); ++c) at[c] = view.call_values(c, bodies[search.form.calls[c].part]);
    const std::vector<double> values = view.solved(call, at, sample.target);
    std::vector<double> steps(values.size());
    const auto moved = [&](double by) {
        for (std::size_t n = 0; n < values.size(); ++n) {
            steps[n] = 1e-6 * (1e-3 + std::abs(values[n]));
            at[call][n] = values[n] + by * steps[n];
        }
        return view.values(at);
    };
    const VectorXd high = moved(1), low = moved(-1);
    Problem part = arguments_of(search, call, view);
    part.target = values;
    part.weights.assign(values.size(), 0);
    std::vector<std::size_t> kept;
    for (std::size_t n = 0; n < values.size(); ++n) {
        const auto row = static_cast<Index>(n);
        const double slope = (high[row] - low[row]) / (2 * steps[n]);
        const double weight = slope * slope * (sample.weights.empty() ? 1 : sample.weights[n]);
        const bool finite = std::isfinite(values[n]) && std::isfinite(weight) && weight > 0 &&
                            std::all_of(part.inputs.begin(), part.inputs.end(),
                                        [n](const auto& column) { return std::isfinite(column[n]); });
        if (!finite) continue;
        part.weights[n] = weight;
        kept.push_back(n);
    }
    if (kept.size() < std::max<std::size_t>(3, values.size() / 2)) kept.clear();
    Problem seen = rows_of(part, kept);
    const double most = kept.empty() ? 1 : *std::max_element(seen.weights.begin(), seen.weights.end());
    for (double& weight : seen.weights) weight /= most;
    // Rows that count alike need no weights, and without them a part may be seen to be exact.
    if (std::all_of(seen.weights.begin(), seen.weights.end(), [](double w) { return w > 1 - 1e-6; }))
        seen.weights.clear();
    return seen;
}

/// Looks for one part after the other, the others kept; whether the whole became shorter.
bool improve(FormSearch& search) {
    const Found* const before = search.collection.best();
    const double bits = before == nullptr ? std::numeric_limits<double>::infinity() : before->bits;
    for (std::size_t part = 0; part < search.form.parts.size(); ++part) {
        const auto call = search.form.only_call(part);
        if (!call || search.over(0.85)) continue;
        const Bodies* const known = best_bodies(search);
        Bodies bodies;
        for (const TemplatePart& each : search.form.parts)
            bodies.push_back(constant(static_cast<int>(each.arguments.size()), 1));
        if (known != nullptr) bodies = *known;
        const Problem seen = problem_of_part(search, *call, bodies);
        if (seen.target.empty()) continue;
        ExplainOptions inner = search.options;
        inner.most_operators = 0;
        inner.search.run.progress = {};
        const double seconds = search.options.search.run.seconds;
        if (seconds > 0)
            inner.search.run.seconds =
                std::max(0.1, (seconds - search.watch.seconds()) / static_cast<double>(search.form.parts.size() + 1));
        const auto found = explain_squares(seen, inner);
        if (!found) continue;
        search.candidates += found->report.candidates;
        std::vector<Bodies> all;
        for (const Found& each : found->report.front) {
            all.push_back(bodies);
            all.back()[part] = each.program;
        }
        offer_best(search, all, 6);
    }
    const Found* const after = search.collection.best();
    return after != nullptr && after->bits < bits - 1e-6;
}

base::Status check_units(const FormSearch& search) {
    if (!search.has_units()) return {};
    for (const TemplateCall& call : search.form.calls)
        for (const Program& argument : call.arguments)
            if (!unit_of(argument, search.problem.units))
                return base::failure("setting `template`", "units that do not fit in an argument of " + call.text,
                                     "arguments that have a unit");
    return {};
}

bool is_exact(const FormSearch& search) {
    return search.collection.best() != nullptr && search.collection.best()->fit.exact;
}

} // namespace

base::Result<Explanation> search_template(const TemplateForm& form, const Problem& problem,
                                          const ExplainOptions& options) {
    FormSearch search(form, problem, options);
    if (const auto fits = check_units(search); !fits) return tl::make_unexpected(fits.error());
    const auto tell = [&](const std::string& what) {
        if (options.search.run.progress)
            options.search.run.progress(static_cast<long>(10 * search.watch.seconds()),
                                        static_cast<long>(10 * std::max(1.0, options.search.run.seconds)), what);
    };
    tell("small formulas together");
    const std::vector<std::size_t> linear = linear_parts(search);
    constexpr std::size_t terms = 250, kept = 10, most_rounds = 4;
    std::vector<PartTerms> parts;
    for (const std::size_t p : linear) parts.push_back(terms_of(search, p, terms));
    std::vector<std::vector<Bodies>> sums;
    for (const Bodies& start : starts_of(search, linear)) sums.push_back({start});
    base::parallel_for(sums.size(), options.search.run.threads, [&](std::size_t i) {
        sums[i] = search.over(0.5) ? std::vector<Bodies>{} : with_sums(search, parts, sums[i].front());
    });
    std::vector<Bodies> all;
    for (const auto& each : sums)
        for (const Bodies& bodies : each) {
            all.push_back(bodies);
            for (std::size_t p = 0; p < bodies.size(); ++p)
                if (std::find(linear.begin(), linear.end(), p) == linear.end())
                    all.back()[p] = with_numbers(search, p, bodies[p]);
        }
    offer_best(search, all, kept);
    tell("part by part");
    for (std::size_t round = 0; round < most_rounds && !is_exact(search) && !search.over(0.8); ++round)
        if (!improve(search)) break;
    if (search.collection.best() == nullptr)
        return base::failure("setting `template`", "no formula of this form with a finite value on every row",
                             "a form that is defined on all rows, whose parts have other arguments");
    FormulaReport report{search.collection.front(), search.candidates, search.watch.seconds(),
                         search.over(0.8) ? base::StopReason::seconds : base::StopReason::exhausted, -1};
    if (options.search.run.stop.requested()) report.stop_reason = base::StopReason::interrupted;
    Explanation explanation = chosen_of(std::move(report), problem);
    const bool exact = explanation.report.front[explanation.best].fit.exact;
    answer_with(explanation, explanation.best,
                exact ? "an exact formula of the form that was given"
                      : "the formula of the form that was given with the shortest description",
                problem);
    for (const Found& each : explanation.report.front) {
        explanation.parts.emplace_back();
        const auto bodies = std::find_if(search.bodies.begin(), search.bodies.end(),
                                         [&](const auto& known) { return known.first == each.program; });
        for (std::size_t p = 0; p < form.parts.size(); ++p)
            explanation.parts.back().push_back({form.parts[p].name, form.parts[p].arguments, bodies->second[p]});
    }
    return explanation;
}

} // namespace ropewalk::formula
