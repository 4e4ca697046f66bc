#include "ropewalk/formulas/laws/defined_function.hpp"

#include <regex>
#include <vector>

#include "ropewalk/formulas/text/text.hpp"

namespace ropewalk::formula {

base::Result<DefinedFunction> parse_definition(std::string_view text) {
    static const std::regex shape(
        R"(\s*([A-Za-z_]\w*)\s*\(\s*([A-Za-z_]\w*)\s*(?:,\s*([A-Za-z_]\w*)\s*)?\)\s*=([^=]+))");
    constexpr std::size_t most_characters = 10'000;
    const std::string whole(text.substr(0, most_characters));
    std::smatch parts;
    if (text.size() > most_characters || !std::regex_match(whole, parts, shape))
        return base::failure("setting `define`", base::quoted(whole.substr(0, 60)),
                             "a definition such as 'relu(x) = max(x, 0)', of one or two names");
    std::vector<std::string> names{parts[2]};
    if (parts[3].matched) names.push_back(parts[3]);
    if (names.size() == 2 && names[0] == names[1])
        return base::failure("setting `define`", "the name " + base::quoted(names[0]) + " twice", "two names");
    const auto body = parse_formula(parts[4].str(), names);
    if (!body) return tl::make_unexpected(body.error());
    const std::vector<bool> used = used_variables(*body);
    for (std::size_t v = 0; v < names.size(); ++v)
        if (!used[v])
            return base::failure("setting `define`", "no " + base::quoted(names[v]) + " on the right",
                                 "a formula of all that stands in parentheses");
    return DefinedFunction{parts[1], *body};
}

} // namespace ropewalk::formula
