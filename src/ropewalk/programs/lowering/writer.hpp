// Writes expressions as assembly: values and lists in writer.cpp, lists in writer_lists.cpp, functions over lists in
// writer_functions.cpp.
#pragma once

#include <unordered_map>

#include "ropewalk/programs/lowering/list_code.hpp"
#include "ropewalk/programs/lowering/lower_lists.hpp"

namespace ropewalk::lowering {

class Writer {
public:
    Writer(const functional::Program& program, const Layout& layout, bool unbounded);

    base::Result<Lowered> write();

private:
    using Expression = functional::Expression;
    using Operator = functional::Operator;

    Held value(const Expression& expression);
    Held written(const Expression& expression);
    Held called(const Expression& expression);
    Held of_numbers(const Expression& expression, Held a, Held b);
    /// Refuses what is not a number of the machine.
    void expect_number(std::int64_t number);
    void common_divisor_of(Held a, Held b, Held to);
    Held chosen(const Expression& expression);
    Held literal(const Expression& expression);
    void leave(Held value);

    Held of_list(const Expression& expression, const std::vector<Held>& arguments);
    Held built(const Expression& expression, const std::vector<Held>& arguments);
    void build(const Expression& expression, const std::vector<Held>& arguments, Held list);
    void build_edited(const Expression& expression, const std::vector<Held>& arguments, Held list);
    Held lists_equal(Held a, Held b);
    Held extreme(Opcode opcode, Held list);
    Held found(Operator op, Held list, Held value);
    Held element_at(Held list, Held index);
    void sort_cells(Held list, Held keys);
    void push_unique(Held from, Held list);
    void push_backwards(Held from);
    void push_range(Held from, Held to);
    void push_digits(Held number, std::int64_t base);
    void exchange(Held list, Held i, Held j, Held size);

    Held with_function(const Expression& expression);
    Held kept(const Expression& expression, Held x);
    Held counted(const Expression& expression, Held x);
    Held best(const Expression& expression, Held x);
    Held sorted_by(const Expression& expression, Held x);
    Held flat(const Expression& expression, Held x);
    Held cancelled(const Expression& expression, Held x);
    Held joined(const Expression& expression, Held x);
    Held states(const Expression& expression, Held x);
    Held iterated(const Expression& expression, Held times);
    /// The body of an operator's function under these parameters.
    Held body(const Expression& expression, std::initializer_list<Held> parameters);
    /// Whether the body names this parameter of its function.
    bool names(const Expression& expression, std::size_t parameter) const;

    bool is_list(const Expression& expression) const;
    bool makes_lists(const Expression& expression) const;
    void refuse(std::string found, std::string expected);

    const functional::Program& program_;
    Layout layout_;
    bool unbounded_;
    ListCode code_;
    std::unordered_map<const Expression*, values::Type> types_;
    std::vector<Held> variables_;
    std::optional<base::Diagnostic> wrong_;
};

} // namespace ropewalk::lowering
