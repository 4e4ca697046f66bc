// The fast kernel of the executor. Samples lie in lanes; a block of a few vectors of them runs forward and
// backward through all lines before the next one begins, so that its slots and operands stay in the first
// cache: four vectors, which 16 registers allow (33 slots and 30 pairs of operands are 24 kB with vectors of
// 64 bytes), and eight where there are 32 registers, which halves the traffic of the sums over samples.
//
// The adjoint gathers: going down the slots, the adjoint of slot a is the sum over the later lines l of
// zL[l][a] dA[l] + zR[l][a] dB[l], and the same pass forms the products dA[l] slot[a] and dB[l] slot[a],
// whose sums over samples are the gradients of zL[l][a] and zR[l][a]. Nothing but those two sums is written
// in the inner loop, and its multiply-adds outnumber its loads.
#include "ropewalk/base/vector_targets.hpp"
#include "ropewalk/formulas/sketch/kernels/sketch_kernels.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ropewalk/formulas/sketch/kernels/executor_lanes.cpp"
#include <hwy/foreach_target.h>

#include <algorithm>
#include <type_traits>
#include <utility>

#include <hwy/aligned_allocator.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace ropewalk::formula::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET == HWY_SCALAR
/// A vector of one lane is its own sum.
template<class Real>
struct LaneSums {
    static constexpr std::size_t group = 1;

    template<class D>
    static HWY_INLINE void add(D, const Real* from, Real* to) {
        *to = *from;
    }
};
#else
/// The lanes of a vector added four at a time: four vectors in, their four sums out. Two for double.
template<class Real>
struct LaneSums {
    static constexpr std::size_t group = 16 / sizeof(Real);

    template<class D, class V>
    static HWY_INLINE void fold(D d, V v, Real* to) {
        if constexpr (hn::MaxLanes(D()) > group) {
            const hn::Half<D> half;
            fold(half, hn::Add(hn::LowerHalf(half, v), hn::UpperHalf(half, v)), to);
        } else {
            hn::StoreU(v, d, to);
        }
    }

    /// `from` holds `group` vectors, one after the other.
    template<class D>
    static HWY_INLINE void add(D d, const Real* from, Real* to) {
        const std::size_t lanes = hn::MaxLanes(d);
        const auto pair = [&](auto a, auto b) HWY_ATTR {
            return hn::Add(hn::InterleaveLower(d, a, b), hn::InterleaveUpper(d, a, b));
        };
        const auto a = hn::Load(d, from), b = hn::Load(d, from + lanes);
        if constexpr (group == 2) {
            fold(d, pair(a, b), to);
        } else {
            const auto c = hn::Load(d, from + 2 * lanes), e = hn::Load(d, from + 3 * lanes);
            fold(d, pair(pair(a, c), pair(b, e)), to);
        }
    }
};
#endif

template<class Real>
class TaskRun {
    using D = hn::ScalableTag<Real>;
    using V = hn::Vec<D>;
    static constexpr std::size_t lanes = hn::MaxLanes(D());
    static constexpr std::size_t usual_vectors = 4;
    static constexpr std::size_t most_vectors = lanes * sizeof(Real) == 64 ? 8 : usual_vectors;

public:
    explicit TaskRun(const ExecutorTask<Real>& task)
        : t_(task), variables_(static_cast<std::size_t>(task.shape.variables)),
          lines_(static_cast<std::size_t>(task.shape.lines)), slots_(variables_ + lines_),
          pairs_(lines_ * variables_ + lines_ * (lines_ - 1) / 2) {
        const std::size_t block = most_vectors * lanes, group = LaneSums<Real>::group;
        const std::size_t sums = (2 * pairs_ + 3 * lines_ + group - 1) / group * group;
        const bool gradient = wants_gradient();
        Real* at = scratch(slots_ * block + (gradient ? 2 * lines_ * block + sums * lanes : 0) + 5 * block +
                           4 * pairs_ + sums + 3 * lines_);
        const auto take = [&](std::size_t size) { return std::exchange(at, at + size); };
        slot_values_ = take(slots_ * block);
        seeds_ = take(block);
        if (gradient) {
            operands_ = take(2 * lines_ * block);
            sums_ = take(sums * lanes);
        }
        sum_count_ = sums;
        forward_weights_ = take(2 * pairs_);
        backward_weights_ = take(2 * pairs_);
        mixes_ = take(3 * lines_);
        totals_ = take(sums);
    }

    void run() {
        load_weights();
        if (wants_gradient()) std::fill_n(sums_, sum_count_ * lanes, Real{0});
        V squares = hn::Zero(D());
        std::size_t row = 0;
        const auto blocks = [&](auto vectors) HWY_ATTR {
            constexpr std::size_t width = decltype(vectors)::value * lanes;
            // A block of one vector may be partly empty, the last one is.
            for (; row < t_.rows && (row + width <= t_.rows || width == lanes); row += width)
                squares =
                    hn::Add(squares, block<decltype(vectors)::value>(row, std::min(width, t_.rows - row)));
        };
        blocks(std::integral_constant<std::size_t, most_vectors>{});
        if constexpr (most_vectors > usual_vectors)
            blocks(std::integral_constant<std::size_t, usual_vectors>{});
        blocks(std::integral_constant<std::size_t, 1>{});
        if (t_.loss != nullptr) *t_.loss = t_.weight / 2 * hn::GetLane(hn::SumOfLanes(D(), squares));
        if (wants_gradient()) store_gradient();
    }

private:
    bool wants_gradient() const { return t_.choice_gradient != nullptr; }

    static Real* scratch(std::size_t size) {
        thread_local hwy::AlignedFreeUniquePtr<Real[]> memory;
        thread_local std::size_t capacity = 0;
        if (size > capacity) {
            memory = hwy::AllocateAligned<Real>(size);
            capacity = size;
        }
        return memory.get();
    }

    /// Where the pairs (left, right) of slot a begin in the backward order: line by line from the first that
    /// can read the slot.
    std::size_t first_line(std::size_t slot) const { return slot < variables_ ? 0 : slot - variables_ + 1; }

    /// The value of a line is A (p + m B) + q B with p = add + subtract + no_operation, q = add - subtract,
    /// m = multiply.
    void load_weights() {
        for (std::size_t l = 0; l < lines_; ++l) {
            const Real* const o = t_.choices + t_.shape.operator_begin(static_cast<int>(l));
            mixes_[3 * l] = o[0] + o[1] + o[3];
            mixes_[3 * l + 1] = o[0] - o[1];
            mixes_[3 * l + 2] = o[2];
        }
        Real* to = forward_weights_;
        for (std::size_t l = 0; l < lines_; ++l) {
            const Real* const left = t_.choices + t_.shape.left_begin(static_cast<int>(l));
            const Real* const right = left + variables_ + l;
            for (std::size_t a = 0; a < variables_ + l; ++a) *to++ = left[a], *to++ = right[a];
        }
        if (!wants_gradient()) return;
        to = backward_weights_;
        for (std::size_t a = slots_ - 1; a-- > 0;) {
            const Real* left = t_.choices + t_.shape.left_begin(static_cast<int>(first_line(a)));
            for (std::size_t l = first_line(a); l < lines_; ++l) {
                const std::size_t operands = variables_ + l;
                to[0] = left[a];
                to[1] = left[operands + a];
                to += 2;
                left += 2 * operands;
            }
        }
    }

    /// Rows row..row+count-1, the rest of the vectors filled with zeros. Returns squared errors by lane.
    template<std::size_t vectors>
    HWY_INLINE V block(std::size_t row, std::size_t count) {
        const D d;
        for (std::size_t v = 0; v < variables_; ++v)
            load_rows<vectors>(t_.symbols + v * t_.rows + row, count, slot_values_ + v * vectors * lanes);
        if (wants_gradient())
            forward<vectors, true>();
        else
            forward<vectors, false>();
        const Real* const output = slot_values_ + (slots_ - 1) * vectors * lanes;
        if (t_.outputs != nullptr) std::copy_n(output, count, t_.outputs + row);
        V squares = hn::Zero(d);
        if (t_.output_gradient != nullptr) {
            load_rows<vectors>(t_.output_gradient + row, count, seeds_);
        } else if (t_.targets != nullptr) {
            load_rows<vectors>(t_.targets + row, count, seeds_);
            const V weight = hn::Set(d, t_.weight);
            for (std::size_t k = 0; k < vectors; ++k) {
                const V all = hn::Sub(hn::Load(d, output + k * lanes), hn::Load(d, seeds_ + k * lanes));
                // Constant programs make outputs of empty lanes differ from zero.
                const std::size_t used = count > k * lanes ? std::min(lanes, count - k * lanes) : 0;
                const V difference = hn::IfThenElseZero(hn::FirstN(d, used), all);
                squares = hn::MulAdd(difference, difference, squares);
                hn::Store(hn::Mul(weight, difference), d, seeds_ + k * lanes);
            }
        }
        if (wants_gradient()) backward<vectors>(row, count);
        return squares;
    }

    template<std::size_t vectors>
    static HWY_INLINE void load_rows(const Real* from, std::size_t count, Real* to) {
        std::copy_n(from, count, to);
        std::fill(to + count, to + vectors * lanes, Real{0});
    }

    template<std::size_t vectors, bool keeps_operands>
    HWY_INLINE void forward() {
        const D d;
        const V highest = hn::Set(d, t_.limit), lowest = hn::Set(d, -t_.limit);
        const Real* HWY_RESTRICT weight = forward_weights_;
        for (std::size_t l = 0; l < lines_; ++l) {
            V left[vectors], right[vectors];
            for (std::size_t k = 0; k < vectors; ++k) left[k] = right[k] = hn::Zero(d);
            const Real* HWY_RESTRICT slot = slot_values_;
            for (std::size_t a = 0; a < variables_ + l; ++a, slot += vectors * lanes, weight += 2) {
                const V by_left = hn::Set(d, weight[0]), by_right = hn::Set(d, weight[1]);
                for (std::size_t k = 0; k < vectors; ++k) {
                    const V value = hn::Load(d, slot + k * lanes);
                    left[k] = hn::MulAdd(by_left, value, left[k]);
                    right[k] = hn::MulAdd(by_right, value, right[k]);
                }
            }
            const V p = hn::Set(d, mixes_[3 * l]), q = hn::Set(d, mixes_[3 * l + 1]),
                    m = hn::Set(d, mixes_[3 * l + 2]);
            Real* HWY_RESTRICT to = slot_values_ + (variables_ + l) * vectors * lanes;
            for (std::size_t k = 0; k < vectors; ++k) {
                V value = hn::MulAdd(left[k], hn::MulAdd(m, right[k], p), hn::Mul(q, right[k]));
                // Min and Max may lose what is not a number.
                value = hn::IfThenElse(hn::Gt(value, highest), highest, value);
                value = hn::IfThenElse(hn::Lt(value, lowest), lowest, value);
                hn::Store(value, d, to + k * lanes);
                if constexpr (keeps_operands) {
                    Real* const operands = operands_ + 2 * l * vectors * lanes;
                    hn::Store(left[k], d, operands + k * lanes);
                    hn::Store(right[k], d, operands + (vectors + k) * lanes);
                }
            }
        }
    }

    /// Operands of a line are replaced by their adjoints once the line has been passed.
    template<std::size_t vectors>
    HWY_INLINE void backward(std::size_t row, std::size_t count) {
        const D d;
        const V highest = hn::Set(d, t_.limit), lowest = hn::Set(d, -t_.limit);
        const Real* HWY_RESTRICT weight = backward_weights_;
        Real* HWY_RESTRICT sum = sums_;
        Real* HWY_RESTRICT operator_sum = sums_ + 2 * pairs_ * lanes;
        for (std::size_t a = slots_; a-- > 0;) {
            V adjoint[vectors], value[vectors];
            for (std::size_t k = 0; k < vectors; ++k) {
                adjoint[k] = a + 1 == slots_ ? hn::Load(d, seeds_ + k * lanes) : hn::Zero(d);
                value[k] = hn::Load(d, slot_values_ + (a * vectors + k) * lanes);
            }
            const Real* HWY_RESTRICT line = operands_ + 2 * first_line(a) * vectors * lanes;
            for (std::size_t l = first_line(a); l < lines_;
                 ++l, line += 2 * vectors * lanes, weight += 2, sum += 2 * lanes) {
                const V by_left = hn::Set(d, weight[0]), by_right = hn::Set(d, weight[1]);
                V left_sum = hn::Load(d, sum), right_sum = hn::Load(d, sum + lanes);
                for (std::size_t k = 0; k < vectors; ++k) {
                    const V left = hn::Load(d, line + k * lanes);
                    const V right = hn::Load(d, line + (vectors + k) * lanes);
                    adjoint[k] = hn::MulAdd(by_left, left, adjoint[k]);
                    left_sum = hn::MulAdd(left, value[k], left_sum);
                    adjoint[k] = hn::MulAdd(by_right, right, adjoint[k]);
                    right_sum = hn::MulAdd(right, value[k], right_sum);
                }
                hn::Store(left_sum, d, sum);
                hn::Store(right_sum, d, sum + lanes);
            }
            if (a < variables_) {
                store_symbols<vectors>(adjoint, a, row, count);
                continue;
            }
            const std::size_t l = a - variables_;
            const V p = hn::Set(d, mixes_[3 * l]), q = hn::Set(d, mixes_[3 * l + 1]),
                    m = hn::Set(d, mixes_[3 * l + 2]);
            Real* const operands = operands_ + 2 * l * vectors * lanes;
            Real* const sums = operator_sum + 3 * l * lanes;
            V of_left = hn::Load(d, sums), of_right = hn::Load(d, sums + lanes),
              of_product = hn::Load(d, sums + 2 * lanes);
            for (std::size_t k = 0; k < vectors; ++k) {
                const auto inside = hn::And(hn::Lt(value[k], highest), hn::Gt(value[k], lowest));
                const V g = hn::IfThenElseZero(inside, adjoint[k]);
                const V left = hn::Load(d, operands + k * lanes);
                const V right = hn::Load(d, operands + (vectors + k) * lanes);
                const V by_left = hn::Mul(g, left);
                of_left = hn::Add(of_left, by_left);
                of_right = hn::MulAdd(g, right, of_right);
                of_product = hn::MulAdd(by_left, right, of_product);
                hn::Store(hn::Mul(g, hn::MulAdd(m, right, p)), d, operands + k * lanes);
                hn::Store(hn::Mul(g, hn::MulAdd(m, left, q)), d, operands + (vectors + k) * lanes);
            }
            hn::Store(of_left, d, sums);
            hn::Store(of_right, d, sums + lanes);
            hn::Store(of_product, d, sums + 2 * lanes);
        }
    }

    template<std::size_t vectors>
    HWY_INLINE void store_symbols(const V* adjoint, std::size_t v, std::size_t row, std::size_t count) {
        const D d;
        Real* const to = t_.symbol_gradient + v * t_.rows + row;
        if (count == vectors * lanes) {
            for (std::size_t k = 0; k < vectors; ++k) hn::StoreU(adjoint[k], d, to + k * lanes);
        } else {
            for (std::size_t k = 0; k < vectors; ++k) hn::Store(adjoint[k], d, seeds_ + k * lanes);
            std::copy_n(seeds_, count, to);
        }
    }

    void store_gradient() {
        const D d;
        constexpr std::size_t group = LaneSums<Real>::group;
        for (std::size_t i = 0; i < sum_count_; i += group)
            LaneSums<Real>::add(d, sums_ + i * lanes, totals_ + i);
        const Real* from = totals_;
        for (std::size_t a = slots_ - 1; a-- > 0;) {
            Real* left = t_.choice_gradient + t_.shape.left_begin(static_cast<int>(first_line(a)));
            for (std::size_t l = first_line(a); l < lines_; ++l) {
                const std::size_t operands = variables_ + l;
                left[a] = from[0];
                left[operands + a] = from[1];
                from += 2;
                left += 2 * operands;
            }
        }
        for (std::size_t l = 0; l < lines_; ++l, from += 3) {
            Real* const to = t_.choice_gradient + t_.shape.operator_begin(static_cast<int>(l));
            to[0] = from[0] + from[1];
            to[1] = from[0] - from[1];
            to[2] = from[2];
            to[3] = from[0];
        }
    }

    const ExecutorTask<Real>& t_;
    std::size_t variables_, lines_, slots_, pairs_, sum_count_ = 0;
    Real *slot_values_ = nullptr, *seeds_ = nullptr, *operands_ = nullptr, *sums_ = nullptr;
    Real *forward_weights_ = nullptr, *backward_weights_ = nullptr, *mixes_ = nullptr, *totals_ = nullptr;
};

void run_float(const ExecutorTask<float>& task) { TaskRun<float>(task).run(); }
void run_double(const ExecutorTask<double>& task) { TaskRun<double>(task).run(); }

SketchKernels describe_executor() { return {.run_float = &run_float, .run_double = &run_double}; }

} // namespace ropewalk::formula::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ropewalk::formula {

HWY_EXPORT(describe_executor);

const std::vector<SketchKernels>& sketch_kernels() {
    static const std::vector<SketchKernels> all = [] {
        std::vector<SketchKernels> found;
        for (const std::int64_t target : base::usable_targets()) {
            SketchKernels kernel = HWY_DISPATCH_TABLE(describe_executor)[base::table_index(target)]();
            kernel.name = base::target_name(target);
            kernel.softmax_float = softmax_lanes_float(target);
            kernel.softmax_double = softmax_lanes_double(target);
            kernel.adam = adam_lanes(target);
            found.push_back(kernel);
        }
        return found;
    }();
    return all;
}

} // namespace ropewalk::formula
#endif
