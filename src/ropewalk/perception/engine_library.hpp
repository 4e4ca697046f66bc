// What the library that knows libtorch and the rest of the room agree on.
#pragma once

#include "ropewalk/perception/engine.hpp"

namespace ropewalk::perception {

inline constexpr const char* engine_library_name = "libropewalk_torch.so";
inline constexpr const char* engine_entry_name = "ropewalk_make_engine";

/// The library's only entry: fills in an engine or the reason why there is none.
using MakeEngine = void(const EngineOptions&, base::Result<std::unique_ptr<Engine>>&);

} // namespace ropewalk::perception
