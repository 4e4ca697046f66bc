// Which targets Highway compiles here, and how a function compiled for one is found. Include it before
// hwy/foreach_target.h.
#pragma once

#include <cstddef>
#include <cstdint>

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

// SSSE3 adds nothing over SSE4 on processors still in use; SVE vectors have no size at compile time.
#if ROPEWALK_UNROLLS
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128)
#else
#define HWY_DISABLED_TARGETS                                                                                 \
    (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3 | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128)
#endif
#include <hwy/targets.h>

namespace ropewalk::machine::lanes {

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

} // namespace ropewalk::machine::lanes
