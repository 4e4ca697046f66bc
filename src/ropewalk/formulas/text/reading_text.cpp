#include "ropewalk/formulas/text/reading_text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ropewalk/formulas/text/number_text.hpp"

namespace ropewalk::formula {

namespace {

/// Parts longer than this get a name, which also bounds how deep parentheses nest.
constexpr std::size_t longest_readable_part = 1000;
/// Formulas with more nodes name the parts that they use several times.
constexpr std::int64_t small_formula = 200;
constexpr int largest_readable_exponent = 64;

/// A name as LaTeX sets it: letters of the Greek alphabet by their command, words upright, what follows an
/// underscore below the line.
std::string latex_name(std::string_view name) {
    static const std::set<std::string, std::less<>> greek{
        "alpha", "beta",  "gamma", "delta",  "epsilon", "zeta",  "eta",   "theta", "iota", "kappa", "lambda",
        "mu",    "nu",    "xi",    "pi",     "rho",     "sigma", "tau",   "phi",   "chi",  "psi",   "omega",
        "Gamma", "Delta", "Theta", "Lambda", "Xi",      "Pi",    "Sigma", "Phi",   "Psi",  "Omega"};
    const auto word = [](std::string_view text) {
        if (greek.contains(text)) return fmt::format("\\{}", text);
        std::string escaped;
        for (const char c : text) {
            if (std::string_view("\\~^").find(c) != std::string_view::npos)
                escaped += c == '\\'  ? "\\textbackslash{}"
                           : c == '~' ? "\\textasciitilde{}"
                                      : "\\textasciicircum{}";
            else if (std::string_view("_{}$&%#").find(c) != std::string_view::npos)
                escaped += std::string("\\") + c;
            else
                escaped += c;
        }
        const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        });
        if (text.size() == 1 && plain) return escaped;
        return fmt::format("\\{}{{{}}}", plain ? "mathrm" : "text", escaped);
    };
    const std::size_t underscore = name.find('_');
    if (underscore == std::string_view::npos || underscore == 0 || underscore + 1 == name.size())
        return word(name);
    const std::string_view below = name.substr(underscore + 1);
    const bool number = below.find_first_not_of("0123456789") == std::string_view::npos;
    return fmt::format("{}_{{{}}}", word(name.substr(0, underscore)),
                       number ? std::string(below) : word(below));
}

/// A name in infix text: as it is where it reads as one word, otherwise in backquotes.
std::string infix_name(const std::string& name) {
    const auto letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
               static_cast<unsigned char>(c) >= 0x80;
    };
    if (!name.empty() && letter(name.front()) &&
        std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); }))
        return name;
    std::string quoted = "`";
    for (const char c : name) quoted += c == '`' ? std::string("``") : std::string(1, c);
    return quoted + "`";
}

/// A power of the value of a slot, or a number.
struct Factor {
    int slot = -1;
    int exponent = 1;
    std::string power; ///< in place of the exponent where that is no whole number
    std::string number; ///< without its sign; empty for a slot
};

/// The value of a slot: a sum, a product over a product, or a part in one piece. Numbers are products of one
/// factor, and 1 is a product of none.
struct ReadablePart {
    enum class Kind { whole, sum, product } kind = Kind::whole;
    std::string text; ///< of a whole or a sum
    bool negative = false;
    std::vector<Factor> over, under;
};

class ReadableWriter {
public:
    ReadableWriter(const Program& program, std::span<const std::string> names, Notation notation)
        : program_(tidy(program)), notation_(notation) {
        std::set<std::string, std::less<>> taken(names.begin(), names.end());
        taken_ = std::move(taken);
        for (int v = 0; v < program_.variables; ++v) {
            const std::string& name = names[static_cast<std::size_t>(v)];
            parts_.push_back({.text = notation == Notation::latex   ? latex_name(name)
                                      : notation == Notation::infix ? infix_name(name)
                                                                    : name});
        }
    }

    std::string write() {
        const bool large = size(program_).nodes > small_formula;
        std::vector<int> uses(static_cast<std::size_t>(program_.slots()));
        for (const Line& line : program_.lines) {
            const int arity = info(line.operation).arity;
            if (arity >= 1) ++uses[static_cast<std::size_t>(line.left)];
            if (arity >= 2) ++uses[static_cast<std::size_t>(line.right)];
        }
        for (const Line& line : program_.lines) {
            parts_.push_back(part_of(line));
            const bool last = parts_.size() == static_cast<std::size_t>(program_.slots());
            if (last || line.operation == Operator::constant) continue;
            const std::string text = signed_text(parts_.back());
            if (text.size() > longest_readable_part || (large && uses[parts_.size() - 1] > 1))
                parts_.back() = {.text = defined(text)};
        }
        return signed_text(parts_[static_cast<std::size_t>(program_.result())]);
    }

    const std::vector<std::pair<std::string, std::string>>& definitions() const { return definitions_; }
    const std::set<std::string>& functions() const { return functions_; }

private:
    bool latex() const { return notation_ == Notation::latex; }
    const ReadablePart& part(int slot) const { return parts_[static_cast<std::size_t>(slot)]; }

    std::string defined(const std::string& text) {
        std::string name;
        do name = fmt::format("t{}", ++definition_);
        while (taken_.contains(name));
        if (latex()) name = fmt::format("t_{{{}}}", definition_);
        definitions_.emplace_back(name, text);
        return name;
    }

    std::string in_parentheses(const std::string& text) const {
        return latex() ? "\\left(" + text + "\\right)" : "(" + text + ")";
    }

    std::string call(const std::string& name, const std::string& arguments) {
        functions_.insert(name);
        return name + in_parentheses(arguments);
    }

    std::string number_text(double magnitude) const {
        std::string text = shortest(magnitude);
        const std::size_t exponent = text.find('e');
        if (latex() && exponent != std::string::npos)
            text = fmt::format("{} \\times 10^{{{}}}", text.substr(0, exponent), text.substr(exponent + 1));
        return text;
    }

    /// A number as a factor, its denominator below the line.
    ReadablePart number(double value) const {
        const double magnitude = std::abs(value);
        ReadablePart part{.kind = ReadablePart::Kind::product, .negative = std::signbit(value)};
        if (const auto fraction = fraction_of(magnitude)) {
            if (fraction->numerator != 1) part.over = {{.number = std::to_string(fraction->numerator)}};
            part.under = {{.number = std::to_string(fraction->denominator)}};
            return part;
        }
        // A product of nothing is 1.
        if (magnitude != 1) part.over = {{.number = number_text(magnitude)}};
        return part;
    }

    /// The base of a power, or a factor.
    std::string factor_text(const Factor& factor) const {
        std::string base = factor.number;
        if (factor.slot >= 0) {
            const ReadablePart& inside = part(factor.slot);
            base = inside.kind == ReadablePart::Kind::whole ? inside.text : in_parentheses(signed_text(inside));
        }
        if (!factor.power.empty()) return base + (latex() ? "^{" : power_sign()) + factor.power + (latex() ? "}" : "");
        if (factor.exponent == 1) return base;
        if (latex()) return fmt::format("{}^{{{}}}", base, factor.exponent);
        return fmt::format("{}{}{}", base, power_sign(), factor.exponent);
    }
    std::string power_sign() const { return notation_ == Notation::infix ? "^" : "**"; }

    std::string joined(const std::vector<Factor>& factors) const {
        std::string text;
        // Numbers come first.
        for (const bool numbers : {true, false})
            for (const Factor& factor : factors) {
                if (factor.number.empty() == numbers) continue;
                if (!text.empty()) text += !latex() ? "*" : numbers ? " \\cdot " : " \\, ";
                text += factor_text(factor);
            }
        return text.empty() ? "1" : text;
    }

    /// The part without its sign.
    std::string text_of(const ReadablePart& part) const {
        if (part.kind != ReadablePart::Kind::product) return part.text;
        if (part.under.empty()) return joined(part.over);
        const std::string under = joined(part.under);
        if (latex()) return fmt::format("\\frac{{{}}}{{{}}}", joined(part.over), under);
        // Whole numbers would be divided as floating-point numbers before SymPy sees them.
        if (notation_ == Notation::sympy && part.under.size() == 1 && !part.under.front().number.empty() &&
            (part.over.empty() || (part.over.size() == 1 && !part.over.front().number.empty())))
            return fmt::format("Rational({}, {})", joined(part.over), under);
        return joined(part.over) + "/" + (part.under.size() == 1 ? under : "(" + under + ")");
    }

    std::string signed_text(const ReadablePart& part) const { return (part.negative ? "-" : "") + text_of(part); }

    static void gather(std::vector<Factor>& factors, const std::vector<Factor>& more) {
        for (const Factor& factor : more) {
            const auto same = std::find_if(factors.begin(), factors.end(), [&](const Factor& each) {
                return factor.slot >= 0 && each.slot == factor.slot && each.power.empty() &&
                       factor.power.empty() &&
                       each.exponent + factor.exponent <= largest_readable_exponent;
            });
            if (same == factors.end())
                factors.push_back(factor);
            else
                same->exponent += factor.exponent;
        }
    }

    /// The value of a slot as a product.
    ReadablePart product(int slot) const {
        if (part(slot).kind == ReadablePart::Kind::product) return part(slot);
        return {.kind = ReadablePart::Kind::product, .over = {{.slot = slot}}};
    }

    ReadablePart times(int left, int right) const {
        ReadablePart result = product(left);
        const ReadablePart other = product(right);
        result.negative = result.negative != other.negative;
        gather(result.over, other.over);
        gather(result.under, other.under);
        return result;
    }

    ReadablePart squared(int slot) const {
        const ReadablePart inside = product(slot);
        ReadablePart result{.kind = ReadablePart::Kind::product};
        if (inside.under.empty() && inside.over.size() == 1 && inside.over.front().slot >= 0 &&
            inside.over.front().power.empty() && 2 * inside.over.front().exponent <= largest_readable_exponent) {
            result.over = inside.over;
            result.over.front().exponent *= 2;
            return result;
        }
        result.over = {{.slot = slot, .exponent = 2}};
        return result;
    }

    ReadablePart divided(ReadablePart over, int below) const {
        const ReadablePart under = product(below);
        if (!under.under.empty()) {
            gather(over.under, {{.slot = below}});
            return over;
        }
        over.negative = over.negative != under.negative;
        gather(over.under, under.over);
        return over;
    }

    ReadablePart twice(int slot) const {
        ReadablePart result = product(slot);
        for (const Factor& factor : result.over)
            if (!factor.number.empty()) return sum(slot, slot, false);
        result.over.insert(result.over.begin(), {.number = "2"});
        return result;
    }

    ReadablePart sum(int left, int right, bool subtracted) const {
        const auto leads_with_minus = [this](int slot) {
            const ReadablePart& each = part(slot);
            return each.negative || (each.kind == ReadablePart::Kind::sum && each.text.starts_with('-'));
        };
        // Products first, numbers last: a*b + c + 2.
        const auto rank = [this](int slot) {
            const ReadablePart& each = part(slot);
            if (each.kind != ReadablePart::Kind::product) return 1;
            const auto is_slot = [](const Factor& factor) { return factor.slot >= 0; };
            return std::any_of(each.over.begin(), each.over.end(), is_slot) ||
                           std::any_of(each.under.begin(), each.under.end(), is_slot)
                       ? 0
                       : 2;
        };
        const bool first = leads_with_minus(left), second = leads_with_minus(right);
        if (!subtracted && (first == second ? rank(right) < rank(left) : first)) std::swap(left, right);
        std::string behind = signed_text(part(right));
        bool minus = subtracted;
        if (subtracted && part(right).kind == ReadablePart::Kind::sum) {
            behind = in_parentheses(behind);
        } else if (leads_with_minus(right)) {
            behind.erase(0, 1);
            minus = !minus;
        }
        return {.kind = ReadablePart::Kind::sum, .text = signed_text(part(left)) + (minus ? " - " : " + ") + behind};
    }

    /// A negative exponent puts the base below the line.
    ReadablePart raised(const Line& line) const {
        const ReadablePart exponent = part(line.right);
        const bool number = exponent.kind == ReadablePart::Kind::product && exponent.under.empty() &&
                            exponent.over.size() == 1 && exponent.over.front().slot < 0;
        Factor factor{.slot = line.left, .power = text_of(exponent)};
        if (!number) factor.power = signed_text(exponent);
        if (!number && !latex()) factor.power = "(" + factor.power + ")";
        ReadablePart result{.kind = ReadablePart::Kind::product};
        (number && exponent.negative ? result.under : result.over).push_back(std::move(factor));
        return result;
    }

    ReadablePart called(const Line& line) {
        std::string name(info(line.operation).symbol);
        if (latex()) return latex_call(line);
        if (notation_ == Notation::sympy) {
            if (line.operation == Operator::absolute) name = "Abs";
            if (line.operation == Operator::ceiling) name = "ceiling";
            if (line.operation == Operator::modulo) name = "Mod";
            if (line.operation == Operator::less)
                return {.text = call("Heaviside", signed_text(part(line.right)) + " - " +
                                                      in_parentheses(signed_text(part(line.left))) + ", 0")};
        }
        if (notation_ == Notation::sympy && line.operation == Operator::minimum) name = "Min";
        if (notation_ == Notation::sympy && line.operation == Operator::maximum) name = "Max";
        std::string arguments = signed_text(part(line.left));
        if (info(line.operation).arity == 2) arguments += ", " + signed_text(part(line.right));
        return {.text = call(name, arguments)};
    }

    ReadablePart latex_call(const Line& line) {
        const std::string left = signed_text(part(line.left));
        std::string name = "\\" + std::string(info(line.operation).symbol);
        switch (line.operation) {
        case Operator::square_root: return {.text = "\\sqrt{" + left + "}"};
        case Operator::absolute: return {.text = "\\left|" + left + "\\right|"};
        case Operator::floor: return {.text = "\\lfloor " + left + " \\rfloor"};
        case Operator::ceiling: return {.text = "\\lceil " + left + " \\rceil"};
        case Operator::less:
            return {.text = "\\left[" + left + " < " + signed_text(part(line.right)) + "\\right]"};
        case Operator::modulo:
            return {.text = in_parentheses(left + " \\bmod " + in_parentheses(signed_text(part(line.right))))};
        case Operator::logarithm: name = "\\ln"; break;
        case Operator::arcsine: name = "\\arcsin"; break;
        case Operator::arccosine: name = "\\arccos"; break;
        case Operator::arctangent: name = "\\arctan"; break;
        case Operator::sign: name = "\\operatorname{sign}"; break;
        default: break;
        }
        return {.text = call(name, info(line.operation).arity == 2
                                       ? left + ", " + signed_text(part(line.right))
                                       : left)};
    }

    ReadablePart part_of(const Line& line) {
        switch (line.operation) {
        case Operator::add:
            return line.left == line.right ? twice(line.left) : sum(line.left, line.right, false);
        case Operator::subtract: return sum(line.left, line.right, true);
        case Operator::multiply:
            return line.left == line.right ? squared(line.left) : times(line.left, line.right);
        case Operator::divide: return divided(product(line.left), line.right);
        case Operator::square: return squared(line.left);
        case Operator::reciprocal: return divided({.kind = ReadablePart::Kind::product}, line.left);
        case Operator::no_operation: return part(line.left);
        case Operator::constant: return number(line.value);
        case Operator::power: return raised(line);
        default: return called(line);
        }
    }

    const Program program_;
    const Notation notation_;
    std::set<std::string, std::less<>> taken_;
    std::vector<ReadablePart> parts_;
    std::vector<std::pair<std::string, std::string>> definitions_;
    std::set<std::string> functions_;
    int definition_ = 0;
};

} // namespace

std::string reading_text(const Program& program, std::span<const std::string> names, std::string_view target,
                         Notation notation) {
    ReadableWriter writer(program, names, notation);
    const std::string result = writer.write();
    std::string text;
    if (notation == Notation::infix) {
        for (const auto& [name, part] : writer.definitions()) text += fmt::format("{} = {}; ", name, part);
        return text + result;
    }
    if (notation == Notation::latex) {
        for (const auto& [name, part] : writer.definitions())
            text += fmt::format("{} = {}, \\quad ", name, part);
        return text + fmt::format("{} = {}\n", latex_name(target), result);
    }
    std::string body;
    for (const auto& [name, part] : writer.definitions()) body += fmt::format("{} = {}\n", name, part);
    body += fmt::format("{} = {}\n", target, result);
    std::set<std::string> imported = writer.functions();
    if (body.find("Rational(") != std::string::npos) imported.insert("Rational");
    if (program.variables > 0) imported.insert("symbols");
    if (!imported.empty()) text += fmt::format("from sympy import {}\n\n", fmt::join(imported, ", "));
    if (program.variables > 0)
        text +=
            fmt::format("{} = symbols(\"{}\", real=True)\n", fmt::join(names, ", "), fmt::join(names, " "));
    return text + body;
}

} // namespace ropewalk::formula
