#include "app/commands/induce_lists.hpp"

#include <fmt/format.h>

#include "app/reports/reports.hpp"
#include "ropewalk/programs/exports/exports.hpp"
#include "ropewalk/programs/lowering/lowering.hpp"

namespace ropewalk::cli {

namespace {

std::string call_of(const std::vector<values::Value>& inputs) {
    std::string text;
    for (const values::Value& each : inputs) text += (text.empty() ? "" : ", ") + values::to_text(each);
    return "solve(" + text + ")";
}

base::Result<std::string> exported(const ListOptions& options, const functional::Program& program,
                                   const synthesis::Examples& examples) {
    if (options.language == "python") return exports::to_python(program, examples);
    if (options.language == "c") return exports::to_c(program, examples);
    if (options.language.empty() || options.language == "rope") return functional::to_string(program);
    std::vector<std::vector<values::Value>> inputs;
    for (const synthesis::Example& each : examples.rows) inputs.push_back(each.inputs);
    return lowering::lower_for(program, inputs, options.base, options.cells)
        .map([&](const lowering::Lowered& lowered) { return to_text(lowered, program); });
}

/// That one example may be wrong, as something in the program is there for it alone; empty where there is none.
std::string odd_text(const synthesis::Choice& choice, const synthesis::Examples& examples) {
    if (!choice.odd) return "";
    const synthesis::Example& row = examples.rows[choice.odd->row];
    return fmt::format("\nThe examples do not decide: a part of this program is there for example {} alone, {} = {}. Right on all others is\n\n{}\n"
                       "If that example is wrong, mend it and try again.\n",
                       choice.odd->row + 1, call_of(row.inputs), values::to_text(row.output),
                       functional::to_string(functional::simplify(choice.odd->program)));
}

/// What the examples leave open, or that they do not say enough; empty where they decide.
std::string doubt_text(const synthesis::Choice& choice, const synthesis::Examples& known) {
    const std::size_t examples = known.rows.size();
    if (choice.decided()) return "";
    if (choice.odd) return odd_text(choice, known);
    if (choice.rival) {
        const synthesis::Rival& rival = *choice.rival;
        return fmt::format("\nThe examples do not decide. For {} this gives {}; as right on the examples, and {} "
                           "there, is\n\n{}\n"
                           "Add the example that is right, and try again.\n",
                           call_of(rival.inputs), values::to_text(rival.chosen_value), values::to_text(rival.rival_value),
                           functional::to_string(functional::simplify(rival.program)));
    }
    std::string text;
    if (choice.output_bits < choice.tried_bits)
        text = fmt::format("\n{} {} not decide among so many programs ({:.0f} bits of output, 2^{:.0f} programs tried): "
                           "this may fit by accident.",
                           examples, examples == 1 ? "example does" : "examples do", choice.output_bits, choice.tried_bits);
    else if (choice.support < synthesis::Choice::least_support)
        text = fmt::format("\nThe examples do not decide: a branch of this program was needed on {} of them.", choice.support);
    else
        text = "\nThe examples do not decide: not all programs as long as this one were tried, and others may fit.";
    return text + "\nMore examples, longer and less alike, make sure; one that is wrong makes any program odd.\n";
}

Json json_of(const synthesis::Synthesised& found, const std::optional<synthesis::Choice>& choice, const synthesis::Examples& examples) {
    Json shown = Json::array();
    for (const synthesis::Example& each : examples.rows)
        shown.push_back({{"call", call_of(each.inputs)}, {"value", values::to_text(each.output)}});
    Json object{{"found", choice.has_value()},
                {"examples", std::move(shown)},
                {"program", choice ? Json(functional::to_string(choice->program)) : Json(nullptr)},
                {"candidates", found.candidates},
                {"seconds", found.seconds},
                {"stop_reason", base::to_string(found.stop_reason)}};
    if (!choice) return object;
    object["decided"] = choice->decided();
    object["output_bits"] = choice->output_bits;
    object["tried_bits"] = choice->tried_bits;
    object["rival"] = nullptr;
    if (choice->rival)
        object["rival"] = {{"program", functional::to_string(choice->rival->program)},
                           {"input", call_of(choice->rival->inputs)},
                           {"value", values::to_text(choice->rival->chosen_value)},
                           {"value_of_rival", values::to_text(choice->rival->rival_value)}};
    object["odd_example"] = nullptr;
    if (choice->odd)
        object["odd_example"] = {{"example", choice->odd->row + 1},
                                 {"program_without", functional::to_string(functional::simplify(choice->odd->program))}};
    return object;
}

base::Result<std::vector<functional::Program>> solved_programs(const std::vector<std::string>& files) {
    std::vector<functional::Program> programs;
    for (const std::string& file : files) {
        auto program = base::read_file(file).and_then([&](const std::string& text) { return functional::parse(text, file); });
        if (!program) return base::failure(program.error());
        programs.push_back(std::move(*program));
    }
    return programs;
}

synthesis::Synthesised search(const synthesis::Examples& examples, double seconds, const ListOptions& options,
                              std::vector<functional::Program> fit, const CommonOptions& common, LivePage& page) {
    base::ProgressReporter progress("induce", base::ProgressReporter::style_for(stderr, common.quiet));
    return synthesis::synthesise(examples, {.run = {.seed = common.seed,
                                                    .threads = common.threads,
                                                    .seconds = seconds,
                                                    .progress = page.watching(progress.sink()),
                                                    .stop = interruption()},
                                            .memory = options.memory_mebibytes << 20,
                                            .without = options.without,
                                            .fit = std::move(fit)});
}

void show_nothing_found(const synthesis::Synthesised& found) {
    fmt::print("No program found among {} in {:.1f} s.\nMore time (--seconds) may help. One wrong example hides every program: check "
               "them. Of a task in several steps,\nask for one step at a time.\n",
               found.candidates, found.seconds);
}

/// The program and what the examples leave open; or, where there is code, the code alone, so that it can be sent on.
void show(const synthesis::Choice& choice, const synthesis::Synthesised& found, const synthesis::Examples& known, const std::string& code) {
    const std::string doubt = doubt_text(choice, known);
    const std::size_t examples = known.rows.size();
    if (!code.empty()) {
        fmt::print("{}", code);
        say("{}", doubt);
        return;
    }
    fmt::print("{}\nRight on {}; {} programs tried in {:.2f} s.\n{}", functional::to_string(choice.program),
               examples == 1 ? "the one example" : fmt::format("{} of {} examples", examples, examples), found.candidates, found.seconds, doubt);
}

} // namespace

void add_list_options(CLI::App& command, ListOptions& options) {
    command
        .add_option("--export", options.language, "For lists: language of what -o writes, or of what is printed without -o: rope, python, c or asm")
        ->check(CLI::IsMember({"rope", "python", "c", "asm"}));
    command.add_option("--memory", options.memory_mebibytes, "For lists: MiB that the search may hold")
        ->capture_default_str()
        ->check(CLI::Range(std::size_t{16}, std::size_t{1} << 20));
    command
        .add_option("--without", options.without,
                    "For lists: functions that the program must not use, e.g. sort,reverse")
        ->delimiter(',')
        ->check([](const std::string& name) {
            if (functional::operator_named(name)) return std::string{};
            std::vector<std::string> names;
            for (const functional::OperatorFacts& each : functional::all_operators())
                if (functional::operator_named(each.name)) names.emplace_back(each.name);
            const std::string meant = base::closest(name, names);
            return fmt::format("found {}; expected a function of the language{} (docs/lists.md lists them)", name,
                               meant.empty() ? "" : "; did you mean '" + meant + "'?");
        });
}

std::optional<std::string> list_examples_in(const std::string& path) {
    auto text = base::read_file(path);
    if (!text || !synthesis::are_list_examples(*text)) return std::nullopt;
    return std::move(*text);
}

int induce_lists(const std::string& text, const std::string& path, const std::string& output, double seconds,
                 const ListOptions& options, const CommonOptions& common) {
    const auto examples = synthesis::parse_examples(text, path);
    if (!examples) return report(examples.error());
    for (const std::string& note : examples->notes) say("note: {}: {}\n", path, note);
    auto fit = solved_programs(options.fit);
    if (!fit) return report(fit.error());
    if (const auto free = base::free_file(output, overwrite_of(common)); !free) return report(free.error());
    LivePage page(common.page, "A program for " + path, common);
    if (const auto begun = page.begin(); !begun) return report(begun.error());
    const synthesis::Synthesised found = search(*examples, seconds, options, std::move(*fit), common, page);
    std::optional<synthesis::Choice> choice;
    if (!found.programs.empty()) choice = synthesis::choose(found, *examples, common.seed);
    const Json record = json_of(found, choice, *examples);
    if (common.json) print(record);
    if (const auto shown = page.finish([&] { return report_page(record, ""); }); !shown) return report(shown.error());
    if (!choice) {
        if (!common.json) show_nothing_found(found);
        return exit_not_found;
    }
    base::Result<std::string> code = std::string();
    if (!output.empty() || !options.language.empty()) code = exported(options, choice->program, *examples);
    if (!code) return report(code.error());
    const bool code_alone = output.empty() && !options.language.empty();
    if (!common.json) show(*choice, found, *examples, code_alone ? *code : "");
    if (output.empty()) return exit_done;
    if (const auto written = base::write_file(output, *code, overwrite_of(common)); !written) return report(written.error());
    if (!common.json) fmt::print("\nWritten to {}\n", output);
    return exit_done;
}

} // namespace ropewalk::cli
