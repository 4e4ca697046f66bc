// Expressions of the language: their grammar, types and limits.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ropewalk/programs/language/expansion.hpp"
#include "ropewalk/programs/language/operators.hpp"
#include "ropewalk/programs/language/parser.hpp"
#include "ropewalk/programs/language/token_cursor.hpp"

namespace ropewalk::language {

/// A tree with what the rules above it need to know.
struct Parsed {
    Expression expression;
    Type type = Type::value;
    int depth = 1;
    /// Columns of the first byte and behind the last one.
    int start = 1, end = 1;
};

using Maybe = std::optional<Parsed>;

/// What the names in a text stand for, as far as it has been read.
struct KnownNames {
    /// Variables that were assigned further up, and those that a loop around the cursor counts.
    std::set<std::string, std::less<>> assigned, loop_variables;
    /// Those for which there was a message; one is enough.
    std::set<std::string, std::less<>> reported;
    /// Numbers of parameters.
    std::map<std::string, std::size_t, std::less<>> functions;
    /// Of the function whose body is being read.
    const std::vector<std::string>* parameters = nullptr;
    std::string_view function_being_read;
};

/// A parser of statements derives from it and says in `names_` what its names are.
class ExpressionParser : protected TokenCursor {
protected:
    ExpressionParser(const std::string& file, const std::vector<TokenLine>& lines,
                     const ParseOptions& options)
        : TokenCursor(file, lines), options_(options) {}

    /// A whole expression of the wanted type.
    Maybe typed(Type wanted);
    /// `M[address]`
    Maybe memory_cell();
    /// `?kind.name` or `?kind.name(arguments)`
    Maybe hole();
    /// An error unless the variable has a value.
    void known_variable(const Token& name);
    /// An error unless its calls stay within bounds once functions are written out.
    bool expansion_fits(const Parsed& part);
    using TokenCursor::error;
    void error(const Parsed& part, std::string found, std::string expected);

    const ParseOptions& options_;
    KnownNames names_;
    ExpansionTable expansions_;
    /// Whether the expression being read calls a function.
    bool calls_ = false;

private:
    void need_type(const Parsed& part, Type wanted);
    /// An operation on parts, unless the tree gets too deep.
    Maybe combined(Operator operation, std::vector<Parsed> parts, Type type, int start);
    Maybe bounded(Parsed part);
    void too_deep(int column);
    /// Operators of one binding, grouped from the left.
    template<class Tighter>
    Maybe chain(Binding binding, Type type, const Tighter& tighter);
    Maybe either();
    Maybe negated();
    Maybe comparison();
    Maybe sum();
    /// Runs a rule one level further down, unless the text is nested too deep for the stack.
    template<class Rule>
    Maybe nested(int column, const Rule& rule);
    Maybe atom();
    /// The token before the cursor as a tree.
    Maybe leaf(Expression expression);
    Maybe number();
    Maybe parenthesised();
    /// Values separated by commas, up to the closing parenthesis; the cursor is behind the opening one.
    std::optional<std::vector<Parsed>> arguments(int start);
    Maybe call_or_operator();
    void unknown_function(const Token& name);
    std::vector<std::string> function_names() const;
    Maybe with_arguments(Expression expression, std::vector<Parsed> parts, Type type, int start);
    Maybe hole_in_value();
    /// Any word, reserved or not.
    bool word(std::string& into, const std::string& expected);

    long total_expansion_ = 0;
    int nesting_ = 0;
};

} // namespace ropewalk::language
