#include "ropewalk/programs/assembly/parser.hpp"

#include <map>
#include <set>

#include <fmt/format.h>

#include "ropewalk/programs/assembly/lexer.hpp"

namespace ropewalk::assembly {

namespace {

struct Label {
    int target;
    int source_line;
};

/// A label that is used but may not be defined yet.
struct Reference {
    std::size_t instruction;
    const TokenLine* line;
    Token token;
};

bool is_name(std::string_view text) {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    if (text.empty() || !letter(text[0])) return false;
    return std::all_of(text.begin(), text.end(),
                       [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '.'; });
}

std::string signature(const InstructionInfo& row) {
    std::string text(row.name);
    for (const Operand& operand : row.operands()) text += " " + std::string(operand.name);
    return text;
}

/// After that many errors the rest is noise, and a hostile file could fill the memory with them.
constexpr std::size_t most_errors = 50;

constexpr std::size_t largest_source = std::size_t{16} << 20;

/// Errors beyond this column do without their source line: fifty copies of a long one fill the memory too.
constexpr std::size_t longest_excerpt = 4096;

class Parser {
public:
    Parser(const std::string& file, const std::vector<TokenLine>& lines, const ParseOverrides& overrides)
        : file_(file), lines_(lines), overrides_(overrides) {}

    base::Result<Program> run() {
        program_.file = file_;
        for (const TokenLine& line : lines_) directive(line);
        settle_sizes();
        for (const TokenLine& line : lines_) initial_value(line);
        for (const TokenLine& line : lines_) statement(line);
        resolve_labels();
        if (program_.instructions.empty() && errors_.empty())
            errors_.push_back(
                {.file = file_, .found = "no instructions", .expected = "at least one instruction"});
        if (program_.lines() > largest_line_count)
            errors_.push_back({.file = file_,
                               .found = fmt::format("{} instructions", program_.lines()),
                               .expected = fmt::format("at most {}", largest_line_count)});
        if (errors_.empty()) return std::move(program_);
        return base::failure(std::move(sorted_errors()));
    }

private:
    void error(const TokenLine& line, const Token& token, std::string found, std::string expected) {
        if (errors_.size() >= most_errors) {
            too_many_ = true;
            return;
        }
        errors_.push_back({.file = file_,
                           .line = line.line,
                           .column = token.column,
                           .found = std::move(found),
                           .expected = std::move(expected),
                           .source_line = excerpt(line, token),
                           .length = static_cast<int>(token.text.size())});
    }

    static std::string excerpt(const TokenLine& line, const Token& token) {
        if (static_cast<std::size_t>(token.column) > longest_excerpt) return {};
        return std::string(line.source.substr(0, longest_excerpt));
    }

    void error_at_end(const TokenLine& line, std::string found, std::string expected) {
        const Token& last = line.tokens.back();
        const int column = last.column + static_cast<int>(last.text.size());
        error(line, {" ", column}, std::move(found), std::move(expected));
    }

    base::Diagnostics& sorted_errors() {
        std::stable_sort(errors_.begin(), errors_.end(), [](const auto& a, const auto& b) {
            return std::pair(a.line, a.column) < std::pair(b.line, b.column);
        });
        if (too_many_)
            errors_.push_back({.file = file_,
                               .found = fmt::format("more than {} errors", most_errors),
                               .expected = "assembly text; the other errors are left out"});
        return errors_;
    }

    /// `.base`, `.cells`, `.registers` and `.steps`: a name and one number within its range.
    void directive(const TokenLine& line) {
        if (line.tokens.empty() || line.tokens[0].text[0] != '.' || line.tokens[0].text == ".let") return;
        const Token& name = line.tokens[0];
        const auto range = directive_range(name.text);
        if (!range) {
            error(line, name, "unknown directive " + base::quoted(name.text),
                  ".base, .cells, .registers, .steps or .let");
            return;
        }
        if (line.tokens.size() != 2) {
            if (line.tokens.size() < 2)
                error_at_end(line, "nothing", fmt::format("{} followed by a number", name.text));
            else
                error(line, line.tokens[2], "one word too many " + base::quoted(line.tokens[2].text),
                      "the end of the line");
            return;
        }
        const auto value = base::whole_number<long>(line.tokens[1].text);
        if (!value || *value < range->first || *value > range->second) {
            error(line, line.tokens[1], base::quoted(line.tokens[1].text) + " for " + std::string(name.text),
                  fmt::format("a number from {} to {}", range->first, range->second));
            return;
        }
        if (!directives_.emplace(name.text, std::pair(*value, &line)).second)
            error(line, name, fmt::format("{} twice", name.text), "each directive once");
    }

    static std::optional<std::pair<long, long>> directive_range(std::string_view name) {
        if (name == ".base") return std::pair(2l, long{largest_base});
        if (name == ".cells") return std::pair(1l, long{largest_base});
        if (name == ".registers") return std::pair(1l, long{largest_register_count});
        if (name == ".steps") return std::pair(1l, largest_step_count);
        return std::nullopt;
    }

    int directive_value(std::string_view name, std::optional<int> override_value, int otherwise) const {
        if (override_value) return *override_value;
        const auto found = directives_.find(name);
        return found == directives_.end() ? otherwise : static_cast<int>(found->second.first);
    }

    void settle_sizes() {
        program_.base = directive_value(".base", overrides_.base, 10);
        // A smaller base on the command line shrinks the memory with it, unless the cells are given there
        // too.
        const int cells = directive_value(".cells", overrides_.cells, program_.base);
        program_.cells = overrides_.base && !overrides_.cells ? std::min(cells, program_.base) : cells;
        program_.registers = directive_value(".registers", overrides_.registers, 4);
        program_.initial_registers.assign(static_cast<std::size_t>(program_.registers), 0);
        if (const auto steps = directives_.find(".steps"); steps != directives_.end())
            program_.steps = steps->second.first;
        if (program_.cells <= program_.base) return;
        const auto cells_directive = directives_.find(".cells");
        const std::string found = fmt::format("{} cells in base {}", program_.cells, program_.base);
        const std::string expected = fmt::format("at most {} cells, one per address", program_.base);
        if (cells_directive == directives_.end() || overrides_.cells)
            errors_.push_back({.file = file_, .found = found, .expected = expected});
        else
            error(*cells_directive->second.second, cells_directive->second.second->tokens[1], found,
                  expected);
    }

    /// `.let r4 2`
    void initial_value(const TokenLine& line) {
        if (line.tokens.empty() || line.tokens[0].text != ".let") return;
        if (line.tokens.size() < 3) {
            error_at_end(line, "nothing", ".let followed by a register and its value");
            return;
        }
        if (line.tokens.size() > 3) {
            error(line, line.tokens[3], "one word too many " + base::quoted(line.tokens[3].text),
                  "the end of the line");
            return;
        }
        const std::optional<int> target = register_index(line, line.tokens[1]);
        const auto value = base::whole_number<long>(line.tokens[2].text);
        if (!value || *value < 0 || *value >= program_.base) {
            error(line, line.tokens[2], "value " + base::quoted(line.tokens[2].text),
                  fmt::format("a number from 0 to {} (base {})", program_.base - 1, program_.base));
            return;
        }
        if (!target) return;
        if (!let_registers_.insert(*target).second)
            error(line, line.tokens[1], fmt::format(".let for r{} twice", *target + 1), "each register once");
        program_.initial_registers[static_cast<std::size_t>(*target)] = static_cast<int>(*value);
        program_.let_lines[*target] = line.line;
    }

    /// Any labels, then at most one instruction.
    void statement(const TokenLine& line) {
        if (!line.tokens.empty() && line.tokens[0].text[0] == '.') return;
        std::size_t at = 0;
        while (at < line.tokens.size() && line.tokens[at].text.ends_with(':'))
            define_label(line, line.tokens[at++]);
        if (at == line.tokens.size()) return;
        const Token& name = line.tokens[at];
        if (name.text[0] == '.') {
            error(line, name, "a directive behind a label", "the directive on a line of its own");
            return;
        }
        const InstructionInfo* row = find_instruction(name.text);
        if (row == nullptr) {
            unknown_instruction(line, name);
            return;
        }
        instruction(line, *row, at + 1);
    }

    void define_label(const TokenLine& line, const Token& token) {
        const std::string_view name = token.text.substr(0, token.text.size() - 1);
        if (!is_name(name)) {
            error(line, token, "label " + base::quoted(name),
                  "a letter or '_', then letters, digits, '_' and '.'");
            return;
        }
        const auto [existing, fresh] = labels_.emplace(name, Label{program_.lines(), line.line});
        if (!fresh)
            error(line, token, "duplicate label " + base::quoted(name),
                  fmt::format("a name not used before (it stands on line {} too)",
                              existing->second.source_line));
    }

    void unknown_instruction(const TokenLine& line, const Token& name) {
        std::vector<std::string> names;
        for (const InstructionInfo& row : instruction_table()) names.emplace_back(row.name);
        const std::string suggestion = base::closest(name.text, names);
        std::string expected;
        for (const std::string& each : names) expected += (expected.empty() ? "" : " ") + each;
        error(line, name, "unknown instruction " + base::quoted(name.text),
              suggestion.empty() ? "one of " + expected
                                 : fmt::format("an instruction; did you mean '{}'?", suggestion));
    }

    void instruction(const TokenLine& line, const InstructionInfo& row, std::size_t at) {
        Instruction result{.opcode = row.opcode};
        // The instruction takes its line even when it is wrong, so that labels below it keep their meaning.
        const std::size_t index = program_.instructions.size();
        for (const Operand& operand : row.operands()) {
            if (at >= line.tokens.size()) {
                error_at_end(line, fmt::format("missing operand '{}' of {}", operand.name, row.name),
                             signature(row));
                break;
            }
            const Token& token = line.tokens[at++];
            if (operand.role == OperandRole::label)
                references_.push_back({index, &line, token});
            else if (const auto value = register_index(line, token))
                set_operand(result, operand.role, *value);
        }
        if (at < line.tokens.size())
            error(line, line.tokens[at], "one operand too many " + base::quoted(line.tokens[at].text),
                  signature(row));
        program_.instructions.push_back(result);
    }

    std::optional<int> register_index(const TokenLine& line, const Token& token) {
        const bool named = token.text.starts_with('r');
        const auto value = base::whole_number<long>(named ? token.text.substr(1) : token.text);
        if (value && *value >= 1 && *value <= program_.registers) return static_cast<int>(*value - 1);
        error(line, token, "unknown register " + base::quoted(token.text),
              fmt::format("r1 to r{} (or 1 to {}; `.registers` sets how many)", program_.registers,
                          program_.registers));
        return std::nullopt;
    }

    void resolve_labels() {
        for (const Reference& reference : references_) {
            const auto label = labels_.find(reference.token.text);
            if (label != labels_.end() && label->second.target < program_.lines()) {
                program_.instructions[reference.instruction].target =
                    static_cast<std::uint16_t>(label->second.target);
                continue;
            }
            if (label != labels_.end()) {
                error(
                    *reference.line, reference.token,
                    fmt::format("label {} with no instruction after it", base::quoted(reference.token.text)),
                    "a label before an instruction (add a `halt` or `nop` at the end)");
                continue;
            }
            if (errors_.size() >= most_errors) {
                too_many_ = true;
                return;
            }
            constexpr std::size_t longest_suggestion = 64, most_suggestions = 1000;
            std::vector<std::string> names;
            for (const auto& entry : labels_)
                if (entry.first.size() <= longest_suggestion && names.size() < most_suggestions)
                    names.emplace_back(entry.first);
            const std::string suggestion = base::closest(reference.token.text, names);
            error(*reference.line, reference.token, "undefined label " + base::quoted(reference.token.text),
                  suggestion.empty() ? "a label of this file"
                                     : fmt::format("a label of this file; did you mean '{}'?", suggestion));
        }
        for (const auto& [name, label] : labels_)
            if (label.target < program_.lines()) program_.labels.emplace(label.target, std::string(name));
    }

    const std::string& file_;
    const std::vector<TokenLine>& lines_;
    const ParseOverrides& overrides_;
    Program program_;
    base::Diagnostics errors_;
    bool too_many_ = false;
    std::map<std::string_view, std::pair<long, const TokenLine*>> directives_;
    std::set<int> let_registers_;
    std::map<std::string_view, Label> labels_;
    std::vector<Reference> references_;
};

} // namespace

base::Result<Program> parse(std::string_view text, const std::string& file, const ParseOverrides& overrides) {
    const auto source = base::source_text(text, file, "assembly", largest_source);
    if (!source) return base::failure(source.error());
    const std::vector<TokenLine> lines = tokenize(*source);
    return Parser(file, lines, overrides).run();
}

base::Result<Program> parse_file(const std::string& path, const ParseOverrides& overrides) {
    auto text = base::read_file(path, largest_source);
    if (!text) return base::failure(std::move(text.error()));
    return parse(*text, path, overrides);
}

} // namespace ropewalk::assembly
