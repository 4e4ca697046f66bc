#include "ropewalk/programs/lowering/layout.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace ropewalk::lowering {

using values::Type;
using values::Value;

base::Result<Layout> layout_of(const functional::Program& program, int base, int cells, int longest, bool negative) {
    Layout layout{.base = base, .cells = cells, .longest = longest, .negative = negative, .arguments = {}};
    const auto refused = [](const std::string& what, Type type) {
        return base::failure(what, values::to_string(type), "a number, a truth value, or a list of these: a machine has no lists of lists");
    };
    for (const functional::Parameter& each : program.parameters) {
        if (each.type.depth > 1) return refused("argument " + each.name, each.type);
        layout.arguments.push_back(layout.free);
        layout.free += each.type.is_list() ? 1 + longest : 1;
    }
    if (program.result.depth > 1) return refused("the value", program.result);
    layout.free = std::max(layout.free, 1);
    if (layout.free > cells)
        return base::failure("machine", fmt::format("{} cells", cells),
                             fmt::format("at least {} for the arguments alone, with lists of up to {}", layout.free, longest));
    if (negative && base % 2 != 0)
        return base::failure("machine", fmt::format("base {}", base), "an even base, as negative numbers occur");
    return layout;
}

base::Result<std::vector<int>> memory_of(const Layout& layout, const functional::Program& program,
                                         const std::vector<Value>& arguments) {
    std::vector<int> memory(static_cast<std::size_t>(layout.cells), 0);
    std::optional<base::Diagnostic> wrong;
    const auto store = [&](std::size_t cell, const Value& value, const std::string& name) {
        if (value.number < layout.least_number() || value.number > layout.largest_number())
            wrong = base::Diagnostic{.file = "argument " + name,
                                     .found = std::to_string(value.number),
                                     .expected = fmt::format("{} to {}", layout.least_number(), layout.largest_number())};
        else
            memory[cell] = static_cast<int>(value.number < 0 ? value.number + layout.base : value.number);
    };
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        auto cell = static_cast<std::size_t>(layout.arguments[i]);
        const Value& value = arguments[i];
        const std::string& name = program.parameters[i].name;
        if (!value.type.is_list()) {
            store(cell, value, name);
            continue;
        }
        if (value.elements.size() > static_cast<std::size_t>(layout.longest))
            return base::failure("argument " + name, fmt::format("a list of {}", value.elements.size()),
                                 fmt::format("at most {} elements", layout.longest));
        memory[cell] = static_cast<int>(value.elements.size());
        for (const Value& each : value.elements) store(++cell, each, name);
    }
    if (wrong) return base::failure({*wrong});
    return memory;
}

std::optional<Value> value_in(const Layout& layout, Type type, const std::vector<int>& memory) {
    const auto number_at = [&](std::size_t cell) -> std::int64_t {
        return memory[cell] > layout.largest_number() ? memory[cell] - layout.base : memory[cell];
    };
    Value value{.type = type, .number = 0, .elements = {}};
    if (!type.is_list()) {
        value.number = number_at(0);
        return value;
    }
    const auto length = static_cast<std::size_t>(memory[0]);
    if (length >= memory.size()) return std::nullopt;
    for (std::size_t i = 1; i <= length; ++i) value.elements.push_back({.type = type.element(), .number = number_at(i), .elements = {}});
    return value;
}

std::vector<std::string> described(const Layout& layout, const functional::Program& program) {
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < layout.arguments.size(); ++i) {
        const functional::Parameter& each = program.parameters[i];
        const int cell = layout.arguments[i];
        if (each.type.is_list())
            lines.push_back(fmt::format("{}: its length in cell {}, its elements from cell {} on, at most {}", each.name, cell, cell + 1,
                                        layout.longest));
        else
            lines.push_back(fmt::format("{}: cell {}", each.name, cell));
    }
    lines.push_back(program.result.is_list() ? "the value: its length in cell 0, its elements from cell 1 on" : "the value: cell 0");
    lines.push_back(fmt::format("lists on the way: from cell {} on", layout.free));
    lines.push_back(layout.negative ? fmt::format("numbers: {} to {}, a negative one as {} more", layout.least_number(),
                                                  layout.largest_number(), layout.base)
                                    : fmt::format("numbers: 0 to {}", layout.largest_number()));
    return lines;
}

} // namespace ropewalk::lowering
