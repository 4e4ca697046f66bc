#include "ropewalk/programs/machine/configuration.hpp"

#include <fmt/format.h>

namespace ropewalk::machine {

base::Result<Switches> find_profile(std::string_view name) {
    if (name == "default") return Switches{};
    if (name == "paper")
        return Switches{.mix = Mix::logits,
                        .mass = Mass::literal,
                        .halting = Halting::maximum,
                        .freeze = false,
                        .target = Target::register_value};
    if (name == "anc")
        return Switches{.mix = Mix::probabilities,
                        .mass = Mass::zero,
                        .halting = Halting::absorb,
                        .freeze = true,
                        .target = Target::register_value};
    return base::failure("profile", "unknown profile " + base::quoted(name), "default, paper or anc");
}

std::string to_string(Mix value) { return value == Mix::logits ? "logits" : "probabilities"; }

std::string to_string(Mass value) {
    return value == Mass::conserve ? "conserve" : value == Mass::literal ? "literal" : "zero";
}

std::string to_string(Halting value) { return value == Halting::absorb ? "absorb" : "maximum"; }

std::string to_string(Target value) {
    return value == Target::line ? "line" : value == Target::register_value ? "register" : "operand";
}

std::string to_string(const Switches& s) {
    return fmt::format("mix={},mass={},halting={},freeze={},target={}", to_string(s.mix), to_string(s.mass),
                       to_string(s.halting), s.freeze ? "on" : "off", to_string(s.target));
}

namespace {

template<class Value>
bool pick(std::string_view text, Value& value, std::initializer_list<Value> choices) {
    for (const Value choice : choices)
        if (to_string(choice) == text) return value = choice, true;
    return false;
}

bool apply(std::string_view key, std::string_view value, Switches& switches) {
    if (key == "mix") return pick(value, switches.mix, {Mix::logits, Mix::probabilities});
    if (key == "mass") return pick(value, switches.mass, {Mass::conserve, Mass::literal, Mass::zero});
    if (key == "halting") return pick(value, switches.halting, {Halting::absorb, Halting::maximum});
    if (key == "target")
        return pick(value, switches.target, {Target::line, Target::register_value, Target::second_operand});
    if (key != "freeze" || (value != "on" && value != "off")) return false;
    switches.freeze = value == "on";
    return true;
}

} // namespace

base::Result<Switches> parse_switches(std::string_view text, Switches switches) {
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t end = std::min(text.find(',', start), text.size());
        const std::string_view pair = text.substr(start, end - start);
        start = end + 1;
        const std::size_t equals = pair.find('=');
        if (equals == std::string_view::npos ||
            !apply(pair.substr(0, equals), pair.substr(equals + 1), switches))
            return base::failure(
                "switches", base::quoted(pair),
                "mix=logits|probabilities, mass=conserve|literal|zero, halting=absorb|maximum, "
                "freeze=on|off or target=line|register|operand");
    }
    return switches;
}

base::Result<Configuration> validated(const Configuration& configuration) {
    base::Diagnostics errors;
    const auto require = [&](bool holds, const char* name, int value, int low, int high) {
        if (holds) return;
        errors.push_back({.file = "machine",
                          .found = fmt::format("{} {}", name, value),
                          .expected = fmt::format("{} from {} to {}", name, low, high)});
    };
    const auto range = [&](const char* name, int value, int low, int high) {
        require(value >= low && value <= high, name, value, low, high);
    };
    range("base", configuration.base, 2, assembly::largest_base);
    range("cells", configuration.cells, 1, configuration.base);
    range("registers", configuration.registers, 1, assembly::largest_register_count);
    range("lines", configuration.lines, 1, assembly::largest_line_count);
    range("instructions", static_cast<int>(configuration.instruction_set.size()), 1,
          assembly::instruction_count);
    for (std::size_t i = 0; i < configuration.instruction_set.size(); ++i)
        if (assembly::position(configuration.instruction_set, configuration.instruction_set[i]) !=
            static_cast<int>(i))
            errors.push_back(
                {.file = "machine",
                 .found = fmt::format("instruction '{}' twice", info(configuration.instruction_set[i]).name),
                 .expected = "each instruction once"});
    if (static_cast<int>(configuration.initial_registers.size()) > configuration.registers)
        errors.push_back(
            {.file = "machine",
             .found = fmt::format("{} initial registers", configuration.initial_registers.size()),
             .expected = fmt::format("at most {}", configuration.registers)});
    for (const int value : configuration.initial_registers)
        if (value < 0 || value >= configuration.base)
            errors.push_back({.file = "machine",
                              .found = fmt::format("initial register value {}", value),
                              .expected = fmt::format("0 to {}", configuration.base - 1)});
    if (!errors.empty()) return base::failure(std::move(errors));
    return configuration;
}

Layout layout_of(const Configuration& configuration) {
    return layout_of(static_cast<int>(configuration.instruction_set.size()), configuration.registers,
                     configuration.lines, configuration.switches.target);
}

std::size_t weight_count(const Configuration& configuration) {
    return static_cast<std::size_t>(configuration.lines) *
           static_cast<std::size_t>(layout_of(configuration).columns);
}

} // namespace ropewalk::machine
