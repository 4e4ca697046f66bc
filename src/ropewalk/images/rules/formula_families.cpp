#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ropewalk/images/rules/families.hpp"

namespace ropewalk::rules {

namespace {

/// Rules as text with a place for each variable: {0}, {1}, ...; what people read and what the parser of formulas
/// reads.
struct Written {
    std::string text, formula;
};

Written same(const std::string& text) { return {text, text}; }

/// `text` with {v} replaced by the name of variable order[v].
std::string with_names(const std::string& text, const std::vector<std::size_t>& order) {
    std::string named;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '{') {
            named += text[i];
            continue;
        }
        named += formula::name_of_variable(order[static_cast<std::size_t>(text[i + 1] - '0')]);
        i += 2;
    }
    return named;
}

std::string joined(std::size_t variables, const char* separator) {
    std::string text;
    for (std::size_t v = 0; v < variables; ++v) text += fmt::format("{}{{{}}}", v == 0 ? "" : separator, v);
    return text;
}

/// max(a, max(b, c))
std::string nested(const char* function, std::size_t variables) {
    std::string text = fmt::format("{{{}}}", variables - 1);
    for (std::size_t v = variables - 1; v-- > 0;) text = fmt::format("{}({{{}}}, {})", function, v, text);
    return text;
}

std::string flat(const char* function, std::size_t variables) {
    return fmt::format("{}({})", function, joined(variables, ", "));
}

void add_orders(std::vector<Written>& rules, std::size_t variables) {
    for (const char* function : {"max", "min"})
        rules.push_back({flat(function, variables), nested(function, variables)});
    if (variables == 3)
        rules.push_back({"middle({0}, {1}, {2})", "max(min({0}, {1}), min(max({0}, {1}), {2}))"});
    if (variables >= 3)
        rules.push_back({flat("max", variables) + " - " + flat("min", variables),
                         nested("max", variables) + " - " + nested("min", variables)});
    if (variables != 2) return;
    rules.push_back(same("abs({0} - {1})"));
    rules.push_back({"{0} = {1}", "1 - abs(sign({0} - {1}))"});
    rules.push_back({"{0} != {1}", "abs(sign({0} - {1}))"});
    rules.push_back({"{0} < {1}", "less({0}, {1})"});
    rules.push_back({"{0} <= {1}", "1 - less({1}, {0})"});
    rules.push_back({"sign({0} - {1})", "sign({0} - {1})"});
}

void add_remainders(std::vector<Written>& rules, std::size_t variables, std::span<const double> outputs) {
    constexpr double most_modulus = 100;
    const double modulus = std::round(outputs.back()) + 1;
    if (outputs.front() < 0 || modulus < 2 || modulus > most_modulus) return;
    std::vector<std::string> inside{joined(variables, " + "), joined(variables, " * ")};
    if (variables == 2) inside.push_back("{0} - {1}");
    for (const std::string& each : inside)
        rules.push_back({fmt::format("({}) mod {}", each, modulus), fmt::format("mod({}, {})", each, modulus)});
}

/// Numbers written in a base, the first digit first or last; of an even number of digits also sums and
/// differences of two.
void add_numbers(std::vector<Written>& rules, std::size_t variables) {
    const auto number = [](std::size_t first, std::size_t digits, double base) {
        std::string text;
        for (std::size_t d = 0; d < digits; ++d) {
            const double weight = std::pow(base, static_cast<double>(digits - 1 - d));
            text += d == 0 ? "" : " + ";
            text += weight == 1 ? fmt::format("{{{}}}", first + d) : fmt::format("{}*{{{}}}", weight, first + d);
        }
        return text;
    };
    for (const double base : {10.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 12.0, 16.0, 20.0, 100.0}) {
        constexpr std::size_t few_digits = 3; // with more there are many orders of them
        if (variables > few_digits && base != 10 && base != 2) continue;
        rules.push_back(same(number(0, variables, base)));
        if (variables == 2) rules.push_back(same(fmt::format("{}*{{0}} - {{1}}", base)));
        if (variables != 4) continue;
        rules.push_back(same(number(0, 2, base) + " + " + number(2, 2, base)));
        rules.push_back(same(fmt::format("{0} - ({1})", number(0, 2, base), number(2, 2, base))));
    }
}

std::string with_constant(const std::string& text, double constant) {
    if (constant == 0) return text;
    if (text == "0") return fmt::format("{:.15g}", constant);
    if (text == "1") return fmt::format("{:.15g}", 1 + constant);
    return fmt::format("{} {} {:.15g}", text, constant < 0 ? "-" : "+", std::abs(constant));
}

void add_constants(std::vector<Written>& rules, std::size_t variables, std::span<const double> outputs) {
    const std::string sum = joined(variables, " + "), product = joined(variables, "*");
    std::vector<double> constants;
    for (int constant = -10; constant <= 10; ++constant) constants.push_back(constant);
    // Letters from 0 on make the least output the constant.
    constants.push_back(outputs.front());
    for (const double constant : constants) {
        if (constant == 0) continue;
        rules.push_back(same(with_constant(product, constant)));
        if (variables == 2) rules.push_back(same(with_constant("10*{0} + {1}", constant)));
        // Other letters make a sum with any constant out of one; this one needs none below 0.
        if (constant == outputs.front()) rules.push_back(same(with_constant(sum, constant)));
        if (variables == 2 && constant == std::round(constant) && constant > 0 && constant < 10)
            rules.push_back(same(fmt::format("({{0}} - {0})*({{1}} - {0})", constant)));
    }
}

void add_conditionals(std::vector<Written>& rules) {
    constexpr std::array<std::pair<const char*, const char*>, 3> tests{
        {{"{0} < {1}", "less({0}, {1})"},
         {"{0} = {1}", "(1 - abs(sign({0} - {1})))"},
         {"{0} mod 2 = 0", "(1 - mod({0}, 2))"}}};
    constexpr std::array<const char*, 8> values{"{0}",       "{1}",       "{0} + {1}", "{0}*{1}",
                                                "{0} - {1}", "{1} - {0}", "0",         "1"};
    constexpr int most_constant = 9;
    for (const auto& [test, as_number] : tests)
        for (const char* then : values)
            for (const char* otherwise : values)
                for (int constant = -most_constant; constant <= most_constant; ++constant) {
                    // One branch or the other has a constant.
                    const std::string one = with_constant(then, std::max(0, -constant));
                    const std::string other = with_constant(otherwise, std::max(0, constant));
                    rules.push_back({fmt::format("if {}: {} else {}", test, one, other),
                                     fmt::format("{0}*({1}) + (1 - {0})*({2})", as_number, one, other)});
                }
}

/// Values on all rows of the digits 0 to 9, fewer where there are many variables: what tells rules apart.
class Signatures {
public:
    explicit Signatures(std::size_t variables) : columns_(variables) {
        constexpr std::array<std::size_t, 6> digits{0, 10, 10, 7, 5, 4};
        const std::size_t of_each = digits[variables];
        std::size_t rows = 1;
        for (std::size_t v = 0; v < variables; ++v) rows *= of_each;
        for (std::size_t row = 0; row < rows; ++row)
            for (std::size_t v = 0, rest = row; v < variables; ++v, rest /= of_each)
                columns_[v].push_back(static_cast<double>(rest % of_each));
    }

    std::vector<float> of(const formula::Program& program) const {
        const std::vector<double> values = formula::evaluate(program, columns_);
        return {values.begin(), values.end()};
    }

private:
    std::vector<std::vector<double>> columns_;
};

} // namespace

RuleFamilies formula_families(std::span<const formula::Program> pool, std::size_t variables,
                              std::span<const double> outputs) {
    RuleFamilies families;
    if (variables < 2 || outputs.size() < 2) return families;
    std::vector<Written> written;
    add_orders(written, variables);
    add_remainders(written, variables, outputs);
    add_numbers(written, variables);
    add_constants(written, variables, outputs);
    if (variables == 2) add_conditionals(written);
    const Signatures signatures(variables);
    constexpr std::size_t of_pool = ~std::size_t{0};
    std::map<std::vector<float>, std::size_t> known;
    for (const formula::Program& program : pool) known.emplace(signatures.of(program), of_pool);
    const std::vector<std::string> names = formula::names_of_variables(variables);
    std::size_t orbit = 0;
    for (const Written& each : written) {
        std::vector<std::size_t> order(variables);
        std::iota(order.begin(), order.end(), std::size_t{0});
        ++orbit;
        do {
            const auto program = formula::parse_formula(with_names(each.formula, order), names);
            base::expects(program.has_value());
            if (!known.emplace(signatures.of(*program), orbit).second) continue;
            families.rules.push_back({with_names(each.text, order), *program});
            families.orbits.push_back(orbit);
        } while (std::next_permutation(order.begin(), order.end()));
    }
    return families;
}

std::string formula_family_names(std::size_t variables) {
    std::string names = "formulas of + - *, with a constant or weights of a base; maximum, minimum, comparisons, "
                        "remainders";
    if (variables == 2) names += ", conditionals on order, equality and being even";
    return names;
}

} // namespace ropewalk::rules
