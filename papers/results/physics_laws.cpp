#include "papers/results/physics_laws.hpp"

#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/formulas/text/text.hpp"

namespace ropewalk::papers {

const std::vector<Law>& physics_laws() {
    static const std::vector<Law> laws{
        {"kinetic energy", "m*v^2/2", {{"m"}, {"v"}}, "square"},
        {"gravitation", "G*m*M/r^2", {{"G"}, {"m"}, {"M"}, {"r"}}, "square"},
        {"Coulomb", "q*Q/(4*3.141592653589793*e*r^2)", {{"q"}, {"Q"}, {"e"}, {"r"}}, "square"},
        {"pendulum", "2*3.141592653589793*sqrt(l/g)", {{"l"}, {"g"}}, "sqrt"},
        {"ideal gas", "n*R*T/V", {{"n"}, {"R"}, {"T"}, {"V"}}, ""},
        {"Lorentz factor", "1/sqrt(1 - v^2/c^2)", {{"v", 1, 2}, {"c", 3, 5}}, "square,sqrt"},
        {"relativistic energy", "m*c^2/sqrt(1 - v^2/c^2)", {{"m"}, {"v", 1, 2}, {"c", 3, 5}}, "square,sqrt"},
        {"normal density", "exp(-x^2/2)/sqrt(2*3.141592653589793)", {{"x", -3, 3}}, "square,exp"},
        {"normal density of width s",
         "exp(-((x - m)/s)^2/2)/(sqrt(2*3.141592653589793)*s)",
         {{"x", -3, 3}, {"m", -1, 1}, {"s", 1, 3}},
         "square,exp"},
        {"distance", "sqrt((x - a)^2 + (y - b)^2)", {{"x"}, {"a"}, {"y"}, {"b"}}, "square,sqrt"},
        {"free fall", "h + v*t - g*t^2/2", {{"h"}, {"v"}, {"t"}, {"g"}}, "square"},
        {"thin lens", "1/(1/f + n/d)", {{"f"}, {"n"}, {"d"}}, "reciprocal"},
        {"Doppler effect", "f*(c + v)/(c - u)", {{"f"}, {"c", 5, 10}, {"v", 1, 3}, {"u", 1, 3}}, ""},
        {"parallel resistors", "a*b/(a + b)", {{"a"}, {"b"}}, "reciprocal"},
        {"three parallel resistors", "1/(1/a + 1/b + 1/c)", {{"a"}, {"b"}, {"c"}}, "reciprocal"},
        {"damped oscillation",
         "A*exp(-g*t)*cos(w*t)",
         {{"A"}, {"g", 0.1, 1}, {"t", 0, 3}, {"w", 1, 4}},
         "exp,cos"},
        {"radioactive decay", "N*exp(-l*t)", {{"N"}, {"l", 0.1, 1}, {"t", 0, 3}}, "exp"},
        {"Planck's oscillator", "h*w/(exp(h*w/(k*T)) - 1)", {{"h"}, {"w"}, {"k"}, {"T"}}, "exp"},
        {"Bernoulli", "p + r*v^2/2 + r*g*h", {{"p"}, {"r"}, {"v"}, {"g"}, {"h"}}, "square"},
        {"van der Waals", "R*T/(V - b) - a/V^2", {{"R"}, {"T"}, {"V", 3, 6}, {"b", 0.5, 2}, {"a"}}, "square"},
        {"orbital speed", "sqrt(G*M/r)", {{"G"}, {"M"}, {"r"}}, "sqrt"},
        {"escape speed", "sqrt(2*G*M/r)", {{"G"}, {"M"}, {"r"}}, "sqrt"},
        {"centripetal force", "m*v^2/r", {{"m"}, {"v"}, {"r"}}, "square"},
        {"interference", "I + J + 2*sqrt(I*J)*cos(d)", {{"I"}, {"J"}, {"d", 0, 6}}, "sqrt,cos"},
        {"addition of velocities",
         "(u + v)/(1 + u*v/c^2)",
         {{"u", 1, 2}, {"v", 1, 2}, {"c", 3, 5}},
         "square"},
        {"torque", "r*F*sin(q)", {{"r"}, {"F"}, {"q", 0, 3}}, "sin"},
        {"law of cosines",
         "sqrt(a^2 + b^2 - 2*a*b*cos(q))",
         {{"a"}, {"b"}, {"q", 0.2, 3}},
         "square,sqrt,cos"},
        {"Arrhenius", "A*exp(-E/(R*T))", {{"A"}, {"E"}, {"R"}, {"T"}}, "exp"},
        {"Michaelis and Menten", "V*S/(K + S)", {{"V"}, {"S"}, {"K"}}, ""},
        {"logistic growth", "K/(1 + a*exp(-r*t))", {{"K"}, {"a"}, {"r", 0.1, 1}, {"t", 0, 5}}, "exp"},
        {"Stefan and Boltzmann", "s*A*T^4", {{"s"}, {"A"}, {"T"}}, "square"},
        {"Kepler's third law", "2*3.141592653589793*sqrt(a^3/(G*M))", {{"a"}, {"G"}, {"M"}}, "sqrt,square"},
    };
    return laws;
}

base::Result<formula::Problem> data_of(const Law& law, std::size_t rows, std::uint64_t seed,
                                       std::uint64_t stream) {
    std::vector<std::string> names;
    formula::Problem problem;
    base::RandomStream random(seed, base::Purpose::table_rows, stream);
    for (const Law::Variable& variable : law.variables) {
        names.push_back(variable.name);
        std::vector<double>& column = problem.inputs.emplace_back(rows);
        for (double& value : column) value = variable.low + (variable.high - variable.low) * random.uniform();
    }
    const auto program = formula::parse_formula(law.formula, names);
    if (!program) return tl::make_unexpected(program.error());
    problem.target = evaluate(*program, problem.inputs);
    return problem;
}

} // namespace ropewalk::papers
