#include <array>

#include <fmt/format.h>

#include "ropewalk/images/rules/families.hpp"

namespace ropewalk::rules {

namespace {

/// What two operands may be made to: {0} and {1}.
constexpr std::array<const char*, 6> operations{"{0} + {1}",        "{0} - {1}",        "{0} * {1}",
                                                "max({0}, {1})", "min({0}, {1})", "abs({0} - {1})"};

std::string applied(const char* operation, const std::string& a, const std::string& b) {
    return fmt::format(fmt::runtime(operation), a, b);
}

/// `chosen` are numbers of operations, `selector` and the others the places of letters.
Rule selecting(const std::vector<std::size_t>& chosen, std::size_t selector, std::size_t first, std::size_t second) {
    const std::vector<std::string> names = formula::names_of_variables(3);
    const std::string &by = names[selector], &a = names[first], &b = names[second];
    std::string text, sum, none = "1";
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        const std::size_t letter = selection_digits + i;
        const std::string value = applied(operations[chosen[i]], a, b);
        const std::string is = fmt::format("(1 - abs(sign({} - {})))", by, letter);
        text += fmt::format("{}{} = {}: {}", i == 0 ? "if " : "; if ", by, letter, value);
        sum += fmt::format("{}{}*({})", i == 0 ? "" : " + ", is, value);
        none += " - " + is;
    }
    const std::string outside = fmt::format("({} + less({}, {}) + less({}, {}))", none, selection_digits - 1, a,
                                            selection_digits - 1, b);
    const auto program = formula::parse_formula(fmt::format("{} + {}*{}", sum, no_selection, outside),
                                                names);
    base::expects(program.has_value());
    return {std::move(text), *program};
}

} // namespace

RuleFamilies selection_families() {
    RuleFamilies families;
    for (std::size_t set = 1; set < std::size_t{1} << operations.size(); ++set) {
        std::vector<std::size_t> chosen;
        for (std::size_t i = 0; i < operations.size(); ++i)
            if ((set >> i & 1) != 0) chosen.push_back(i);
        if (chosen.size() < 2 || chosen.size() > most_selected) continue;
        // Columns are told apart by their letters, so each order of places is a rule of its own.
        for (std::size_t selector = 0; selector < 3; ++selector) {
            const std::size_t first = selector == 0 ? 1 : 0, second = 3 - selector - first;
            for (const bool turned : {false, true}) {
                if (turned && (set & 2) == 0) continue; // differences alone have an order
                families.orbits.push_back(families.rules.size());
                families.rules.push_back(turned ? selecting(chosen, selector, second, first)
                                                : selecting(chosen, selector, first, second));
            }
        }
    }
    return families;
}

} // namespace ropewalk::rules
