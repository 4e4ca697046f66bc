#include "ropewalk/formulas/text/code_text.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ropewalk/formulas/text/number_text.hpp"

namespace ropewalk::formula {

namespace {

/// Longer parts become statements of their own: readable lines, and parentheses that no compiler finds too
/// deep.
constexpr std::size_t longest_part = 100;

enum class Binding { sum, product, whole };

struct Part {
    std::string text;
    Binding binding = Binding::whole;
    bool negative = false; ///< stands behind a minus, which `text` does not show
};

class Writer {
public:
    Writer(const Program& program, std::vector<std::string> names, Notation notation)
        : program_(tidy(program)), c_(notation == Notation::c), taken_(names.begin(), names.end()) {
        for (std::string& name : names) parts_.push_back({.text = std::move(name)});
        parts_.resize(static_cast<std::size_t>(program_.variables));
    }

    /// Statements, the last one of which returns.
    std::string body() {
        std::vector<int> uses(static_cast<std::size_t>(program_.slots()));
        for (const Line& line : program_.lines) {
            const int arity = info(line.operation).arity;
            if (arity >= 1) ++uses[static_cast<std::size_t>(line.left)];
            if (arity >= 2) ++uses[static_cast<std::size_t>(line.right)];
            if (line.operation == Operator::square) ++uses[static_cast<std::size_t>(line.left)];
        }
        for (const Line& line : program_.lines) {
            parts_.push_back(part_of(line));
            const bool last = parts_.size() == static_cast<std::size_t>(program_.slots());
            if (last || line.operation == Operator::constant) continue;
            if (parts_.back().text.size() > longest_part || uses[parts_.size() - 1] > 1) name_last();
        }
        return statements_ + fmt::format("    return {}{}\n",
                                         signed_text(parts_[static_cast<std::size_t>(program_.result())]),
                                         c_ ? ";" : "");
    }

    const std::set<std::string>& functions() const { return functions_; }

private:
    const Part& part(int slot) const { return parts_[static_cast<std::size_t>(slot)]; }

    void name_last() {
        std::string name;
        do name = fmt::format("t{}", ++named_);
        while (taken_.contains(name));
        statements_ += fmt::format("    {}{} = {}{}\n", c_ ? "const double " : "", name,
                                   signed_text(parts_.back()), c_ ? ";" : "");
        parts_.back() = {.text = name};
    }

    static std::string signed_text(const Part& part) { return (part.negative ? "-" : "") + part.text; }

    /// As an operand of an operator that binds more than `loosest` - 1.
    static std::string operand(const Part& part, Binding loosest) {
        if (part.negative || part.binding < loosest) return "(" + signed_text(part) + ")";
        return part.text;
    }

    std::string decimal(double magnitude) const {
        const std::string text = shortest(magnitude);
        // Whole numbers would be divided as integers.
        return c_ && text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
    }

    Part number(double value) const {
        const double magnitude = std::abs(value);
        if (const auto fraction = fraction_of(magnitude))
            return {decimal(static_cast<double>(fraction->numerator)) + "/" +
                        decimal(static_cast<double>(fraction->denominator)),
                    Binding::product, std::signbit(value)};
        // A formula is of floating-point numbers, also where all of it is one whole number.
        std::string text = decimal(magnitude);
        if (text.find_first_of(".e") == std::string::npos) text += ".0";
        return {text, Binding::whole, std::signbit(value)};
    }

    Part sum(const Part& left, const Part& right, bool subtracted) const {
        const bool minus = subtracted != right.negative;
        std::string behind = right.text;
        if (!right.negative && right.binding == Binding::sum) behind = "(" + behind + ")";
        return {signed_text(left) + (minus ? " - " : " + ") + behind, Binding::sum};
    }

    Part called(const Line& line) {
        std::string name(info(line.operation).symbol);
        std::string arguments = signed_text(part(line.left));
        switch (line.operation) {
        case Operator::minimum:
        case Operator::maximum:
        case Operator::absolute:
            if (c_) name = "f" + name;
            break;
        case Operator::less:
        case Operator::sign: return compared(line);
        case Operator::modulo: return remainder(line);
        case Operator::power:
            if (!c_)
                return {operand(part(line.left), Binding::whole) + "**" +
                            operand(part(line.right), Binding::whole),
                        Binding::product};
            break;
        default: functions_.insert(name);
        }
        if (info(line.operation).arity == 2) arguments += ", " + signed_text(part(line.right));
        return {.text = fmt::format("{}({})", name, arguments)};
    }

    /// Comparisons as the numbers 0 and 1.
    Part compared(const Line& line) const {
        const auto as_number = [&](const std::string& test) {
            return c_ ? fmt::format("({} ? 1.0 : 0.0)", test) : fmt::format("float({})", test);
        };
        const std::string left = operand(part(line.left), Binding::whole);
        if (line.operation == Operator::less)
            return {.text = as_number(left + " < " + operand(part(line.right), Binding::whole))};
        return {.text = "(" + as_number(left + " > 0") + " - " + as_number(left + " < 0") + ")"};
    }

    Part remainder(const Line& line) {
        functions_.insert("floor");
        const std::string left = operand(part(line.left), Binding::whole),
                          right = operand(part(line.right), Binding::whole);
        return {fmt::format("{} - {}*floor({}/{})", left, right, left, right), Binding::sum};
    }

    Part part_of(const Line& line) {
        const auto product = [](const Part& left, const Part& right, char sign) -> Part {
            const std::string first = left.binding < Binding::product ? "(" + left.text + ")" : left.text;
            return {fmt::format("{}{}{}", first, sign, operand(right, Binding::whole)), Binding::product,
                    left.negative};
        };
        switch (line.operation) {
        case Operator::add: return sum(part(line.left), part(line.right), false);
        case Operator::subtract: return sum(part(line.left), part(line.right), true);
        case Operator::multiply: {
            const bool swap = is_constant(line.right) && !is_constant(line.left);
            return swap ? product(part(line.right), part(line.left), '*')
                        : product(part(line.left), part(line.right), '*');
        }
        case Operator::divide: return product(part(line.left), part(line.right), '/');
        case Operator::square: return product(part(line.left), part(line.left), '*');
        case Operator::reciprocal: return product(number(1), part(line.left), '/');
        case Operator::no_operation: return part(line.left);
        case Operator::constant: return number(line.value);
        default: return called(line);
        }
    }

    bool is_constant(int slot) const {
        return slot >= program_.variables &&
               program_.lines[static_cast<std::size_t>(slot - program_.variables)].operation ==
                   Operator::constant;
    }

    const Program program_;
    const bool c_;
    std::set<std::string, std::less<>> taken_;
    std::vector<Part> parts_;
    std::string statements_;
    std::set<std::string> functions_;
    int named_ = 0;
};

} // namespace

std::string code_text(const Program& program, const Labels& labels, Notation notation) {
    const bool c = notation == Notation::c;
    std::vector<std::string> original = labels.inputs;
    original.push_back(labels.target);
    std::vector<std::string> names = identifiers(original, notation);
    std::string renamed;
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i] != original[i])
            renamed += fmt::format("{} {} is {}\n", c ? "//" : "#", names[i], base::quoted(original[i]));
    const std::string function = names.back();
    std::vector<std::string> parameters(names.begin(), names.end() - 1);
    Writer writer(program, names, notation);
    const std::string body = writer.body();
    if (c) {
        for (std::string& each : parameters) each = "double " + each;
        return fmt::format("#include <math.h>\n\n{}double {}({}) {{\n{}}}\n", renamed, function,
                           parameters.empty() ? "void" : fmt::format("{}", fmt::join(parameters, ", ")),
                           body);
    }
    std::string import;
    if (!writer.functions().empty())
        import = fmt::format("from math import {}\n\n\n", fmt::join(writer.functions(), ", "));
    return fmt::format("{}{}def {}({}):\n{}", import, renamed, function, fmt::join(parameters, ", "), body);
}

} // namespace ropewalk::formula
