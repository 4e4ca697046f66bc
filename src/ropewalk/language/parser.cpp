#include "ropewalk/language/parser.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "ropewalk/language/expansion.hpp"
#include "ropewalk/language/lexer.hpp"
#include "ropewalk/language/operators.hpp"

namespace ropewalk::language {

namespace {

/// After that many errors the rest is noise, and a hostile file could fill the memory with them.
constexpr std::size_t most_errors = 50;

constexpr std::size_t largest_source = std::size_t{1} << 20;

/// Errors beyond this column do without their source line: fifty copies of a long one fill the memory too.
constexpr std::size_t longest_excerpt = 4096;

/// Trees are copied, compared and printed recursively, so both kinds of nesting are bounded.
constexpr int deepest_expression = 200, deepest_block = 200;

/// What calls may grow to once functions are written out: nested and in nodes, in one expression and in all.
constexpr long deepest_expansion = 1000, largest_expansion = 10'000, largest_total_expansion = 200'000;

constexpr int largest_number = 1'000'000;

constexpr std::size_t most_parameters = 16;

const std::vector<std::string> statement_keywords{"for", "while", "if", "else", "swap", "nop", "def"};
const std::vector<std::string> other_keywords{"in", "and", "or", "not", "M", "n"};
const std::vector<std::string> operator_functions{"min", "max", "eq", "lt", "inc", "dec"};

bool contains(const std::vector<std::string>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_reserved(std::string_view word) {
    return contains(statement_keywords, word) || contains(other_keywords, word) ||
           contains(operator_functions, word);
}

/// A tree with what the rules above it need to know.
struct Parsed {
    Expression expression;
    Type type = Type::value;
    int depth = 1;
    /// Columns of the first byte and behind the last one.
    int start = 1, end = 1;
};

using Maybe = std::optional<Parsed>;

class Parser {
public:
    Parser(const std::string& file, const std::vector<TokenLine>& lines, const ParseOptions& options)
        : file_(file), lines_(lines), options_(options) {}

    base::Result<Program> run() {
        while (line_ < lines_.size()) block(program_.statements, 0, 1);
        if (program_.statements.empty() && program_.functions.empty() && errors_.empty())
            errors_.push_back(
                {.file = file_, .found = "no statements", .expected = "at least one statement"});
        if (errors_.empty()) return std::move(program_);
        std::stable_sort(errors_.begin(), errors_.end(), [](const auto& a, const auto& b) {
            return std::pair(a.line, a.column) < std::pair(b.line, b.column);
        });
        if (too_many_)
            errors_.push_back({.file = file_,
                               .found = fmt::format("more than {} errors", most_errors),
                               .expected = "a program; the other errors are left out"});
        return base::failure(std::move(errors_));
    }

private:
    // Errors.

    void error_at(int column, int length, std::string found, std::string expected) {
        if (errors_.size() >= most_errors) {
            too_many_ = true;
            return;
        }
        const TokenLine& line = lines_[line_];
        const bool shown = static_cast<std::size_t>(column) <= longest_excerpt;
        errors_.push_back(
            {.file = file_,
             .line = line.line,
             .column = column,
             .found = std::move(found),
             .expected = std::move(expected),
             .source_line = shown ? std::string(line.source.substr(0, longest_excerpt)) : std::string{},
             .length = length});
    }

    void error(const Token& token, std::string found, std::string expected) {
        error_at(token.column, static_cast<int>(token.text.size()), std::move(found), std::move(expected));
    }

    void error(const Parsed& part, std::string found, std::string expected) {
        error_at(part.start, part.end - part.start, std::move(found), std::move(expected));
    }

    /// What stands at the cursor is not what should.
    void unexpected(std::string expected) {
        if (at_end_of_line()) {
            error_at(end_of_previous(), 1, "the end of the line", std::move(expected));
            return;
        }
        error(here(), described(here()), std::move(expected));
    }

    static std::string described(const Token& token) {
        if (token.kind == TokenKind::unknown && token.text[0] >= '0' && token.text[0] <= '9')
            return "number " + base::quoted(token.text);
        if (token.kind == TokenKind::unknown) return "unknown character " + base::quoted(token.text);
        return base::quoted(token.text);
    }

    static std::string suggestion(std::string_view word, const std::vector<std::string>& candidates) {
        const std::string found = base::closest(word, candidates);
        return found.empty() ? std::string{} : fmt::format("; did you mean '{}'?", found);
    }

    template<class Names>
    static std::vector<std::string> for_suggestion(const Names& names) {
        constexpr std::size_t longest = 64, most = 1000;
        std::vector<std::string> candidates;
        for (const auto& name : names)
            if (name.size() <= longest && candidates.size() < most) candidates.emplace_back(name);
        return candidates;
    }

    // The cursor: a line and a token in it.

    const std::vector<Token>& tokens() const { return lines_[line_].tokens; }
    bool at_end_of_line() const { return at_ >= tokens().size(); }
    const Token& here() const { return tokens()[at_]; }
    bool at(std::string_view text) const { return !at_end_of_line() && here().text == text; }
    bool behind(std::string_view text) const {
        return at_ + 1 < tokens().size() && tokens()[at_ + 1].text == text;
    }

    /// Column behind the token before the cursor.
    int end_of_previous() const {
        if (at_ == 0) return 1;
        const Token& previous = tokens()[at_ - 1];
        return previous.column + static_cast<int>(previous.text.size());
    }

    bool take(std::string_view text) {
        if (!at(text)) return false;
        ++at_;
        return true;
    }

    bool need(std::string_view text, const std::string& expected) {
        if (take(text)) return true;
        unexpected(expected);
        return false;
    }

    void next_line() {
        ++line_;
        at_ = 0;
    }

    // Blocks and lines.

    /// Where the cursor is after a statement: behind it in its line, at the line below its block, or, after
    /// an error, at the place of the error.
    enum class Ended { in_line, below, failed };

    /// The lines indented by `indentation`, up to the first that is indented less.
    void block(std::vector<Statement>& into, int indentation, int depth) {
        while (line_ < lines_.size() && lines_[line_].indentation >= indentation) {
            const int deeper = lines_[line_].indentation;
            if (deeper == indentation) {
                whole_line(into, depth);
                continue;
            }
            // One message for a run of lines that are indented too far; they are checked all the same.
            if (!lines_[line_].tab)
                error_at(1, deeper, fmt::format("a line indented by {}", spaces(deeper)),
                         indentation == 0 ? std::string("no indentation, as no block is open here")
                                          : fmt::format("{} as in the lines above", spaces(indentation)));
            // Whose `else` that would be is not known.
            if (at("else")) next_line();
            while (line_ < lines_.size() && lines_[line_].indentation >= deeper) whole_line(into, depth);
        }
    }

    static std::string spaces(int count) {
        return count == 1 ? std::string("1 space") : fmt::format("{} spaces", count);
    }

    /// Statements separated by `;`, the last of which may go on in the lines below.
    void whole_line(std::vector<Statement>& into, int depth) {
        const int indentation = lines_[line_].indentation;
        const bool conditional = at("if");
        if (lines_[line_].tab) error_at(1, indentation, "a tab before the first word", "spaces only");
        while (true) {
            Statement parsed;
            Ended ended = statement(parsed, depth);
            if (ended != Ended::failed && else_follows(parsed, ended, indentation))
                ended = body(parsed.otherwise, depth);
            if (ended == Ended::failed) {
                skip_line(indentation, conditional, depth);
                return;
            }
            if (!function_read_) into.push_back(std::move(parsed));
            if (ended == Ended::below) return;
            if (at_end_of_line()) {
                next_line();
                return;
            }
            if (!need(";", "';' or the end of the line")) {
                skip_line(indentation, false, depth);
                return;
            }
        }
    }

    /// Moves behind an `else` that stands below the condition just read, if there is one.
    bool else_follows(const Statement& parsed, Ended ended, int indentation) {
        if (parsed.kind != StatementKind::if_else || !parsed.otherwise.empty()) return false;
        if (ended == Ended::in_line && !at_end_of_line()) return false;
        return take_else(ended == Ended::below ? line_ : line_ + 1, indentation);
    }

    bool take_else(std::size_t line, int indentation) {
        if (line >= lines_.size() || lines_[line].indentation != indentation) return false;
        if (lines_[line].tokens[0].text != "else") return false;
        line_ = line;
        at_ = 1;
        return true;
    }

    /// After an error: the rest of the line, and what belongs to it below, which is checked but dropped.
    void skip_line(int indentation, bool conditional, int depth) {
        const bool header = tokens().back().text == ":";
        next_line();
        std::vector<Statement> dropped;
        const auto deeper = [&] { return line_ < lines_.size() && lines_[line_].indentation > indentation; };
        if (header && deeper() && depth < deepest_block) block(dropped, lines_[line_].indentation, depth + 1);
        while (header && deeper()) next_line();
        if (!conditional || !take_else(line_, indentation)) return;
        const Ended ended = body(dropped, depth);
        if (ended == Ended::failed)
            skip_line(indentation, false, depth);
        else if (ended == Ended::in_line)
            next_line();
    }

    /// A colon, then one statement in the line or a block in the lines below.
    Ended body(std::vector<Statement>& into, int depth) {
        if (at("=")) {
            error(here(), "'='", "':' (a comparison is written '==')");
            return Ended::failed;
        }
        if (!need(":", "':'")) return Ended::failed;
        if (depth >= deepest_block) {
            error_at(end_of_previous() - 1, 1, fmt::format("blocks nested more than {} deep", deepest_block),
                     "fewer");
            return Ended::failed;
        }
        if (!at_end_of_line()) {
            Statement parsed;
            const Ended ended = statement(parsed, depth + 1);
            if (ended != Ended::failed) into.push_back(std::move(parsed));
            return ended;
        }
        const bool indented =
            line_ + 1 < lines_.size() && lines_[line_ + 1].indentation > lines_[line_].indentation;
        if (!indented) {
            unexpected("a statement behind the colon, or indented lines below it");
            return Ended::failed;
        }
        next_line();
        block(into, lines_[line_].indentation, depth + 1);
        return Ended::below;
    }

    // Statements.

    Ended statement(Statement& into, int depth) {
        function_read_ = false;
        if (at("for")) return for_range(into, depth);
        if (at("while")) return conditional(into, StatementKind::while_do, depth);
        if (at("if")) return conditional(into, StatementKind::if_else, depth);
        if (at("swap")) return swap(into);
        if (at("def")) return function(depth);
        if (take("nop")) return Ended::in_line;
        if (at("else")) {
            error(here(), "'else' without an 'if' before it at the same indentation", "a statement");
            return Ended::failed;
        }
        return assignment(into);
    }

    Ended for_range(Statement& into, int depth) {
        into.kind = StatementKind::for_range;
        ++at_;
        if (!named(into.variable, "the name of the loop variable")) return Ended::failed;
        const Token& name = tokens()[at_ - 1];
        const bool fresh = may_assign(name);
        assigned_.insert(into.variable);
        if (!need("in", "'in' and a range such as 0..n")) return Ended::failed;
        if (!range(into.expressions)) return Ended::failed;
        if (fresh) loop_variables_.insert(into.variable);
        const Ended ended = body(into.body, depth);
        if (fresh) loop_variables_.erase(into.variable);
        return ended;
    }

    /// `from..to`, or a hole of the kind `range`.
    bool range(std::vector<Expression>& into) {
        if (options_.holes && at("?") && behind("range")) {
            Maybe open = hole();
            if (!open) return false;
            into.push_back(std::move(open->expression));
            return true;
        }
        Maybe from = typed(Type::value);
        if (!from || !need("..", "'..' and the end of the range")) return false;
        Maybe to = typed(Type::value);
        if (!to) return false;
        into.push_back(std::move(from->expression));
        into.push_back(std::move(to->expression));
        return true;
    }

    Ended conditional(Statement& into, StatementKind kind, int depth) {
        into.kind = kind;
        ++at_;
        Maybe condition = typed(Type::condition);
        if (!condition) return Ended::failed;
        into.expressions.push_back(std::move(condition->expression));
        Ended ended = body(into.body, depth);
        if (kind == StatementKind::if_else && ended == Ended::in_line && take("else"))
            ended = body(into.otherwise, depth);
        return ended;
    }

    Ended swap(Statement& into) {
        into.kind = StatementKind::assign;
        ++at_;
        for (const bool second : {false, true}) {
            if (second && !need(",", "',' and the second place to swap")) return Ended::failed;
            if (!target(into.targets)) return Ended::failed;
            if (into.targets.back().kind == ExpressionKind::variable) known_variable(tokens()[at_ - 1]);
        }
        refuse_twice(into.targets, tokens()[at_ - 1]);
        into.values = {into.targets[1], into.targets[0]};
        return Ended::in_line;
    }

    Ended assignment(Statement& into) {
        into.kind = StatementKind::assign;
        const Token& first = here_or_last();
        const bool complete = assignment_parts(into, first);
        // Also after an error: one message for a name is enough.
        for (const Expression& each : into.targets)
            if (each.kind == ExpressionKind::variable) assigned_.insert(each.name);
        return complete ? Ended::in_line : Ended::failed;
    }

    bool assignment_parts(Statement& into, const Token& first) {
        do {
            if (!target(into.targets)) return false;
        } while (take(","));
        refuse_twice(into.targets, first);
        if (!at("=")) {
            const std::string keyword = first.kind == TokenKind::name && into.targets.size() == 1
                                            ? suggestion(first.text, statement_keywords)
                                            : std::string{};
            if (keyword.empty())
                unexpected("'=' or ','");
            else
                error(first, "unknown statement " + base::quoted(first.text), "a statement" + keyword);
            return false;
        }
        ++at_;
        const int start = at_end_of_line() ? end_of_previous() : here().column;
        do {
            Maybe value = typed(Type::value);
            if (!value) return false;
            into.values.push_back(std::move(value->expression));
        } while (take(","));
        if (into.values.size() == into.targets.size()) return true;
        error_at(start, end_of_previous() - start, counted(into.values.size(), "value"),
                 counted(into.targets.size(), "value") + ", one for each place on the left");
        return true;
    }

    static std::string counted(std::size_t count, const std::string& noun) {
        return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
    }

    void refuse_twice(const std::vector<Expression>& targets, const Token& place) {
        std::set<std::string> names;
        for (const Expression& each : targets)
            if (each.kind == ExpressionKind::variable && !names.insert(each.name).second)
                error(place, fmt::format("variable {} assigned twice at once", base::quoted(each.name)),
                      "each variable once");
    }

    /// A variable, which need not have a value yet, or a cell.
    bool target(std::vector<Expression>& into) {
        if (at("M")) {
            calls_ = false;
            Maybe cell = memory_cell();
            if (!cell || (calls_ && !expansion_fits(*cell))) return false;
            into.push_back(std::move(cell->expression));
            return true;
        }
        std::string name;
        if (!named(name, "a statement")) return false;
        may_assign(tokens()[at_ - 1]);
        into.push_back(variable(std::move(name)));
        return true;
    }

    /// A name that is free for variables, functions and parameters.
    bool named(std::string& into, const std::string& expected) {
        if (at_end_of_line() || here().kind != TokenKind::name) {
            unexpected(expected);
            return false;
        }
        if (is_reserved(here().text)) {
            error(here(), fmt::format("'{}', which has a meaning of its own", here().text), expected);
            return false;
        }
        into = std::string(here().text);
        ++at_;
        return true;
    }

    bool may_assign(const Token& name) {
        if (functions_.contains(name.text)) {
            error(name, fmt::format("the function {}", base::quoted(name.text)), "a variable or a cell");
            return false;
        }
        if (!loop_variables_.contains(name.text)) return true;
        error(name, fmt::format("an assignment to the loop variable {}", base::quoted(name.text)),
              "another variable; the loop counts this one itself");
        return false;
    }

    /// `def name(parameters) = body`
    Ended function(int depth) {
        const Token& keyword = here();
        ++at_;
        if (depth > 1) {
            error(keyword, "a function inside a block", "functions outside of loops and conditions");
            return Ended::failed;
        }
        Function read;
        if (!named(read.name, "the name of the function")) return Ended::failed;
        const Token& name = tokens()[at_ - 1];
        if (functions_.contains(read.name))
            error(name, fmt::format("a second function {}", base::quoted(read.name)),
                  "a name not used before");
        if (assigned_.contains(read.name))
            error(name, fmt::format("a function with the name of the variable {}", base::quoted(read.name)),
                  "a name not used before");
        const bool complete = parameters(read.parameters) && function_body(read);
        // Also after an error, so that calls do not bring another one.
        functions_.emplace(read.name, read.parameters.size());
        if (!complete) return Ended::failed;
        expansions_.add(read);
        program_.functions.push_back(std::move(read));
        function_read_ = true;
        return Ended::in_line;
    }

    bool parameters(std::vector<std::string>& into) {
        if (!need("(", "'(' and the names of the parameters")) return false;
        if (take(")")) return true;
        do {
            std::string name;
            if (!named(name, "the name of a parameter")) return false;
            const Token& token = tokens()[at_ - 1];
            if (std::find(into.begin(), into.end(), name) != into.end())
                error(token, fmt::format("parameter {} twice", base::quoted(name)), "each parameter once");
            if (into.size() == most_parameters) {
                error(token, fmt::format("more than {} parameters", most_parameters), "fewer");
                return false;
            }
            into.push_back(std::move(name));
        } while (take(","));
        return need(")", "',' or ')'");
    }

    bool function_body(Function& read) {
        if (!need("=", "'=' and the value of the function")) return false;
        parameters_ = &read.parameters;
        function_being_read_ = read.name;
        Maybe value = typed(Type::value);
        parameters_ = nullptr;
        function_being_read_ = {};
        if (!value) return false;
        read.body = std::move(value->expression);
        return true;
    }

    // Expressions, from loose to tight.

    /// A whole expression of the wanted type.
    Maybe typed(Type wanted) {
        calls_ = false;
        Maybe parsed = either();
        if (!parsed) return std::nullopt;
        // What is wrong with `if x = 1` is the sign.
        if (!(wanted == Type::condition && at("="))) need_type(*parsed, wanted);
        if (calls_ && !expansion_fits(*parsed)) return std::nullopt;
        return parsed;
    }

    void need_type(const Parsed& part, Type wanted) {
        if (part.type == wanted) return;
        if (wanted == Type::value)
            error(part, "a condition", "a value; eq(a, b) and lt(a, b) are 1 or 0");
        else
            error(part, "a value", "a condition such as x != 0");
    }

    bool expansion_fits(const Parsed& part) {
        const Expansion expansion = expansions_.measure(part.expression);
        total_expansion_ += expansion.nodes;
        if (expansion.nodes <= largest_expansion && expansion.depth <= deepest_expansion &&
            total_expansion_ <= largest_total_expansion)
            return true;
        error(part, "calls that are too large once functions are written out",
              fmt::format("at most {} nodes, {} deep, and {} in the whole program", largest_expansion,
                          deepest_expansion, largest_total_expansion));
        return false;
    }

    /// An operation on parts, unless the tree gets too deep.
    Maybe combined(Operator operation, std::vector<Parsed> parts, Type type, int start) {
        Parsed result{.type = type, .start = start, .end = end_of_previous()};
        result.expression.kind = ExpressionKind::operation;
        result.expression.operation = operation;
        for (Parsed& part : parts) {
            result.depth = std::max(result.depth, part.depth + 1);
            result.expression.operands.push_back(std::move(part.expression));
        }
        return bounded(std::move(result));
    }

    Maybe bounded(Parsed part) {
        if (part.depth <= deepest_expression) return part;
        too_deep(part.start);
        return std::nullopt;
    }

    void too_deep(int column) {
        error_at(column, 1, fmt::format("an expression nested more than {} deep", deepest_expression),
                 "a shallower one; an intermediate result can be a variable");
    }

    /// Operators of one binding, grouped from the left.
    template<class Tighter>
    Maybe chain(Binding binding, Type type, const Tighter& tighter) {
        Maybe left = tighter();
        while (left && !at_end_of_line()) {
            const OperatorText* row = find_operator(here().text, binding);
            if (row == nullptr) break;
            ++at_;
            Maybe right = tighter();
            if (!right) return std::nullopt;
            need_type(*left, type);
            need_type(*right, type);
            const int start = left->start;
            std::vector<Parsed> parts;
            parts.push_back(std::move(*left));
            parts.push_back(std::move(*right));
            left = combined(row->operation, std::move(parts), type, start);
        }
        return left;
    }

    Maybe either() {
        return chain(Binding::either, Type::condition,
                     [this] { return chain(Binding::both, Type::condition, [this] { return negated(); }); });
    }

    Maybe negated() {
        if (!at("not")) return comparison();
        const int start = here().column;
        ++at_;
        Maybe operand = nested(start, [this] { return negated(); });
        if (!operand) return std::nullopt;
        need_type(*operand, Type::condition);
        std::vector<Parsed> parts;
        parts.push_back(std::move(*operand));
        return combined(Operator::negation, std::move(parts), Type::condition, start);
    }

    Maybe comparison() {
        Maybe left = sum();
        if (!left || at_end_of_line()) return left;
        const OperatorText* row = find_operator(here().text, Binding::comparison);
        if (row == nullptr) return left;
        ++at_;
        Maybe right = sum();
        if (!right) return std::nullopt;
        need_type(*left, Type::value);
        need_type(*right, Type::value);
        if (!at_end_of_line() && find_operator(here().text, Binding::comparison) != nullptr) {
            error(here(), fmt::format("a second comparison '{}'", here().text),
                  "'and' between two comparisons");
            return std::nullopt;
        }
        const int start = left->start;
        std::vector<Parsed> parts;
        parts.push_back(std::move(*left));
        parts.push_back(std::move(*right));
        return combined(row->operation, std::move(parts), Type::condition, start);
    }

    Maybe sum() {
        return chain(Binding::sum, Type::value,
                     [this] { return chain(Binding::product, Type::value, [this] { return atom(); }); });
    }

    /// Runs a rule one level further down, unless the text is nested too deep for the stack.
    template<class Rule>
    Maybe nested(int column, const Rule& rule) {
        if (nesting_ >= deepest_expression) {
            too_deep(column);
            return std::nullopt;
        }
        ++nesting_;
        Maybe parsed = rule();
        --nesting_;
        return parsed;
    }

    Maybe atom() {
        if (at_end_of_line() || here().kind == TokenKind::unknown) {
            unexpected("a value");
            return std::nullopt;
        }
        if (here().kind == TokenKind::number) return number();
        if (at("(")) return parenthesised();
        if (at("?")) return hole_in_value();
        if (at("M")) return memory_cell();
        if (take("n")) return leaf(size());
        if (here().kind != TokenKind::name) {
            unexpected(at("-") ? "a value; a difference such as 0 - 1 for a negative number" : "a value");
            return std::nullopt;
        }
        if (behind("(") && !contains(other_keywords, here().text)) return call_or_operator();
        if (is_reserved(here().text)) {
            const bool like_function = contains(operator_functions, here().text);
            error(here(), base::quoted(here().text),
                  like_function ? fmt::format("'(' and values behind '{}'", here().text) : "a value");
            return std::nullopt;
        }
        const Token& name = here();
        ++at_;
        known_variable(name);
        return leaf(variable(std::string(name.text)));
    }

    /// The token before the cursor as a tree.
    Maybe leaf(Expression expression) {
        const Token& token = tokens()[at_ - 1];
        return Parsed{.expression = std::move(expression),
                      .start = token.column,
                      .end = token.column + static_cast<int>(token.text.size())};
    }

    Maybe number() {
        const Token& token = here();
        ++at_;
        int value = 0;
        const auto [end, code] =
            std::from_chars(token.text.data(), token.text.data() + token.text.size(), value);
        if (code != std::errc{} || value > largest_number) {
            error(token, "number " + base::quoted(token.text),
                  fmt::format("a number from 0 to {}", largest_number));
            value = 0;
        }
        return leaf(constant(value));
    }

    Maybe parenthesised() {
        const int start = here().column;
        ++at_;
        Maybe inside = nested(start, [this] { return either(); });
        if (!inside || !need(")", "an operator or ')'")) return std::nullopt;
        inside->start = start;
        inside->end = end_of_previous();
        return inside;
    }

    Maybe memory_cell() {
        const int start = here().column;
        ++at_;
        if (!need("[", "'[' and an address behind 'M'")) return std::nullopt;
        Maybe address = nested(start, [this] { return either(); });
        if (!address) return std::nullopt;
        need_type(*address, Type::value);
        if (!need("]", "an operator or ']'")) return std::nullopt;
        return bounded({.expression = load(std::move(address->expression)),
                        .depth = address->depth + 1,
                        .start = start,
                        .end = end_of_previous()});
    }

    void known_variable(const Token& name) {
        if (parameters_ != nullptr) {
            if (contains(*parameters_, name.text)) return;
            error(name, fmt::format("{}, which is no parameter", base::quoted(name.text)),
                  "a parameter of the function" + suggestion(name.text, *parameters_));
            return;
        }
        if (assigned_.contains(name.text) || reported_.contains(name.text)) return;
        if (functions_.contains(name.text)) {
            error(name, fmt::format("the function {}", base::quoted(name.text)), "its arguments behind it");
            return;
        }
        error(name, fmt::format("variable {} before it has a value", base::quoted(name.text)),
              "a variable that is assigned above" + suggestion(name.text, for_suggestion(assigned_)));
        reported_.insert(std::string(name.text));
    }

    /// Values separated by commas, up to the closing parenthesis; the cursor is behind the opening one.
    std::optional<std::vector<Parsed>> arguments(int start) {
        std::vector<Parsed> parts;
        if (take(")")) return parts;
        do {
            Maybe part = nested(start, [this] { return either(); });
            if (!part) return std::nullopt;
            need_type(*part, Type::value);
            parts.push_back(std::move(*part));
        } while (take(","));
        if (!need(")", "an operator, ',' or ')'")) return std::nullopt;
        return parts;
    }

    Maybe call_or_operator() {
        const Token& name = here();
        at_ += 2;
        auto parts = arguments(name.column);
        if (!parts) return std::nullopt;
        const bool step = name.text == "inc" || name.text == "dec";
        const OperatorText* row = find_operator(name.text, Binding::atom);
        const auto function = functions_.find(name.text);
        if (!step && row == nullptr && function == functions_.end()) {
            unknown_function(name);
            return std::nullopt;
        }
        const std::size_t wanted = step ? 1 : row != nullptr ? 2 : function->second;
        if (parts->size() != wanted) {
            error(name, counted(parts->size(), "argument") + " of " + base::quoted(name.text),
                  counted(wanted, "argument"));
            return std::nullopt;
        }
        if (step) {
            parts->push_back({.expression = constant(1)});
            return combined(name.text == "inc" ? Operator::add : Operator::subtract, std::move(*parts),
                            Type::value, name.column);
        }
        if (row != nullptr) return combined(row->operation, std::move(*parts), Type::value, name.column);
        calls_ = true;
        return with_arguments({.kind = ExpressionKind::call, .name = std::string(name.text)},
                              std::move(*parts), Type::value, name.column);
    }

    void unknown_function(const Token& name) {
        if (name.text == function_being_read_)
            error(name, fmt::format("function {} inside itself", base::quoted(name.text)),
                  "a function defined above; repetition is for loops");
        else
            error(name, "unknown function " + base::quoted(name.text),
                  "min, max, eq, lt, inc, dec or a function defined above" +
                      suggestion(name.text, for_suggestion(function_names())));
    }

    std::vector<std::string> function_names() const {
        std::vector<std::string> names = operator_functions;
        for (const auto& entry : functions_) names.push_back(entry.first);
        return names;
    }

    Maybe with_arguments(Expression expression, std::vector<Parsed> parts, Type type, int start) {
        Parsed result{
            .expression = std::move(expression), .type = type, .start = start, .end = end_of_previous()};
        for (Parsed& part : parts) {
            result.depth = std::max(result.depth, part.depth + 1);
            result.expression.operands.push_back(std::move(part.expression));
        }
        return bounded(std::move(result));
    }

    Maybe hole_in_value() {
        if (!options_.holes) {
            error(here(), "a hole", "a value; holes stand in sketches only");
            return std::nullopt;
        }
        Maybe open = hole();
        if (open && open->expression.hole_kind == "range") {
            error(*open, "a hole of the kind 'range'", "a value; it stands behind 'in' only");
            return std::nullopt;
        }
        return open;
    }

    /// `?kind.name` or `?kind.name(arguments)`
    Maybe hole() {
        const int start = here().column;
        ++at_;
        Expression open{.kind = ExpressionKind::hole};
        if (!word(open.hole_kind, "the kind of the hole, as in ?value.f(x)")) return std::nullopt;
        if (!need(".", "'.' and the name of the hole")) return std::nullopt;
        if (!word(open.name, "the name of the hole")) return std::nullopt;
        const Type type = open.hole_kind == "test" ? Type::condition : Type::value;
        std::vector<Parsed> parts;
        if (take("(")) {
            auto read = arguments(start);
            if (!read) return std::nullopt;
            parts = std::move(*read);
        }
        return with_arguments(std::move(open), std::move(parts), type, start);
    }

    /// Any word, reserved or not.
    bool word(std::string& into, const std::string& expected) {
        if (at_end_of_line() || here().kind != TokenKind::name) {
            unexpected(expected);
            return false;
        }
        into = std::string(here().text);
        ++at_;
        return true;
    }

    const Token& here_or_last() const { return at_end_of_line() ? tokens().back() : here(); }

    const std::string& file_;
    const std::vector<TokenLine>& lines_;
    const ParseOptions& options_;
    Program program_;
    base::Diagnostics errors_;
    bool too_many_ = false;
    std::size_t line_ = 0, at_ = 0;
    /// The last statement was a function, which stands apart from the others.
    bool function_read_ = false;
    /// Names that were assigned further up in the text, and those that a loop around the cursor counts.
    std::set<std::string, std::less<>> assigned_, loop_variables_;
    /// Names for which there was a message; one is enough.
    std::set<std::string, std::less<>> reported_;
    /// Numbers of parameters.
    std::map<std::string, std::size_t, std::less<>> functions_;
    /// Of the function whose body is being read.
    const std::vector<std::string>* parameters_ = nullptr;
    std::string_view function_being_read_;
    ExpansionTable expansions_;
    long total_expansion_ = 0;
    /// Whether the expression being read calls a function.
    bool calls_ = false;
    int nesting_ = 0;
};

} // namespace

base::Result<Program> parse(std::string_view text, const std::string& file, const ParseOptions& options) {
    if (text.size() > largest_source)
        return base::failure(file, fmt::format("{} bytes of program text", text.size()),
                             fmt::format("at most {} bytes", largest_source));
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    const auto binary = std::find_if(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\v' &&
               c != '\f';
    });
    if (binary != text.end()) {
        const auto line = 1 + std::count(text.begin(), binary, '\n');
        return base::failure(
            {{.file = file,
              .line = static_cast<int>(line),
              .found = fmt::format("a binary file (byte 0x{:02x})", static_cast<unsigned char>(*binary)),
              .expected = "program text"}});
    }
    const std::vector<TokenLine> lines = tokenize(text);
    return Parser(file, lines, options).run();
}

base::Result<Program> parse_file(const std::string& path, const ParseOptions& options) {
    auto text = base::read_file(path, largest_source);
    if (!text) return base::failure(std::move(text.error()));
    return parse(*text, path, options);
}

} // namespace ropewalk::language
