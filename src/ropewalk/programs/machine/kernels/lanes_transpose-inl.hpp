// Weights and gradients between the order of programs, [programs, entries], and that of lanes, [entries,
// lanes]. Plain version: the loops for the scalar target, which double precision has, too.
#if defined(ROPEWALK_LANES_TRANSPOSE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef ROPEWALK_LANES_TRANSPOSE_INL
#undef ROPEWALK_LANES_TRANSPOSE_INL
#else
#define ROPEWALK_LANES_TRANSPOSE_INL
#endif

#include <algorithm>
#include <cstddef>

#include "ropewalk/programs/machine/kernels/lanes_vector-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace ropewalk::machine::lanes::HWY_NAMESPACE::inline ROPEWALK_LANES_NUMBERS {

#if HWY_TARGET != HWY_SCALAR && !defined(ROPEWALK_LANES_IN_DOUBLE)
/// to[c][r] = factor * from[r][c] for four rows of four. 773 against 779 ns per step with loops over single
/// entries (step_samples/forward_backward/b8_n4_m8_L8_T32).
HWY_INLINE void transpose_block(const Real* const (&from)[4], Real* const (&to)[4], Real factor) {
    const hn::CappedTag<Real, 4> d;
    const hn::Repartition<double, decltype(d)> twos;
    const auto by = hn::Set(d, factor);
    const auto row = [&](int r) ROPEWALK_INLINED { return hn::Mul(by, hn::LoadU(d, from[r])); };
    const auto row0 = row(0), row1 = row(1), row2 = row(2), row3 = row(3);
    const auto low01 = hn::BitCast(twos, hn::InterleaveLower(d, row0, row1)),
               low23 = hn::BitCast(twos, hn::InterleaveLower(d, row2, row3)),
               high01 = hn::BitCast(twos, hn::InterleaveUpper(d, row0, row1)),
               high23 = hn::BitCast(twos, hn::InterleaveUpper(d, row2, row3));
    hn::StoreU(hn::BitCast(d, hn::InterleaveLower(twos, low01, low23)), d, to[0]);
    hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(twos, low01, low23)), d, to[1]);
    hn::StoreU(hn::BitCast(d, hn::InterleaveLower(twos, high01, high23)), d, to[2]);
    hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(twos, high01, high23)), d, to[3]);
}
#endif

/// lanes[place[i], k] = programs[k, i] for every lane k; the last program goes into lanes that are left.
inline HWY_ATTR void to_lanes(const Real* programs, std::size_t count, std::size_t entries,
                              const std::size_t* place, Real* lanes) {
    constexpr std::size_t width = lane_count;
    const auto program = [&](std::size_t k)
                             ROPEWALK_INLINED { return programs + std::min(k, count - 1) * entries; };
    std::size_t i = 0;
#if HWY_TARGET != HWY_SCALAR && !defined(ROPEWALK_LANES_IN_DOUBLE)
    for (; i + 4 <= entries; i += 4)
        for (std::size_t k = 0; k < width; k += 4) {
            const auto to = [&](std::size_t e) ROPEWALK_INLINED { return lanes + place[i + e] * width + k; };
            transpose_block({program(k) + i, program(k + 1) + i, program(k + 2) + i, program(k + 3) + i},
                            {to(0), to(1), to(2), to(3)}, 1);
        }
#endif
    for (; i < entries; ++i)
        for (std::size_t k = 0; k < width; ++k) lanes[place[i] * width + k] = program(k)[i];
}

/// programs[k, i] = factor * lanes[place[i], k] for the first `count` lanes.
inline HWY_ATTR void from_lanes(const Real* lanes, const std::size_t* place, std::size_t count,
                                std::size_t entries, Real factor, Real* programs) {
    constexpr std::size_t width = lane_count;
    std::size_t i = 0;
#if HWY_TARGET != HWY_SCALAR && !defined(ROPEWALK_LANES_IN_DOUBLE)
    for (; i + 4 <= entries; i += 4) {
        std::size_t k = 0;
        for (; k + 4 <= count; k += 4) {
            const auto from = [&](std::size_t e)
                                  ROPEWALK_INLINED { return lanes + place[i + e] * width + k; };
            Real* const to = programs + k * entries + i;
            transpose_block({from(0), from(1), from(2), from(3)},
                            {to, to + entries, to + 2 * entries, to + 3 * entries}, factor);
        }
        for (; k < count; ++k)
            for (std::size_t e = i; e < i + 4; ++e)
                programs[k * entries + e] = factor * lanes[place[e] * width + k];
    }
#endif
    for (; i < entries; ++i)
        for (std::size_t k = 0; k < count; ++k)
            programs[k * entries + i] = factor * lanes[place[i] * width + k];
}

/// sums[i] += the sum over the lanes of vector i: four vectors become one whose blocks of four lanes hold a
/// part of each vector's sum, and the blocks are added.
inline HWY_ATTR void add_lane_sums(const Real* vectors, std::size_t count, Real* sums) {
    const auto vector = [&](std::size_t at) ROPEWALK_INLINED { return load(vectors, static_cast<int>(at)); };
    std::size_t i = 0;
#if HWY_TARGET != HWY_SCALAR && !defined(ROPEWALK_LANES_IN_DOUBLE)
    const hn::Repartition<double, Tag> twos;
    const hn::CappedTag<Real, 4> fours;
    const auto halves = [&](V a, V b) ROPEWALK_INLINED {
        return hn::Add(hn::InterleaveLower(Tag(), a, b), hn::InterleaveUpper(Tag(), a, b));
    };
    for (; i + 4 <= count; i += 4) {
        const auto ab = hn::BitCast(twos, halves(vector(i), vector(i + 1)));
        const auto cd = hn::BitCast(twos, halves(vector(i + 2), vector(i + 3)));
        HWY_ALIGN Real blocks[lane_count];
        store(hn::Add(hn::BitCast(Tag(), hn::InterleaveLower(twos, ab, cd)),
                      hn::BitCast(Tag(), hn::InterleaveUpper(twos, ab, cd))),
              blocks, 0);
        auto sum = hn::LoadU(fours, sums + i);
        for (std::ptrdiff_t k = 0; k < lane_count; k += 4) sum = hn::Add(sum, hn::Load(fours, blocks + k));
        hn::StoreU(sum, fours, sums + i);
    }
#endif
    for (; i < count; ++i) sums[i] += hn::GetLane(hn::SumOfLanes(Tag(), vector(i)));
}

} // namespace ropewalk::machine::lanes::HWY_NAMESPACE::inline ROPEWALK_LANES_NUMBERS
HWY_AFTER_NAMESPACE();

#endif
