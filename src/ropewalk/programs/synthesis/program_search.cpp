#include "ropewalk/programs/synthesis/program_search.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "ropewalk/base/base.hpp"
#include "ropewalk/programs/synthesis/function_enumeration.hpp"
#include "ropewalk/programs/synthesis/views.hpp"

namespace ropewalk::synthesis {

namespace {

using functional::Expression;

/// How much dearer than what is enumerated programs may be whose functions the outputs say.
constexpr int pursuit = 5;

void collect_numbers(const values::Value& value, std::set<std::int64_t>& numbers) {
    if (!value.type.is_list()) numbers.insert(value.number);
    for (const values::Value& each : value.elements) collect_numbers(each, numbers);
}

bool is_text(const functional::Parameter& parameter) { return parameter.type.kind == values::Kind::character; }

bool has_texts(const Examples& examples) {
    return examples.result.kind == values::Kind::character ||
           std::any_of(examples.parameters.begin(), examples.parameters.end(), is_text);
}

/// The characters that the arguments of an example hold which are texts.
std::set<std::int64_t> characters_of(const Example& row, const std::vector<functional::Parameter>& parameters) {
    std::set<std::int64_t> characters;
    for (std::size_t i = 0; i < row.inputs.size(); ++i)
        if (is_text(parameters[i])) collect_numbers(row.inputs[i], characters);
    return characters;
}

/// What parts texts, such as a point or a slash: two of three examples hold it.
std::set<std::int64_t> separators_of(const Examples& examples) {
    std::map<std::int64_t, std::size_t> examples_with;
    for (const Example& row : examples.rows)
        for (const std::int64_t character : characters_of(row, examples.parameters)) ++examples_with[character];
    std::set<std::int64_t> separators;
    for (const auto& [character, count] : examples_with) {
        const bool parts = character > ' ' && character < 0x7f && std::isalnum(static_cast<int>(character)) == 0;
        if (parts && 3 * count >= 2 * examples.rows.size()) separators.insert(character);
    }
    return separators;
}

/// Small numbers, and those of the examples; cheapest where they stand in every output. In texts the space is as usual as a
/// small number, and what parts most of them nearly so.
std::vector<std::pair<std::int64_t, int>> constants_of(const Examples& examples) {
    constexpr std::int64_t largest = 1'000'000;
    constexpr std::size_t most = 120;
    const std::set<std::int64_t> separators = separators_of(examples);
    std::set<std::int64_t> seen, everywhere;
    std::map<std::int64_t, int> examples_with;
    bool first = true;
    for (const Example& example : examples.rows) {
        std::set<std::int64_t> outputs, common;
        collect_numbers(example.output, outputs);
        std::set<std::int64_t> here = outputs;
        for (const values::Value& input : example.inputs) collect_numbers(input, here);
        for (const std::int64_t number : here) ++examples_with[number];
        seen.insert(here.begin(), here.end());
        if (first) everywhere = outputs;
        std::set_intersection(everywhere.begin(), everywhere.end(), outputs.begin(), outputs.end(),
                              std::inserter(common, common.begin()));
        everywhere = common;
        first = false;
    }
    std::vector<std::pair<std::int64_t, int>> constants;
    for (std::int64_t number = -1; number <= 10; ++number) constants.emplace_back(number, Grammar::constant(number, false));
    // Minutes, per cent, thousands: numbers that people reckon by though no example holds them.
    for (const std::int64_t number : {60, 100, 1000})
        if (!seen.contains(number)) constants.emplace_back(number, 8);
    const bool few = examples.rows.size() == 1, texts = has_texts(examples);
    for (const std::int64_t number : seen) {
        if ((number >= -1 && number <= 10) || std::abs(number) > largest || constants.size() >= most) continue;
        const bool common = !few && everywhere.contains(number);
        const bool space = texts && number == ' ';
        // What a single one of several examples holds is hardly what the program names.
        const bool again = few || examples_with[number] > 1;
        constants.emplace_back(number, space ? 4 : common || separators.contains(number) ? 5 : Grammar::constant(number, again));
    }
    return constants;
}

std::size_t longest_of(const values::Value& value) {
    std::size_t longest = value.elements.size();
    for (const values::Value& each : value.elements) longest = std::max(longest, longest_of(each));
    return longest;
}

/// Lists far beyond those of the examples, and beyond what stands close to the arguments, are on no way from inputs to outputs.
std::size_t longest_list(const Examples& examples) {
    std::size_t longest = 16, close = 0;
    for (const Example& example : examples.rows) {
        longest = std::max(longest, longest_of(example.output));
        for (const values::Value& input : example.inputs) {
            longest = std::max(longest, longest_of(input));
            close = std::max(close, longest_view(input));
        }
    }
    return std::max(4 * longest, close);
}

Values values_of(const Examples& examples) {
    if (!has_texts(examples)) return Values::numbers;
    const auto with_number = std::count_if(examples.rows.begin(), examples.rows.end(), [&](const Example& row) {
        const auto characters = characters_of(row, examples.parameters);
        const auto digit = characters.lower_bound('0');
        return digit != characters.end() && *digit <= '9';
    });
    const bool hold_numbers = 2 * static_cast<std::size_t>(with_number) >= examples.rows.size();
    const bool texts = std::all_of(examples.parameters.begin(), examples.parameters.end(), is_text);
    return texts && !hold_numbers ? Values::texts : Values::numbers_and_texts;
}

Grammar grammar_of(const Examples& examples, const SynthesisOptions& options) {
    Grammar grammar = make_grammar(options.without, values_of(examples));
    return options.fit.empty() ? grammar : fitted(std::move(grammar), options.fit);
}

bool names(const Expression& body, std::int64_t variable) {
    if (body.op == functional::Operator::variable) return body.number == variable;
    return std::any_of(body.arguments.begin(), body.arguments.end(), [&](const Expression& each) { return names(each, variable); });
}

class ProgramSearch {
public:
    ProgramSearch(const Examples& examples, const SynthesisOptions& options)
        : examples_(examples), options_(options),
          state_(grammar_of(examples, options), longest_list(examples), options.run.seconds, options.memory, options.run.stop),
          root_(state_, examples.rows.size()) {
        state_.constants = constants_of(examples);
        state_.most_candidates = options.candidates;
        state_.gives_texts = examples.result.kind == values::Kind::character;
        state_.threads = options.run.threads > 0 ? std::min(options.run.threads, base::available_threads()) : base::available_threads();
        state_.report = [this](int cost, const Expression& body) { consider(cost, body); };
    }

    Synthesised run() {
        add_arguments();
        add_literals();
        add_dropped_characters();
        if (examples_.result == values::Type{values::Kind::boolean, 0}) add_truths();
        add_views(root_, examples_, arguments_);
        root_.add_goal(Goal(slot_of(examples_.result), outputs_, 0, state_.report));
        int level = 1;
        for (; !state_.look() && !decided(level); ++level) {
            root_.extend(level);
            root_.functions().pursue_goals(level + pursuit);
            root_.cover_goals();
            show_progress();
            if (state_.full() && ++full_levels_ > most_full_levels) break;
        }
        return result(level - 1);
    }

private:
    void add_arguments() {
        const int cost = examples_.parameters.size() > 1 ? state_.grammar.argument : state_.grammar.argument - 1;
        for (std::size_t i = 0; i < examples_.parameters.size(); ++i) {
            std::vector<Word> column;
            for (const Example& example : examples_.rows)
                column.push_back(values::to_word(example.inputs[i], state_.lists));
            arguments_.push_back(column);
            root_.add_variable(slot_of(examples_.parameters[i].type), std::move(column), cost);
        }
        for (const Example& example : examples_.rows) outputs_.push_back(values::to_word(example.output, state_.lists));
    }

    /// The empty list; what all outputs begin with, and what they end with, and the parts of these from the ends.
    void add_literals() {
        root_.add_literal(0, state_.grammar.literal - 1);
        if (slot_of(examples_.result) != Slot::list || outputs_.size() < 2) return;
        auto front = state_.lists[outputs_[0]], back = front;
        for (const Word output : outputs_) {
            const auto to = state_.lists[output];
            front = front.first(static_cast<std::size_t>(
                std::mismatch(front.begin(), front.end(), to.begin(), to.end()).first - front.begin()));
            const auto same = std::mismatch(back.rbegin(), back.rend(), to.rbegin(), to.rend()).first - back.rbegin();
            back = back.last(static_cast<std::size_t>(same));
        }
        constexpr std::size_t longest = 12;
        for (std::size_t length = 1; length <= std::min(front.size(), longest); ++length)
            root_.add_literal(state_.lists.intern(front.first(length)), 4 + static_cast<int>(length));
        for (std::size_t length = 1; length <= std::min(back.size(), longest); ++length)
            root_.add_literal(state_.lists.intern(back.last(length)), 4 + static_cast<int>(length));
        add_repeated_outputs();
    }

    /// Characters that no output holds, where outputs are the argument without these: programs may name them together.
    void add_dropped_characters() {
        constexpr values::Type text{values::Kind::character, 1};
        constexpr std::size_t most = 12;
        if (examples_.parameters.size() != 1 || examples_.parameters[0].type != text || examples_.result != text) return;
        std::set<Word> dropped, kept;
        for (const Word output : outputs_) kept.insert(state_.lists[output].begin(), state_.lists[output].end());
        for (std::size_t row = 0; row < outputs_.size(); ++row) {
            std::vector<Word> rest;
            for (const Word character : state_.lists[arguments_[0][row]])
                if (kept.contains(character))
                    rest.push_back(character);
                else
                    dropped.insert(character);
            if (!std::ranges::equal(rest, state_.lists[outputs_[row]])) return;
        }
        if (dropped.size() < 2 || dropped.size() > most) return;
        const std::vector<Word> all(dropped.begin(), dropped.end());
        root_.add_literal(state_.lists.intern(all), 4 + static_cast<int>(all.size()) / 2);
    }

    /// A case of a conditional may always be true, or never.
    void add_truths() {
        constexpr int cost = 4;
        for (const Word value : {0, 1})
            root_.add_given(Slot::truth, std::vector<Word>(outputs_.size(), value),
                            {.op = functional::Operator::truth, .number = value, .arguments = {}}, cost);
    }

    /// What is the output of several examples, but not of all, may stand in the program as it is.
    void add_repeated_outputs() {
        constexpr std::size_t longest = 12, least_rows = 4, most = 8;
        constexpr int cost = 7;
        std::map<Word, std::size_t> times;
        for (const Word output : outputs_) ++times[output];
        if (outputs_.size() < least_rows || times.size() > outputs_.size() - 2) return;
        std::size_t added = 0;
        for (const auto& [output, rows] : times)
            if (rows > 1 && rows < outputs_.size() && state_.lists[output].size() <= longest && output != 0 && added++ < most)
                root_.add_literal(output, cost);
    }

    void show_progress() const {
        constexpr double parts = 100; // of a second
        if (options_.run.progress)
            options_.run.progress(static_cast<long>(state_.watch.seconds() * parts),
                                  static_cast<long>(options_.run.seconds * parts),
                                  std::to_string(state_.candidates) + " programs");
    }

    /// What it costs more not to read some of the arguments: whoever gives one means it to matter.
    int cost_of_unread(const Expression& body) const {
        constexpr int unread = 4;
        int cost = 0;
        for (std::size_t i = 0; examples_.parameters.size() > 1 && i < examples_.parameters.size(); ++i)
            cost += names(body, static_cast<std::int64_t>(i)) ? 0 : unread;
        return cost;
    }

    /// Of too many the cheapest are kept: what goals suggest at once may be hundreds, and the program that is meant may
    /// come after them.
    void consider(int cost, const Expression& body) {
        cost += cost_of_unread(body);
        const auto dearest = std::max_element(found_.begin(), found_.end(), is_cheaper);
        const bool full = found_.size() >= most_found;
        if (full && cost >= dearest->cost) return;
        const auto same = [&](const Consistent& each) { return each.program.body == body; };
        if (std::any_of(found_.begin(), found_.end(), same) || !is_right(body)) return;
        if (found_.empty()) first_cells_ = state_.cells;
        Consistent consistent{{examples_.parameters, examples_.result, body}, cost};
        if (full)
            *dearest = std::move(consistent);
        else
            found_.push_back(std::move(consistent));
    }

    static bool is_cheaper(const Consistent& a, const Consistent& b) { return a.cost < b.cost; }

    bool is_right(const Expression& body) {
        for (std::size_t row = 0; row < examples_.rows.size(); ++row) {
            std::vector<Word> variables;
            for (const auto& column : arguments_) variables.push_back(column[row]);
            functional::Work work;
            if (functional::evaluate(body, variables, state_.lists, work) != outputs_[row]) return false;
        }
        return true;
    }

    /// True where nothing much cheaper can come, or where looking on took long enough: the longer, the dearer the
    /// cheapest program is beside those that were all tried.
    bool decided(int level) const {
        if (found_.empty()) return false;
        constexpr long least = 1'000'000, patience = 4'000'000;
        const auto cheapest = std::min_element(found_.begin(), found_.end(), is_cheaper);
        const int dearer = cheapest->cost + rivals_within - level;
        return dearer < 0 || state_.cells > 2 * first_cells_ + least + patience * dearer;
    }

    Synthesised result(int level) {
        std::stable_sort(found_.begin(), found_.end(), is_cheaper);
        Synthesised result{.programs = found_, .without = state_.grammar.without, .candidates = state_.candidates, .level = level};
        result.seconds = state_.watch.seconds();
        result.kept = state_.kept;
        result.bytes = state_.bytes();
        using enum base::StopReason;
        result.stop_reason = !found_.empty()                    ? found
                             : full_levels_ > most_full_levels  ? memory
                             : state_.worked_enough()           ? work
                             : options_.run.stop.requested()    ? interrupted
                                                                : seconds;
        return result;
    }

    static constexpr std::size_t most_found = 400;
    /// Programs that are dearer by this much may be what is meant, and are waited for.
    static constexpr int rivals_within = 4;
    /// Levels that are tried with nothing new kept, before the search ends for want of memory.
    static constexpr int most_full_levels = 2;

    const Examples& examples_;
    const SynthesisOptions& options_;
    SearchState state_;
    Context root_;
    std::vector<std::vector<Word>> arguments_;
    std::vector<Word> outputs_;
    std::vector<Consistent> found_;
    long first_cells_ = 0;
    int full_levels_ = 0;
};

} // namespace

Synthesised search_programs(const Examples& examples, const SynthesisOptions& options) {
    return ProgramSearch(examples, options).run();
}

} // namespace ropewalk::synthesis
