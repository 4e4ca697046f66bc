// Differentiable machines as files that do without Ropewalk.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ropewalk/programs/compiler/compiler.hpp"

namespace ropewalk::exports {

/// Files by name and content: `machine.safetensors`, as compiler::save_model writes it; `machine.h` and `machine.c`, in
/// C99 with the weights inside, where -DROPE_SELF_TEST compiles a `main` that computes test vectors and returns 0 where
/// all are right to 1e-5; `machine.py`, which takes NumPy and reads the weights and the vectors, and as a script does the
/// same; `vectors.json`, what Ropewalk makes of some inputs, at most 200 steps each.
using Files = std::vector<std::pair<const char*, std::string>>;

/// `steps` are those that the machine runs for; nothing: the model's own. Fails where neither says any, and on weights
/// that are no finite numbers.
base::Result<Files> machine_files(const compiler::Model& model, std::optional<long> steps = {});

/// Writes them into a folder, which is made where it is not there. Fails where one of them is there and must not be
/// replaced, before anything is written.
base::Status export_machine(const compiler::Model& model, const std::string& folder, std::optional<long> steps,
                            base::Overwrite overwrite);

} // namespace ropewalk::exports
