#include "ropewalk/programs/synthesis/views.hpp"

#include <algorithm>
#include <optional>
#include <set>

namespace ropewalk::synthesis {

namespace {

using functional::call;
using functional::Expression;

constexpr int number_cost = 4, divisors_cost = 6, up_to_cost = 5, together_cost = 4, pairs_cost = 5, piece_cost = 4, joined_cost = 8, words_cost = 5, half_cost = 7, runs_cost = 7;
constexpr Word largest_up_to = 200, largest_divided = 1000;
constexpr std::size_t longest_paired = 24;
/// Fewer examples say too little about such lists.
constexpr std::size_t least_rows = 6, least_rows_joined = 12;

class Views {
public:
    Views(Context& root, const Examples& examples, const std::vector<std::vector<Word>>& arguments)
        : root_(root), examples_(examples), arguments_(arguments), lists_(root.search().lists) {}

    void add() {
        add_arguments_together();
        for (std::size_t i = 0; i < arguments_.size(); ++i) {
            if (examples_.parameters[i].type == values::Type{}) {
                add_numbers_up_to(static_cast<std::int64_t>(i));
                add_divisors(static_cast<std::int64_t>(i));
            }
            if (slot_of(examples_.parameters[i].type) != Slot::list) continue;
            whole_.push_back(functional::variable(static_cast<std::int64_t>(i)));
            add_half(whole_.back());
            if (examples_.parameters[i].type == values::Type{values::Kind::integer, 1}) {
                add_runs(whole_.back(), arguments_[i]);
                add_pairs(whole_.back(), arguments_[i]);
            }
            if (examples_.parameters[i].type.kind == values::Kind::character) {
                add_words(whole_.back(), arguments_[i]);
                add_numbers(whole_.back(), arguments_[i]);
            }
            for (const Word separator : separators(arguments_[i])) add_pieces(whole_.back(), separator);
        }
        if (slot_of(examples_.result) != Slot::list || examples_.rows.size() < least_rows_joined) return;
        if (whole_.size() == 2) add_joined(whole_[0], whole_[1]);
        if (pieces_.size() == 2) add_joined(pieces_[0], pieces_[1]);
    }

private:
    /// Values that every list holds exactly once.
    std::vector<Word> separators(const std::vector<Word>& column) const {
        if (column.size() < least_rows) return {};
        std::set<Word> once(lists_[column[0]].begin(), lists_[column[0]].end());
        for (const Word handle : column) {
            const auto x = lists_[handle];
            std::erase_if(once, [&](Word value) { return std::count(x.begin(), x.end(), value) != 1; });
        }
        return {once.begin(), once.end()};
    }

    /// Three arguments and more of one type, as a list.
    void add_arguments_together() {
        constexpr std::size_t fewest = 3;
        const auto& parameters = examples_.parameters;
        const values::Type type = parameters[0].type;
        const bool same = std::all_of(parameters.begin(), parameters.end(), [&](const auto& each) { return each.type == type; });
        if (parameters.size() < fewest || !same || type.depth > 1 || type.kind == values::Kind::boolean) return;
        Expression all = call(Operator::list, {});
        for (std::size_t i = 0; i < parameters.size(); ++i) all.arguments.push_back(functional::variable(static_cast<std::int64_t>(i)));
        give(all, together_cost, type.is_list() ? Slot::nested : Slot::list);
    }

    bool are_between(std::int64_t argument, Word least, Word largest) const {
        const auto& column = arguments_[static_cast<std::size_t>(argument)];
        return std::all_of(column.begin(), column.end(), [&](Word number) { return number >= least && number <= largest; });
    }

    static Expression range_up_to(const Expression& number) {
        return call(Operator::range, {functional::number(1), call(Operator::add, {number, functional::number(1)})});
    }

    void add_numbers_up_to(std::int64_t argument) {
        if (are_between(argument, 0, largest_up_to)) give(range_up_to(functional::variable(argument)), up_to_cost);
    }

    void add_divisors(std::int64_t argument) {
        if (!are_between(argument, 0, largest_divided)) return;
        const Expression number = functional::variable(argument);
        const Expression rest = call(Operator::remainder, {number, functional::variable(root_.variables())});
        give(call(Operator::filter, {range_up_to(number), call(Operator::equal, {rest, functional::number(0)})}), divisors_cost);
    }

    /// Every element with every one behind it, where a number or a truth value is asked for.
    void add_pairs(const Expression& list, const std::vector<Word>& column) {
        const auto is_long = [&](Word handle) { return lists_[handle].size() > longest_paired; };
        if (examples_.result.is_list() || std::any_of(column.begin(), column.end(), is_long)) return;
        const std::int64_t element = root_.variables(), place = element + 1, other = element + 2;
        const Expression behind = call(Operator::drop, {list, call(Operator::add, {functional::variable(place), functional::number(1)})});
        const Expression pair = call(Operator::list, {functional::variable(element), functional::variable(other)});
        give(call(Operator::flat_map, {list, call(Operator::map, {behind, pair})}), pairs_cost, Slot::nested);
    }

    /// Where the middle of a list is.
    void add_half(const Expression& list) {
        give(call(Operator::divide, {call(Operator::length, {list}), functional::number(2)}), half_cost, Slot::number);
    }

    /// Where most lists are made of runs of equal elements: by elements, how long their run is, the most frequent element, and
    /// both likewise as if zeros were none.
    void add_runs(const Expression& list, const std::vector<Word>& column) {
        if (!are_of_runs(column)) return;
        // A function has two variables, an element and its place: those of the function over runs come first.
        const std::int64_t run = root_.variables(), element = run + 2;
        const auto unless_zero = [](std::int64_t variable, const Expression& value) {
            const Expression is_zero = call(Operator::equal, {functional::variable(variable), functional::number(0)});
            return call(Operator::condition, {is_zero, functional::number(0), value});
        };
        const bool has_zeros = holds_zero(column);
        const auto by_elements = [&](const Expression& of_run) {
            return call(Operator::flat_map, {call(Operator::group, {list}), call(Operator::map, {functional::variable(run), of_run})});
        };
        const Expression length = call(Operator::length, {functional::variable(run)});
        give(by_elements(length), runs_cost);
        if (has_zeros) give(by_elements(unless_zero(element, length)), runs_cost + 1);
        const Expression count = call(Operator::count, {list, functional::variable(run)});
        give(call(Operator::max_by, {list, count}), runs_cost, Slot::number);
        if (has_zeros) give(call(Operator::max_by, {list, unless_zero(run, count)}), runs_cost + 1, Slot::number);
    }

    /// Whether runs of equal elements are two long or more on average.
    bool are_of_runs(const std::vector<Word>& column) const {
        std::size_t elements = 0, runs = 0;
        for (const Word handle : column) {
            const auto x = lists_[handle];
            elements += x.size();
            for (std::size_t i = 0; i < x.size(); ++i) runs += i == 0 || x[i] != x[i - 1] ? 1 : 0;
        }
        return 2 * runs <= elements;
    }

    bool holds_zero(const std::vector<Word>& column) const {
        return std::any_of(column.begin(), column.end(), [&](Word handle) {
            const auto x = lists_[handle];
            return std::find(x.begin(), x.end(), Word{0}) != x.end();
        });
    }

    bool allows(const Expression& expression) const {
        const auto& without = root_.search().grammar.without;
        return std::none_of(without.begin(), without.end(), [&](Operator op) { return functional::uses(expression, op); });
    }

    /// The words of a text, where most of the texts have several.
    void add_words(const Expression& text, const std::vector<Word>& column) {
        const auto has_space = [&](Word handle) {
            const auto x = lists_[handle];
            return std::find(x.begin(), x.end(), Word{' '}) != x.end();
        };
        const auto several = std::count_if(column.begin(), column.end(), has_space);
        if (2 * static_cast<std::size_t>(several) < column.size()) return;
        give(call(Operator::split, {text, functional::number(' ')}), words_cost, Slot::nested);
    }

    /// The first and the last number of a text, where all of them hold one.
    void add_numbers(const Expression& text, const std::vector<Word>& column) {
        const auto has_number = [&](Word handle) {
            const auto x = lists_[handle];
            return std::any_of(x.begin(), x.end(), [](Word character) { return character >= '0' && character <= '9'; });
        };
        if (!std::all_of(column.begin(), column.end(), has_number)) return;
        const Expression numbers = call(Operator::numbers, {text});
        for (const Operator end : {Operator::first, Operator::last}) give(call(end, {numbers}), number_cost, Slot::number);
    }

    void add_pieces(const Expression& list, Word separator) {
        const Expression split = call(Operator::split, {list, functional::number(separator)});
        for (const Operator end : {Operator::first, Operator::last})
            if (const Expression piece = call(end, {split}); give(piece, piece_cost)) pieces_.push_back(piece);
    }

    void add_joined(const Expression& left, const Expression& right) {
        const std::int64_t parameter = root_.variables();
        for (const bool backwards : {false, true}) {
            const auto turned = [&](const Expression& list) { return backwards ? call(Operator::reverse, {list}) : list; };
            const auto filled = [&](const Expression& list, const Expression& other) {
                return call(Operator::pad, {turned(list), call(Operator::length, {other}), functional::number(0)});
            };
            for (const Operator op : {Operator::add, Operator::subtract}) {
                const Expression joined = call(Operator::zip_with, {filled(left, right), filled(right, left),
                                                                    call(op, {functional::variable(parameter), functional::variable(parameter + 1)})});
                give(joined, joined_cost);
                give(call(Operator::append, {joined, functional::number(0)}), joined_cost + 1);
            }
        }
    }

    /// False where the grammar lacks an operator of the expression or the expression has no value on some row.
    bool give(const Expression& view, int cost, Slot type = Slot::list) {
        if (!allows(view)) return false;
        std::vector<Word> column;
        for (std::size_t row = 0; row < examples_.rows.size(); ++row) {
            std::vector<Word> variables;
            for (const auto& each : arguments_) variables.push_back(each[row]);
            functional::Work work;
            column.push_back(functional::evaluate(view, variables, lists_, work));
            if (column.back() == values::undefined) return false;
        }
        root_.add_given(type, std::move(column), view, cost);
        return true;
    }

    Context& root_;
    const Examples& examples_;
    const std::vector<std::vector<Word>>& arguments_;
    values::Lists& lists_;
    std::vector<Expression> whole_, pieces_;
};

} // namespace

std::size_t longest_view(const values::Value& argument) {
    const std::size_t size = argument.elements.size();
    if (argument.type.is_list()) return size <= longest_paired ? size * (size - 1) / 2 : 0;
    return argument.number > 0 && argument.number <= largest_divided ? static_cast<std::size_t>(argument.number) + 1 : 0;
}

void add_views(Context& root, const Examples& examples, const std::vector<std::vector<Word>>& arguments) {
    Views(root, examples, arguments).add();
}

} // namespace ropewalk::synthesis
