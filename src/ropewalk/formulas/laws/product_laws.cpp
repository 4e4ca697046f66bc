#include "ropewalk/formulas/laws/product_laws.hpp"

#include <algorithm>
#include <cmath>

#include "ropewalk/formulas/laws/growth_terms.hpp"
#include "ropewalk/formulas/laws/power_laws.hpp"
#include "ropewalk/formulas/laws/sparse_regression.hpp"
#include "ropewalk/formulas/laws/term_library.hpp"

namespace ropewalk::formula {

namespace {

using Eigen::ArrayXd;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

struct Atom {
    Program program;
    Program loose; ///< the same with its number free where `program` has a 1
    VectorXd logarithm;
    double cost = 0;
    bool exponent = false; ///< takes part as exp(c * program)
};

void offer_atom(std::vector<Atom>& atoms, const Program& program, const Program& loose,
                const VectorXd& values, double cost) {
    const VectorXd logarithm = values.array().abs().log().matrix();
    if (!logarithm.allFinite()) return;
    if (logarithm.maxCoeff() - logarithm.minCoeff() < 1e-9) return;
    atoms.push_back({program, loose, logarithm, cost});
}

bool is_monomial(const Program& program) {
    return std::all_of(program.lines.begin(), program.lines.end(), [](const Line& line) {
        return line.operation == Operator::multiply || line.operation == Operator::square ||
               line.operation == Operator::divide || line.operation == Operator::constant;
    });
}

std::vector<Atom> atoms_of(const LawContext& context, const Part& part) {
    TermOptions chosen = term_options(context, part);
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
    if (!context.problem.units.empty()) powers.unit = Unit{};
    for (const CandidateTerm& term : term_library(part.problem, powers))
        atoms.push_back({term.program, term.program, term.values, term.cost + coefficient_bits + 3, true});
    const bool units = !context.problem.units.empty();
    const auto pair = [&](const Program* first, const VectorXd* values, const std::optional<Unit>& unit,
                          double cost, const CandidateTerm& second) {
        if (units && unit != second.unit) return;
        for (const double scale :
             {1.0, -1.0, 2.0, -2.0, 0.5, -0.5, 3.0, -3.0, 1.0 / 3, -1.0 / 3, 4.0, -4.0, 0.25, -0.25}) {
            const double more = std::abs(scale) == 1 ? 0 : 5;
            if (more > 0 && cost + second.cost > 16) break;
            const VectorXd sum = *values + scale * second.values;
            const Program base = first != nullptr ? *first : constant(context.variables(), 1);
            constexpr double nearly = 1 + 1e-7;
            offer_atom(atoms, sum_of(context.variables(), {{1.0, base}, {scale, second.program}}),
                       sum_of(context.variables(), {{1.0, base}, {scale * nearly, second.program}}), sum,
                       cost + second.cost + more + 3);
        }
    };
    const auto& functions = context.options.operators;
    // Who allows an exponential of any expression expects growth.
    if (!units && std::find(functions.begin(), functions.end(), Operator::exponential) != functions.end())
        for (const GrowthTerm& term : growth_terms(part.problem, part.variables))
            offer_atom(atoms, term.program, term.loose, term.values, term.cost);
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

std::vector<Program> programs_of_product(const LawContext& context, const Part& part, const LogTarget& target,
                                         const std::vector<Atom>& atoms, const std::vector<int>& chosen,
                                         const SparseFit& fit, bool loose) {
    const std::vector<double> exponents(fit.forced_coefficients.begin() + 1, fit.forced_coefficients.end());
    std::vector<std::pair<Program, double>> others;
    for (std::size_t k = 0; k < fit.columns.size(); ++k) {
        const Atom& atom = atoms[static_cast<std::size_t>(fit.columns[k])];
        if (atom.exponent && !target.is_logarithm)
            others.emplace_back(
                combine(Operator::exponential,
                        product_of(constant(context.variables(), fit.coefficients[k]), atom.program)),
                1.0);
        else
            others.emplace_back(loose ? atom.loose : atom.program, fit.coefficients[k]);
    }
    if (!target.is_logarithm)
        return product_programs(context, part, fit.forced_coefficients[0], chosen, exponents, others,
                                sign_of(part.problem));
    return log_sum_programs(
        context, fit.forced_coefficients[0], chosen, exponents, others,
        [&](std::size_t k) { return atoms[static_cast<std::size_t>(fit.columns[k])].exponent; });
}

std::vector<Program> programs_of_product(const LawContext& context, const Part& part, const LogTarget& target,
                                         const std::vector<Atom>& atoms, const std::vector<int>& chosen,
                                         const SparseFit& fit) {
    std::vector<Program> programs;
    for (const bool loose : {false, true}) {
        if (loose && fit.columns.empty()) break;
        const auto more = programs_of_product(context, part, target, atoms, chosen, fit, loose);
        programs.insert(programs.end(), more.begin(), more.end());
    }
    return programs;
}

} // namespace

void try_products(const LawContext& context, const Part& part, Candidates& candidates) {
    // Under noise many fit about as well before their exponents become simple.
    constexpr int most_kept = 24;
    const std::vector<Atom> atoms = atoms_of(context, part);
    if (atoms.empty() || context.stopped()) return;
    for (const LogTarget& target : log_targets(context, part)) {
        MatrixXd library(part.weights.size(), static_cast<Index>(atoms.size()));
        std::vector<double> costs;
        for (std::size_t j = 0; j < atoms.size(); ++j) {
            library.col(static_cast<Index>(j)) = (atoms[j].logarithm.array() * target.weights).matrix();
            costs.push_back(atoms[j].cost + 3);
        }
        const std::vector<int> chosen = logarithmic(context, part);
        const MatrixXd forced = log_columns(part, chosen, target.weights);
        const auto fits =
            sparse_fits(library, (target.values.array() * target.weights).matrix(), forced, costs,
                        {.most_terms = 3, .beam = most_kept, .branch = most_kept, .stop = [&] {
                             return context.stopped();
                         }});
        std::vector<Program> programs;
        for (const auto& same_size : fits)
            for (std::size_t f = 0; f < std::min<std::size_t>(same_size.size(), most_kept); ++f) {
                const auto more = programs_of_product(context, part, target, atoms, chosen, same_size[f]);
                programs.insert(programs.end(), more.begin(), more.end());
            }
        candidates.consider(std::move(programs), 5);
    }
}

} // namespace ropewalk::formula
