#include "ropewalk/formulas/laws/template_form.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "ropewalk/formulas/laws/term_library.hpp"
#include "ropewalk/formulas/text/text.hpp"

namespace ropewalk::formula {

namespace {

bool part_of_name(char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           static_cast<unsigned char>(c) >= 0x80;
}

tl::unexpected<base::Diagnostics> refused(std::string found, std::string expected) {
    return base::failure("setting `template`", std::move(found), std::move(expected));
}

/// Whether formulas have a function of that name.
bool is_known(std::string_view name) {
    const auto& all = operators();
    return std::any_of(all.begin(), all.end(),
                       [name](const OperatorInfo& each) { return each.arity > 0 && (each.symbol == name || each.name == name); });
}

std::string without_blanks(std::string_view text) {
    std::string kept;
    for (const char c : text)
        if (c != ' ' && c != '\t') kept += c;
    return kept;
}

/// A call in a text: where it stands, its name and its arguments.
struct Place {
    std::size_t begin = 0, end = 0;
    std::string name;
    std::vector<std::string_view> arguments;
    bool closed = false;
};

/// The next call of a function that is not known, from `at` on; a parenthesis that does not close ends the text.
std::optional<Place> next_call(std::string_view text, std::size_t at) {
    bool quoted = false;
    while (at < text.size()) {
        if (text[at] == '`') quoted = !quoted;
        std::size_t end = at;
        while (end < text.size() && part_of_name(text[end])) ++end;
        if (quoted || end == at) {
            ++at;
            continue;
        }
        const std::string_view name = text.substr(at, end - at);
        std::size_t open = end;
        while (open < text.size() && text[open] == ' ') ++open;
        const bool number = name[0] >= '0' && name[0] <= '9';
        if (number || open == text.size() || text[open] != '(' || is_known(name)) {
            at = end;
            continue;
        }
        Place place{at, text.size(), std::string(name), {}, false};
        int depth = 0;
        std::size_t begin = open + 1;
        for (std::size_t i = open; i < text.size(); ++i) {
            depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
            const bool closes = depth == 0;
            if (closes || (depth == 1 && text[i] == ',')) {
                place.arguments.push_back(text.substr(begin, i - begin));
                begin = i + 1;
            }
            if (!closes) continue;
            place.end = i + 1;
            place.closed = true;
            break;
        }
        return place;
    }
    return std::nullopt;
}

/// A form with a name in place of every call, and where in it these stand.
struct Skeleton {
    struct Name {
        std::size_t begin = 0, end = 0; ///< in the skeleton
        std::size_t call_begin = 0, call_end = 0; ///< in the text
    };
    std::string text;
    std::vector<Name> names;

    void add(std::string_view given) { text += given; }
    void add_call(const Place& place, const std::string& name) {
        const std::size_t begin = text.size();
        text += '`' + name + '`';
        names.push_back({begin, text.size(), place.begin, place.end});
    }
    /// Places in the text that was given for what a diagnostic says of the skeleton.
    base::Diagnostic in_given_text(base::Diagnostic diagnostic, std::string_view given) const {
        const auto at = static_cast<std::size_t>(diagnostic.column - 1);
        std::ptrdiff_t shift = 0;
        for (const Name& each : names) {
            if (each.begin > at) break;
            if (at < each.end) {
                diagnostic.found = base::quoted(given.substr(each.call_begin, each.call_end - each.call_begin));
                diagnostic.length = static_cast<int>(each.call_end - each.call_begin);
                shift = static_cast<std::ptrdiff_t>(each.call_begin) - static_cast<std::ptrdiff_t>(at);
                break;
            }
            shift = static_cast<std::ptrdiff_t>(each.call_end) - static_cast<std::ptrdiff_t>(each.end);
        }
        diagnostic.column += static_cast<int>(shift);
        diagnostic.source_line = std::string(given);
        return diagnostic;
    }
};

void name_arguments(TemplateForm& form, std::span<const std::string> names) {
    for (std::size_t p = 0; p < form.parts.size(); ++p) {
        std::vector<std::string> columns;
        for (const TemplateCall& call : form.calls)
            if (call.part == p)
                for (const Program& argument : call.arguments)
                    columns.push_back(argument.lines.empty() ? names[static_cast<std::size_t>(argument.result_variable)]
                                                             : std::string());
        std::vector<std::string>& arguments = form.parts[p].arguments;
        const std::set<std::string> different(columns.begin(), columns.end());
        const bool plain = different.size() == arguments.size() && columns.size() == arguments.size() &&
                           !different.contains("");
        for (std::size_t k = 0; k < arguments.size(); ++k)
            arguments[k] = plain ? columns[k] : "u" + std::to_string(k + 1);
    }
}

} // namespace

std::optional<std::size_t> TemplateForm::only_call(std::size_t part) const {
    std::optional<std::size_t> found;
    for (std::size_t c = 0; c < calls.size(); ++c) {
        if (calls[c].part != part) continue;
        if (found) return std::nullopt;
        found = c;
    }
    int uses = 0;
    const int slot = static_cast<int>(columns + found.value_or(0));
    for (const Line& line : skeleton.lines) {
        const int arity = info(line.operation).arity;
        uses += (arity >= 1 && line.left == slot) + (arity >= 2 && line.right == slot);
    }
    return uses > 1 ? std::nullopt : found;
}

base::Result<TemplateForm> parse_template(std::string_view text, std::span<const std::string> names) {
    constexpr std::size_t longest = 10'000, most_parts = 8;
    if (text.size() > longest)
        return refused(std::to_string(text.size()) + " characters", "at most " + std::to_string(longest));
    TemplateForm form{.columns = names.size()};
    Skeleton skeleton;
    std::map<std::string, std::size_t> parts, calls;
    std::size_t at = 0;
    while (const auto place = next_call(text, at)) {
        skeleton.add(text.substr(at, place->begin - at));
        at = place->end;
        if (!place->closed) return refused("no ')' behind " + std::string(text.substr(place->begin)), "one");
        const std::string called = without_blanks(text.substr(place->begin, place->end - place->begin));
        TemplateCall call{.text = called};
        for (const std::string_view argument : place->arguments) {
            if (const auto inner = next_call(argument, 0))
                return refused(inner->name + " inside of " + place->name, "parts beside each other");
            auto program = parse_formula(argument, names);
            if (!program) {
                for (base::Diagnostic& each : program.error()) each.file = "setting `template`, in " + called;
                return tl::make_unexpected(program.error());
            }
            call.arguments.push_back(std::move(*program));
        }
        const auto [part, fresh] = parts.try_emplace(place->name, form.parts.size());
        if (fresh) form.parts.push_back({place->name, std::vector<std::string>(call.arguments.size())});
        const std::size_t count = form.parts[part->second].arguments.size();
        if (count != call.arguments.size())
            return refused(called + " beside another number of arguments of " + place->name,
                           std::to_string(count) + " of them everywhere");
        call.part = part->second;
        if (calls.try_emplace(called, form.calls.size()).second) form.calls.push_back(std::move(call));
        skeleton.add_call(*place, called);
    }
    if (form.parts.empty())
        return refused("no function to look for",
                       "names before parentheses that are no functions, as f in sin(f(x)) + 1");
    if (form.parts.size() > most_parts)
        return refused(std::to_string(form.parts.size()) + " functions", "at most " + std::to_string(most_parts));
    skeleton.add(text.substr(at));
    std::vector<std::string> all(names.begin(), names.end());
    for (const TemplateCall& call : form.calls) all.push_back(call.text);
    auto program = parse_formula(skeleton.text, all);
    if (!program) {
        base::Diagnostics diagnostics;
        for (const base::Diagnostic& each : program.error()) {
            diagnostics.push_back(skeleton.in_given_text(each, text));
            diagnostics.back().file = "setting `template`";
        }
        return base::failure(std::move(diagnostics));
    }
    form.skeleton = std::move(*program);
    name_arguments(form, names);
    return form;
}

FilledTemplate filled(const TemplateForm& form, const std::vector<Program>& bodies) {
    FilledTemplate result;
    Program& whole = result.program;
    whole.variables = static_cast<int>(form.columns);
    const auto line = [&](const Line& added) {
        whole.lines.push_back(added);
        return whole.slots() - 1;
    };
    // Numbers stand in front.
    std::vector<std::vector<int>> number_slots;
    for (const Program& body : bodies) {
        result.numbers.emplace_back();
        number_slots.emplace_back();
        for (const Line& each : body.lines) {
            if (each.operation != Operator::constant) continue;
            result.numbers.back().push_back(whole.lines.size());
            number_slots.back().push_back(line(each));
        }
    }
    const std::size_t free_numbers = whole.lines.size();
    /// Appends a program whose variables are these slots; its numbers are lines of its own unless slots are given.
    const auto append = [&](const Program& program, const std::vector<int>& slots, const std::vector<int>* numbers) {
        std::vector<int> at = slots;
        std::size_t number = 0;
        for (const Line& each : program.lines) {
            if (each.operation == Operator::constant && numbers != nullptr) {
                at.push_back((*numbers)[number++]);
                continue;
            }
            Line moved = each;
            const int arity = info(each.operation).arity;
            moved.left = arity >= 1 ? at[static_cast<std::size_t>(each.left)] : 0;
            moved.right = arity >= 2 ? at[static_cast<std::size_t>(each.right)] : 0;
            at.push_back(line(moved));
        }
        return at[static_cast<std::size_t>(program.result())];
    };
    std::vector<int> columns;
    for (std::size_t v = 0; v < form.columns; ++v) columns.push_back(static_cast<int>(v));
    std::vector<int> slots = columns;
    for (const TemplateCall& call : form.calls) {
        std::vector<int> arguments;
        for (const Program& argument : call.arguments) arguments.push_back(append(argument, columns, nullptr));
        slots.push_back(append(bodies[call.part], arguments, &number_slots[call.part]));
    }
    const int last = append(form.skeleton, slots, nullptr);
    if (last != whole.slots() - 1 || whole.lines.empty()) line({Operator::no_operation, last, 0, 0});
    result.frozen.assign(whole.lines.size(), 1);
    std::fill_n(result.frozen.begin(), free_numbers, char{0});
    return result;
}

std::vector<Program> bodies_of(const FilledTemplate& form, std::vector<Program> bodies, const Program& program) {
    for (std::size_t p = 0; p < bodies.size(); ++p) {
        std::size_t number = 0;
        for (Line& line : bodies[p].lines)
            if (line.operation == Operator::constant) line.value = program.lines[form.numbers[p][number++]].value;
    }
    return bodies;
}

std::vector<std::optional<Unit>> part_units(const TemplateForm& form, const Problem& problem) {
    std::vector<std::optional<Unit>> result(form.parts.size());
    if (problem.units.empty() || !problem.target_unit) return result;
    const Program& skeleton = form.skeleton;
    // What is known upwards, from columns and numbers, and what is needed downwards, from the target.
    std::vector<std::optional<Unit>> known(problem.units.begin(), problem.units.end());
    known.resize(form.columns + form.calls.size());
    const auto of = [&](std::size_t slot) { return known[slot]; };
    for (const Line& line : skeleton.lines) {
        const int arity = info(line.operation).arity;
        const auto left = of(static_cast<std::size_t>(line.left)), right = of(static_cast<std::size_t>(line.right));
        if (arity == 0)
            known.emplace_back(Unit{});
        else if (left && (arity == 1 || right))
            known.push_back(unit_of(line.operation, *left, arity == 1 ? Unit{} : *right));
        else
            known.emplace_back(std::nullopt);
    }
    std::vector<std::optional<Unit>> needed(known.size());
    needed[static_cast<std::size_t>(skeleton.result())] = problem.target_unit;
    const auto raised_to = [](const Unit& unit, int over, int under) {
        Unit raised = unit;
        for (auto& [symbol, exponent] : raised.sixtieths) exponent = exponent * over / under;
        return raised;
    };
    for (std::size_t slot = known.size(); slot-- > form.columns + form.calls.size();) {
        using enum Operator;
        const Line& line = skeleton.lines[slot - form.columns - form.calls.size()];
        const std::size_t left = static_cast<std::size_t>(line.left), right = static_cast<std::size_t>(line.right);
        const std::optional<Unit> whole = needed[slot] ? needed[slot] : known[slot];
        const auto need = [&](std::size_t operand, const std::optional<Unit>& unit) {
            if (unit) needed[operand] = unit;
        };
        const auto quotient = [&](const std::optional<Unit>& over, const std::optional<Unit>& under) {
            return over && under ? unit_of(divide, *over, *under) : std::nullopt;
        };
        switch (line.operation) {
        case add:
        case subtract:
        case minimum:
        case maximum:
        case modulo:
            need(left, whole ? whole : known[right]);
            need(right, whole ? whole : known[left]);
            break;
        case less:
            need(left, known[right]);
            need(right, known[left]);
            break;
        case multiply:
            need(left, quotient(whole, known[right]));
            need(right, quotient(whole, known[left]));
            break;
        case divide:
            if (whole && known[right]) need(left, unit_of(multiply, *whole, *known[right]));
            need(right, quotient(known[left], whole));
            break;
        case no_operation:
        case absolute:
        case floor:
        case ceiling: need(left, whole); break;
        case square:
            if (whole) need(left, raised_to(*whole, 1, 2));
            break;
        case square_root:
            if (whole) need(left, raised_to(*whole, 2, 1));
            break;
        case reciprocal:
            if (whole) need(left, raised_to(*whole, -1, 1));
            break;
        case constant:
        case sign: break;
        default:
            need(left, Unit{});
            if (info(line.operation).arity == 2) need(right, Unit{});
        }
    }
    for (std::size_t c = 0; c < form.calls.size(); ++c)
        if (const auto& unit = needed[form.columns + c]) result[form.calls[c].part] = unit;
    return result;
}

} // namespace ropewalk::formula
