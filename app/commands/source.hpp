// A program given on the command line: an assembly file, a high-level program or a model file.
#pragma once

#include <variant>

#include "app/shared/shared.hpp"

namespace ropewalk::cli {

using Source = std::variant<assembly::Program, compiler::Model>;

/// Whether a file holds a high-level program, by its name (`.rope`).
bool is_high_level(const std::string& path);

/// Reads assembly, or a model when the file is in the safetensors layout (by its name or its first bytes), or
/// a high-level program, which is lowered for the base and cells given (10 and as many cells as the base
/// otherwise).
base::Result<Source> load_source(const std::string& path, const assembly::ParseOverrides& overrides = {});

/// Reads assembly, or a high-level program, which is lowered as above; its steps are left open where they depend on
/// memory.
base::Result<assembly::Program> load_program(const std::string& path, const assembly::ParseOverrides& overrides);

/// The program of a source: a model is decompiled, all of its lines.
assembly::Program program_of(const Source& source);

} // namespace ropewalk::cli
