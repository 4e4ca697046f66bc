// What the library that knows libtorch and the rest of the room agree on.
#pragma once

#include <cstdint>

#include "ropewalk/images/networks/engine.hpp"
#include "ropewalk/images/networks/process_group.hpp"
#include "ropewalk/images/networks/proposer.hpp"
#include "ropewalk/images/networks/roap_engine.hpp"

namespace ropewalk::perception {

inline constexpr const char* engine_library_name = "libropewalk_torch.so";

/// Which process of a group this is, and where they meet: process 0 listens there.
struct ProcessGroupOptions {
    std::size_t rank = 0;
    std::size_t size = 1;
    std::string address;
    std::size_t port = 0;
};

/// The library's word for what it was built against. A library whose word is another one is refused: it would
/// read other options than the caller wrote. The count goes up with every change of these interfaces that
/// leaves all sizes as they are.
inline constexpr const char* engine_abi_name = "ropewalk_engine_abi";
constexpr std::uint64_t engine_abi() {
    constexpr std::uint64_t count = 4;
    std::uint64_t word = count;
    for (const std::uint64_t size : {sizeof(EngineOptions), sizeof(RoapEngineOptions),
                                     sizeof(ProposerOptions), sizeof(ProcessGroupOptions), sizeof(base::Diagnostic), sizeof(Tensor)})
        word = word * 1'000'003 + size;
    return word;
}
using EngineAbi = std::uint64_t();

inline constexpr const char* engine_entry_name = "ropewalk_make_engine";
inline constexpr const char* roap_engine_entry_name = "ropewalk_make_roap_engine";
inline constexpr const char* proposer_entry_name = "ropewalk_make_proposer";
inline constexpr const char* process_group_entry_name = "ropewalk_make_process_group";

/// Made like make_engine's; waits for the others.
base::Result<std::shared_ptr<ProcessGroup>> make_process_group(const ProcessGroupOptions& options);

/// The library's entries: each fills in an engine or the reason why there is none.
using MakeEngine = void(const EngineOptions&, base::Result<std::unique_ptr<Engine>>&);
using MakeRoapEngine = void(const RoapEngineOptions&, base::Result<std::unique_ptr<RoapEngine>>&);
using MakeProposer = void(const ProposerOptions&, base::Result<std::unique_ptr<Proposer>>&);
using MakeProcessGroup = void(const ProcessGroupOptions&, base::Result<std::shared_ptr<ProcessGroup>>&);

} // namespace ropewalk::perception
