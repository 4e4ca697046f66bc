// Scratch memory of a thread, kept between calls.
#pragma once

#include <cstddef>

#include <hwy/aligned_allocator.h>

namespace ropewalk::machine::lanes {

/// Kept between calls: a call of a tuner takes less time than the operating system needs for fresh pages. Very
/// large buffers are given back.
template<class Real>
class Scratch {
public:
    /// `size` numbers, aligned; what they were is forgotten.
    Real* numbers(std::size_t size) {
        if (size > size_) {
            memory_ = hwy::AllocateAligned<Real>(size);
            size_ = size;
        }
        return memory_.get();
    }

    void give_back_large() {
        constexpr std::size_t large = 64 * 1024 * 1024 / sizeof(Real);
        if (size_ <= large) return;
        memory_.reset();
        size_ = 0;
    }

private:
    hwy::AlignedFreeUniquePtr<Real[]> memory_;
    std::size_t size_ = 0;
};

} // namespace ropewalk::machine::lanes
