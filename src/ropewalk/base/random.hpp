#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

// Philox needs no vector instructions, and their headers cost more than it does.
#ifndef R123_USE_SSE
#define R123_USE_SSE 0
#endif
#ifndef R123_USE_X86INTRIN_H
#define R123_USE_X86INTRIN_H 0
#endif
#include <Random123/philox.h>

#include "ropewalk/base/expects.hpp"

namespace ropewalk::base {

/// What a stream is drawn for. Streams of different purposes never share numbers; values are part of the
/// reproducibility promise, so members are only ever appended.
enum class Purpose : std::uint32_t {
    test = 0,
    compile_noise = 1,
    random_program = 2,
    training_examples = 3,
    held_out_examples = 4,
    minibatch = 5,
    certificate_inputs = 6,
    schedule = 7,
    population = 8,
    weight_noise = 9,
    reseed = 10,
    large_domain = 11,
    task_draw = 12,
    labels = 13,
    gumbel = 14,
    sketch_start = 15,
    subsample = 16,
    constant_start = 17,
    glyph = 18,
    batch_images = 19,
    batch_rows = 20,
    augmentation = 21,
    judged_images = 22,
    table_rows = 23,
    table_noise = 24,
    table_constants = 25,
    step_tasks = 26,
    consensus = 27,
    first_weights = 28,
    exported_inputs = 29,
    dropout = 30,
};

/// Counter-based random numbers (Philox4x32-10, Salmon et al. 2011) keyed by (seed, purpose, index).
///
/// The n-th number of a stream depends on nothing else, so results are the same at any number of threads and
/// whatever else runs beside them. A stream yields 2^34 32-bit numbers before it repeats.
class RandomStream {
public:
    using result_type = std::uint32_t;

    RandomStream(std::uint64_t seed, Purpose purpose, std::uint64_t index = 0)
        : key_{{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}},
          counter_{{0, static_cast<std::uint32_t>(purpose), static_cast<std::uint32_t>(index),
                    static_cast<std::uint32_t>(index >> 32)}} {}

    std::uint32_t operator()() {
        if (used_ == 4) {
            block_ = r123::Philox4x32()(counter_, key_);
            ++counter_[0];
            used_ = 0;
        }
        return block_[used_++];
    }

    static constexpr std::uint32_t min() { return 0; }
    static constexpr std::uint32_t max() { return 0xffffffffu; }

    /// Uniform in [0, 1), a multiple of 2^-32.
    double uniform() { return (*this)() * 0x1p-32; }

    /// Normal with mean 0 and standard deviation 1 (Box and Muller 1958).
    double normal() {
        const double radius = std::sqrt(-2 * std::log(1 - uniform()));
        return radius * std::cos(2 * std::numbers::pi * uniform());
    }

    /// Uniform in 0..bound-1 without bias (Lemire 2019). `bound` must be at least 1.
    std::uint32_t below(std::uint32_t bound) {
        expects(bound >= 1);
        std::uint64_t product = std::uint64_t{(*this)()} * bound;
        if (static_cast<std::uint32_t>(product) < bound) {
            const std::uint32_t threshold = (0u - bound) % bound;
            while (static_cast<std::uint32_t>(product) < threshold)
                product = std::uint64_t{(*this)()} * bound;
        }
        return static_cast<std::uint32_t>(product >> 32);
    }

    /// Uniform in 0..bound-1 for bounds beyond 2^32; the bias is below bound / 2^64. `bound` must be at least
    /// 1.
    std::uint64_t below64(std::uint64_t bound) {
        expects(bound >= 1);
        const std::uint64_t high = (*this)();
        const std::uint64_t bits = high << 32 | (*this)();
        return static_cast<std::uint64_t>((static_cast<Wide>(bits) * bound) >> 64);
    }

private:
    __extension__ using Wide = unsigned __int128;

    r123::Philox4x32::key_type key_;
    r123::Philox4x32::ctr_type counter_;
    r123::Philox4x32::ctr_type block_{};
    unsigned used_ = 4;
};

} // namespace ropewalk::base
