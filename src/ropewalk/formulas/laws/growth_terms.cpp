#include "ropewalk/formulas/laws/growth_terms.hpp"

#include "ropewalk/formulas/laws/term_library.hpp"

namespace ropewalk::formula {

namespace {

using Eigen::ArrayXd;
using Eigen::Index;

/// A program with its values.
struct Valued {
    Program program;
    ArrayXd values;
    double cost = 0;
};

class GrowthTerms {
public:
    GrowthTerms(const Problem& problem, const std::vector<int>& variables)
        : problem_(problem), variables_(variables), count_(static_cast<int>(problem.inputs.size())) {}

    std::vector<GrowthTerm> all() {
        constexpr double of_third = 3;
        for (const int rate : variables_)
            for (const int time : variables_) {
                if (time == rate) continue;
                add(input(rate), input(time));
                for (const int third : variables_) {
                    if (third == rate || third == time) continue;
                    const Valued r = input(rate), m = input(third), n = input(time);
                    const Valued part{combine(Operator::divide, r.program, m.program), r.values / m.values, of_third};
                    add(part, n);
                    add(part, {combine(Operator::multiply, m.program, n.program), m.values * n.values, 1});
                }
            }
        return std::move(terms_);
    }

private:
    Valued input(int v) const {
        const std::vector<double>& column = problem_.inputs[static_cast<std::size_t>(v)];
        return {variable(count_, v), Eigen::Map<const ArrayXd>(column.data(), static_cast<Index>(column.size())), 0};
    }

    void add(const Valued& rate, const Valued& time) {
        constexpr double of_percent = 4, of_all = 6, of_form = 2, nearly = 1 + 1e-7;
        const Program one = constant(count_, 1);
        for (const double scale : {1.0, -1.0, 0.01, -0.01}) {
            const ArrayXd base = 1 + scale * rate.values;
            if (!base.isFinite().all() || (base <= 0).any()) continue;
            const ArrayXd grown = base.pow(time.values);
            if (!grown.isFinite().all() || (grown == 0).any()) continue;
            const auto power = [&](double factor, bool falling) {
                const Program under = sum_of(count_, {{1.0, one}, {factor, rate.program}});
                const Program above = falling ? combine(Operator::subtract, constant(count_, 0), time.program) : time.program;
                return combine(Operator::power, under, above);
            };
            const double cost = of_all + rate.cost + time.cost + (std::abs(scale) == 1 ? 0 : of_percent);
            const auto offer = [&](const auto& form, bool falling, const ArrayXd& values, double more) {
                terms_.push_back({form(power(scale, falling)), form(power(scale * nearly, falling)), values.matrix(), cost + more});
            };
            offer([](const Program& p) { return p; }, false, grown, 0);
            offer([&](const Program& p) { return combine(Operator::subtract, p, one); }, false, grown - 1, of_form);
            offer([&](const Program& p) { return combine(Operator::subtract, one, p); }, true, 1 - 1 / grown, of_form);
        }
    }

    const Problem& problem_;
    const std::vector<int>& variables_;
    int count_;
    std::vector<GrowthTerm> terms_;
};

} // namespace

std::vector<GrowthTerm> growth_terms(const Problem& problem, const std::vector<int>& variables) {
    constexpr std::size_t most = 6;
    if (variables.size() > most) return {};
    return GrowthTerms(problem, variables).all();
}

} // namespace ropewalk::formula
