#pragma once

#include <string>

#include "ropewalk/programs/compiler/model.hpp"

namespace ropewalk::compiler {

/// A model as bytes in the safetensors layout: one F32 tensor per head (`instruction` [L, F], `first`,
/// `second`, `destination` [L, n], `target` [L, L] where the machine has it), sizes and switches as metadata.
std::string to_safetensors(const Model& model);

/// The inverse. Refuses bytes that are truncated, not a safetensors file, not a Ropewalk program, or
/// inconsistent, and says what is wrong; `file` names them in diagnostics.
base::Result<Model> from_safetensors(std::string_view bytes, const std::string& file);

base::Result<std::string> save_model(const Model& model, const std::string& path, base::Overwrite overwrite);
base::Result<Model> load_model(const std::string& path);

} // namespace ropewalk::compiler
