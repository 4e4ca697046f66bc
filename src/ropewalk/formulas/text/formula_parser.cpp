#include <charconv>
#include <cmath>
#include <cstring>
#include <map>
#include <numbers>
#include <optional>

#include <fmt/format.h>

#include "ropewalk/formulas/text/notation.hpp"

namespace ropewalk::formula {

namespace {

constexpr std::size_t longest_text = std::size_t{1} << 20;
constexpr int deepest = 500, largest_exponent = 64;

/// What a part of the text computes: a slot, or a number that is not yet a line.
struct Value {
    int slot = -1;
    double number = 0;
    bool is_number() const { return slot < 0; }
};

/// Recursive descent; a level of nesting takes three calls. The first failure ends it: every function returns
/// nothing from then on.
class Parser {
public:
    Parser(std::string_view text, std::span<const std::string> names) : text_(text) {
        program_.variables = static_cast<int>(names.size());
        for (std::size_t v = 0; v < names.size(); ++v) {
            names_.emplace(names[v], static_cast<int>(v));
            known_.push_back(names[v]);
        }
    }

    base::Result<Program> parse() {
        std::optional<Value> value;
        do {
            const auto name = definition();
            value = sum();
            if (!value) return base::failure(diagnostics_);
            skip_blanks();
            if (!name) break;
            if (!take(';')) {
                fail("';' behind a definition");
                return base::failure(diagnostics_);
            }
            names_[*name] = slot(*value);
            known_.push_back(*name);
        } while (true);
        if (at_ < text_.size()) {
            fail("an operator or the end");
            return base::failure(diagnostics_);
        }
        const int result = slot(*value);
        if (result < program_.variables) return variable(program_.variables, result);
        program_.lines.push_back({Operator::no_operation, result});
        return tidy(program_);
    }

private:
    using Optional = std::optional<Value>;

    Optional fail(std::string expected, std::size_t length = 1, std::string found = "") {
        if (!diagnostics_.empty()) return std::nullopt;
        if (found.empty()) found = at_ < text_.size() ? base::quoted(text_.substr(at_, length)) : "the end";
        diagnostics_.push_back({.file = "formula",
                                .line = 1,
                                .column = static_cast<int>(at_) + 1,
                                .found = std::move(found),
                                .expected = std::move(expected),
                                .source_line = std::string(text_),
                                .length = static_cast<int>(length)});
        return std::nullopt;
    }

    void skip_blanks() {
        while (at_ < text_.size() && std::strchr(" \t\r\n", text_[at_]) != nullptr && text_[at_] != '\0')
            ++at_;
    }
    char next() {
        skip_blanks();
        return at_ < text_.size() ? text_[at_] : '\0';
    }
    bool take(char sign) {
        if (next() != sign || at_ >= text_.size()) return false;
        ++at_;
        return true;
    }

    static bool is_letter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
               static_cast<unsigned char>(c) >= 0x80;
    }
    static bool is_digit(char c) { return c >= '0' && c <= '9'; }

    int line(Operator operation, int left, int right, double value = 0) {
        program_.lines.push_back({operation, left, right, value});
        return program_.slots() - 1;
    }
    int slot(const Value& value) {
        return value.is_number() ? line(Operator::constant, 0, 0, value.number) : value.slot;
    }
    Value apply_to(Operator operation, const Value& operand) { return {line(operation, slot(operand), 0)}; }
    Value apply_to(Operator operation, const Value& left, const Value& right) {
        const int first = slot(left);
        return {line(operation, first, slot(right))};
    }

    /// The name of a definition that begins here, if one does.
    std::optional<std::string> definition() {
        const std::size_t start = at_;
        const char first = next();
        if (is_letter(first)) {
            std::string name(word());
            if (!names_.contains(name) && take('=')) return name;
        }
        at_ = start;
        return std::nullopt;
    }

    Optional sum() {
        Optional left = product();
        while (left) {
            const char sign = next();
            if (sign != '+' && sign != '-') return left;
            ++at_;
            const Optional right = product();
            if (!right) return std::nullopt;
            left = apply_to(sign == '+' ? Operator::add : Operator::subtract, *left, *right);
        }
        return left;
    }

    Optional product() {
        Optional left = power();
        while (left) {
            const char sign = next();
            if ((sign != '*' && sign != '/') || text_.substr(at_, 2) == "**") return left;
            ++at_;
            const Optional right = power();
            if (!right) return std::nullopt;
            left = sign == '*' ? apply_to(Operator::multiply, *left, *right) : quotient(*left, *right);
        }
        return left;
    }

    Value quotient(const Value& left, const Value& right) {
        if (left.is_number() && right.is_number() && std::isfinite(left.number / right.number))
            return {.number = left.number / right.number};
        if (left.is_number() && left.number == 1) return apply_to(Operator::reciprocal, right);
        return apply_to(Operator::divide, left, right);
    }

    /// Signs in front, one whole, and an exponent.
    Optional power() {
        bool minus = false;
        while (next() == '-' || next() == '+') minus = minus != (text_[at_++] == '-');
        Optional value = whole();
        if (!value) return std::nullopt;
        const bool stars = next() == '*' && text_.substr(at_, 2) == "**";
        if (stars) at_ += 2;
        if (stars || take('^')) {
            value = to_power(*value);
            if (!value) return std::nullopt;
        }
        if (!minus) return value;
        if (value->is_number()) return Value{.number = -value->number};
        return apply_to(Operator::multiply, {.number = -1}, *value);
    }

    Optional to_power(const Value& base) {
        const std::size_t begin = at_;
        const bool closed = take('(');
        bool minus = false;
        if (next() == '-') {
            minus = true;
            ++at_;
        }
        skip_blanks();
        std::optional<double> exponent = number();
        if (exponent && closed && take('/')) {
            skip_blanks();
            const auto below = number();
            exponent = below ? std::optional(*exponent / *below) : std::nullopt;
        }
        if (closed && exponent && !take(')')) exponent.reset();
        if (!exponent) {
            // Anything else: a name, or a formula in parentheses.
            at_ = begin;
            const Optional any = whole();
            if (!any) return std::nullopt;
            return any->is_number() ? number_power(base, any->number) : apply_to(Operator::power, base, *any);
        }
        if (next() == '^' || (next() == '*' && text_.substr(at_, 2) == "**"))
            return fail("parentheses around one of two powers");
        return number_power(base, minus ? -*exponent : *exponent);
    }

    Value number_power(const Value& base, double exponent) {
        const double magnitude = std::abs(exponent);
        if (magnitude == 0.5 || (magnitude == std::floor(magnitude) && magnitude <= largest_exponent)) {
            const Value value = magnitude == 0.5 ? apply_to(Operator::square_root, base)
                                                 : whole_power(base, static_cast<int>(magnitude));
            return exponent < 0 ? apply_to(Operator::reciprocal, value) : value;
        }
        return apply_to(Operator::power, base, {.number = exponent});
    }

    Value whole_power(const Value& base, int exponent) {
        if (exponent == 0) return {.number = 1};
        if (exponent == 1) return base;
        // One slot for the base, however often it is read.
        const Value kept{slot(base)};
        if (exponent % 2 == 0) return apply_to(Operator::square, whole_power(kept, exponent / 2));
        return apply_to(Operator::multiply, whole_power(kept, exponent - 1), kept);
    }

    std::optional<double> number() {
        if (at_ >= text_.size() || (!is_digit(text_[at_]) && text_[at_] != '.')) return std::nullopt;
        double value = 0;
        const auto [stop, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
        if (error != std::errc{} || !std::isfinite(value)) return std::nullopt;
        at_ = static_cast<std::size_t>(stop - text_.data());
        return value;
    }

    std::string_view word() {
        const std::size_t start = at_;
        while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]))) ++at_;
        return text_.substr(start, at_ - start);
    }

    Optional whole() {
        const char first = next();
        if (first == '(') return nested();
        if (is_digit(first) || first == '.') {
            const auto value = number();
            if (!value) return fail("a number within the range of double");
            return Value{.number = *value};
        }
        if (first == '`') return quoted_name();
        if (!is_letter(first)) return fail("a number, a name, a function or '('");
        const std::size_t start = at_;
        const std::string name(word());
        if (next() == '(') return call(start, name);
        return named(start, name);
    }

    Optional nested() {
        ++at_;
        if (++depth_ > deepest) {
            --at_;
            return fail(fmt::format("at most {} levels of parentheses", deepest));
        }
        Optional value = sum();
        --depth_;
        if (value && !take(')')) return fail("')' or an operator");
        return value;
    }

    Optional quoted_name() {
        const std::size_t start = at_++;
        std::string name;
        for (;; ++at_) {
            if (at_ >= text_.size()) return fail("a backquote that ends the name");
            if (text_[at_] != '`') {
                name += text_[at_];
            } else if (text_.substr(at_, 2) == "``") {
                name += '`';
                ++at_;
            } else {
                ++at_;
                return named(start, name);
            }
        }
    }

    Optional named(std::size_t start, const std::string& name) {
        const auto place = names_.find(name);
        if (place != names_.end()) return Value{place->second};
        if (name == "pi") return Value{.number = std::numbers::pi};
        const std::string meant = base::closest(name, known_);
        std::string list;
        for (std::size_t i = 0; i < std::min<std::size_t>(known_.size(), 12); ++i)
            list += (i == 0 ? "" : ", ") + known_[i];
        const std::size_t length = at_ - start;
        at_ = start;
        return fail(meant.empty() ? (list.empty() ? "a number" : "one of " + list) : "'" + meant + "'",
                    length, "unknown name " + base::quoted(name));
    }

    /// Other names that functions go by.
    static std::string_view alias(std::string_view name) {
        for (const auto& [other, symbol] :
             {std::pair{"ln", "log"}, {"arcsin", "asin"}, {"arccos", "acos"}, {"arctan", "atan"}})
            if (name == other) return symbol;
        return name;
    }

    Optional call(std::size_t start, const std::string& name) {
        const OperatorInfo* function = nullptr;
        std::vector<std::string> callable;
        for (const OperatorInfo& each : operators())
            if (each.arity > 0 && !each.symbol.empty() && is_letter(each.symbol.front())) {
                callable.emplace_back(each.symbol);
                if (each.symbol == name || each.symbol == alias(name)) function = &each;
            }
        if (function == nullptr) {
            std::string list;
            for (const std::string& each : callable) list += (list.empty() ? "" : ", ") + each;
            const std::string meant = base::closest(name, callable);
            at_ = start;
            return fail(meant.empty() ? "one of " + list : "'" + meant + "'", name.size(),
                        "unknown function " + base::quoted(name));
        }
        ++at_;
        if (++depth_ > deepest) {
            at_ = start;
            return fail(fmt::format("at most {} levels of parentheses", deepest), name.size());
        }
        const Optional left = sum();
        if (!left) return std::nullopt;
        Optional right;
        if (function->arity == 2) {
            if (!take(',')) return fail(fmt::format("',' and a second argument of {}", name));
            right = sum();
            if (!right) return std::nullopt;
        }
        --depth_;
        if (!take(')')) return fail("')' or an operator");
        return right ? apply_to(function->operation, *left, *right) : apply_to(function->operation, *left);
    }

    std::string_view text_;
    std::size_t at_ = 0;
    int depth_ = 0;
    Program program_;
    std::map<std::string, int, std::less<>> names_;
    std::vector<std::string> known_;
    base::Diagnostics diagnostics_;
};

} // namespace

base::Result<Program> parse_formula(std::string_view text, std::span<const std::string> names) {
    if (text.size() > longest_text)
        return base::failure("formula", fmt::format("{} bytes of text", text.size()),
                             fmt::format("at most {}", longest_text));
    return Parser(text, names).parse();
}

} // namespace ropewalk::formula
