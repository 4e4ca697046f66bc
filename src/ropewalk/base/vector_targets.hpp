// Which targets Highway compiles here, what they are called, and how a function compiled for one is found.
// Include it before hwy/foreach_target.h, in kernels only: it is not part of base.hpp, because it needs
// Highway.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

// Sanitizers multiply unrolled code until the compiler needs minutes and gigabytes: with them the same source
// is compiled as loops, for two targets.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define ROPEWALK_UNROLLS false
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define ROPEWALK_UNROLLS false
#endif
#endif
#ifndef ROPEWALK_UNROLLS
#define ROPEWALK_UNROLLS true
#endif

#include "ropewalk/base/vector_targets_left_out.hpp" // written by CMake

// SSSE3 adds nothing over SSE4 on processors still in use; SVE vectors have no size at compile time.
#define ROPEWALK_NEVER_COMPILED (HWY_SSSE3 | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128)
#if ROPEWALK_UNROLLS
#define HWY_DISABLED_TARGETS (ROPEWALK_NEVER_COMPILED | ROPEWALK_TARGETS_LEFT_OUT)
#else
#define HWY_DISABLED_TARGETS (ROPEWALK_NEVER_COMPILED | HWY_SSE4 | HWY_AVX3)
#endif
#include <hwy/targets.h>

namespace ropewalk::base {

/// Index of a Highway target in a table made by HWY_EXPORT.
///
/// Highway's own dynamic dispatch keeps one choice for the whole process; a table look-up lets a caller
/// choose.
inline std::size_t table_index(std::int64_t target) {
    if constexpr ((HWY_TARGETS & (HWY_TARGETS - 1)) == 0)
        return 0;
    else
        return hwy::Num0BitsBelowLS1Bit_Nonzero64(
            static_cast<std::uint64_t>(HWY_CHOSEN_TARGET_SHIFT(target) | HWY_CHOSEN_TARGET_MASK_SCALAR));
}

/// The name by which ROPEWALK_TARGET and reports call a Highway target.
inline std::string_view target_name(std::int64_t target) {
    switch (target) {
    case HWY_AVX3_DL:
    case HWY_AVX3: return "avx512";
    case HWY_AVX2: return "avx2";
    case HWY_SSE4: return "sse4";
    case HWY_NEON: return "neon";
    default: return "scalar";
    }
}

/// Compiled targets that this machine can run, best first.
inline std::vector<std::int64_t> usable_targets() {
    std::vector<std::int64_t> found;
    const std::int64_t usable = (hwy::SupportedTargets() | HWY_STATIC_TARGET) & HWY_TARGETS;
    for (std::int64_t rest = usable; rest != 0; rest &= rest - 1) found.push_back(rest & ~(rest - 1));
    return found;
}

} // namespace ropewalk::base
