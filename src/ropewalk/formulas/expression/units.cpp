#include "ropewalk/formulas/expression/units.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace ropewalk::formula {

namespace {

constexpr int sixtieths_of_one = 60;

const std::map<std::string, std::string, std::less<>>& derived() {
    static const std::map<std::string, std::string, std::less<>> table{
        {"N", "kg*m/s^2"},
        {"J", "kg*m^2/s^2"},
        {"W", "kg*m^2/s^3"},
        {"Pa", "kg/m/s^2"},
        {"Hz", "s^-1"},
        {"C", "A*s"},
        {"V", "kg*m^2/s^3/A"},
        {"F", "A^2*s^4/kg/m^2"},
        {"ohm", "kg*m^2/s^3/A^2"},
        {"S", "A^2*s^3/kg/m^2"},
        {"Wb", "kg*m^2/s^2/A"},
        {"T", "kg/s^2/A"},
        {"H", "kg*m^2/s^2/A^2"},
        {"rad", "1"},
        {"deg", "1"},
        {"degree", "1"},
        {"degrees", "1"},
        {"°", "1"},
        {"%", "1"},
        {"‰", "1"},
        {"ppm", "1"},
        {"ppb", "1"},
    };
    return table;
}

void multiply_into(Unit& unit, const Unit& by, int sixtieths) {
    for (const auto& [symbol, exponent] : by.sixtieths) {
        int& sum = unit.sixtieths[symbol];
        sum += exponent * sixtieths / sixtieths_of_one;
        if (sum == 0) unit.sixtieths.erase(symbol);
    }
}

/// Reads products of powers from left to right.
class Reader {
public:
    explicit Reader(std::string_view text) : text_(text) {}

    base::Result<Unit> read() {
        Unit unit;
        skip_blanks();
        if (at_end() || text_.substr(at_) == "-") return unit;
        int sign = 1;
        for (;;) {
            const auto factor = read_factor();
            if (!factor) return tl::make_unexpected(factor.error());
            multiply_into(unit, *factor, sign * sixtieths_of_one);
            skip_blanks();
            if (at_end()) return unit;
            sign = 1;
            if (text_[at_] == '*' || text_[at_] == '/') {
                sign = text_[at_] == '/' ? -1 : 1;
                ++at_;
            }
        }
    }

private:
    bool at_end() const { return at_ >= text_.size(); }
    void skip_blanks() {
        while (!at_end() && text_[at_] == ' ') ++at_;
    }
    tl::unexpected<base::Diagnostics> failure(const std::string& expected) const {
        base::Diagnostic diagnostic{.file = "unit",
                                    .line = 1,
                                    .column = static_cast<int>(at_) + 1,
                                    .found = at_end() ? "the end of " + base::quoted(text_)
                                                      : base::quoted(text_.substr(at_, 1)) + " in " +
                                                            base::quoted(text_),
                                    .expected = expected};
        return base::failure(base::Diagnostics{diagnostic});
    }

    base::Result<Unit> read_factor() {
        skip_blanks();
        Unit unit;
        if (!at_end() && text_[at_] == '1') {
            ++at_;
            return unit;
        }
        std::string word;
        while (!at_end() && (std::isalpha(static_cast<unsigned char>(text_[at_])) || text_[at_] == '_' ||
                             static_cast<unsigned char>(text_[at_]) >= 0x80 || text_[at_] == '%'))
            word += text_[at_++];
        if (word.empty()) return failure("a unit such as m, kg*m/s^2 or 1");
        const auto known = derived().find(word);
        if (known != derived().end())
            unit = *Reader(known->second).read();
        else
            unit.sixtieths[word] = sixtieths_of_one;
        skip_blanks();
        if (at_end() || text_[at_] != '^') return unit;
        ++at_;
        const auto exponent = read_exponent();
        if (!exponent) return tl::make_unexpected(exponent.error());
        Unit power;
        multiply_into(power, unit, *exponent);
        return power;
    }

    /// A whole number or a fraction in parentheses, in sixtieths.
    base::Result<int> read_exponent() {
        const bool closed = !at_end() && text_[at_] == '(';
        if (closed) ++at_;
        const auto top = read_number();
        if (!top) return tl::make_unexpected(top.error());
        int bottom = 1;
        if (closed && !at_end() && text_[at_] == '/') {
            ++at_;
            const auto number = read_number();
            if (!number) return tl::make_unexpected(number.error());
            bottom = *number;
        }
        if (closed) {
            if (at_end() || text_[at_] != ')') return failure("')'");
            ++at_;
        }
        if (bottom == 0 || (*top * sixtieths_of_one) % bottom != 0)
            return failure("an exponent in sixtieths, such as 2, -1 or (1/2)");
        return *top * sixtieths_of_one / bottom;
    }

    base::Result<int> read_number() {
        int sign = 1;
        if (!at_end() && (text_[at_] == '-' || text_[at_] == '+')) sign = text_[at_++] == '-' ? -1 : 1;
        int value = 0, digits = 0;
        for (; !at_end() && std::isdigit(static_cast<unsigned char>(text_[at_])) && digits < 3; ++digits)
            value = 10 * value + (text_[at_++] - '0');
        if (digits == 0) return failure("a whole exponent");
        return sign * value;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

/// Powers and products as people print them, in the signs of a keyboard.
std::string typed(std::string_view printed) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 8> signs{{{"⁻¹", "^-1"}, {"⁻²", "^-2"}, {"⁻³", "^-3"}, {"¹", "^1"},
                                                                                    {"²", "^2"}, {"³", "^3"}, {"·", "*"}, {"⋅", "*"}}};
    std::string text(printed);
    for (const auto& [sign, keys] : signs)
        for (std::size_t at = text.find(sign); at != std::string::npos; at = text.find(sign, at)) text.replace(at, sign.size(), keys);
    return text;
}

} // namespace

base::Result<Unit> parse_unit(std::string_view text) { return Reader(typed(text)).read(); }

bool is_base_symbol(std::string_view symbol) {
    constexpr std::array<std::string_view, 7> symbols{"A", "K", "cd", "kg", "m", "mol", "s"};
    return std::find(symbols.begin(), symbols.end(), symbol) != symbols.end();
}

std::optional<Unit> known_multiple_of(std::string_view symbol) {
    constexpr std::array<std::string_view, 12> prefixes{"p", "n", "u", "\u00b5", "\u03bc", "m", "c", "d", "h", "k", "M", "G"};
    static const std::map<std::string_view, std::string_view> others{{"g", "kg"}, {"t", "kg"}, {"min", "s"}, {"h", "s"}, {"L", "m^3"}, {"l", "m^3"}};
    if (is_base_symbol(symbol)) return std::nullopt;
    if (const auto other = others.find(symbol); other != others.end()) return *parse_unit(other->second);
    for (const std::string_view prefix : prefixes) {
        if (!symbol.starts_with(prefix)) continue;
        const std::string_view unit = symbol.substr(prefix.size());
        if (unit == "g") return *parse_unit("kg");
        const auto found = derived().find(unit);
        if ((is_base_symbol(unit) && unit != "kg") || (found != derived().end() && found->second != "1")) return *parse_unit(unit);
    }
    return std::nullopt;
}

std::string to_string(const Unit& unit) {
    std::string text;
    for (const auto& [symbol, sixtieths] : unit.sixtieths) {
        text += (text.empty() ? "" : "*") + symbol;
        if (sixtieths == sixtieths_of_one) continue;
        if (sixtieths % sixtieths_of_one == 0) {
            text += "^" + std::to_string(sixtieths / sixtieths_of_one);
            continue;
        }
        int top = sixtieths, bottom = sixtieths_of_one;
        for (const int factor : {2, 2, 3, 5})
            if (top % factor == 0 && bottom % factor == 0) top /= factor, bottom /= factor;
        text += "^(" + std::to_string(top) + "/" + std::to_string(bottom) + ")";
    }
    return text.empty() ? "1" : text;
}

std::optional<Unit> unit_of(Operator operation, const Unit& left, const Unit& right) {
    using enum Operator;
    Unit result;
    switch (operation) {
    case add:
    case subtract:
    case minimum:
    case maximum: return left == right ? std::optional(left) : std::nullopt;
    case no_operation: return left;
    case multiply:
    case divide:
        result = left;
        multiply_into(result, right, operation == divide ? -sixtieths_of_one : sixtieths_of_one);
        return result;
    case square: multiply_into(result, left, 2 * sixtieths_of_one); return result;
    case reciprocal: multiply_into(result, left, -sixtieths_of_one); return result;
    case square_root:
        for (const auto& [symbol, sixtieths] : left.sixtieths)
            if (sixtieths % 2 != 0) return std::nullopt;
        multiply_into(result, left, sixtieths_of_one / 2);
        return result;
    case power:
        // The exponent would have to be known.
        return left.sixtieths.empty() && right.sixtieths.empty() ? std::optional(result) : std::nullopt;
    case absolute: return left;
    case modulo: return left == right ? std::optional(left) : std::nullopt;
    case sign: return result;
    case less: return left == right ? std::optional(result) : std::nullopt;
    case floor:
    case ceiling:
    case tangent:
    case hyperbolic_tangent:
    case arcsine:
    case arccosine:
    case arctangent:
    case exponential:
    case logarithm:
    case sine:
    case cosine: return left.sixtieths.empty() ? std::optional(result) : std::nullopt;
    case constant: return result;
    }
    return std::nullopt;
}

} // namespace ropewalk::formula
