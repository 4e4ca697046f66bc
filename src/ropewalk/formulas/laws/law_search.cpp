#include "ropewalk/formulas/laws/law_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>
#include <numbers>
#include <set>

#include "ropewalk/formulas/laws/description.hpp"
#include "ropewalk/formulas/laws/explain.hpp"
#include "ropewalk/formulas/laws/number_fit.hpp"
#include "ropewalk/formulas/laws/separation.hpp"
#include "ropewalk/formulas/laws/sparse_regression.hpp"
#include "ropewalk/formulas/laws/term_library.hpp"
#include "ropewalk/formulas/laws/views.hpp"
#include "ropewalk/formulas/search/search.hpp"
#include "ropewalk/formulas/text/text.hpp"

namespace ropewalk::formula {

namespace {

using Eigen::ArrayXd;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// Rows on which candidates are found and compared.
constexpr std::size_t most_screening_rows = 800;
/// Bits of a coefficient while its worth is not known.
constexpr double coefficient_bits = 7;

/// The target without a factor, and the variables that are left to explain it.
struct Part {
    std::vector<std::pair<int, double>> factor; ///< powers of variables
    std::vector<int> variables;
    Problem problem; ///< screening rows; the target is divided by the factor
    ArrayXd weights; ///< of its rows: what the factor makes of equal errors
    Program whole(const Program& program) const {
        return factor.empty()
                   ? program
                   : product_of(program, monomial(static_cast<int>(problem.inputs.size()), factor));
    }
};

/// A program with what it seems to be worth on the screening rows, in bits; less is better.
struct Guess {
    Program program;
    double bits = 0;
};

class LawSearch {
public:
    LawSearch(const Problem& problem, const LawOptions& options)
        : problem_(problem), options_(options),
          screen_(
              rows_of(problem, screening_rows(problem.target.size(), most_screening_rows, options.run.seed))),
          pure_(problem.units.empty() || !problem.target_unit || *problem.target_unit == Unit{}) {}

    std::vector<Found> run() {
        offer_mean();
        tell("powers");
        powers();
        if (enough(short_law)) return results();
        std::vector<Part> parts;
        const auto scaling = scaling_variables(rows_of(
            problem_, screening_rows(problem_.target.size(), std::size_t{3000}, options_.run.seed + 1)));
        if (!scaling.empty()) parts.push_back(part_of(scaling));
        parts.push_back(part_of({}));
        const std::vector<std::pair<const char*, void (LawSearch::*)(const Part&)>> ways{
            {"sums of terms", &LawSearch::sums},
            {"powers beside a number", &LawSearch::offsets},
            {"products", &LawSearch::products},
            {"functions of products", &LawSearch::templates},
            {"sums through other functions", &LawSearch::other_sums},
            {"sums out of many terms", &LawSearch::large_sums}};
        for (const auto& [name, way] : ways)
            for (const Part& part : parts) {
                if (stopped() || part.variables.empty()) continue;
                tell(name);
                (this->*way)(part);
                if (enough(way == &LawSearch::sums ? short_law : long_law)) return results();
                const bool early =
                    way == &LawSearch::sums || way == &LawSearch::offsets || way == &LawSearch::products;
                if (!early && only_noise_left()) return results();
            }
        return results();
    }

private:
    static constexpr double short_law = 110, long_law = 220;

    std::vector<Found> results() const {
        std::vector<Found> result;
        for (const auto& [bits, each] : kept_) result.push_back(each);
        return result;
    }

    bool stopped() const { return options_.run.is_over(watch_); }
    /// An exact formula of few numbers: a sum of many fitted terms may be exact to rounding and no law.
    bool enough(double most_bits) const {
        if (kept_.empty() || !kept_.front().second.fit.exact) return false;
        return formula_bits(kept_.front().second.program, free_bits_of(0, problem_)) < most_bits;
    }

    bool only_noise_left() {
        if (kept_.empty() || stopped() || kept_.front().second.program == judged_) return false;
        judged_ = kept_.front().second.program;
        std::vector<double> residual = evaluate_columns(judged_, problem_.inputs);
        for (std::size_t n = 0; n < residual.size(); ++n) residual[n] = problem_.target[n] - residual[n];
        return formula_bits(judged_, free_bits_of(kept_.front().second.fit.rmse, problem_)) < long_law &&
               looks_like_noise(residual, problem_);
    }
    void tell(const std::string& what) const {
        if (options_.tell) options_.tell(what);
    }
    int variables() const { return static_cast<int>(problem_.inputs.size()); }
    bool allowed(Operator operation) const {
        return std::find(options_.operators.begin(), options_.operators.end(), operation) !=
               options_.operators.end();
    }

    // What is found.

    void offer(const Program& program) {
        if (!problem_.units.empty() && problem_.target_unit &&
            unit_of(program, problem_.units) != problem_.target_unit)
            return;
        const Fit fit = fit_of(program, problem_);
        if (!std::isfinite(fit.rmse)) return;
        Found found{program, size(program).operators, fit};
        found.bits = description_of(program, fit, problem_).total();
        for (const auto& [bits, each] : kept_)
            if (each.program == program) return;
        kept_.emplace_back(found.bits, std::move(found));
        std::stable_sort(kept_.begin(), kept_.end(),
                         [](const auto& a, const auto& b) { return a.first < b.first; });
        if (kept_.size() > 60) kept_.pop_back();
    }

    void offer_mean() {
        if (!pure_) return;
        double sum = 0, mean = 0;
        for (std::size_t n = 0; n < problem_.target.size(); ++n) {
            const double weight = problem_.weights.empty() ? 1 : problem_.weights[n];
            sum += weight;
            mean += weight * problem_.target[n];
        }
        offer(refined(constant(variables(), mean / sum), problem_, [] { return false; }));
    }

    /// Bits of a program by the screening rows.
    double estimate(const Program& program) const {
        const Fit fit = fit_of(program, screen_);
        if (!std::isfinite(fit.rmse)) return std::numeric_limits<double>::infinity();
        const Description description = description_of(program, fit, screen_);
        const double share =
            static_cast<double>(problem_.target.size()) / static_cast<double>(screen_.target.size());
        // A number that was chosen among many for the screening rows takes some of their errors with it.
        double numbers = 0;
        const std::vector<char> structural = structural_numbers(program);
        for (std::size_t l = 0; l < program.lines.size(); ++l)
            if (program.lines[l].operation == Operator::constant && structural[l] == 0) ++numbers;
        const double chosen = fit.exact ? 0 : std::min(share - 1, 1.0) * 6 * numbers * share;
        return description.formula + share * description.errors + chosen;
    }

    /// Fits the numbers of programs on the screening rows and takes a closer look at the best few.
    void consider(std::vector<Program> programs, std::size_t closer = 4) {
        constexpr std::size_t most_fitted = 48;
        if (programs.size() > most_fitted) programs = most_promising(std::move(programs), most_fitted);
        std::vector<Guess> guesses(programs.size());
        base::parallel_for(programs.size(), options_.run.threads, [&](std::size_t i) {
            guesses[i].bits = std::numeric_limits<double>::infinity();
            if (stopped()) return;
            const Program program = simplified(programs[i]);
            if (!problem_.units.empty() && problem_.target_unit &&
                unit_of(program, problem_.units) != problem_.target_unit)
                return;
            const Program fitted = fit_numbers(program, screen_, 12, structural_numbers(program));
            guesses[i] = {fitted, estimate(fitted)};
        });
        std::stable_sort(guesses.begin(), guesses.end(),
                         [](const Guess& a, const Guess& b) { return a.bits < b.bits; });
        std::vector<Program> chosen;
        const double rows = static_cast<double>(problem_.target.size());
        for (const Guess& guess : guesses) {
            if (chosen.size() >= closer || !std::isfinite(guess.bits)) break;
            // What the screening rows cannot tell apart deserves a look at all of them.
            if (guess.bits > best_guess_ + 60 + 0.05 * rows) break;
            constexpr std::ptrdiff_t most_numbers = 14;
            if (std::count_if(guess.program.lines.begin(), guess.program.lines.end(), [](const Line& line) {
                    return line.operation == Operator::constant && std::abs(line.value) != 1;
                }) > most_numbers)
                continue;
            const std::string text = shape_of(guess.program);
            if (!looked_at_.insert(text).second) continue;
            chosen.push_back(guess.program);
            best_guess_ = std::min(best_guess_, guess.bits);
        }
        std::vector<Program> ready(chosen.size());
        base::parallel_for(chosen.size(), options_.run.threads, [&](std::size_t i) {
            if (!stopped()) ready[i] = refined(chosen[i], problem_, [this] { return stopped(); });
        });
        for (std::size_t i = 0; i < ready.size(); ++i)
            if (!stopped() || ready[i].variables > 0) offer(ready[i]);
    }

    /// Those with the best descriptions before their numbers are fitted.
    std::vector<Program> most_promising(std::vector<Program> programs, std::size_t most) const {
        std::vector<double> bits(programs.size());
        base::parallel_for(programs.size(), options_.run.threads,
                           [&](std::size_t i) { bits[i] = stopped() ? 0 : estimate(programs[i]); });
        std::vector<std::size_t> order(programs.size());
        for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
        std::stable_sort(order.begin(), order.end(),
                         [&](std::size_t a, std::size_t b) { return bits[a] < bits[b]; });
        std::vector<Program> best;
        for (std::size_t i = 0; i < most; ++i) best.push_back(std::move(programs[order[i]]));
        return best;
    }

    /// A text that is equal for programs that differ in numbers by less than matters.
    std::string shape_of(const Program& program) const {
        std::string text;
        for (const Line& line : program.lines) {
            text += std::to_string(static_cast<int>(line.operation)) + "," + std::to_string(line.left) + "," +
                    std::to_string(line.right) + ",";
            if (line.operation == Operator::constant) {
                char number[32];
                std::snprintf(number, sizeof number, "%.4g", line.value);
                text += number;
            }
            text += ";";
        }
        return text + std::to_string(program.result());
    }

    // Parts of the problem.

    Part part_of(const std::vector<std::pair<int, double>>& factor) const {
        Part part{factor, {}, screen_, ArrayXd::Ones(static_cast<Index>(screen_.target.size()))};
        for (int v = 0; v < variables(); ++v) {
            const auto& column = problem_.inputs[static_cast<std::size_t>(v)];
            const bool varies = std::any_of(column.begin(), column.end(),
                                            [&](double each) { return each != column.front(); });
            const bool taken =
                std::any_of(factor.begin(), factor.end(), [v](const auto& each) { return each.first == v; });
            // A column that never changes may still be a factor with a unit.
            if (!taken && (varies || !problem_.units.empty())) part.variables.push_back(v);
        }
        if (!screen_.weights.empty())
            part.weights = Eigen::Map<const ArrayXd>(screen_.weights.data(), part.weights.size()).sqrt();
        if (factor.empty()) return part;
        const Program program = monomial(variables(), factor);
        const std::vector<double> values = evaluate_columns(program, screen_.inputs);
        for (std::size_t n = 0; n < values.size(); ++n) {
            part.problem.target[n] /= values[n];
            part.weights[static_cast<Index>(n)] *= std::abs(values[n]);
        }
        part.weights /= part.weights.maxCoeff();
        if (problem_.target_unit && !problem_.units.empty()) {
            const auto unit = unit_of(quotient_of(constant(variables(), 1), program), problem_.units);
            part.problem.target_unit =
                unit ? unit_of(Operator::multiply, *problem_.target_unit, *unit) : std::nullopt;
            if (!part.problem.target_unit) part.factor.clear(), part.variables.clear();
        }
        return part;
    }

    bool has_units(const Part& part) const {
        return !problem_.units.empty() && part.problem.target_unit.has_value();
    }

    // 1. Products of powers.

    void powers() { consider(power_programs(part_of({})), 3); }

    /// Logarithms of the variables that have them.
    std::vector<int> logarithmic(const Part& part) const {
        std::vector<int> found;
        for (const int v : part.variables) {
            const auto& column = part.problem.inputs[static_cast<std::size_t>(v)];
            const auto& all = problem_.inputs[static_cast<std::size_t>(v)];
            const bool zero = std::any_of(all.begin(), all.end(), [](double x) { return x == 0; });
            const bool varies = std::any_of(column.begin(), column.end(), [&](double x) {
                return std::abs(x) != std::abs(column.front());
            });
            if (!zero && varies) found.push_back(v);
        }
        return found;
    }

    MatrixXd log_columns(const Part& part, const std::vector<int>& chosen, const ArrayXd& weights) const {
        MatrixXd columns(weights.size(), static_cast<Index>(chosen.size()) + 1);
        columns.col(0) = weights.matrix();
        for (std::size_t k = 0; k < chosen.size(); ++k)
            columns.col(static_cast<Index>(k) + 1) =
                (Eigen::Map<const ArrayXd>(part.problem.inputs[static_cast<std::size_t>(chosen[k])].data(),
                                           weights.size())
                     .abs()
                     .log() *
                 weights)
                    .matrix();
        return columns;
    }

    static double rounded_exponent(double exponent, double unit) {
        return std::round(exponent / unit) * unit;
    }

    /// C times powers of variables and of other programs, exponents as fitted, and rounded to halves and
    /// thirds.
    std::vector<Program> product_programs(const Part& part, double logarithm, const std::vector<int>& chosen,
                                          const std::vector<double>& exponents,
                                          const std::vector<std::pair<Program, double>>& others,
                                          double sign) const {
        std::vector<Program> programs;
        for (const double unit : {0.5, 1.0 / 3, 0.0}) {
            const auto rounded = [unit](double e) {
                return unit == 0 ? e : std::abs(e) < 0.08 ? 0 : rounded_exponent(e, unit);
            };
            Program over = constant(variables(), 1), under = over;
            const auto multiply = [&](const Program& base, double exponent) {
                if (exponent == 0) return;
                Program& side = exponent < 0 ? under : over;
                side = product_of(side, to_power(base, std::abs(exponent)));
            };
            for (std::size_t k = 0; k < chosen.size(); ++k)
                multiply(variable(variables(), chosen[k]), rounded(exponents[k]));
            for (const auto& [program, exponent] : others) multiply(program, rounded(exponent));
            const double scale = sign * std::exp(std::clamp(logarithm, -600.0, 600.0));
            const Program body = quotient_of(over, under);
            Program scaled = part.whole(body);
            // The factor that fits best beside rounded exponents.
            const std::vector<double> values = evaluate_columns(scaled, screen_.inputs);
            const AffineFit fit = scale_fit(values, screen_.target);
            const double factor = std::isfinite(fit.scale) && fit.scale != 0 ? fit.scale : scale;
            programs.push_back(product_of(constant(variables(), factor), scaled));
            if (fit.scale != 0) programs.push_back(std::move(scaled));
        }
        return programs;
    }

    static double sign_of(const Problem& problem) {
        double sum = 0;
        for (const double y : problem.target) sum += y;
        return sum < 0 ? -1 : 1;
    }

    /// The target as a product of powers of all variables.
    std::vector<Program> power_programs(const Part& part) const {
        const std::vector<int> chosen = logarithmic(part);
        if (chosen.empty()) return {};
        const ArrayXd y = Eigen::Map<const ArrayXd>(part.problem.target.data(), part.weights.size());
        if ((y == 0).any() && (y == 0).count() * 4 > y.size()) return {};
        std::vector<Program> programs;
        const double scale = y.abs().maxCoeff();
        const ArrayXd logarithm = y.abs().max(1e-300).log();
        // Equal errors of y, and equal relative errors.
        for (const bool relative : {false, true}) {
            ArrayXd weights = part.weights;
            if (!relative) weights *= y.abs() / scale;
            weights = (y == 0).select(0.0, weights);
            const MatrixXd forced = log_columns(part, chosen, weights);
            const SparseFit fit =
                least_squares(MatrixXd(y.size(), 0), (logarithm * weights).matrix(), forced, {});
            const auto more =
                product_programs(part, fit.forced_coefficients[0], chosen,
                                 {fit.forced_coefficients.begin() + 1, fit.forced_coefficients.end()}, {},
                                 sign_of(part.problem));
            programs.insert(programs.end(), more.begin(), more.end());
        }
        return programs;
    }

    // 2. Sums of terms.

    struct Columns {
        std::vector<Program> programs;
        std::vector<double> costs;
        std::vector<char> times_target; ///< the column is the view's values times the program
        MatrixXd values;
    };

    Columns columns_of(const std::vector<CandidateTerm>& terms, const std::vector<CandidateTerm>& below,
                       const View& view, const ArrayXd& weights, bool intercept) const {
        Columns columns;
        const auto count = static_cast<Index>(terms.size() + below.size()) + (intercept ? 1 : 0);
        columns.values.resize(weights.size(), count);
        Index at = 0;
        if (intercept) {
            columns.programs.push_back(constant(variables(), 1));
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

    Program program_of_fit(const Columns& columns, const SparseFit& fit, const View& view) const {
        std::vector<std::pair<double, Program>> over, under{{1.0, constant(variables(), 1)}};
        for (std::size_t k = 0; k < fit.columns.size(); ++k) {
            const auto j = static_cast<std::size_t>(fit.columns[k]);
            if (columns.times_target[j] != 0)
                under.emplace_back(-fit.coefficients[k], columns.programs[j]);
            else
                over.emplace_back(fit.coefficients[k], columns.programs[j]);
        }
        Program u = sum_of(variables(), over);
        if (under.size() > 1) u = combine(Operator::divide, u, sum_of(variables(), under));
        return view.program(u);
    }

    /// Libraries small enough to be fitted whole: what least squares gives no weight goes.
    struct Family {
        std::vector<CandidateTerm> terms, below;
        bool whole = true; ///< few enough for a fit by all of them
    };

    std::vector<Family> families_of(const Part& part, const View& view) const {
        const std::size_t most = std::clamp<std::size_t>(screen_.target.size() / 3, 8, 150);
        const bool plain = view.name == "y" || view.name == "y^2" || view.name == "1/y";
        TermOptions powers{part.variables, options_.operators};
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
        all.roots = allowed(Operator::square_root);
        all.most = 400;
        offer(all, nullptr, false);
        return families;
    }

    void sums(const Part& part) { sums_of(part, true); }
    void other_sums(const Part& part) { sums_of(part, false); }

    /// Through the views that most laws are seen by, or through the others.
    void sums_of(const Part& part, bool usual) {
        const auto unit = has_units(part) ? part.problem.target_unit : std::nullopt;
        std::vector<View> views = views_of(part.problem.target, unit, options_.operators);
        std::erase_if(views, [usual](const View& view) {
            const bool is_usual = view.name == "y" || view.name == "1/y" || view.name == "y^2" ||
                                  view.name == "1/y^2" || view.name == "log y";
            return is_usual != usual;
        });
        consider(through(views, [&](const View& view) { return whole_families(part, view); }), 5);
    }

    void large_sums(const Part& part) {
        const auto unit = has_units(part) ? part.problem.target_unit : std::nullopt;
        const std::vector<View> views = views_of(part.problem.target, unit, options_.operators);
        consider(through(views, [&](const View& view) { return sums_through(part, view, {}); }), 6);
    }

    /// What a way to make programs of a view makes of all of them, view by view.
    template<class Way>
    std::vector<Program> through(const std::vector<View>& views, const Way& way) const {
        std::vector<std::vector<Program>> found(views.size());
        base::parallel_for(views.size(), options_.run.threads, [&](std::size_t i) {
            if (!stopped()) found[i] = way(views[i]);
        });
        std::vector<Program> all;
        for (const auto& each : found) all.insert(all.end(), each.begin(), each.end());
        return all;
    }

    std::vector<Program> whole_families(const Part& part, const View& view) const {
        const ArrayXd weights = view.weights.array() * part.weights;
        const bool intercept = !view.unit || *view.unit == Unit{};
        std::vector<Program> programs;
        for (const Family& family : families_of(part, view)) {
            if (stopped()) break;
            const Columns columns = columns_of(family.terms, family.below, view, weights, intercept);
            if (columns.programs.empty()) continue;
            const VectorXd target = (view.values.array() * weights).matrix();
            // Few rows leave time for many sets.
            const int beam = static_cast<int>(std::clamp<Index>(9600 / target.size(), 12, 80));
            if (family.whole)
                for (const SparseFit& fit : pruned_fits(columns.values, target, columns.costs, 6))
                    programs.push_back(part.whole(program_of_fit(columns, fit, view)));
            const auto fits = sparse_fits(
                columns.values, target, MatrixXd(target.size(), 0), columns.costs,
                {.most_terms = 9, .beam = beam, .branch = 8, .stop = [this] { return stopped(); }});
            for (const auto& same_size : fits)
                if (!same_size.empty() && !same_size.front().columns.empty())
                    programs.push_back(part.whole(program_of_fit(columns, same_size.front(), view)));
        }
        return programs;
    }

    std::vector<Program> sums_through(const Part& part, const View& view,
                                      const std::vector<CandidateTerm>& extra) const {
        const ArrayXd weights = view.weights.array() * part.weights;
        TermOptions chosen{part.variables, options_.operators};
        chosen.roots = allowed(Operator::square_root);
        chosen.most = 1200;
        chosen.unit = view.unit;
        std::vector<CandidateTerm> terms = term_library(part.problem, chosen);
        for (const CandidateTerm& each : extra)
            if (!chosen.unit || each.unit == chosen.unit) terms.push_back(each);
        const bool intercept = !view.unit || *view.unit == Unit{};
        const Columns columns = columns_of(terms, {}, view, weights, intercept);
        if (columns.programs.empty()) return {};
        const auto fits = sparse_fits(
            columns.values, (view.values.array() * weights).matrix(), MatrixXd(weights.size(), 0),
            columns.costs, {.most_terms = 8, .beam = 8, .branch = 8, .stop = [this] { return stopped(); }});
        std::vector<Program> programs;
        for (const auto& same_size : fits)
            for (std::size_t f = 0; f < std::min<std::size_t>(same_size.size(), 2); ++f) {
                if (same_size[f].columns.empty()) continue;
                programs.push_back(part.whole(program_of_fit(columns, same_size[f], view)));
            }
        return programs;
    }

    // 3. Products of powers of sums of two terms.

    struct Atom {
        Program program;
        Program loose; ///< the same with its number free where `program` has a 1
        VectorXd logarithm;
        double cost = 0;
        bool exponent = false; ///< takes part as exp(c * program)
    };

    void offer_atom(std::vector<Atom>& atoms, const Program& program, const Program& loose,
                    const VectorXd& values, double cost) const {
        const VectorXd logarithm = values.array().abs().log().matrix();
        if (!logarithm.allFinite()) return;
        if (logarithm.maxCoeff() - logarithm.minCoeff() < 1e-9) return;
        atoms.push_back({program, loose, logarithm, cost});
    }

    std::vector<Atom> atoms_of(const Part& part) const {
        TermOptions chosen{part.variables, options_.operators};
        chosen.most = part.variables.size() > 6 ? 160 : 120;
        chosen.roots = false;
        // A factor in front is a product's own business: no negative powers here.
        chosen.negative = false;
        const std::vector<CandidateTerm> terms = term_library(part.problem, chosen);
        std::vector<Atom> atoms;
        for (const CandidateTerm& term : terms)
            offer_atom(atoms, term.program, term.program, term.values, term.cost + 3);
        TermOptions powers = chosen;
        powers.functions = false;
        powers.negative = true;
        if (!problem_.units.empty()) powers.unit = Unit{};
        for (const CandidateTerm& term : term_library(part.problem, powers))
            atoms.push_back(
                {term.program, term.program, term.values, term.cost + coefficient_bits + 3, true});
        const bool units = !problem_.units.empty();
        const auto pair = [&](const Program* first, const VectorXd* values, const std::optional<Unit>& unit,
                              double cost, const CandidateTerm& second) {
            if (units && unit != second.unit) return;
            for (const double scale :
                 {1.0, -1.0, 2.0, -2.0, 0.5, -0.5, 3.0, -3.0, 1.0 / 3, -1.0 / 3, 4.0, -4.0, 0.25, -0.25}) {
                const double more = std::abs(scale) == 1 ? 0 : 5;
                if (more > 0 && cost + second.cost > 16) break;
                const VectorXd sum = *values + scale * second.values;
                const Program base = first != nullptr ? *first : constant(variables(), 1);
                constexpr double nearly = 1 + 1e-7;
                offer_atom(atoms, sum_of(variables(), {{1.0, base}, {scale, second.program}}),
                           sum_of(variables(), {{1.0, base}, {scale * nearly, second.program}}), sum,
                           cost + second.cost + more + 3);
            }
        };
        const VectorXd ones = VectorXd::Ones(part.weights.size());
        for (std::size_t i = 0; i < terms.size(); ++i) {
            pair(nullptr, &ones, Unit{}, 1, terms[i]);
            const auto used = used_variables(terms[i].program);
            for (std::size_t j = i + 1; j < terms.size(); ++j) {
                if (terms[i].cost + terms[j].cost > 26) break;
                const auto other = used_variables(terms[j].program);
                bool shared = false;
                for (std::size_t v = 0; v < used.size(); ++v) shared = shared || (used[v] && other[v]);
                // What two monomials share is a factor; functions may share.
                if (shared && is_monomial(terms[i].program) && is_monomial(terms[j].program)) continue;
                pair(&terms[i].program, &terms[i].values, terms[i].unit, terms[i].cost, terms[j]);
            }
        }
        std::stable_sort(atoms.begin(), atoms.end(),
                         [](const Atom& a, const Atom& b) { return a.cost < b.cost; });
        if (atoms.size() > 6000) atoms.resize(6000);
        return atoms;
    }

    static bool is_monomial(const Program& program) {
        return std::all_of(program.lines.begin(), program.lines.end(), [](const Line& line) {
            return line.operation == Operator::multiply || line.operation == Operator::square ||
                   line.operation == Operator::divide || line.operation == Operator::constant;
        });
    }

    /// Targets whose logarithm is a sum: the target, and where it may be a logarithm already, its
    /// exponential.
    struct LogTarget {
        VectorXd values;
        ArrayXd weights;
        bool is_logarithm = false;
    };

    std::vector<LogTarget> log_targets(const Part& part) const {
        std::vector<LogTarget> targets;
        const ArrayXd y = Eigen::Map<const ArrayXd>(part.problem.target.data(), part.weights.size());
        const double scale = y.abs().maxCoeff();
        if (scale > 0) {
            const ArrayXd weights = part.weights * y.abs() / scale;
            targets.push_back({(y.abs().max(1e-12 * scale)).log().matrix(), weights, false});
        }
        if (part.factor.empty() && pure_ && allowed(Operator::logarithm))
            targets.push_back({y.matrix(), part.weights, true});
        return targets;
    }

    void products(const Part& part) {
        const std::vector<Atom> atoms = atoms_of(part);
        if (atoms.empty() || stopped()) return;
        for (const LogTarget& target : log_targets(part)) {
            MatrixXd library(part.weights.size(), static_cast<Index>(atoms.size()));
            std::vector<double> costs;
            for (std::size_t j = 0; j < atoms.size(); ++j) {
                library.col(static_cast<Index>(j)) = (atoms[j].logarithm.array() * target.weights).matrix();
                costs.push_back(atoms[j].cost + 3);
            }
            const std::vector<int> chosen = logarithmic(part);
            const MatrixXd forced = log_columns(part, chosen, target.weights);
            const auto fits = sparse_fits(
                library, (target.values.array() * target.weights).matrix(), forced, costs,
                {.most_terms = 3, .beam = 12, .branch = 10, .stop = [this] { return stopped(); }});
            std::vector<Program> programs;
            for (const auto& same_size : fits)
                for (std::size_t f = 0; f < std::min<std::size_t>(same_size.size(), 5); ++f) {
                    const auto more = programs_of_product(part, target, atoms, chosen, same_size[f]);
                    programs.insert(programs.end(), more.begin(), more.end());
                }
            consider(std::move(programs), 5);
        }
    }

    std::vector<Program> programs_of_product(const Part& part, const LogTarget& target,
                                             const std::vector<Atom>& atoms, const std::vector<int>& chosen,
                                             const SparseFit& fit) const {
        std::vector<Program> programs;
        for (const bool loose : {false, true}) {
            if (loose && fit.columns.empty()) break;
            const auto more = programs_of_product(part, target, atoms, chosen, fit, loose);
            programs.insert(programs.end(), more.begin(), more.end());
        }
        return programs;
    }

    std::vector<Program> programs_of_product(const Part& part, const LogTarget& target,
                                             const std::vector<Atom>& atoms, const std::vector<int>& chosen,
                                             const SparseFit& fit, bool loose) const {
        const std::vector<double> exponents(fit.forced_coefficients.begin() + 1,
                                            fit.forced_coefficients.end());
        std::vector<std::pair<Program, double>> others;
        for (std::size_t k = 0; k < fit.columns.size(); ++k) {
            const Atom& atom = atoms[static_cast<std::size_t>(fit.columns[k])];
            if (atom.exponent && !target.is_logarithm)
                others.emplace_back(
                    combine(Operator::exponential,
                            product_of(constant(variables(), fit.coefficients[k]), atom.program)),
                    1.0);
            else
                others.emplace_back(loose ? atom.loose : atom.program, fit.coefficients[k]);
        }
        if (!target.is_logarithm)
            return product_programs(part, fit.forced_coefficients[0], chosen, exponents, others,
                                    sign_of(part.problem));
        return log_sum_programs(fit.forced_coefficients[0], chosen, exponents, others, [&](std::size_t k) {
            return atoms[static_cast<std::size_t>(fit.columns[k])].exponent;
        });
    }

    /// c + sum of exponents times logarithms.
    std::vector<Program> log_sum_programs(double offset, const std::vector<int>& chosen,
                                          const std::vector<double>& exponents,
                                          const std::vector<std::pair<Program, double>>& others,
                                          const std::function<bool(std::size_t)>& plain) const {
        std::vector<Program> programs;
        for (const bool round : {true, false}) {
            const auto rounded = [&](double e) { return round ? rounded_exponent(e, 0.5) : e; };
            std::vector<std::pair<double, Program>> terms;
            for (std::size_t k = 0; k < chosen.size(); ++k)
                if (rounded(exponents[k]) != 0)
                    terms.emplace_back(rounded(exponents[k]),
                                       combine(Operator::logarithm, variable(variables(), chosen[k])));
            for (std::size_t k = 0; k < others.size(); ++k) {
                if (plain(k))
                    terms.emplace_back(others[k].second, others[k].first);
                else if (rounded(others[k].second) != 0)
                    terms.emplace_back(rounded(others[k].second),
                                       combine(Operator::logarithm, others[k].first));
            }
            terms.emplace_back(offset, constant(variables(), 1));
            programs.push_back(sum_of(variables(), terms));
        }
        return programs;
    }

    // 4. Functions of a number times a product of powers.

    struct Template {
        Operator kind = Operator::exponential;
        int shape = 0; ///< which of `value_of`
        std::size_t term = 0;
        double scale = 0;
        double error = 0;
        double coefficient = 1, second = 0, offset = 0;
        std::vector<double> exponents;
    };

    /// exp(u), exp(u) - 1, exp(u) + 1, cosh u, 1 + u, sin u, cos u, tanh u
    static ArrayXd value_of(int shape, const ArrayXd& u) {
        switch (shape) {
        case 0: return u.exp();
        case 1: return u.exp() - 1;
        case 2: return u.exp() + 1;
        case 3: return u.exp() + (-u).exp();
        case 4: return 1 + u;
        case 5: return u.sin();
        case 6: return u.cos();
        default: return u.tanh();
        }
    }

    Program program_of_shape(int shape, const Program& u) const {
        const Program one = constant(variables(), 1);
        switch (shape) {
        case 0: return combine(Operator::exponential, u);
        case 1: return combine(Operator::subtract, combine(Operator::exponential, u), one);
        case 2: return combine(Operator::add, combine(Operator::exponential, u), one);
        case 3: {
            const Program e = combine(Operator::exponential, u);
            return combine(Operator::add, e, combine(Operator::reciprocal, e));
        }
        case 4: return combine(Operator::add, one, u);
        case 5: return combine(Operator::sine, u);
        case 6: return combine(Operator::cosine, u);
        default: return combine(Operator::hyperbolic_tangent, u);
        }
    }

    bool shape_allowed(int shape) const {
        if (shape <= 3) return allowed(Operator::exponential);
        if (shape == 4) return true;
        return allowed(shape == 5   ? Operator::sine
                       : shape == 6 ? Operator::cosine
                                    : Operator::hyperbolic_tangent);
    }

    /// Scales that put the argument of a function from nearly nothing to much.
    static std::vector<double> scales_of(const VectorXd& values, int shape, std::size_t rows, bool single) {
        std::vector<double> magnitudes(values.data(), values.data() + values.size());
        for (double& each : magnitudes) each = std::abs(each);
        std::sort(magnitudes.begin(), magnitudes.end());
        const double high = magnitudes[magnitudes.size() * 9 / 10], low = magnitudes[magnitudes.size() / 10];
        const double span = values.maxCoeff() - values.minCoeff();
        std::vector<double> scales;
        if (shape == 5 || shape == 6) {
            const double most = single ? std::min(1500.0, 3.0 * static_cast<double>(rows)) : 120;
            for (double phase = 0.35; phase < most; phase += 0.7) scales.push_back(phase / span);
            return scales;
        }
        if (!(high > 0)) return scales;
        const double least = low > 0 ? low : high * 1e-3;
        const double step = std::max(1.3, std::pow(400 * high / least, 1.0 / 60));
        for (double u = 0.05 / high; u < 20 / least; u *= step) {
            scales.push_back(u);
            if (shape != 3 && shape != 7) scales.push_back(-u);
        }
        return scales;
    }

    void templates(const Part& part) {
        TermOptions chosen{part.variables, options_.operators};
        chosen.functions = chosen.roots = false;
        chosen.most = 400;
        chosen.most_degree = 4;
        if (!problem_.units.empty()) chosen.unit = Unit{};
        const std::vector<CandidateTerm> terms = term_library(part.problem, chosen);
        const Index scanned = std::min<Index>(part.weights.size(), 240);
        struct Target {
            VectorXd values;
            ArrayXd weights;
            MatrixXd basis; ///< orthonormal, of the columns that are always in
            MatrixXd forced;
            bool logarithm = false, is_logarithm = false;
            VectorXd residual; ///< of the first rows, which are scanned
            MatrixXd scanned_basis;
        };
        std::vector<Target> targets;
        const auto with_basis = [&](Target target) {
            const Eigen::ColPivHouseholderQR<MatrixXd> qr(target.forced);
            target.basis = qr.householderQ() * MatrixXd::Identity(target.forced.rows(), qr.rank());
            const Eigen::ColPivHouseholderQR<MatrixXd> few(target.forced.topRows(scanned));
            target.scanned_basis = few.householderQ() * MatrixXd::Identity(scanned, few.rank());
            const VectorXd values = target.values.head(scanned);
            target.residual = values - target.scanned_basis * (target.scanned_basis.transpose() * values);
            return target;
        };
        const std::vector<int> logs = logarithmic(part);
        for (const LogTarget& each : log_targets(part))
            targets.push_back(with_basis({(each.values.array() * each.weights).matrix(),
                                          each.weights,
                                          {},
                                          log_columns(part, logs, each.weights),
                                          true,
                                          each.is_logarithm}));
        const ArrayXd y = Eigen::Map<const ArrayXd>(part.problem.target.data(), part.weights.size());
        const MatrixXd number = part.weights.matrix();
        targets.push_back(with_basis({(y * part.weights).matrix(), part.weights, {}, number, false, false}));
        std::vector<std::vector<Template>> best(terms.size() * targets.size());
        base::parallel_for(terms.size(), options_.run.threads, [&](std::size_t m) {
            const ArrayXd values = terms[m].values.head(scanned).array();
            const bool single = terms[m].program.lines.empty();
            for (int shape = 0; shape < 8; ++shape) {
                if (!shape_allowed(shape) || stopped()) continue;
                for (const double scale : scales_of(terms[m].values, shape, problem_.target.size(), single)) {
                    const ArrayXd value = value_of(shape, values * scale);
                    if (!value.allFinite()) continue;
                    const ArrayXd logarithm = value.abs().max(1e-12).log();
                    for (std::size_t t = 0; t < targets.size(); ++t) {
                        const Target& target = targets[t];
                        if (!target.logarithm && (shape == 1 || shape == 2 || shape == 4)) continue;
                        if (target.logarithm && shape == 0) continue;
                        const auto weights = target.weights.head(scanned);
                        VectorXd column = ((target.logarithm ? logarithm : value) * weights).matrix();
                        const double whole = column.squaredNorm();
                        column -= target.scanned_basis * (target.scanned_basis.transpose() * column);
                        const double left = column.squaredNorm();
                        if (!(left > 1e-10 * whole)) continue;
                        double gain = std::pow(column.dot(target.residual), 2) / left;
                        if (!target.logarithm && shape == 5) {
                            // Any phase: the cosine beside the sine.
                            VectorXd other = ((values * scale).cos() * weights).matrix();
                            other -= target.scanned_basis * (target.scanned_basis.transpose() * other);
                            other -= column * (column.dot(other) / left);
                            if (other.squaredNorm() > 1e-10 * whole)
                                gain += std::pow(other.dot(target.residual), 2) / other.squaredNorm();
                        }
                        keep(best[m * targets.size() + t], {.shape = shape,
                                                            .term = m,
                                                            .scale = scale,
                                                            .error = target.residual.squaredNorm() - gain});
                    }
                }
            }
        });
        for (std::size_t t = 0; t < targets.size(); ++t) {
            std::vector<Template> all;
            for (std::size_t m = 0; m < terms.size(); ++m)
                for (const Template& each : best[m * targets.size() + t]) all.push_back(each);
            const double rows = static_cast<double>(scanned);
            const auto worth = [&](const Template& each) {
                return 0.5 * rows * std::log2(std::max(each.error, 1e-300)) + terms[each.term].cost;
            };
            std::stable_sort(all.begin(), all.end(),
                             [&](const Template& a, const Template& b) { return worth(a) < worth(b); });
            if (all.size() > 16) all.resize(16);
            std::vector<Program> programs;
            std::vector<CandidateTerm> extra;
            for (const Template& each : all) {
                const Program u = product_of(constant(variables(), each.scale), terms[each.term].program);
                const Program shape = program_of_shape(each.shape, u);
                const ArrayXd value = value_of(each.shape, terms[each.term].values.array() * each.scale);
                const Target& target = targets[t];
                if (!target.logarithm) {
                    wave_programs(part, each, terms[each.term], value, programs);
                    if (extra.size() < 8) {
                        extra.push_back({shape, value.matrix(), terms[each.term].cost + 8, Unit{}});
                        if (each.shape == 5)
                            extra.push_back({program_of_shape(6, u),
                                             (terms[each.term].values.array() * each.scale).cos().matrix(),
                                             terms[each.term].cost + 8, Unit{}});
                    }
                    continue;
                }
                MatrixXd library(target.values.size(), 1);
                library.col(0) = (value.abs().max(1e-12).log() * target.weights).matrix();
                const SparseFit fit = least_squares(library, target.values, target.forced, {0});
                const std::vector<double> exponents(fit.forced_coefficients.begin() + 1,
                                                    fit.forced_coefficients.end());
                const auto more =
                    target.is_logarithm
                        ? log_sum_programs(fit.forced_coefficients[0], logs, exponents,
                                           {{shape, fit.coefficients[0]}}, [](std::size_t) { return false; })
                        : product_programs(part, fit.forced_coefficients[0], logs, exponents,
                                           {{shape, fit.coefficients[0]}}, sign_of(part.problem));
                programs.insert(programs.end(), more.begin(), more.end());
            }
            consider(std::move(programs), 5);
            if (!extra.empty() && !enough(long_law) && !stopped()) sums_with(part, extra);
        }
    }

    static void keep(std::vector<Template>& best, Template candidate) {
        constexpr std::size_t most = 3;
        const auto place = std::find_if(best.begin(), best.end(),
                                        [&](const Template& each) { return each.error > candidate.error; });
        if (place == best.end() && best.size() >= most) return;
        best.insert(place, std::move(candidate));
        if (best.size() > most) best.pop_back();
    }

    /// a + b f(c m), and with a phase where f is a wave.
    void wave_programs(const Part& part, const Template& each, const CandidateTerm& term,
                       const ArrayXd& value, std::vector<Program>& programs) const {
        const ArrayXd y = Eigen::Map<const ArrayXd>(part.problem.target.data(), part.weights.size());
        const ArrayXd& w = part.weights;
        const ArrayXd u = term.values.array() * each.scale;
        const Program argument = product_of(constant(variables(), each.scale), term.program);
        const auto add_terms = [&](const Program& shape, const ArrayXd& column) {
            MatrixXd library(y.size(), 2);
            library.col(0) = (column * w).matrix();
            library.col(1) = w.matrix();
            const SparseFit fit = least_squares(library, (y * w).matrix(), MatrixXd(y.size(), 0), {0, 1});
            programs.push_back(
                part.whole(sum_of(variables(), {{fit.coefficients[0], shape},
                                                {fit.coefficients[1], constant(variables(), 1)}})));
            const SparseFit alone = least_squares(library, (y * w).matrix(), MatrixXd(y.size(), 0), {0});
            programs.push_back(part.whole(sum_of(variables(), {{alone.coefficients[0], shape}})));
        };
        add_terms(program_of_shape(each.shape, argument), value);
        if (each.shape != 5) return;
        add_terms(combine(Operator::cosine, argument), u.cos());
        MatrixXd library(y.size(), 3);
        library.col(0) = (u.sin() * w).matrix();
        library.col(1) = (u.cos() * w).matrix();
        library.col(2) = w.matrix();
        const SparseFit fit = least_squares(library, (y * w).matrix(), MatrixXd(y.size(), 0), {0, 1, 2});
        const double amplitude = std::hypot(fit.coefficients[0], fit.coefficients[1]);
        const double phase = std::atan2(fit.coefficients[1], fit.coefficients[0]);
        const Program shifted =
            combine(Operator::sine, combine(Operator::add, argument, constant(variables(), phase)));
        programs.push_back(part.whole(
            sum_of(variables(), {{amplitude, shifted}, {fit.coefficients[2], constant(variables(), 1)}})));
        programs.push_back(part.whole(sum_of(variables(), {{amplitude, shifted}})));
    }

    /// Sums in which functions of products take part, alone and times a variable.
    void sums_with(const Part& part, const std::vector<CandidateTerm>& functions) {
        std::vector<CandidateTerm> extra = functions;
        for (const CandidateTerm& function : functions)
            for (const int v : part.variables) {
                CandidateTerm term = function;
                term.program = combine(Operator::multiply, variable(variables(), v), function.program);
                term.values = function.values.cwiseProduct(Eigen::Map<const VectorXd>(
                    part.problem.inputs[static_cast<std::size_t>(v)].data(), function.values.size()));
                term.cost += 3;
                if (!problem_.units.empty()) term.unit = problem_.units[static_cast<std::size_t>(v)];
                extra.push_back(std::move(term));
            }
        const auto unit = has_units(part) ? part.problem.target_unit : std::nullopt;
        const auto views = views_of(part.problem.target, unit, {});
        consider(sums_through(part, views.front(), extra), 4);
    }

    // 5. A number beside a product of powers, through the views.

    void offsets(const Part& part) {
        if (has_units(part) && *part.problem.target_unit != Unit{}) return;
        const std::vector<int> logs = logarithmic(part);
        if (logs.empty()) return;
        std::vector<Program> programs;
        for (const View& view : views_of(part.problem.target, part.problem.target_unit, options_.operators)) {
            if (stopped()) break;
            const double low = view.values.minCoeff(), high = view.values.maxCoeff(), span = high - low;
            std::vector<double> offsets{1, -1, 2, -2, 0.5, -0.5};
            for (const double share : {0.001, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0}) {
                offsets.push_back(low - share * span);
                offsets.push_back(high + share * span);
            }
            struct Trial {
                double error = 0, offset = 0, sign = 1;
                SparseFit fit;
            };
            std::vector<Trial> trials;
            for (const double offset : offsets) {
                const ArrayXd rest = view.values.array() - offset;
                const double sign = rest.sum() < 0 ? -1 : 1;
                if ((rest * sign < 0).count() * 20 > rest.size()) continue;
                const ArrayXd magnitude = (rest * sign).max(1e-6 * span);
                const ArrayXd weights = magnitude * view.weights.array() * part.weights;
                const MatrixXd forced = log_columns(part, logs, weights);
                Trial trial{0, offset, sign,
                            least_squares(MatrixXd(rest.size(), 0), (magnitude.log() * weights).matrix(),
                                          forced, {})};
                // Errors of u, so that offsets compare.
                trial.error = trial.fit.squared_error;
                trials.push_back(std::move(trial));
            }
            std::stable_sort(trials.begin(), trials.end(),
                             [](const Trial& a, const Trial& b) { return a.error < b.error; });
            for (std::size_t i = 0; i < std::min<std::size_t>(3, trials.size()); ++i)
                for (const double unit : {0.5, 0.0}) {
                    const Trial& trial = trials[i];
                    std::vector<std::pair<int, double>> powers;
                    for (std::size_t k = 0; k < logs.size(); ++k) {
                        const double e = trial.fit.forced_coefficients[k + 1];
                        const double exponent = unit > 0 ? rounded_exponent(e, unit) : e;
                        if (exponent != 0) powers.emplace_back(logs[k], exponent);
                    }
                    if (powers.empty()) continue;
                    const double factor =
                        trial.sign * std::exp(std::clamp(trial.fit.forced_coefficients[0], -600.0, 600.0));
                    programs.push_back(part.whole(
                        view.program(sum_of(variables(), {{factor, monomial(variables(), powers)},
                                                          {trial.offset, constant(variables(), 1)}}))));
                }
        }
        consider(std::move(programs), 5);
    }

    const Problem& problem_;
    const LawOptions& options_;
    base::Stopwatch watch_;
    Problem screen_;
    bool pure_;
    Program judged_;
    std::vector<std::pair<double, Found>> kept_;
    std::set<std::string> looked_at_;
    double best_guess_ = std::numeric_limits<double>::infinity();
};

} // namespace

std::vector<Found> search_laws(const Problem& problem, const LawOptions& options) {
    return LawSearch(problem, options).run();
}

} // namespace ropewalk::formula
