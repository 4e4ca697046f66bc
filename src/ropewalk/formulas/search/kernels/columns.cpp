#include "ropewalk/formulas/search/kernels/columns.hpp"

#include <algorithm>
#include <array>
#include <atomic>

#include "ropewalk/base/base.hpp"
#include "ropewalk/base/vector_targets.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ropewalk/formulas/search/kernels/columns.cpp"
#include <hwy/foreach_target.h>

#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace ropewalk::formula::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

struct Add {
    template<class D, class V>
    HWY_INLINE V operator()(D, V a, V b) const {
        return hn::Add(a, b);
    }
};
struct Subtract {
    template<class D, class V>
    HWY_INLINE V operator()(D, V a, V b) const {
        return hn::Sub(a, b);
    }
};
struct Multiply {
    template<class D, class V>
    HWY_INLINE V operator()(D, V a, V b) const {
        return hn::Mul(a, b);
    }
};
struct Divide {
    template<class D, class V>
    HWY_INLINE V operator()(D, V a, V b) const {
        return hn::Div(a, b);
    }
};
/// a + b is NaN exactly where a or b is, except for infinities of opposite sign, where the sum is not used.
template<class D, class V>
HWY_INLINE V unless_nan(D d, V a, V b, V value) {
    const auto nan = hn::Or(hn::IsNaN(a), hn::IsNaN(b));
    return hn::IfThenElse(nan, hn::NaN(d), value);
}
struct Minimum {
    template<class D, class V>
    HWY_INLINE V operator()(D d, V a, V b) const {
        return unless_nan(d, a, b, hn::IfThenElse(hn::Le(a, b), a, b));
    }
};
struct Maximum {
    template<class D, class V>
    HWY_INLINE V operator()(D d, V a, V b) const {
        return unless_nan(d, a, b, hn::IfThenElse(hn::Ge(a, b), a, b));
    }
};
struct Square {
    template<class D, class V>
    HWY_INLINE V operator()(D, V a, V) const {
        return hn::Mul(a, a);
    }
};
struct SquareRoot {
    template<class D, class V>
    HWY_INLINE V operator()(D, V a, V) const {
        return hn::Sqrt(a);
    }
};
struct Reciprocal {
    template<class D, class V>
    HWY_INLINE V operator()(D d, V a, V) const {
        return hn::Div(hn::Set(d, 1.0), a);
    }
};
struct Copy {
    template<class D, class V>
    HWY_INLINE V operator()(D, V a, V) const {
        return a;
    }
};

template<class F>
void over_rows(F function, const double* left, const double* right, double* out, std::size_t rows) {
    const hn::ScalableTag<double> d;
    const std::size_t lanes = hn::Lanes(d);
    std::size_t n = 0;
    for (; n + lanes <= rows; n += lanes)
        hn::StoreU(function(d, hn::LoadU(d, left + n), hn::LoadU(d, right + n)), d, out + n);
    const hn::CappedTag<double, 1> one;
    for (; n < rows; ++n)
        hn::StoreU(function(one, hn::LoadU(one, left + n), hn::LoadU(one, right + n)), one, out + n);
}

/// Highway's function where all lanes lie in its range, the library's for pieces with any lane outside.
template<class F>
void over_rows_within(double low, double high, Operator operation, F function, const double* left,
                      double* out, std::size_t rows) {
    const hn::ScalableTag<double> d;
    const std::size_t lanes = hn::Lanes(d);
    const auto least = hn::Set(d, low), most = hn::Set(d, high);
    std::size_t n = 0;
    for (; n + lanes <= rows; n += lanes) {
        const auto value = hn::LoadU(d, left + n);
        if (hn::AllTrue(d, hn::And(hn::Ge(value, least), hn::Le(value, most))))
            hn::StoreU(function(d, value), d, out + n);
        else
            plain::apply_column(operation, left + n, left + n, out + n, lanes);
    }
    plain::apply_column(operation, left + n, left + n, out + n, rows - n);
}

void apply_column_here(Operator operation, const double* left, const double* right, double* out,
                       std::size_t rows) {
    using enum Operator;
    switch (operation) {
    case add: return over_rows(Add{}, left, right, out, rows);
    case subtract: return over_rows(Subtract{}, left, right, out, rows);
    case multiply: return over_rows(Multiply{}, left, right, out, rows);
    case divide: return over_rows(Divide{}, left, right, out, rows);
    case minimum: return over_rows(Minimum{}, left, right, out, rows);
    case maximum: return over_rows(Maximum{}, left, right, out, rows);
    case square: return over_rows(Square{}, left, left, out, rows);
    case square_root: return over_rows(SquareRoot{}, left, left, out, rows);
    case reciprocal: return over_rows(Reciprocal{}, left, left, out, rows);
    case no_operation: return over_rows(Copy{}, left, left, out, rows);
    case exponential:
        return over_rows_within(
            -700, 700, operation, [](auto d, auto v) { return hn::Exp(d, v); }, left, out, rows);
    case logarithm:
        return over_rows_within(
            1e-300, 1e300, operation, [](auto d, auto v) { return hn::Log(d, v); }, left, out, rows);
    case sine:
        return over_rows_within(
            -30000, 30000, operation, [](auto d, auto v) { return hn::Sin(d, v); }, left, out, rows);
    case cosine:
        return over_rows_within(
            -30000, 30000, operation, [](auto d, auto v) { return hn::Cos(d, v); }, left, out, rows);
    default: break;
    }
    plain::apply_column(operation, left, right, out, rows);
}

/// Rows between two looks at the bounds.
inline constexpr std::size_t piece = 16;

template<bool affine, class F>
bool score(F function, const ScreeningTarget& target, const double* const* lefts, const double* block,
           const double* bounds, double* errors) {
    const hn::CappedTag<double, block_width> d;
    using V = hn::Vec<decltype(d)>;
    const std::size_t lanes = hn::Lanes(d), rows = target.y.size();
    const double* const y = target.y.data();
    bool any = false;
    for (std::size_t j = 0; j < block_width; j += lanes) {
        V a0 = hn::Zero(d), a1 = a0, a2 = a0, a3 = a0; // sum of squared differences, or of p * y
        V p0 = a0, p1 = a0, p2 = a0, p3 = a0;          // affine: sum of p
        V q0 = a0, q1 = a0, q2 = a0, q3 = a0;          // affine: sum of p * p
        V e0 = a0, e1 = a0, e2 = a0, e3 = a0;
        double sum = 0, squares = 0;
        for (std::size_t begin = 0; begin < rows; begin += piece) {
            const std::size_t end = std::min(rows, begin + piece);
            for (std::size_t n = begin; n < end; ++n) {
                const V right = hn::LoadU(d, block + n * block_width + j), goal = hn::Set(d, y[n]);
                const V v0 = function(d, hn::Set(d, lefts[0][n]), right),
                        v1 = function(d, hn::Set(d, lefts[1][n]), right);
                const V v2 = function(d, hn::Set(d, lefts[2][n]), right),
                        v3 = function(d, hn::Set(d, lefts[3][n]), right);
                if constexpr (affine) {
                    p0 = hn::Add(p0, v0), p1 = hn::Add(p1, v1), p2 = hn::Add(p2, v2), p3 = hn::Add(p3, v3);
                    q0 = hn::MulAdd(v0, v0, q0), q1 = hn::MulAdd(v1, v1, q1);
                    q2 = hn::MulAdd(v2, v2, q2), q3 = hn::MulAdd(v3, v3, q3);
                    a0 = hn::MulAdd(v0, goal, a0), a1 = hn::MulAdd(v1, goal, a1);
                    a2 = hn::MulAdd(v2, goal, a2), a3 = hn::MulAdd(v3, goal, a3);
                    sum += y[n];
                    squares += y[n] * y[n];
                } else {
                    const V d0 = hn::Sub(v0, goal), d1 = hn::Sub(v1, goal), d2 = hn::Sub(v2, goal),
                            d3 = hn::Sub(v3, goal);
                    a0 = hn::MulAdd(d0, d0, a0), a1 = hn::MulAdd(d1, d1, a1);
                    a2 = hn::MulAdd(d2, d2, a2), a3 = hn::MulAdd(d3, d3, a3);
                }
            }
            if constexpr (affine) {
                const double share = 1 / static_cast<double>(end);
                const V mean = hn::Set(d, sum * share), inverse = hn::Set(d, share);
                const V total = hn::Set(d, squares - sum * sum * share);
                const auto left_over = [&](V p, V q, V cross) HWY_ATTR {
                    const V variance = hn::Sub(q, hn::Mul(hn::Mul(p, p), inverse));
                    const V covariance = hn::Sub(cross, hn::Mul(p, mean));
                    return hn::Sub(total, hn::Div(hn::Mul(covariance, covariance), variance));
                };
                e0 = left_over(p0, q0, a0), e1 = left_over(p1, q1, a1), e2 = left_over(p2, q2, a2),
                e3 = left_over(p3, q3, a3);
            } else {
                e0 = a0, e1 = a1, e2 = a2, e3 = a3;
            }
            const auto within =
                hn::Or(hn::Or(hn::Le(e0, hn::Set(d, bounds[0])), hn::Le(e1, hn::Set(d, bounds[1]))),
                       hn::Or(hn::Le(e2, hn::Set(d, bounds[2])), hn::Le(e3, hn::Set(d, bounds[3]))));
            if (hn::AllFalse(d, within)) break;
            any = any || end == rows;
        }
        hn::StoreU(e0, d, errors + j);
        hn::StoreU(e1, d, errors + block_width + j);
        hn::StoreU(e2, d, errors + 2 * block_width + j);
        hn::StoreU(e3, d, errors + 3 * block_width + j);
    }
    return any;
}

template<class F>
bool score_with(F function, const ScreeningTarget& target, const double* const* lefts, const double* block,
                const double* bounds, double* errors) {
    return target.affine ? score<true>(function, target, lefts, block, bounds, errors)
                         : score<false>(function, target, lefts, block, bounds, errors);
}

template<class F>
struct Swapped {
    template<class D, class V>
    HWY_INLINE V operator()(D d, V a, V b) const {
        return F{}(d, b, a);
    }
};

bool score_block_here(const ScreeningTarget& target, Operator operation, bool reversed,
                      const double* const* lefts, const double* block, const double* bounds, double* errors) {
    using enum Operator;
    switch (operation) {
    case add: return score_with(Add{}, target, lefts, block, bounds, errors);
    case multiply: return score_with(Multiply{}, target, lefts, block, bounds, errors);
    case minimum: return score_with(Minimum{}, target, lefts, block, bounds, errors);
    case maximum: return score_with(Maximum{}, target, lefts, block, bounds, errors);
    case subtract:
        return reversed ? score_with(Swapped<Subtract>{}, target, lefts, block, bounds, errors)
                        : score_with(Subtract{}, target, lefts, block, bounds, errors);
    case divide:
        return reversed ? score_with(Swapped<Divide>{}, target, lefts, block, bounds, errors)
                        : score_with(Divide{}, target, lefts, block, bounds, errors);
    default: return plain::score_block(target, operation, reversed, lefts, block, bounds, errors);
    }
}

/// A tile of targets and formulas whose sums stay in registers.
inline constexpr std::size_t target_tile = 6;

void score_targets_here(const float* values, std::size_t formulas, const float* targets,
                        std::size_t target_count, std::size_t rows, float* errors) {
    const hn::CappedTag<float, 16> d;
    using V = hn::Vec<decltype(d)>;
    const std::size_t lanes = hn::Lanes(d), stride = (formulas + 15) / 16 * 16;
    const V share = hn::Set(d, 1 / static_cast<float>(rows));
    std::array<float, 16> part;
    for (std::size_t f = 0; f < stride; f += 2 * lanes) {
        const std::size_t next = f + lanes < stride ? f + lanes : f;
        for (std::size_t t = 0; t < target_count; t += target_tile) {
            const float* y[target_tile];
            for (std::size_t k = 0; k < target_tile; ++k)
                y[k] = targets + std::min(t + k, target_count - 1) * rows;
            V s0 = hn::Zero(d), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0;
            V r0 = s0, r1 = s0, r2 = s0, r3 = s0, r4 = s0, r5 = s0;
            for (std::size_t n = 0; n < rows; ++n) {
                const V a = hn::LoadU(d, values + n * stride + f),
                        b = hn::LoadU(d, values + n * stride + next);
                const auto add = [&](std::size_t k, V& s, V& r) HWY_ATTR {
                    const V goal = hn::Set(d, y[k][n]);
                    const V da = hn::Sub(a, goal), db = hn::Sub(b, goal);
                    s = hn::MulAdd(da, da, s);
                    r = hn::MulAdd(db, db, r);
                };
                add(0, s0, r0), add(1, s1, r1), add(2, s2, r2), add(3, s3, r3), add(4, s4, r4),
                    add(5, s5, r5);
            }
            const auto store = [&](std::size_t k, V sum, std::size_t at) HWY_ATTR {
                if (t + k >= target_count || at >= formulas) return;
                hn::StoreU(hn::Mul(sum, share), d, part.data());
                std::copy_n(part.begin(), std::min(lanes, formulas - at), errors + (t + k) * formulas + at);
            };
            store(0, s0, f), store(1, s1, f), store(2, s2, f), store(3, s3, f), store(4, s4, f),
                store(5, s5, f);
            store(0, r0, next), store(1, r1, next), store(2, r2, next);
            store(3, r3, next), store(4, r4, next), store(5, r5, next);
        }
    }
}

ColumnKernels describe_columns() { return {"", &apply_column_here, &score_block_here, &score_targets_here}; }

} // namespace ropewalk::formula::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ropewalk::formula {

HWY_EXPORT(describe_columns);

namespace {

const std::vector<ColumnKernels>& choices() {
    static const std::vector<ColumnKernels> all = [] {
        std::vector<ColumnKernels> found;
        for (const std::int64_t target : base::usable_targets()) {
            found.push_back(HWY_DISPATCH_TABLE(describe_columns)[base::table_index(target)]());
            found.back().name = base::target_name(target);
        }
        found.push_back({"reference", &plain::apply_column, &plain::score_block, &plain::score_targets});
        return found;
    }();
    return all;
}

std::atomic<const ColumnKernels*>& active_choice() {
    static std::atomic<const ColumnKernels*> active =
        &choices()[base::target_from_environment(column_targets()).value_or(std::size_t{0})];
    return active;
}

} // namespace

const std::vector<std::string>& column_targets() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> list;
        for (const ColumnKernels& choice : choices()) list.push_back(choice.name);
        return list;
    }();
    return names;
}

base::Result<std::string> force_column_target(std::string_view name) {
    const auto index = base::find_target("target", name, column_targets());
    if (!index) return tl::make_unexpected(index.error());
    active_choice().store(&choices()[*index]);
    return choices()[*index].name;
}

void apply_column(Operator operation, const double* left, const double* right, double* out,
                  std::size_t rows) {
    active_choice().load(std::memory_order_relaxed)->apply_column(operation, left, right, out, rows);
}

bool score_block(const ScreeningTarget& target, Operator operation, bool reversed, const double* const* lefts,
                 const double* block, const double* bounds, double* errors) {
    return active_choice()
        .load(std::memory_order_relaxed)
        ->score_block(target, operation, reversed, lefts, block, bounds, errors);
}

void score_targets(const float* values, std::size_t formulas, const float* targets, std::size_t target_count,
                   std::size_t rows, float* errors) {
    active_choice()
        .load(std::memory_order_relaxed)
        ->score_targets(values, formulas, targets, target_count, rows, errors);
}

} // namespace ropewalk::formula
#endif
