#include "ropewalk/formulas/laws/explain.hpp"

#include <algorithm>
#include <cmath>

#include "ropewalk/formulas/laws/description.hpp"
#include "ropewalk/formulas/laws/hints.hpp"
#include "ropewalk/formulas/laws/robust_search.hpp"
#include "ropewalk/formulas/laws/squares_search.hpp"
#include "ropewalk/formulas/laws/template_search.hpp"
#include "ropewalk/formulas/laws/unit_columns.hpp"

namespace ropewalk::formula {

namespace {

/// What a way says of the rows that are not held out, judged by those that are.
base::Result<Explanation> on_rows_seen(const Explainer& way, const Problem& problem,
                                       const ExplainOptions& options) {
    if (options.held_out == 0) return way(problem);
    const auto parts = hold_out(problem, options.held_out, options.search.run.seed);
    if (!parts) return tl::make_unexpected(parts.error());
    auto explanation = way(parts->first);
    if (explanation) choose_by(parts->second, parts->first, *explanation);
    return explanation;
}

/// Fails where no formula of the inputs can have the target's unit.
base::Status checked_units(const Problem& problem) {
    if (problem.units.empty() || !problem.target_unit) return {};
    return check_units(problem.units, *problem.target_unit, "target");
}

/// Fails where options that have formulas enumerated stand beside a form.
base::Status fits_form(const ExplainOptions& options) {
    if (options.laws) return {};
    return base::failure(options.search.constants ? "setting `operators`" : "setting `exact-only`",
                         "a form, for which nothing is enumerated", "either of them alone");
}

/// A target that never changes, beside inputs that never change either: how they make it without further numbers and with
/// its unit, where they do; otherwise the number.
Explanation explained_by_constants(const Problem& problem, const ExplainOptions& options, Explanation number) {
    constexpr int most_operators = 3;
    const bool varies = std::any_of(problem.inputs.begin(), problem.inputs.end(), [](const auto& column) {
        return std::any_of(column.begin(), column.end(), [&](double each) { return each != column.front(); });
    });
    if (varies || problem.inputs.size() > 12) return number;
    std::vector<double> values;
    for (const auto& column : problem.inputs) values.push_back(column.front());
    Bank bank({.variables = static_cast<int>(values.size()),
               .constants = {},
               .operators = options.search.operators,
               .units = problem.units});
    for (int operators = 0; operators <= most_operators; ++operators) {
        constexpr std::uint32_t most_entries = 300'000;
        if (operators > 0 && !bank.add_level({.entries = most_entries, .stop = options.search.run.stop})) break;
        for (std::uint32_t i = bank.level_begin(operators); i < bank.level_begin(operators + 1); ++i) {
            if (!problem.units.empty() && problem.target_unit && bank.unit(i) != *problem.target_unit) continue;
            const Program program = bank.program(i);
            // Nearly all are far from the number.
            if (!(std::abs(evaluate(program, values) - problem.target.front()) <= 1e-12 * std::abs(problem.target.front())))
                continue;
            if (!fit_of(program, problem).exact) continue;
            number.report.front.push_back(described(program, problem));
            number.report.candidates = bank.candidates();
            number.same_on_all_rows = false;
            answer_with(number, 1, "the smallest formula of the inputs that is exact", problem);
            return number;
        }
    }
    return number;
}

} // namespace

ExplainOptions general_options() {
    using enum Operator;
    ExplainOptions options;
    options.search.operators = {add,         subtract,  multiply, divide, square_root,
                                exponential, logarithm, sine,     cosine};
    options.search.constants = true;
    options.law_functions = options.search.operators;
    for (const Operator more :
         {hyperbolic_tangent, arcsine, arccosine, absolute, maximum, minimum, floor, modulo, less})
        options.law_functions.push_back(more);
    return options;
}

base::Result<ExplainOptions> narrowed_options(const Narrowing& narrowing) {
    ExplainOptions options = general_options();
    std::vector<Operator> chosen;
    for (const auto& [setting, names] : {std::pair{"operators", narrowing.operators.value_or("add,sub,mul,div")},
                                         std::pair{"functions", narrowing.functions}}) {
        auto parsed = parse_operators(names);
        if (!parsed) {
            for (base::Diagnostic& each : parsed.error()) each.file = "setting `" + std::string(setting) + "`";
            return tl::make_unexpected(parsed.error());
        }
        for (const Operator each : *parsed)
            if (std::find(chosen.begin(), chosen.end(), each) == chosen.end()) chosen.push_back(each);
    }
    if (chosen.empty())
        return base::failure("setting `operators`", "no operator at all", "a list such as add,sub,mul,div");
    if (narrowing.exact_only || narrowing.operators || !narrowing.functions.empty())
        options.search.operators = options.law_functions = std::move(chosen);
    options.search.constants = !narrowing.exact_only;
    options.laws = !narrowing.exact_only && !narrowing.operators;
    if (narrowing.most_operators) options.most_operators = options.search.most_operators = *narrowing.most_operators;
    return options;
}

base::Result<Explanation> explain_by(const Explainer& way, const Problem& problem,
                                     const ExplainOptions& options) {
    return on_rows_seen(
        [&](const Problem& seen) -> base::Result<Explanation> {
            if (auto constant = constant_explanation(seen)) return explained_by_constants(seen, options, *constant);
            if (const auto possible = checked_units(seen); !possible) return tl::make_unexpected(possible.error());
            auto explanation = way(seen);
            if (!explanation) return explanation;
            explanation->unavoidable = unavoidable_error(seen);
            explanation->hints = hints_for(seen, *explanation);
            return explanation;
        },
        problem, options);
}

base::Result<Explanation> explain(const Problem& problem, const ExplainOptions& options) {
    const auto way = [&](const Problem& seen) {
        return options.loss == Loss::squared || seen.target.empty() ? explain_with_care(seen, options)
                                                                    : explain_by_loss(seen, options);
    };
    const bool may_have_units = !problem.units.empty() && options.search.constants;
    if (!options.constant_units.empty() && !may_have_units)
        return base::failure("setting `constant-units`",
                             problem.units.empty() ? "a table without units" : "no fitted numbers",
                             problem.units.empty() ? "units of its columns (setting `units`)" : "no setting `exact-only`");
    const std::vector<Unit> numbers = options.constant_units.empty() && may_have_units ? conversions(problem) : options.constant_units;
    // A number needs no further ones to be itself.
    if (numbers.empty() || constant_explanation(problem)) return explain_by(way, problem, options);
    return explain_by(way, with_unit_columns(problem, numbers), options)
        .map([&](Explanation said) { return without_unit_columns(std::move(said), problem.inputs.size()); });
}

base::Result<Explanation> explain_form(const Form& form, const Problem& problem,
                                       const ExplainOptions& options) {
    if (const auto fits = fits_form(options); !fits) return tl::make_unexpected(fits.error());
    return on_rows_seen(
        [&](const Problem& seen) -> base::Result<Explanation> {
            const base::Stopwatch watch;
            const auto fitted = fit_form(form, seen, options.loss, options.search.run);
            if (!fitted) return tl::make_unexpected(fitted.error());
            FormulaReport report;
            report.front.push_back({fitted->program, size(fitted->program).operators, fitted->fit});
            report.candidates = 1;
            report.seconds = watch.seconds();
            report.stop_reason = base::StopReason::work;
            Problem weighted = seen;
            weighted.weights = fitted->weights;
            Explanation explanation = chosen_of(std::move(report), weighted);
            explanation.weighted = !seen.weights.empty();
            answer_with(explanation, 0, "the form that was given, with the constants that fit best", weighted);
            for (std::size_t k = 0; k < form.constants.size(); ++k)
                explanation.constants.push_back(
                    {form.constants[k], fitted->constants[k], fitted->standard_errors[k]});
            return explanation;
        },
        problem, options);
}

base::Result<Explanation> explain_template(const TemplateForm& form, const Problem& problem,
                                           const ExplainOptions& options) {
    if (const auto fits = fits_form(options); !fits) return tl::make_unexpected(fits.error());
    if (!options.constant_units.empty())
        return base::failure("setting `constant-units`", "a form with functions to be found", "pure numbers, for such a form");
    if (options.loss != Loss::squared)
        return base::failure("setting `loss`", "a form with functions to be found", "squared, for such a form");
    return explain_by([&](const Problem& seen) { return search_template(form, seen, options); }, problem, options);
}

} // namespace ropewalk::formula
