#include "ropewalk/programs/tasks/example_file.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>

#include <fmt/format.h>

#include "ropewalk/programs/tasks/example_line.hpp"

namespace ropewalk::tasks {

namespace {

constexpr std::size_t largest_file = std::size_t{256} << 20;
constexpr std::size_t longest_line = std::size_t{64} << 10;
constexpr std::size_t most_examples = std::size_t{1} << 20;
constexpr std::size_t most_problems = 50;

constexpr int default_registers = 4;
constexpr int default_lines = 8;
constexpr long default_steps_per_line = 4;

template<class T>
void check_range(const std::string& file, const char* name, std::optional<T> value, T smallest, T largest,
                 base::Diagnostics& problems) {
    if (!value || (*value >= smallest && *value <= largest)) return;
    problems.push_back({.file = file,
                        .found = fmt::format("{} for {}", *value, name),
                        .expected = fmt::format("a number from {} to {}", smallest, largest)});
}

base::Diagnostics check_sizes(const std::string& file, const ExampleFileSizes& sizes) {
    base::Diagnostics problems;
    check_range(file, "base", sizes.base, 2, assembly::largest_base, problems);
    check_range(file, "cells", sizes.cells, 1, assembly::largest_base, problems);
    check_range(file, "registers", sizes.registers, 1, assembly::largest_register_count, problems);
    check_range(file, "lines", sizes.lines, 1, assembly::largest_line_count, problems);
    check_range(file, "steps", sizes.steps, 1l, assembly::largest_step_count, problems);
    if (problems.empty() && sizes.base && sizes.cells && *sizes.cells > *sizes.base)
        problems.push_back({.file = file,
                            .found = fmt::format("{} cells in base {}", *sizes.cells, *sizes.base),
                            .expected = fmt::format("at most {} cells, one per address", *sizes.base)});
    return problems;
}

ExampleLimits limits_for(const ExampleFileSizes& sizes) {
    const int base = sizes.base.value_or(assembly::largest_base);
    return {.base = base,
            .cells = sizes.cells.value_or(base),
            .registers = sizes.registers.value_or(assembly::largest_register_count)};
}

tl::expected<ExampleLine, base::Diagnostic> parse_bounded_line(std::string_view line,
                                                               const ExampleLimits& limits) {
    if (line.size() <= longest_line) return parse_example_line(line, limits);
    return tl::unexpected(base::Diagnostic{.found = fmt::format("a line of {} bytes", line.size()),
                                           .expected = fmt::format("at most {} bytes", longest_line)});
}

/// The text line by line; stops early when too much is wrong or there is too much of it.
class Reader {
public:
    Reader(const std::string& file, const ExampleLimits& limits) : file_(file), limits_(limits) {}

    base::Result<std::vector<ExampleLine>> read(std::string_view text) {
        for (std::size_t start = 0; start < text.size() && !stopped_;) {
            const std::size_t end = std::min(text.find('\n', start), text.size());
            ++number_;
            read_line(text.substr(start, end - start));
            start = end + 1;
        }
        if (examples_.empty() && problems_.empty())
            problems_.push_back({.file = file_,
                                 .found = "no examples",
                                 .expected = fmt::format("at least one line such as {}", example_line_form)});
        if (!problems_.empty()) return base::failure(std::move(problems_));
        return std::move(examples_);
    }

private:
    void read_line(std::string_view line) {
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.find_first_not_of(" \t") == std::string_view::npos) return;
        auto example = parse_bounded_line(line, limits_);
        if (!example) return add(std::move(example.error()));
        if (examples_.size() == most_examples)
            return stop("more examples", fmt::format("at most {} in a file", most_examples));
        example->line = number_;
        examples_.push_back(std::move(*example));
    }

    void add(base::Diagnostic problem) {
        problem.file = file_;
        problem.line = number_;
        problems_.push_back(std::move(problem));
        if (problems_.size() == most_problems)
            stop(fmt::format("{} lines with errors", most_problems),
                 "fewer; the lines behind this one are not read");
    }

    void stop(std::string found, std::string expected) {
        problems_.push_back(
            {.file = file_, .line = number_, .found = std::move(found), .expected = std::move(expected)});
        stopped_ = true;
    }

    const std::string& file_;
    const ExampleLimits& limits_;
    std::vector<ExampleLine> examples_;
    base::Diagnostics problems_;
    int number_ = 0;
    bool stopped_ = false;
};

/// What the examples need of a machine.
struct Extent {
    int cells = 1;
    int registers = 1;
    int largest_value = 0;
};

Extent extent_of(const std::vector<ExampleLine>& lines) {
    Extent extent;
    const auto cover = [&extent](const std::vector<int>& list, int& longest) {
        longest = std::max(longest, static_cast<int>(list.size()));
        for (const int value : list) extent.largest_value = std::max(extent.largest_value, value);
    };
    for (const ExampleLine& line : lines) {
        cover(line.memory, extent.cells);
        cover(line.expected_memory, extent.cells);
        cover(line.expected_registers, extent.registers);
        if (line.registers) cover(*line.registers, extent.registers);
    }
    return extent;
}

std::vector<int> filled(std::vector<int> list, int size, int filler) {
    list.resize(static_cast<std::size_t>(size), filler);
    return list;
}

machine::Example to_example(const ExampleLine& line, int cells, int registers) {
    machine::Example example{.memory = filled(line.memory, cells, 0)};
    if (line.registers) example.registers = filled(*line.registers, registers, 0);
    example.expected_memory = filled(line.expected_memory, cells, machine::not_scored);
    if (!line.expected_registers.empty())
        example.expected_registers = filled(line.expected_registers, registers, machine::not_scored);
    return example;
}

/// That memories of different length are made as long as the machine's, if any is shorter.
std::vector<std::string> notes_on(const std::vector<ExampleLine>& lines, int cells) {
    const auto shortest = std::min_element(lines.begin(), lines.end(), [](const auto& a, const auto& b) {
        return a.memory.size() < b.memory.size();
    });
    if (shortest->memory.size() >= static_cast<std::size_t>(cells)) return {};
    return {fmt::format("lists are filled up with zeros to {} cells, from {} on line {}", cells,
                        shortest->memory.size(), shortest->line)};
}

/// Lists stay as long as they are written until an example is asked for: one long line does not make a large
/// file larger.
Task to_task(std::vector<ExampleLine> lines, const std::string& file, const ExampleFileSizes& sizes) {
    const Extent extent = extent_of(lines);
    Task task{.name = base::printable(std::filesystem::path(file).stem().string()),
              .summary = fmt::format("The {} example{} of {}.", lines.size(), lines.size() == 1 ? "" : "s",
                                     base::printable(file))};
    task.cells = sizes.cells.value_or(extent.cells);
    task.base = sizes.base.value_or(std::max({task.cells, extent.largest_value + 1, 2}));
    task.registers = sizes.registers.value_or(std::max(default_registers, extent.registers));
    task.lines = sizes.lines.value_or(default_lines);
    task.steps = sizes.steps.value_or(default_steps_per_line * task.lines);
    task.notes = notes_on(lines, task.cells);
    task.domain_size = lines.size();
    task.from_examples = true;
    task.sets_registers = std::any_of(lines.begin(), lines.end(),
                                      [](const ExampleLine& line) { return line.registers.has_value(); });
    const auto shared = std::make_shared<const std::vector<ExampleLine>>(std::move(lines));
    task.example = [shared, cells = task.cells, registers = task.registers](std::uint64_t index) {
        return to_example((*shared)[static_cast<std::size_t>(index)], cells, registers);
    };
    task.origin = [shared, file](std::uint64_t index) {
        return fmt::format("{}:{}", file, (*shared)[static_cast<std::size_t>(index)].line);
    };
    return task;
}

} // namespace

base::Result<Task> parse_examples(std::string_view text, const std::string& file,
                                  const ExampleFileSizes& sizes) {
    if (base::Diagnostics problems = check_sizes(file, sizes); !problems.empty())
        return base::failure(std::move(problems));
    const ExampleLimits limits = limits_for(sizes);
    auto lines = Reader(file, limits).read(text);
    if (!lines) return base::failure(std::move(lines.error()));
    Task task = to_task(std::move(*lines), file, sizes);
    task.examples_sha256 = base::sha256(text);
    return task;
}

base::Result<Task> load_examples(const std::string& path, const ExampleFileSizes& sizes) {
    const auto text = base::read_file(path, largest_file);
    if (!text) return base::failure(text.error());
    return parse_examples(*text, path, sizes);
}

} // namespace ropewalk::tasks
