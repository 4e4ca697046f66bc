#pragma once

#include <map>
#include <memory>
#include <optional>
#include <tuple>

#include "ropewalk/programs/synthesis/context.hpp"
#include "ropewalk/programs/synthesis/walks.hpp"

namespace ropewalk::synthesis {

/// Everything with a function at one place: its bodies are enumerated in contexts of their own, under the inputs
/// that they meet.
class FunctionEnumeration {
public:
    explicit FunctionEnumeration(Context& at);

    /// Offers everything of exactly this cost to the context.
    void add_level(int cost);

    /// Derives from the list goals of the context what functions over lists of the bank would have to give
    /// (Feser, Chaudhuri and Dillig 2015, "Synthesizing data structure transformations from input-output
    /// examples"), and enumerates such bodies as far as programs of this cost reach.
    void pursue_goals(int level);

private:
    struct Rows {
        std::vector<std::uint32_t> outer;
        std::vector<Word> a, b, places;
    };
    /// A context with goals that were derived here.
    struct Pursued {
        Context* context;
        int outer_cost;
    };
    enum class Kind : std::uint8_t { elements, neighbours, pair, numbers_state, list_state, states };
    using Key = std::tuple<Kind, std::uint32_t, std::uint32_t>;

    void add_over_elements(std::uint32_t list, int list_cost, int cost);
    void add_neighbours(std::uint32_t list, int list_cost, int cost);
    void add_pairs(int cost);
    void add_pair(std::uint32_t left, std::uint32_t right, int lists_cost, int cost);
    void add_with_state(std::uint32_t list, int list_cost, int cost);
    /// Offers a function; `rows` gives a `HashedRows` or a `StoredRows` the values of its column one after the other.
    template<class FillRows>
    void offer_function(const FunctionProduction& production, Context& inner, std::uint32_t list, std::uint32_t other,
                        std::uint32_t body, int cost, FillRows&& rows);
    template<class Sink>
    bool element_rows(Operator op, std::uint32_t list, const Word* bodies, Sink& sink);
    template<class Sink>
    bool joined_rows(std::uint32_t left, std::uint32_t right, bool neighbours, const Word* bodies, Sink& sink);
    template<class Sink>
    bool state_rows(Operator op, const Context& inner, std::uint32_t list, std::uint32_t start, std::uint32_t body, Sink& sink);

    void pursue(Goal& goal, int level);
    void pursue_number(Goal& goal, int level);
    void pursue_nested(Goal& goal, int level);
    void pursue_hidden_states(Goal& goal, int level);
    void pursue_steps(Goal& goal, std::uint32_t list, const Walks& walks);
    void pursue_cancelled(Goal& goal, std::uint32_t list, const Walks& walks);
    HiddenList left_over(std::uint32_t list, const Walks& walks, functional::Expression meets, int cost, std::size_t feature,
                         std::vector<Word> values) const;
    void pursue_reading(Goal& goal, const HiddenList& hidden, const Walks& walks);
    std::optional<Walks> walks_of(const Goal& goal, std::uint32_t list) const;
    bool determines(std::uint32_t list, const Goal& goal);
    bool is_promising(const Goal& goal, std::uint32_t list);
    Goal* digits_of(Goal& goal, std::uint32_t list);
    Context& step_context(const std::vector<Word>& alphabet);
    Context& recurrence_context();
    void pursue_recurrences(Goal& goal);
    void try_recurrence(Goal& goal, std::uint32_t number, std::uint32_t step, const std::map<Word, Word>& wanted);
    void pursue_order(Goal& goal, std::uint32_t list);
    void pursue_choice(Goal& goal, std::uint32_t list);
    void add_key_goal(const Goal& goal, std::uint32_t list, Operator op);
    void pursue_made_lists(Goal& goal);
    void pursue_edits(Goal& goal, std::uint32_t list);
    void pursue_padding(Goal& goal, std::uint32_t list);
    /// Goals for several numbers; `join` makes a list of them once all are met.
    void pursue_together(Goal& goal, int cost, std::vector<std::vector<Word>> numbers,
                         std::function<functional::Expression(std::vector<functional::Expression>)> join);
    bool allows(Operator op) const { return search_.grammar.allows(op); }
    void pursue_over_list(Goal& goal, std::uint32_t list);
    void pursue_over_nested(Goal& goal, std::uint32_t list);
    void pursue_pair(Goal& goal, std::uint32_t left, std::uint32_t right);
    void pursue_states(Goal& goal, std::uint32_t list);
    void pursue_states_from(Goal& goal, std::uint32_t list, Operator op, std::uint32_t start);
    void pursue_inside(Goal& goal);
    void pursue_words(Goal& goal);
    void pursue_end(Goal& goal, std::uint32_t number);
    void pursue_literals(Goal& goal);
    void pursue_swaps(Goal& goal);
    void add_rest(Goal& goal, std::vector<Word> rest, int cost, std::int64_t used,
                  std::function<functional::Expression(functional::Expression)> join);
    bool has_room_for(Slot type, const std::vector<Word>& column) const;
    int cost_of_part(const Goal& goal, std::uint32_t part) const;
    void pursue_rest(Goal& goal, std::uint32_t list);
    void pursued(Context& context, int outer_cost);
    /// Where memory is short: gives back the contexts of the dearest functions, which are made anew where they are met again.
    void make_room();

    /// The context of functions over a list (or two), from the store where it is cheap enough to be kept there,
    /// or in `transient`. Null where it would have no rows or too many.
    Context* context_of(const Key& key, int lists_cost, std::unique_ptr<Context>& transient);
    std::unique_ptr<Context> make_context(const Key& key);
    std::span<const Word> list_at(std::uint32_t list, std::size_t row) const {
        return search_.lists[at_.bank().column(list)[row]];
    }

    Context& at_;
    SearchState& search_ = at_.search();
    std::map<Key, std::unique_ptr<Context>> kept_;
    int kept_cost_; ///< lists up to this cost keep the contexts of their functions between levels
    std::map<std::vector<Word>, std::unique_ptr<Context>> step_contexts_;
    std::unique_ptr<Context> recurrences_;
    std::vector<Pursued> pursued_;
    std::vector<std::unique_ptr<Goal>> digits_;
    /// Of lists that tell what they map to: which elements are equal.
    std::map<const Goal*, std::set<std::uint64_t>> patterns_;
    /// Up to which cost each goal was pursued.
    struct Reached {
        bool begun = false;
        int rests = 0; ///< of what stands before or behind the rest
        int lists = 0; ///< of one list
        int nested = 0; ///< of one list of lists
        int pairs = 0; ///< of two lists together
        int hidden = 0; ///< of a list with hidden states
    };
    std::map<const Goal*, Reached> reached_;
};

} // namespace ropewalk::synthesis
