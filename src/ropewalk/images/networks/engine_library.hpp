// What the library that knows libtorch and the rest of the room agree on.
#pragma once

#include "ropewalk/images/networks/engine.hpp"
#include "ropewalk/images/networks/proposer.hpp"
#include "ropewalk/images/networks/roap_engine.hpp"

namespace ropewalk::perception {

inline constexpr const char* engine_library_name = "libropewalk_torch.so";
inline constexpr const char* engine_entry_name = "ropewalk_make_engine";
inline constexpr const char* roap_engine_entry_name = "ropewalk_make_roap_engine";
inline constexpr const char* proposer_entry_name = "ropewalk_make_proposer";

/// The library's entries: each fills in an engine or the reason why there is none.
using MakeEngine = void(const EngineOptions&, base::Result<std::unique_ptr<Engine>>&);
using MakeRoapEngine = void(const RoapEngineOptions&, base::Result<std::unique_ptr<RoapEngine>>&);
using MakeProposer = void(const ProposerOptions&, base::Result<std::unique_ptr<Proposer>>&);

} // namespace ropewalk::perception
