// A program given on the command line: an assembly file or a model file.
#pragma once

#include <variant>

#include "ropewalk/cli/cli.hpp"

namespace ropewalk::cli {

using Source = std::variant<assembly::Program, compiler::Model>;

/// Reads assembly, or a model when the file is in the safetensors layout (by its name or its first bytes).
base::Result<Source> load_source(const std::string& path, const assembly::ParseOverrides& overrides = {});

/// The program of a source: a model is decompiled, all of its lines.
assembly::Program program_of(const Source& source);

} // namespace ropewalk::cli
