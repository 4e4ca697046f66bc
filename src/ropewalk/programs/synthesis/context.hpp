#pragma once

#include <array>
#include <bitset>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "ropewalk/programs/synthesis/bank.hpp"
#include "ropewalk/programs/synthesis/goal.hpp"
#include "ropewalk/programs/synthesis/search_state.hpp"

namespace ropewalk::synthesis {

class FunctionEnumeration;

/// A place where expressions stand, with all the inputs they meet there: the examples outside of any function;
/// in a function, every element of every list that it is applied to.
///
/// `extend` fills the bank of the context level by level: with everything of that cost whose column is new.
class Context {
public:
    /// The context outside of any function, with `rows` examples.
    Context(SearchState& search, std::size_t rows);
    /// The context of a function inside `outside`; row i lies in row `outer_rows[i]` there.
    Context(SearchState& search, Context& outside, std::vector<std::uint32_t> outer_rows);
    ~Context();
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    /// A variable of this context. All must be added before the first `extend`.
    void add_variable(Slot type, std::vector<Word> column, int cost);
    /// An expression outside of this function that stands in the program already, and so costs little.
    void add_named(std::uint32_t outer) { named_.push_back(outer); }
    /// A list that programs may name as it stands.
    void add_literal(Word list, int cost);
    /// An expression that is at hand from the start, with its column.
    void add_given(Slot type, std::vector<Word> column, functional::Expression expression, int cost);
    /// Looks for this column from now on, also among what the bank holds already.
    Goal& add_goal(Goal goal);
    void add_key_goal(KeyGoal goal);

    /// Enumerates everything that costs at most `level`.
    void extend(int level);
    int level() const { return level_; }

    /// Joins expressions that meet parts of a goal by conditions that tell these parts apart.
    void cover_goals();

    const Bank& bank() const { return bank_; }
    /// Expressions of a type and cost, with their columns: those of lists are made when they are first asked for.
    std::span<const std::uint32_t> ids(Slot type, int cost);
    /// The list of one row, also of an expression whose column is not made: then it stands in the room.
    std::span<const Word> list_at(std::uint32_t id, std::size_t row, std::vector<Word>& room) const;
    /// Room for the column of the next candidate.
    Word* draft() {
        lists_before_ = search_.lists.count();
        return bank_.draft();
    }
    /// Forgets the lists of a candidate that is not kept.
    void drop_draft() { search_.lists.forget_from(lists_before_); }
    std::size_t rows() const { return bank_.rows(); }
    int depth() const { return depth_; }
    /// How many variables stand outside of this function and in it.
    std::int64_t variables() const { return first_variable_ + static_cast<std::int64_t>(own_.size()); }
    std::int64_t first_variable() const { return first_variable_; }
    functional::Expression expression(std::uint32_t id) const;
    /// The value of an expression without functions for these parameters, inside row `outer_row`.
    Word value_at(std::uint32_t id, std::uint32_t outer_row, const Word* parameters) const;
    /// Whether the expression names parameters of this very function.
    bool uses_parameters(std::uint32_t id) const { return (bank_[id].depends >> depth_ & 1) != 0; }
    bool uses_parameter(std::uint32_t id, int which) const {
        return (bank_[id].depends >> (first_parameter_bit + which) & 1) != 0;
    }
    SearchState& search() const { return search_; }
    std::vector<std::unique_ptr<Goal>>& goals() { return goals_; }
    FunctionEnumeration& functions();

    /// Whether functions stand in this context.
    bool with_functions = true;
    /// Only numbers and truth values from here on: no functions, no lists, and nothing that stands outside.
    void only_numbers() { with_functions = with_captured_ = with_lists_ = false; }

    /// Takes a candidate of this form whose column has the hash; `column` writes it into the draft, and `body` makes the
    /// function's body where there is one: both only if the candidate is of use. True where the column is new.
    template<class MakeColumn, class MakeBody>
    bool offer(Entry entry, std::uint64_t hash, MakeColumn&& column, MakeBody&& body) {
        if (!is_of_use(entry.type, hash)) return false;
        if (entry.origin == Origin::function) entry.body = bank_.bodies.add(body());
        const bool known = bank_.find(hash) >= 0;
        if (is_wanted(entry.type, hash)) met(entry, hash);
        if (!known && !search_.full()) {
            column(bank_.draft());
            kept(bank_.keep(entry, hash));
        }
        return !known;
    }
    /// The same for a column that stands in the draft, and whose lists are stored: they are forgotten if it is of no use.
    template<class MakeBody>
    bool offer_draft(const Entry& entry, MakeBody&& body) {
        const std::uint64_t hash = column_hash(entry.type, {bank_.draft(), rows()}, search_.lists);
        const long before = search_.useful;
        const std::size_t lists_before = lists_before_;
        const bool is_new = offer(entry, hash, [](Word*) {}, body);
        if (search_.useful == before) search_.lists.forget_from(lists_before);
        return is_new;
    }
    bool offer_draft(const Entry& entry) {
        return offer_draft(entry, [] { return functional::Expression{}; });
    }

private:
    friend class FunctionEnumeration;

    struct Variable {
        Slot type;
        std::vector<Word> column;
        int cost;
    };
    struct Literal {
        Word list;
        int cost;
    };
    struct Given {
        Slot type;
        std::vector<Word> column;
        functional::Expression expression;
        int cost;
    };

    void add_leaves(int cost);
    void add_captured(int cost);
    void offer_captured(std::uint32_t id, int cost);
    void add_calls(const Production& production, int cost);
    bool exhausted(const Production& production) const;
    /// Arguments of one call that is to be tried.
    struct Call {
        std::uint32_t a, b, c;
        std::uint8_t depends;
        std::optional<std::uint64_t> hash;
    };
    void try_call(const Production& production, int cost, std::uint32_t a, std::uint32_t b, std::uint32_t c);
    void try_calls(const Production& production, int cost);
    void hash_calls(const Production& production);
    void take_call(const Production& production, const Entry& entry, std::uint64_t hash);
    void try_nested(const Production& production, const Entry& entry);
    std::array<const Word*, 3> columns_of(std::uint32_t a, std::uint32_t b, std::uint32_t c, int arity) const;
    const std::uint64_t* lists_of_rows(std::uint32_t id);
    void offer_constant(const Entry& entry, Word value);
    functional::Expression expression_of(const Entry& entry) const;
    bool is_of_use(Slot type, std::uint64_t hash) {
        ++search_.candidates;
        search_.cells += static_cast<long>(rows());
        const bool of_use = (bank_.find(hash) < 0 && !search_.full()) || is_wanted(type, hash);
        search_.useful += of_use;
        return of_use;
    }
    bool is_wanted(Slot type, std::uint64_t hash) const;
    void met(const Entry& entry, std::uint64_t hash);
    void met(Goal& goal, const Entry& entry);
    void kept(std::uint32_t id);
    void try_key(const KeyGoal& goal, std::uint32_t id);
    void add_terms(std::uint32_t id);
    void complete_terms();
    void add_term(Goal& goal, std::uint32_t id, const std::uint64_t* lists);
    void add_condition(std::uint32_t id);
    void cover(Goal& goal);
    struct Link;
    struct Chain;
    void cover_in_steps(Goal& goal);
    std::vector<Link> links_over(const Goal& goal, const RowSet& left) const;
    functional::Expression chained(const Chain& chain, std::uint32_t last) const;
    void note_bytes();

    SearchState& search_;
    Context* outside_ = nullptr;
    bool with_captured_ = true, with_lists_ = true;
    int depth_ = 0;
    std::int64_t first_variable_ = 0;
    std::vector<std::uint32_t> outer_rows_;
    std::vector<Variable> own_;
    std::vector<Literal> literals_;
    std::vector<Given> given_;
    std::vector<std::uint32_t> named_;
    Bank bank_;
    int level_ = 0;
    /// Of the calls of each operator that gives truth values: how many were tried, how many were new.
    struct Yield {
        long tried = 0, kept = 0;
    };
    std::array<Yield, functional::operator_count> yields_{};
    std::vector<std::unique_ptr<Goal>> goals_;
    std::vector<KeyGoal> key_goals_;
    /// Which hashes, modulo its size, goals have.
    std::bitset<4096> goal_hashes_;
    /// Truth values that differ, and where they are true: kept where there are goals.
    struct Condition {
        std::uint32_t entry;
        RowSet yes, no;
    };
    std::vector<Condition> conditions_;
    std::unique_ptr<FunctionEnumeration> functions_;
    std::vector<Call> calls_;
    std::vector<std::uint64_t> lists_of_rows_;
    std::size_t noted_bytes_ = 0, lists_before_ = 1;
};

} // namespace ropewalk::synthesis
