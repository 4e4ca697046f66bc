#include "ropewalk/programs/synthesis/function_enumeration.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace ropewalk::synthesis {

using functional::Expression;

namespace {

constexpr int dearest_kept = 10;
constexpr int cheapest_body = 4, cheapest_binary_body = 5;
constexpr std::size_t most_rows = 3000;

/// Takes the values of a column for its hash: nothing is stored.
struct HashedRows {
    const values::Lists& lists;
    Slot type;
    ColumnHash hash{type};

    bool add(std::span<const Word> list) {
        hash.add(values::hash_of(list));
        return list.size() <= lists.longest();
    }
    bool add(Word word) {
        hash.add(type == Slot::number || type == Slot::truth ? static_cast<std::uint64_t>(word) : lists.hash(word));
        return true;
    }
};

/// Takes the values of a column and stores its lists.
struct StoredRows {
    values::Lists& lists;
    Word* to;

    bool add(std::span<const Word> list) { return add(lists.intern(list)); }
    bool add(Word word) { return (*to++ = word) != values::undefined; }
};

/// What an operator that asks a function about every element makes of the answers for one list.
template<class Sink>
bool element_row(Operator op, std::span<const Word> x, std::span<const Word> answers, const values::Lists& lists, Sink& sink) {
    using enum Operator;
    thread_local std::vector<Word> words;
    thread_local std::vector<std::size_t> order;
    const auto end = [&] { return static_cast<std::size_t>(std::find(answers.begin(), answers.end(), 0) - answers.begin()); };
    words.clear();
    switch (op) {
    case map: return sink.add(answers);
    case filter:
        for (std::size_t i = 0; i < x.size(); ++i)
            if (answers[i] != 0) words.push_back(x[i]);
        return sink.add(words);
    case count_if: return sink.add(std::accumulate(answers.begin(), answers.end(), Word{0}));
    case any: return sink.add(Word{std::find(answers.begin(), answers.end(), 1) != answers.end()});
    case all: return sink.add(Word{end() == answers.size()});
    case take_while: return sink.add(x.first(end()));
    case drop_while: return sink.add(x.subspan(end()));
    case max_by:
    case min_by: {
        const auto at = op == max_by ? std::max_element(answers.begin(), answers.end())
                                     : std::min_element(answers.begin(), answers.end());
        return sink.add(x.empty() ? Word{0} : x[static_cast<std::size_t>(at - answers.begin())]);
    }
    case flat_map:
        for (const Word handle : answers) {
            const auto part = lists[handle];
            if (words.size() + part.size() > lists.longest()) return false;
            words.insert(words.end(), part.begin(), part.end());
        }
        return sink.add(words);
    default: // sort_by
        order.resize(x.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return answers[a] < answers[b]; });
        for (const std::size_t each : order) words.push_back(x[each]);
        return sink.add(words);
    }
}

} // namespace

FunctionEnumeration::FunctionEnumeration(Context& at) : at_(at), kept_cost_(dearest_kept) {}

void FunctionEnumeration::make_room() {
    while (search_.nearly_full() && !kept_.empty()) {
        std::map<const Context*, int> outer;
        for (const Pursued& each : pursued_) outer[each.context] = each.outer_cost;
        const auto cost_of = [&](const auto& each) {
            const auto known = outer.find(each.second.get());
            return known != outer.end() ? known->second : at_.bank()[std::get<1>(each.first)].cost + 3;
        };
        int dearest = std::numeric_limits<int>::min();
        for (const auto& each : kept_) dearest = std::max(dearest, cost_of(each));
        for (auto each = kept_.begin(); each != kept_.end();) {
            if (cost_of(*each) < dearest) {
                ++each;
                continue;
            }
            std::erase_if(pursued_, [&](const Pursued& goal) { return goal.context == each->second.get(); });
            each = kept_.erase(each);
        }
        kept_cost_ = std::min(kept_cost_, dearest - 4);
    }
}

void FunctionEnumeration::add_level(int cost) {
    for (const Slot type : {Slot::list, Slot::nested})
        for (int list_cost = 1; list_cost + 3 + cheapest_body <= cost; ++list_cost)
            for (const std::uint32_t list : at_.ids(type, list_cost)) {
                if (search_.stopped()) return;
                make_room();
                add_over_elements(list, list_cost, cost);
                if (type != Slot::list || at_.depth() > 0) continue;
                add_neighbours(list, list_cost, cost);
                add_with_state(list, list_cost, cost);
            }
    if (at_.depth() == 0) add_pairs(cost);
}

Context* FunctionEnumeration::context_of(const Key& key, int lists_cost, std::unique_ptr<Context>& transient) {
    if (const auto found = kept_.find(key); found != kept_.end()) return found->second.get();
    transient = make_context(key);
    if (lists_cost > kept_cost_ || at_.depth() > 0) return transient.get();
    return (kept_[key] = std::move(transient)).get();
}

std::unique_ptr<Context> FunctionEnumeration::make_context(const Key& key) {
    const auto& [kind, list, other] = key;
    const Slot element = element_of(at_.bank()[list].type);
    Rows rows;
    std::vector<Word> running;
    for (std::size_t row = 0; row < at_.rows(); ++row) {
        const auto x = list_at(list, row);
        const auto add = [&](Word a, Word b, std::size_t place) {
            rows.outer.push_back(static_cast<std::uint32_t>(row));
            rows.a.push_back(a);
            rows.b.push_back(b);
            rows.places.push_back(static_cast<Word>(place));
        };
        Word sum = 0;
        switch (kind) {
        case Kind::elements:
            for (std::size_t i = 0; i < x.size(); ++i) add(x[i], 0, i);
            break;
        case Kind::neighbours:
            for (std::size_t i = 0; i + 1 < x.size(); ++i) add(x[i], x[i + 1], i);
            break;
        case Kind::pair: {
            const auto y = list_at(other, row);
            for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i) add(x[i], y[i], i);
            break;
        }
        case Kind::numbers_state:
            // States that are not known: the element before, 0 and 1, and sums stand for them.
            for (std::size_t i = 0; i < x.size(); ++i) {
                add(i > 0 ? x[i - 1] : 0, x[i], i);
                add(i % 2 == 0 ? sum : 1, x[i], i);
                if (__builtin_add_overflow(sum, x[i], &sum)) sum = 0;
            }
            break;
        case Kind::list_state:
            running.clear();
            for (std::size_t i = 0; i < x.size(); ++i) {
                add(search_.lists.intern(running), x[i], i);
                running.push_back(x[x.size() - 1 - i]);
            }
            break;
        case Kind::states: break;
        }
        if (rows.outer.size() > most_rows) return nullptr;
    }
    if (rows.outer.empty()) return nullptr;
    auto context = std::make_unique<Context>(search_, at_, std::move(rows.outer));
    context->add_named(list);
    if (kind == Kind::pair) context->add_named(other);
    const int cost = search_.grammar.parameter;
    if (kind == Kind::list_state)
        context->add_variable(Slot::list, std::move(rows.a), cost);
    else
        context->add_variable(kind == Kind::elements ? element : Slot::number, std::move(rows.a), cost);
    if (kind != Kind::elements) context->add_variable(Slot::number, std::move(rows.b), cost);
    context->add_variable(Slot::number, std::move(rows.places), search_.grammar.place);
    if (kind == Kind::numbers_state || kind == Kind::list_state) context->with_functions = false;
    return context;
}

template<class FillRows>
void FunctionEnumeration::offer_function(const FunctionProduction& production, Context& inner, std::uint32_t list,
                                         std::uint32_t other, std::uint32_t body, int cost, FillRows&& rows) {
    const Bank& bank = at_.bank();
    unsigned depends = (bank[list].depends | (inner.bank()[body].depends & depth_bits)) & ~(1u << inner.depth());
    if (functional::facts(production.op).arguments > 1) depends |= bank[other].depends;
    // Of the parameters here, only those that the lists name are known; the body may name all of them.
    if (at_.depth() > 0 && (depends >> at_.depth() & 1) == 0) return;
    HashedRows hashed{search_.lists, production.result};
    if (!rows(hashed)) return;
    at_.offer({.a = list,
               .b = other,
               .cost = static_cast<std::uint16_t>(cost),
               .op = production.op,
               .type = production.result,
               .origin = Origin::function,
               .depends = static_cast<std::uint8_t>(depends)},
              hashed.hash.value(),
              [&](Word* column) {
                  StoredRows stored{search_.lists, column};
                  rows(stored);
              },
              [&] { return inner.expression(body); });
}

void FunctionEnumeration::add_over_elements(std::uint32_t list, int list_cost, int cost) {
    const Slot type = at_.bank()[list].type;
    std::unique_ptr<Context> transient;
    Context* inner = context_of({Kind::elements, list, 0}, list_cost, transient);
    if (!inner) return;
    inner->extend(cost - list_cost - 3);
    for (const FunctionProduction& production : search_.grammar.over_elements) {
        if (production.over != type) continue;
        for (const std::uint32_t body : inner->ids(production.body, cost - list_cost - production.cost)) {
            if (search_.stopped()) return;
            if (!inner->uses_parameters(body)) continue;
            const Word* bodies = inner->bank().column(body);
            offer_function(production, *inner, list, 0, body, cost,
                           [&](auto& sink) { return element_rows(production.op, list, bodies, sink); });
        }
    }
}

template<class Sink>
bool FunctionEnumeration::element_rows(Operator op, std::uint32_t list, const Word* bodies, Sink& sink) {
    for (std::size_t row = 0; row < at_.rows(); ++row) {
        const auto x = list_at(list, row);
        if (!element_row(op, x, {bodies, x.size()}, search_.lists, sink)) return false;
        bodies += x.size();
    }
    return true;
}

template<class Sink>
bool FunctionEnumeration::joined_rows(std::uint32_t left, std::uint32_t right, bool neighbours, const Word* bodies, Sink& sink) {
    for (std::size_t row = 0; row < at_.rows(); ++row) {
        const std::size_t size = list_at(left, row).size();
        const std::size_t count = neighbours ? (size > 0 ? size - 1 : 0) : std::min(size, list_at(right, row).size());
        if (!sink.add(std::span(bodies, count))) return false;
        bodies += count;
    }
    return true;
}

void FunctionEnumeration::add_neighbours(std::uint32_t list, int list_cost, int cost) {
    for (const FunctionProduction& production : search_.grammar.over_pairs) {
        const int body_cost = cost - list_cost - production.cost;
        if (production.op != Operator::pairwise || body_cost < cheapest_binary_body) continue;
        std::unique_ptr<Context> transient;
        Context* inner = context_of({Kind::neighbours, list, 0}, list_cost, transient);
        if (!inner) return;
        inner->extend(body_cost);
        for (const std::uint32_t body : inner->ids(production.body, body_cost)) {
            if (search_.stopped()) return;
            if (!inner->uses_parameter(body, 0) || !inner->uses_parameter(body, 1)) continue;
            const Word* bodies = inner->bank().column(body);
            offer_function(production, *inner, list, 0, body, cost,
                           [&](auto& sink) { return joined_rows(list, 0, true, bodies, sink); });
        }
    }
}

void FunctionEnumeration::add_pairs(int cost) {
    for (int left_cost = 1; left_cost < cost; ++left_cost)
        for (const std::uint32_t left : at_.ids(Slot::list, left_cost))
            for (int right_cost = 1; left_cost + right_cost + 4 + cheapest_binary_body <= cost; ++right_cost)
                for (const std::uint32_t right : at_.ids(Slot::list, right_cost)) {
                    if (search_.stopped()) return;
                    if (left < right) add_pair(left, right, left_cost + right_cost, cost);
                }
}

void FunctionEnumeration::add_pair(std::uint32_t left, std::uint32_t right, int lists_cost, int cost) {
    for (const FunctionProduction& production : search_.grammar.over_pairs) {
        if (production.op != Operator::zip_with) continue;
        const int body_cost = cost - lists_cost - production.cost;
        std::unique_ptr<Context> transient;
        Context* inner = context_of({Kind::pair, left, right}, lists_cost, transient);
        if (!inner) return;
        inner->extend(body_cost);
        for (const std::uint32_t body : inner->ids(production.body, body_cost)) {
            if (search_.stopped()) return;
            if (!inner->uses_parameter(body, 0) || !inner->uses_parameter(body, 1)) continue;
            const Word* bodies = inner->bank().column(body);
            offer_function(production, *inner, left, right, body, cost,
                           [&](auto& sink) { return joined_rows(left, right, false, bodies, sink); });
        }
    }
}

void FunctionEnumeration::add_with_state(std::uint32_t list, int list_cost, int cost) {
    constexpr int dearest_start = 4;
    for (const FunctionProduction& production : search_.grammar.with_state) {
        const bool of_lists = production.body == Slot::list;
        const bool with_start = production.op != Operator::accumulate;
        for (int start_cost = with_start ? 2 : 0; start_cost <= (with_start ? dearest_start : 0); ++start_cost) {
            const int body_cost = cost - list_cost - production.cost - start_cost;
            if (body_cost < cheapest_binary_body) continue;
            std::unique_ptr<Context> transient;
            const Key key{of_lists ? Kind::list_state : Kind::numbers_state, list, 0};
            Context* inner = context_of(key, list_cost, transient);
            if (!inner) return;
            inner->extend(body_cost);
            const auto starts = at_.ids(production.body, start_cost);
            for (const std::uint32_t body : inner->ids(production.body, body_cost)) {
                if (!inner->uses_parameter(body, 0) || !inner->uses_parameter(body, 1)) continue;
                const auto offer = [&](std::uint32_t start) {
                    // States are stored on the way.
                    const std::size_t lists = search_.lists.count();
                    const long useful = search_.useful;
                    offer_function(production, *inner, list, start, body, cost,
                                   [&](auto& sink) { return state_rows(production.op, *inner, list, start, body, sink); });
                    if (search_.useful == useful) search_.lists.forget_from(lists);
                };
                if (!with_start) offer(0);
                if (with_start)
                    for (const std::uint32_t start : starts) {
                        if (search_.stopped()) return;
                        offer(start);
                    }
            }
        }
    }
}

template<class Sink>
bool FunctionEnumeration::state_rows(Operator op, const Context& inner, std::uint32_t list, std::uint32_t start,
                                     std::uint32_t body, Sink& sink) {
    thread_local std::vector<Word> words;
    for (std::size_t row = 0; row < at_.rows(); ++row) {
        const auto x = list_at(list, row);
        const bool from_first = op == Operator::accumulate;
        words.clear();
        Word state = from_first ? (x.empty() ? 0 : x[0]) : at_.bank().column(start)[row];
        if (from_first && !x.empty()) words.push_back(state);
        for (std::size_t i = from_first; i < x.size(); ++i) {
            const Word parameters[3] = {state, x[i], static_cast<Word>(i)};
            state = inner.value_at(body, static_cast<std::uint32_t>(row), parameters);
            if (state == values::undefined) return false;
            words.push_back(state);
        }
        if (!(op == Operator::fold ? sink.add(state) : sink.add(words))) return false;
    }
    return true;
}

} // namespace ropewalk::synthesis
