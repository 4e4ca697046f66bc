// What the fuzzers share: each file beside this one defines LLVMFuzzerTestOneInput, which takes bytes from
// libFuzzer
// (`./run fuzz SECONDS`) or from tests/fuzz/corpus (`fuzz_test.cpp`) and stops the process where something
// does not hold.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include <sys/mman.h>
#include <unistd.h>

#include "ropewalk/base/base.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace ropewalk::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

/// Says what does not hold and ends the process.
inline void holds(bool condition, const char* what) {
    if (condition) return;
    std::fprintf(stderr, "does not hold: %s\n", what);
    std::abort();
}

/// The end of an input that a reader refuses.
inline int refused(const base::Diagnostics& diagnostics) {
    holds(!base::render(diagnostics).empty(), "a refusal says why");
    return 0;
}

/// Bytes as a file in memory, for readers that take a path.
class MemoryFile {
public:
    explicit MemoryFile(std::string_view bytes) : descriptor_(memfd_create("fuzz", MFD_CLOEXEC)) {
        holds(write(descriptor_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()),
              "a file in memory is written");
    }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;
    ~MemoryFile() { close(descriptor_); }

    std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

private:
    int descriptor_;
};

} // namespace ropewalk::fuzz
