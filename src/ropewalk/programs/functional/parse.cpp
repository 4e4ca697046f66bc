#include "ropewalk/programs/functional/parse.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ropewalk/programs/functional/check.hpp"
#include "ropewalk/programs/functional/tokens.hpp"

namespace ropewalk::functional {

namespace {

struct Failed {};

class Parser {
public:
    Parser(std::string_view text, const std::string& file) : text_(text), file_(file), tokens_(tokens_of(text)) {}

    base::Result<Program> program() {
        Program program;
        try {
            head(program);
            program.body = lines();
            skip_line_ends();
            if (token().kind != TokenKind::end) fail(token(), found(token()), "the end of the program after its value");
        } catch (const Failed&) {
            return base::failure({diagnostic_});
        }
        if (const auto error = check(program)) {
            place(error->place > 0 ? error->place - 1 : 0, 1, error->found, error->expected);
            return base::failure({diagnostic_});
        }
        return program;
    }

private:
    static constexpr int deepest = 150;

    const Token& token() const { return tokens_[at_]; }
    const Token& next() { return tokens_[at_ + 1 < tokens_.size() ? at_++ : at_]; }
    bool is(std::string_view symbol) const {
        return token().text == symbol && (token().kind == TokenKind::symbol || token().kind == TokenKind::name);
    }
    bool take(std::string_view symbol) {
        if (!is(symbol)) return false;
        next();
        return true;
    }
    void skip_line_ends() {
        while (token().kind == TokenKind::line_end) next();
    }

    static std::string found(const Token& token) {
        if (token.kind == TokenKind::end) return "the end of the file";
        if (token.kind == TokenKind::line_end) return "the end of the line";
        return base::quoted(token.text);
    }

    void place(std::size_t start, std::size_t length, std::string what, std::string expected) {
        start = std::min(start, text_.size());
        const auto before = text_.substr(0, start);
        const std::size_t line_start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
        diagnostic_ = {.file = file_,
                       .line = 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n')),
                       .column = 1 + static_cast<int>(start - line_start),
                       .found = std::move(what),
                       .expected = std::move(expected),
                       .source_line = std::string(text_.substr(line_start, text_.find('\n', start) - line_start)),
                       .length = static_cast<int>(std::max<std::size_t>(1, length))};
    }

    [[noreturn]] void fail(const Token& at, std::string what, std::string expected) {
        place(at.start, at.text.size(), std::move(what), std::move(expected));
        throw Failed{};
    }

    void expect(std::string_view symbol, const char* where) {
        if (!take(symbol)) fail(token(), found(token()), fmt::format("{} {}", base::quoted(symbol), where));
    }

    void head(Program& program) {
        skip_line_ends();
        if (token().kind != TokenKind::name) fail(token(), found(token()), "a head such as solve(x: [int]) -> int:");
        next();
        expect("(", "after the name of the program");
        while (!is(")")) {
            const std::string given = new_name("the name of an argument");
            expect(":", "and the type of the argument");
            program.parameters.push_back({given, type()});
            names_.push_back(given);
            if (!is(")")) expect(",", "or ')' after an argument");
        }
        next();
        expect("->", "and the type of the value");
        program.result = type();
        expect(":", "at the end of the head");
    }

    values::Type type() {
        const std::size_t start = token().start;
        int open = 0;
        do {
            open += is("[") ? 1 : is("]") ? -1 : 0;
            if (!is("[") && !is("]") && token().kind != TokenKind::name) break;
            next();
        } while (open > 0);
        const auto text = text_.substr(start, tokens_[at_].start - start);
        const auto end = text.find_last_not_of(" \t\r\n");
        const auto named = values::type_named(end == std::string_view::npos ? "" : text.substr(0, end + 1));
        if (!named) {
            place(start, std::max<std::size_t>(1, text.size()), base::quoted(text), "a type: int, bool, text, [int], [[int]]");
            throw Failed{};
        }
        return *named;
    }

    std::string new_name(const char* what) {
        if (token().kind != TokenKind::name || is_reserved(token().text)) fail(token(), found(token()), what);
        return std::string(next().text);
    }

    /// Lines that give names, then the value.
    Expression lines() {
        skip_line_ends();
        if (token().kind != TokenKind::name || tokens_[at_ + 1].text != "=" || is_reserved(token().text)) return value();
        const auto start = token();
        const std::string name = new_name("a name");
        next();
        Expression given = value();
        if (token().kind != TokenKind::line_end) fail(token(), found(token()), "the end of the line, then the program's value");
        Depth depth(*this);
        names_.push_back(name);
        Expression rest = lines();
        names_.pop_back();
        return at(start, call(Operator::let, {std::move(given), std::move(rest)}));
    }

    /// Counts how deep the parser is, so that no text exhausts the stack.
    struct Depth {
        explicit Depth(Parser& of) : parser(of) {
            if (++parser.depth_ > deepest) parser.fail(parser.token(), "an expression deeper than 150 levels", "names for parts");
        }
        ~Depth() { --parser.depth_; }
        Parser& parser;
    };

    static Expression at(const Token& start, Expression expression) {
        expression.place = static_cast<std::uint32_t>(start.start + 1);
        return expression;
    }

    Expression value() {
        Depth depth(*this);
        const Token start = token();
        if (take("if")) {
            Expression condition = value();
            expect("then", "after the condition");
            Expression yes = value();
            expect("else", "after what holds if the condition is true");
            return at(start, call(Operator::condition, {std::move(condition), std::move(yes), value()}));
        }
        if (take("let")) {
            const std::string name = new_name("a name after let");
            expect("=", "after the name");
            Expression given = value();
            expect("in", "after the value of the name");
            names_.push_back(name);
            Expression body = value();
            names_.pop_back();
            return at(start, call(Operator::let, {std::move(given), std::move(body)}));
        }
        return disjunction();
    }

    Expression disjunction() {
        const Token start = token();
        Expression left = conjunction();
        while (take("or")) left = at(start, call(Operator::either, {std::move(left), conjunction()}));
        return left;
    }

    Expression conjunction() {
        const Token start = token();
        Expression left = inversion();
        while (take("and")) left = at(start, call(Operator::both, {std::move(left), inversion()}));
        return left;
    }

    Expression inversion() {
        const Token start = token();
        if (!take("not")) return comparison();
        Depth depth(*this);
        return at(start, call(Operator::negation, {inversion()}));
    }

    Expression comparison() {
        const Token start = token();
        Expression left = sums();
        static constexpr std::pair<std::string_view, Operator> operators[] = {
            {"<", Operator::less},  {"<=", Operator::at_most}, {">", Operator::less}, {">=", Operator::at_most},
            {"==", Operator::equal}, {"!=", Operator::not_equal}};
        for (const auto& [symbol, op] : operators) {
            if (!is(symbol)) continue;
            const bool turned = symbol[0] == '>';
            next();
            Expression right = sums();
            return at(start, turned ? call(op, {std::move(right), std::move(left)})
                                    : call(op, {std::move(left), std::move(right)}));
        }
        return left;
    }

    Expression sums() {
        const Token start = token();
        Expression left = products();
        while (is("+") || is("-")) {
            const Operator op = next().text == "+" ? Operator::add : Operator::subtract;
            left = at(start, call(op, {std::move(left), products()}));
        }
        return left;
    }

    Expression products() {
        const Token start = token();
        Expression left = sign();
        while (is("*") || is("//") || is("%")) {
            const auto symbol = next().text;
            const Operator op = symbol == "*"    ? Operator::multiply
                                : symbol == "//" ? Operator::divide
                                                 : Operator::remainder;
            left = at(start, call(op, {std::move(left), sign()}));
        }
        return left;
    }

    Expression sign() {
        const Token start = token();
        if (!take("-")) return places();
        Depth depth(*this);
        if (token().kind == TokenKind::number) return at(start, number(-whole(next())));
        return at(start, call(Operator::negate, {sign()}));
    }

    std::int64_t whole(const Token& token) {
        const auto value = base::whole_number<std::int64_t>(token.text);
        if (!value) fail(token, base::quoted(token.text), "a whole number of at most 64 bits");
        return *value;
    }

    Expression places() {
        const Token start = token();
        Expression inner = primary();
        while (take("[")) {
            Depth depth(*this);
            Expression place = value();
            expect("]", "after the place of an element");
            inner = at(start, call(Operator::get, {std::move(inner), std::move(place)}));
        }
        return inner;
    }

    Expression primary() {
        const Token start = token();
        if (start.kind == TokenKind::number) return at(start, number(whole(next())));
        if (start.kind == TokenKind::text) return text_literal();
        if (start.kind == TokenKind::character)
            return at(start, number(base::utf8_code(next().text.substr(1, start.text.size() - 2))));
        if (take("true") || take("false"))
            return at(start, {.op = Operator::truth, .number = start.text == "true", .arguments = {}});
        if (take("(")) {
            Expression inner = value();
            expect(")", "to close the bracket");
            return inner;
        }
        if (take("[")) return at(start, call(Operator::list, elements("]")));
        if (start.kind != TokenKind::name || is_reserved(start.text))
            fail(start, found(start), "a number, a name, a list, or a call");
        next();
        return is("(") ? called(start) : at(start, named(start));
    }

    Expression text_literal() {
        const Token token = next();
        if (token.text.size() < 2 || token.text.back() != '"') fail(token, found(token), "a closing \" on the same line");
        Expression literal = at(token, call(Operator::list, {}));
        for (const values::Value& each : values::text_of(token.text.substr(1, token.text.size() - 2)).elements)
            literal.arguments.push_back(at(token, number(each.number)));
        return literal;
    }

    std::vector<Expression> elements(std::string_view close) {
        std::vector<Expression> all;
        while (!take(close)) {
            all.push_back(value());
            if (!is(close)) expect(",", fmt::format("or {} after an element", base::quoted(close)).c_str());
        }
        return all;
    }

    Expression named(const Token& token) {
        const auto known = std::find(names_.rbegin(), names_.rend(), token.text);
        if (known == names_.rend()) {
            const std::string near = base::closest(token.text, names_);
            std::string all;
            for (const std::string& name : names_) all += (all.empty() ? "" : ", ") + name;
            fail(token, "unknown name " + base::quoted(token.text),
                 near.empty() ? (all.empty() ? "no name, as the program has no arguments" : "one of " + all) : near);
        }
        return variable(names_.rend() - known - 1);
    }

    Expression called(const Token& name) {
        const auto op = operator_named(name.text);
        if (!op) {
            std::vector<std::string> all;
            for (const OperatorFacts& each : all_operators()) all.emplace_back(each.name);
            const std::string near = base::closest(name.text, all);
            fail(name, "unknown function " + base::quoted(name.text),
                 near.empty() ? "a function such as map, filter, sum, sort" : near);
        }
        next();
        const OperatorFacts& row = facts(*op);
        std::vector<Expression> arguments;
        for (int i = 0; i < row.arguments; ++i) {
            if (i > 0) expect(",", fmt::format("and argument {} of {}", i + 1, row.name).c_str());
            arguments.push_back(value());
        }
        if (row.parameters > 0) {
            if (!arguments.empty()) expect(",", fmt::format("and the function of {}", row.name).c_str());
            arguments.push_back(function(row));
        }
        expect(")", fmt::format("after the arguments of {}", row.name).c_str());
        return at(name, call(*op, std::move(arguments)));
    }

    Expression function(const OperatorFacts& row) {
        Depth depth(*this);
        const Token start = token();
        const bool brackets = take("(");
        std::vector<std::string> parameters{new_name("a function such as a -> a + 1")};
        while (brackets && take(",")) parameters.push_back(new_name("the name of a parameter"));
        if (brackets) expect(")", "after the parameters of the function");
        if (parameters.size() > static_cast<std::size_t>(row.parameters))
            fail(start, fmt::format("{} parameters", parameters.size()),
                 fmt::format("at most {} for the function of {}", row.parameters, row.name));
        expect("->", "between the parameters of the function and its value");
        const std::size_t outside = names_.size();
        names_.insert(names_.end(), parameters.begin(), parameters.end());
        // Parameters without a name hold their places.
        names_.resize(outside + static_cast<std::size_t>(row.parameters), "");
        Expression body = value();
        names_.resize(outside);
        return body;
    }

    std::string_view text_;
    const std::string& file_;
    std::vector<Token> tokens_;
    std::size_t at_ = 0;
    int depth_ = 0;
    std::vector<std::string> names_;
    base::Diagnostic diagnostic_;
};

} // namespace

base::Result<Program> parse(std::string_view text, const std::string& file) {
    constexpr std::size_t largest = std::size_t{1} << 20;
    return base::source_text(text, file, "a program", largest).and_then([&](std::string_view source) {
        return Parser(source, file).program();
    });
}

bool is_functional(std::string_view text) {
    const auto tokens = tokens_of(text);
    const auto first = std::find_if(tokens.begin(), tokens.end(), [](const Token& each) { return each.kind != TokenKind::line_end; });
    return first->text == "solve" && (first + 1)->text == "(";
}

} // namespace ropewalk::functional
