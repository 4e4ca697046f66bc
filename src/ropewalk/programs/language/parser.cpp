#include "ropewalk/programs/language/parser.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "ropewalk/programs/language/expression_parser.hpp"
#include "ropewalk/programs/language/words.hpp"

namespace ropewalk::language {

namespace {

constexpr std::size_t largest_source = std::size_t{1} << 20;

/// Trees are copied, compared and printed recursively, so their nesting is bounded.
constexpr int deepest_block = 200;

constexpr std::size_t most_parameters = 16;

/// Blocks, statements and functions.
class Parser : ExpressionParser {
public:
    Parser(const std::string& file, const std::vector<TokenLine>& lines, const ParseOptions& options)
        : ExpressionParser(file, lines, options) {}

    base::Result<Program> run() {
        while (line_ < lines_.size()) block(program_.statements, 0, 1);
        if (program_.statements.empty() && program_.functions.empty() && errors_.empty())
            errors_.push_back(
                {.file = file_, .found = "no statements", .expected = "at least one statement"});
        if (errors_.empty()) return std::move(program_);
        return base::failure(take_errors());
    }

private:
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
        names_.assigned.insert(into.variable);
        if (!need("in", "'in' and a range such as 0..n")) return Ended::failed;
        if (!range(into.expressions)) return Ended::failed;
        if (fresh) names_.loop_variables.insert(into.variable);
        const Ended ended = body(into.body, depth);
        if (fresh) names_.loop_variables.erase(into.variable);
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
            if (each.kind == ExpressionKind::variable) names_.assigned.insert(each.name);
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
        if (names_.functions.contains(name.text)) {
            error(name, fmt::format("the function {}", base::quoted(name.text)), "a variable or a cell");
            return false;
        }
        if (!names_.loop_variables.contains(name.text)) return true;
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
        if (names_.functions.contains(read.name))
            error(name, fmt::format("a second function {}", base::quoted(read.name)),
                  "a name not used before");
        if (names_.assigned.contains(read.name))
            error(name, fmt::format("a function with the name of the variable {}", base::quoted(read.name)),
                  "a name not used before");
        const bool complete = parameters(read.parameters) && function_body(read);
        // Also after an error, so that calls do not bring another one.
        names_.functions.emplace(read.name, read.parameters.size());
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
        names_.parameters = &read.parameters;
        names_.function_being_read = read.name;
        Maybe value = typed(Type::value);
        names_.parameters = nullptr;
        names_.function_being_read = {};
        if (!value) return false;
        read.body = std::move(value->expression);
        return true;
    }

    Program program_;
    /// The last statement was a function, which stands apart from the others.
    bool function_read_ = false;
};

} // namespace

base::Result<Program> parse(std::string_view text, const std::string& file, const ParseOptions& options) {
    const auto source = base::source_text(text, file, "program text", largest_source);
    if (!source) return base::failure(source.error());
    const std::vector<TokenLine> lines = tokenize(*source);
    return Parser(file, lines, options).run();
}

base::Result<Program> parse_file(const std::string& path, const ParseOptions& options) {
    auto text = base::read_file(path, largest_source);
    if (!text) return base::failure(std::move(text.error()));
    return parse(*text, path, options);
}

} // namespace ropewalk::language
