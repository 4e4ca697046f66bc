#include "app/commands/source.hpp"

#include "ropewalk/programs/language/language.hpp"
#include "ropewalk/programs/lowering/lowering.hpp"

namespace ropewalk::cli {

namespace {

/// A high-level program whose steps depend on memory halts by itself; this is for one that does not.
constexpr long lowered_steps = 100'000;

/// A program over lists, for a machine with room for some.
base::Result<assembly::Program> lowered_lists(const std::string& text, const std::string& path,
                                              const assembly::ParseOverrides& sizes) {
    constexpr int roomy = 64;
    const int number_base = sizes.base.value_or(roomy);
    return functional::parse(text, path).and_then([&](const functional::Program& program) {
        return lowering::lower_for_any(program, number_base, sizes.cells.value_or(number_base))
            .map([](lowering::Lowered lowered) { return std::move(lowered.program); });
    });
}

/// Without steps where these depend on memory.
base::Result<assembly::Program> lowered(const std::string& text, const std::string& path,
                                        const assembly::ParseOverrides& sizes) {
    if (functional::is_functional(text)) return lowered_lists(text, path, sizes);
    const int number_base = sizes.base.value_or(assembly::Program{}.base);
    return language::parse(text, path).and_then([&](const language::Program& program) {
        auto assembly =
            language::lower(program, {.machine = {number_base, sizes.cells.value_or(number_base)}});
        if (!assembly)
            for (base::Diagnostic& each : assembly.error()) each.file = path;
        return assembly;
    });
}

assembly::Program with_steps(assembly::Program program) {
    if (!program.steps) program.steps = lowered_steps;
    return program;
}

} // namespace

bool is_high_level(const std::string& path) { return path.ends_with(".rope"); }

base::Result<Source> load_source(const std::string& path, const assembly::ParseOverrides& overrides) {
    const auto as_source = [](auto value) { return Source(std::move(value)); };
    auto bytes = base::read_file(path);
    if (!bytes) return base::failure(std::move(bytes.error()));
    if (is_high_level(path)) return lowered(*bytes, path, overrides).map(with_steps).map(as_source);
    // A safetensors file starts with the 8-byte length of a JSON object.
    const bool model =
        path.ends_with(".safetensors") || (bytes->size() > 8 && (*bytes)[8] == '{' && (*bytes)[7] == '\0');
    if (model && (overrides.base || overrides.cells || overrides.registers))
        return base::failure(path, "--base or --cells with a model file",
                             "an assembly file; a model has the sizes it was compiled or tuned for");
    if (model) return compiler::from_safetensors(*bytes, path).map(as_source);
    return assembly::parse(*bytes, path, overrides).map(as_source);
}

base::Result<assembly::Program> load_program(const std::string& path, const assembly::ParseOverrides& overrides) {
    if (!is_high_level(path)) return assembly::parse_file(path, overrides);
    return base::read_file(path).and_then(
        [&](const std::string& text) { return lowered(text, path, overrides); });
}

assembly::Program program_of(const Source& source) {
    if (const auto* program = std::get_if<assembly::Program>(&source)) return *program;
    // All lines: which ones are unreachable depends on the registers a run starts with.
    return decompile(std::get<compiler::Model>(source)).complete;
}

} // namespace ropewalk::cli
