#include "ropewalk/programs/synthesis/context.hpp"

#include <algorithm>

#include "ropewalk/base/base.hpp"
#include "ropewalk/programs/synthesis/columns.hpp"
#include "ropewalk/programs/synthesis/function_enumeration.hpp"

namespace ropewalk::synthesis {

using functional::Expression;

namespace {

constexpr int deepest_functions = 2;

/// Whether no list is made or taken.
bool of_numbers(const Production& production) {
    const auto scalar = [](Slot slot) { return slot == Slot::number || slot == Slot::truth; };
    return scalar(production.result) &&
           std::all_of(production.arguments.begin(), production.arguments.begin() + production.arity, scalar);
}

/// The list as an expression: its elements one by one, lists of lists through their elements.
Expression literal_expression(Word list, const values::Lists& lists) {
    Expression literal = functional::call(Operator::list, {});
    for (const Word word : lists[list]) literal.arguments.push_back(functional::number(word));
    return literal;
}

} // namespace

Context::Context(SearchState& search, std::size_t rows) : search_(search), bank_(rows) {}

Context::Context(SearchState& search, Context& outside, std::vector<std::uint32_t> outer_rows)
    : search_(search), outside_(&outside), depth_(outside.depth_ + 1), first_variable_(outside.variables()),
      outer_rows_(std::move(outer_rows)), bank_(outer_rows_.size()) {
    with_functions = depth_ < deepest_functions;
}

Context::~Context() { search_.bank_bytes -= noted_bytes_; }

void Context::note_bytes() {
    const std::size_t bytes = bank_.bytes();
    search_.bank_bytes += bytes - noted_bytes_;
    noted_bytes_ = bytes;
}

FunctionEnumeration& Context::functions() {
    if (!functions_) functions_ = std::make_unique<FunctionEnumeration>(*this);
    return *functions_;
}

void Context::add_variable(Slot type, std::vector<Word> column, int cost) {
    own_.push_back({type, std::move(column), cost});
}

void Context::add_given(Slot type, std::vector<Word> column, Expression expression, int cost) {
    given_.push_back({type, std::move(column), std::move(expression), cost});
}

void Context::add_literal(Word list, int cost) { literals_.push_back({list, cost}); }

Goal& Context::add_goal(Goal goal) {
    goals_.push_back(std::make_unique<Goal>(std::move(goal)));
    Goal& added = *goals_.back();
    added.hash = column_hash(added.type, added.column, search_.lists);
    goal_hashes_.set(added.hash % goal_hashes_.size());
    if (added.type == Slot::list || added.type == Slot::nested)
        for (const Word word : added.column) added.lists.push_back(search_.lists.hash(word));
    for (std::uint32_t id = 0; id < bank_.size() && goals_.size() == 1 && !added.light; ++id)
        if (bank_[id].type == Slot::truth) add_condition(id);
    const std::int64_t known = bank_.find(added.hash);
    if (known >= 0) met(added, bank_[static_cast<std::uint32_t>(known)]);
    return added;
}

void Context::add_key_goal(KeyGoal goal) {
    key_goals_.push_back(std::move(goal));
    for (std::uint32_t id = 0; id < bank_.size(); ++id)
        if (bank_[id].type == Slot::number) try_key(key_goals_.back(), id);
}

void Context::try_key(const KeyGoal& goal, std::uint32_t id) {
    const bool sorts = goal.op == Operator::sort_by;
    const int cost = goal.cost + bank_[id].cost;
    if (goal.is_met(bank_.column(id), false, search_.lists)) goal.around(cost, goal.op, expression(id));
    if (!goal.is_met(bank_.column(id), true, search_.lists)) return;
    if (sorts)
        goal.around(cost + 3, goal.op, functional::call(Operator::negate, {expression(id)}));
    else
        goal.around(cost, Operator::min_by, expression(id));
}

void Context::extend(int level) {
    while (level_ < level && !search_.stopped()) {
        ++level_;
        add_leaves(level_);
        if (outside_ && with_captured_) add_captured(level_);
        for (const Production& production : search_.grammar.productions)
            if (with_lists_ || of_numbers(production)) add_calls(production, level_);
        if (with_functions) functions().add_level(level_);
    }
    note_bytes();
}

void Context::add_leaves(int cost) {
    for (std::size_t i = 0; i < own_.size(); ++i) {
        if (own_[i].cost != cost) continue;
        std::copy(own_[i].column.begin(), own_[i].column.end(), draft());
        const auto parameter = outside_ ? 1u << (first_parameter_bit + i) : 0u;
        offer_draft({.a = static_cast<std::uint32_t>(first_variable_) + static_cast<std::uint32_t>(i),
                     .cost = static_cast<std::uint16_t>(cost),
                     .type = own_[i].type,
                     .origin = Origin::variable,
                     .depends = static_cast<std::uint8_t>(1u << depth_ | parameter)});
    }
    for (const auto& [number, number_cost] : search_.constants) {
        if (number_cost != cost) continue;
        bank_.constants.push_back(number);
        offer_constant({.a = static_cast<std::uint32_t>(bank_.constants.size() - 1),
                        .cost = static_cast<std::uint16_t>(cost),
                        .type = Slot::number,
                        .origin = Origin::constant},
                       number);
    }
    for (const Literal& literal : literals_) {
        if (literal.cost != cost) continue;
        offer_constant({.a = bank_.bodies.add(literal_expression(literal.list, search_.lists)),
                        .cost = static_cast<std::uint16_t>(cost),
                        .type = Slot::list,
                        .origin = Origin::literal},
                       literal.list);
    }
    for (const Given& given : given_) {
        if (given.cost != cost) continue;
        std::copy(given.column.begin(), given.column.end(), draft());
        offer_draft({.a = bank_.bodies.add(given.expression),
                     .cost = static_cast<std::uint16_t>(cost),
                     .type = given.type,
                     .origin = Origin::literal,
                     .depends = static_cast<std::uint8_t>(1u << depth_)});
    }
}

void Context::offer_constant(const Entry& entry, Word value) {
    std::fill_n(draft(), rows(), value);
    offer_draft(entry);
}

/// What stands outside of the function has one value for all its calls in one row there.
void Context::add_captured(int cost) {
    if (cost == search_.grammar.named)
        for (const std::uint32_t id : named_) offer_captured(id, cost);
    for (const Slot type : {Slot::number, Slot::list})
        for (const std::uint32_t id : outside_->ids(type, cost - search_.grammar.captured)) {
            if (search_.stopped()) return;
            if (outside_->bank_[id].origin != Origin::constant) offer_captured(id, cost);
        }
}

void Context::offer_captured(std::uint32_t id, int cost) {
    const Entry& outer = outside_->bank_[id];
    Word* column = draft();
    const Word* from = outside_->bank_.column(id);
    for (std::size_t row = 0; row < rows(); ++row) column[row] = from[outer_rows_[row]];
    offer_draft({.a = id,
                 .cost = static_cast<std::uint16_t>(cost),
                 .type = outer.type,
                 .origin = Origin::captured,
                 .depends = static_cast<std::uint8_t>(outer.depends & depth_bits)});
}

void Context::add_calls(const Production& production, int cost) {
    calls_.clear();
    if (exhausted(production)) return;
    const int rest = cost - production.cost - (outside_ ? 0 : production.outside);
    const auto& [first, second, third] = production.arguments;
    if (production.arity == 1) {
        for (const std::uint32_t a : ids(first, rest)) try_call(production, cost, a, 0, 0);
        return try_calls(production, cost);
    }
    for (int cost_a = 1; cost_a + 1 <= rest; ++cost_a) {
        for (const std::uint32_t a : ids(first, cost_a)) {
            if (search_.stopped()) return;
            if (production.arity == 2) {
                for (const std::uint32_t b : ids(second, rest - cost_a))
                    if (!production.commutative || a <= b) try_call(production, cost, a, b, 0);
                continue;
            }
            for (int cost_b = 1; cost_a + cost_b + 1 <= rest; ++cost_b)
                for (const std::uint32_t b : ids(second, cost_b)) {
                    if (search_.stopped()) return;
                    for (const std::uint32_t c : ids(third, rest - cost_a - cost_b))
                        try_call(production, cost, a, b, c);
                }
        }
    }
    try_calls(production, cost);
}

/// Calls are tried many at a time: so one does not wait for the memory that another asks for, and threads share them.
void Context::try_call(const Production& production, int cost, std::uint32_t a, std::uint32_t b, std::uint32_t c) {
    const std::size_t at_once = search_.threads > 1 ? 8192 : 256;
    unsigned depends = bank_[a].depends;
    if (production.arity > 1) depends |= bank_[b].depends;
    if (production.arity > 2) depends |= bank_[c].depends;
    // What names no parameter stands in the bank outside, and constants of constants are constants.
    if (outside_ ? (depends >> depth_ & 1) == 0 : depends == 0) return;
    calls_.push_back({a, b, c, static_cast<std::uint8_t>(depends), std::nullopt});
    if (calls_.size() >= at_once) try_calls(production, cost);
}

std::array<const Word*, 3> Context::columns_of(std::uint32_t a, std::uint32_t b, std::uint32_t c, int arity) const {
    return {bank_.column(a), arity > 1 ? bank_.column(b) : nullptr, arity > 2 ? bank_.column(c) : nullptr};
}

void Context::hash_calls(const Production& production) {
    const auto hash = [&](Call& call) {
        const auto columns = columns_of(call.a, call.b, call.c, production.arity);
        call.hash = hash_column(production, columns.data(), rows(), search_.lists);
        if (call.hash) bank_.prefetch(*call.hash);
    };
    // Below so many values threads cost more than they save.
    constexpr std::size_t worth_threads = 40'000, part = 512;
    if (search_.threads == 1 || calls_.size() * rows() < worth_threads) {
        std::for_each(calls_.begin(), calls_.end(), hash);
        return;
    }
    base::parallel_for((calls_.size() + part - 1) / part, search_.threads, [&](std::size_t which) {
        const std::size_t end = std::min(calls_.size(), (which + 1) * part);
        for (std::size_t i = which * part; i < end; ++i) hash(calls_[i]);
    });
}

void Context::try_calls(const Production& production, int cost) {
    const bool nested = production.lists == Production::Lists::nested;
    if (!nested) hash_calls(production);
    Yield& yield = yields_[static_cast<std::size_t>(production.op)];
    // What is found may ask for more, but calls no more of this context.
    for (const Call& call : calls_) {
        const Entry entry{.a = call.a,
                          .b = call.b,
                          .c = call.c,
                          .body = static_cast<std::uint32_t>(production.arity),
                          .cost = static_cast<std::uint16_t>(cost),
                          .op = production.op,
                          .type = production.result,
                          .origin = Origin::call,
                          .depends = call.depends};
        if (nested) {
            try_nested(production, entry);
        } else if (!call.hash) {
            ++search_.candidates;
        } else {
            ++yield.tried;
            if (is_of_use(entry.type, *call.hash)) take_call(production, entry, *call.hash);
        }
    }
    calls_.clear();
}

/// Lists are stored when they are first needed: of most expressions never.
void Context::take_call(const Production& production, const Entry& entry, std::uint64_t hash) {
    const bool known = bank_.find(hash) >= 0;
    if (is_wanted(entry.type, hash)) met(entry, hash);
    yields_[static_cast<std::size_t>(production.op)].kept += !known;
    if (known || search_.full()) return;
    if (production.lists == Production::Lists::built) return kept(bank_.keep_without_column(entry, hash));
    const auto columns = columns_of(entry.a, entry.b, entry.c, production.arity);
    if (!compute_column(production.op, production.arity, columns.data(), rows(), search_.lists, bank_.draft())) return;
    kept(bank_.keep(entry, hash));
}

void Context::try_nested(const Production& production, const Entry& entry) {
    const auto columns = columns_of(entry.a, entry.b, entry.c, production.arity);
    if (!compute_column(production.op, production.arity, columns.data(), rows(), search_.lists, draft())) {
        ++search_.candidates;
        drop_draft();
        return;
    }
    offer_draft(entry);
}

std::span<const std::uint32_t> Context::ids(Slot type, int cost) {
    const auto all = bank_.ids(type, cost);
    std::size_t stored = bank_.with_columns(type, cost);
    for (; stored < all.size() && !search_.full(); stored = bank_.with_columns(type, cost)) {
        // The places of all rows are asked for before the first is waited for.
        const Entry& entry = bank_[all[stored]];
        const std::uint64_t* lists = lists_of_rows(all[stored]);
        for (std::size_t row = 0; row < rows(); ++row) search_.lists.prefetch(lists[row]);
        const auto columns = columns_of(entry.a, entry.b, entry.c, static_cast<int>(entry.body));
        if (!compute_column(entry.op, static_cast<int>(entry.body), columns.data(), rows(), search_.lists, bank_.draft())) break;
        bank_.store(type, cost);
    }
    return all.first(stored);
}

std::span<const Word> Context::list_at(std::uint32_t id, std::size_t row, std::vector<Word>& room) const {
    if (bank_.has_column(id)) return search_.lists[bank_.column(id)[row]];
    const Entry& entry = bank_[id];
    const int arity = static_cast<int>(entry.body);
    Word arguments[3] = {bank_.column(entry.a)[row]};
    if (arity > 1) arguments[1] = bank_.column(entry.b)[row];
    if (arity > 2) arguments[2] = bank_.column(entry.c)[row];
    const auto built = *built_list(entry.op, arity, arguments, search_.lists, room);
    // The list of the arguments themselves stands nowhere else.
    if (entry.op != Operator::list) return built;
    room.assign(built.begin(), built.end());
    return room;
}

/// The hashes of an expression's lists; of one without lists nothing that could be read.
const std::uint64_t* Context::lists_of_rows(std::uint32_t id) {
    const Entry& entry = bank_[id];
    if (entry.type == Slot::number || entry.type == Slot::truth) return nullptr;
    lists_of_rows_.resize(rows());
    thread_local std::vector<Word> room;
    for (std::size_t row = 0; row < rows(); ++row)
        lists_of_rows_[row] = bank_.has_column(id) ? search_.lists.hash(bank_.column(id)[row]) : values::hash_of(list_at(id, row, room));
    return lists_of_rows_.data();
}

/// Few rows have few columns of truth values; once nearly all are there, trying on is in vain.
bool Context::exhausted(const Production& production) const {
    constexpr long enough = 3000, worth = 200;
    const Yield& yield = yields_[static_cast<std::size_t>(production.op)];
    return production.result == Slot::truth && yield.tried > enough && yield.kept * worth < yield.tried;
}

bool Context::is_wanted(Slot type, std::uint64_t hash) const {
    return goal_hashes_.test(hash % goal_hashes_.size()) &&
           std::any_of(goals_.begin(), goals_.end(), [&](const auto& goal) { return goal->hash == hash && goal->type == type; });
}

void Context::met(const Entry& entry, std::uint64_t hash) {
    // What is found may add goals.
    for (std::size_t i = 0; i < goals_.size(); ++i)
        if (goals_[i]->hash == hash && goals_[i]->type == entry.type) met(*goals_[i], entry);
}

void Context::met(Goal& goal, const Entry& entry) {
    goal.met = true;
    goal.around(goal.cost + entry.cost, expression_of(entry));
}

void Context::kept(std::uint32_t id) {
    ++search_.kept;
    if (id % 128 == 0) note_bytes();
    add_terms(id);
    if (bank_[id].type == Slot::truth && !goals_.empty()) add_condition(id);
    if (bank_[id].type == Slot::number)
        for (const KeyGoal& goal : key_goals_) try_key(goal, id);
}

Expression Context::expression(std::uint32_t id) const { return expression_of(bank_[id]); }

Expression Context::expression_of(const Entry& entry) const {
    switch (entry.origin) {
    case Origin::variable: return functional::variable(entry.a);
    case Origin::constant: return functional::number(bank_.constants[entry.a]);
    case Origin::literal: return bank_.bodies[entry.a];
    case Origin::captured:
        // Functions in it have one more function around them here.
        return functional::shifted(outside_->expression(entry.a), outside_->variables(), static_cast<std::int64_t>(own_.size()));
    case Origin::call: {
        std::vector<Expression> arguments{expression(entry.a)};
        if (entry.body > 1) arguments.push_back(expression(entry.b));
        if (entry.body > 2) arguments.push_back(expression(entry.c));
        return functional::call(entry.op, std::move(arguments));
    }
    default: {
        std::vector<Expression> arguments{expression(entry.a)};
        if (functional::facts(entry.op).arguments > 1) arguments.push_back(expression(entry.b));
        arguments.push_back(bank_.bodies[entry.body]);
        return functional::call(entry.op, std::move(arguments));
    }
    }
}

Word Context::value_at(std::uint32_t id, std::uint32_t outer_row, const Word* parameters) const {
    const Entry& entry = bank_[id];
    switch (entry.origin) {
    case Origin::variable: return parameters[entry.a - first_variable_];
    case Origin::constant: return bank_.constants[entry.a];
    case Origin::literal: return bank_.column(id)[0];
    case Origin::captured: return outside_->bank_.column(entry.a)[outer_row];
    default: break;
    }
    Word arguments[3];
    arguments[0] = value_at(entry.a, outer_row, parameters);
    if (entry.body > 1) arguments[1] = value_at(entry.b, outer_row, parameters);
    if (entry.body > 2) arguments[2] = value_at(entry.c, outer_row, parameters);
    if (entry.op == Operator::list) return search_.lists.intern({arguments, entry.body});
    return functional::apply(entry.op, arguments, search_.lists);
}

} // namespace ropewalk::synthesis
