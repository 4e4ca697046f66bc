// Matrix products on Intel's matrix unit (AMX). Its tiles hold 16 rows of 16 pairs of bfloat16; one
// instruction adds the products of 16 x 32 by 32 x 16 numbers to 16 x 16 results in single precision.
#include "ropewalk/images/networks/kernels/matrix_products.hpp"

#if defined(__x86_64__) && defined(__linux__)

#include <algorithm>

#include <cpuid.h>
#include <immintrin.h>
#include <sys/syscall.h>
#include <unistd.h>

// GCC 12 takes the operands that its own headers leave undefined for mistakes.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#define ROPEWALK_TILES __attribute__((target("amx-tile,amx-bf16,avx512f,avx512bw,avx512vl,avx512bf16")))
#define ROPEWALK_TILES_INLINE ROPEWALK_TILES inline __attribute__((always_inline))

namespace ropewalk::perception {

namespace {

constexpr std::size_t side = 16;        ///< rows of a tile, and words of a row
constexpr std::size_t depth = 2 * side; ///< numbers along a row
constexpr std::size_t block = 2 * side; ///< rows and columns of results that stay in tiles
constexpr std::size_t piece = 2 * side; ///< rows of a pair of tiles: the upper halves, then the lower
constexpr int row_bytes = sizeof(TileRow);

/// Sixteen pairs of numbers as pairs of bfloat16: x is upper + lower to 2^-17 of its size.
struct Pairs {
    __m512i upper, lower;
};

ROPEWALK_TILES_INLINE __m512i bits_of(__m256bh halves) {
    return _mm512_cvtepu16_epi32(reinterpret_cast<__m256i>(halves));
}

/// The numbers that bfloat16 stand for.
ROPEWALK_TILES_INLINE __m512 numbers_of(__m512i bits) {
    return _mm512_castsi512_ps(_mm512_slli_epi32(bits, 16));
}

/// The low halves of `first`, with those of `second` above them.
ROPEWALK_TILES_INLINE __m512i paired(__m512i first, __m512i second) {
    return _mm512_or_si512(first, _mm512_slli_epi32(second, 16));
}

/// The first numbers of the pairs from `first`, the second from `second`.
ROPEWALK_TILES_INLINE Pairs pairs_of(__m512 first, __m512 second) {
    const __m512i upper0 = bits_of(_mm512_cvtneps_pbh(first)), upper1 = bits_of(_mm512_cvtneps_pbh(second));
    const __m512i lower0 = bits_of(_mm512_cvtneps_pbh(_mm512_sub_ps(first, numbers_of(upper0)))),
                  lower1 = bits_of(_mm512_cvtneps_pbh(_mm512_sub_ps(second, numbers_of(upper1))));
    return {paired(upper0, upper1), paired(lower0, lower1)};
}

/// 32 numbers that follow each other as pairs in this order.
ROPEWALK_TILES_INLINE Pairs pairs_along(const float* x) {
    const __m512 low = _mm512_loadu_ps(x), high = _mm512_loadu_ps(x + side);
    const __m512i upper = reinterpret_cast<__m512i>(_mm512_cvtne2ps_pbh(high, low));
    const __m512i upper_low = _mm512_cvtepu16_epi32(_mm512_castsi512_si256(upper)),
                  upper_high = _mm512_cvtepu16_epi32(_mm512_extracti64x4_epi64(upper, 1));
    const __m512 rest_low = _mm512_sub_ps(low, numbers_of(upper_low)),
                 rest_high = _mm512_sub_ps(high, numbers_of(upper_high));
    return {upper, reinterpret_cast<__m512i>(_mm512_cvtne2ps_pbh(rest_high, rest_low))};
}

ROPEWALK_TILES_INLINE void store(const Pairs& pairs, TileRow* to) {
    _mm512_store_si512(to, pairs.upper);
    _mm512_store_si512(to + side, pairs.lower);
}

/// The 16 x 16 words of a tile change rows with columns.
ROPEWALK_TILES_INLINE void transpose(TileRow* tile) {
    __m512i row[side], mixed[side];
#pragma GCC unroll 16
    for (std::size_t i = 0; i < side; ++i) row[i] = _mm512_load_si512(tile + i);
#pragma GCC unroll 8
    for (std::size_t i = 0; i < side; i += 2) {
        mixed[i] = _mm512_unpacklo_epi32(row[i], row[i + 1]);
        mixed[i + 1] = _mm512_unpackhi_epi32(row[i], row[i + 1]);
    }
    // Rows 4 i + j now get the words 4 p + j of rows 4 i .. 4 i + 3, for every quarter p of a vector.
#pragma GCC unroll 4
    for (std::size_t i = 0; i < side; i += 4)
#pragma GCC unroll 2
        for (std::size_t j = 0; j < 2; ++j) {
            row[i + 2 * j] = _mm512_unpacklo_epi64(mixed[i + j], mixed[i + j + 2]);
            row[i + 2 * j + 1] = _mm512_unpackhi_epi64(mixed[i + j], mixed[i + j + 2]);
        }
#pragma GCC unroll 4
    for (std::size_t j = 0; j < 4; ++j) {
        const __m512i low0 = _mm512_shuffle_i32x4(row[j], row[j + 4], 0x88),
                      high0 = _mm512_shuffle_i32x4(row[j], row[j + 4], 0xdd),
                      low1 = _mm512_shuffle_i32x4(row[j + 8], row[j + 12], 0x88),
                      high1 = _mm512_shuffle_i32x4(row[j + 8], row[j + 12], 0xdd);
        _mm512_store_si512(tile + j, _mm512_shuffle_i32x4(low0, low1, 0x88));
        _mm512_store_si512(tile + j + 4, _mm512_shuffle_i32x4(high0, high1, 0x88));
        _mm512_store_si512(tile + j + 8, _mm512_shuffle_i32x4(low0, low1, 0xdd));
        _mm512_store_si512(tile + j + 12, _mm512_shuffle_i32x4(high0, high1, 0xdd));
    }
}

/// Two strips of 16 rows or columns of results, each as pieces along the depth.
struct Operand {
    const TileRow* first;  ///< of 16 rows or columns
    const TileRow* second; ///< of the next 16
};

/// All eight tiles of this thread have 16 rows of 64 bytes while it lives.
class TileUnit {
public:
    ROPEWALK_TILES TileUnit() {
        alignas(64) unsigned char shape[64] = {};
        shape[0] = 1; // the only palette there is
        for (int tile = 0; tile < 8; ++tile) {
            shape[16 + 2 * tile] = row_bytes;
            shape[48 + tile] = side;
        }
        // GCC 12 thinks that only the first 8 bytes are read.
        asm volatile("" : : "r"(shape) : "memory");
        _tile_loadconfig(shape);
    }
    ROPEWALK_TILES ~TileUnit() { _tile_release(); }
    TileUnit(const TileUnit&) = delete;
    TileUnit& operator=(const TileUnit&) = delete;
};

/// Tiles 0 .. 3, rows by columns of results, += tiles 4, 5 times tiles 6, 7.
ROPEWALK_TILES_INLINE void add_tile_products() {
    _tile_dpbf16ps(0, 4, 6);
    _tile_dpbf16ps(1, 4, 7);
    _tile_dpbf16ps(2, 5, 6);
    _tile_dpbf16ps(3, 5, 7);
}

/// Tiles 0 .. 3 += left times right over `pieces` pieces: lower halves times
/// upper, upper times upper, upper times lower; lower times lower is left out.
ROPEWALK_TILES_INLINE void add_products(std::size_t pieces, Operand left, Operand right) {
    for (std::size_t i = 0; i < pieces * piece; i += piece) {
        _tile_loadd(4, left.first + i + side, row_bytes);
        _tile_loadd(5, left.second + i + side, row_bytes);
        _tile_loadd(6, right.first + i, row_bytes);
        _tile_loadd(7, right.second + i, row_bytes);
        add_tile_products();
        _tile_loadd(4, left.first + i, row_bytes);
        _tile_loadd(5, left.second + i, row_bytes);
        add_tile_products();
        _tile_loadd(6, right.first + i + side, row_bytes);
        _tile_loadd(7, right.second + i + side, row_bytes);
        add_tile_products();
    }
}

/// Tiles 0 .. 3 from or to rows `stride` bytes apart; a stride of 0 reads the same row again.
ROPEWALK_TILES_INLINE void load_results(const float* upper, const float* lower, std::size_t stride) {
    _tile_loadd(0, upper, stride);
    _tile_loadd(1, upper + side, stride);
    _tile_loadd(2, lower, stride);
    _tile_loadd(3, lower + side, stride);
}

ROPEWALK_TILES_INLINE void store_results(float* upper, float* lower, std::size_t stride) {
    _tile_stored(0, upper, stride);
    _tile_stored(1, upper + side, stride);
    _tile_stored(2, lower, stride);
    _tile_stored(3, lower + side, stride);
}

/// GCC 12 does not see that tiles are loaded from memory, and might store later what they are to read.
inline void finish_stores() { asm volatile("" ::: "memory"); }

std::size_t rounded_up(std::size_t count, std::size_t step) { return (count + step - 1) / step * step; }

/// Memory that is kept, of at least `rows` rows.
TileRow* at_least(std::vector<TileRow>& memory, std::size_t rows) {
    if (memory.size() < rows) memory.resize(rows);
    return memory.data();
}

/// Pieces of 16 columns, along the depth.
ROPEWALK_TILES PackedMatrix pack(const float* matrix, std::size_t features, std::size_t row,
                                 std::size_t column) {
    PackedMatrix packed;
    packed.tiles.resize(features / side * features / depth * piece);
    TileRow* to = packed.tiles.data();
    const __m512i columns =
        _mm512_mullo_epi32(_mm512_set1_epi32(static_cast<int>(column)),
                           _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
    for (std::size_t f = 0; f < features; f += side)
        for (std::size_t k = 0; k < features; k += depth, to += piece)
            for (std::size_t j = 0; j < side; ++j) {
                const float* const at = matrix + (k + 2 * j) * row + f * column;
                store(
                    pairs_of(_mm512_i32gather_ps(columns, at, 4), _mm512_i32gather_ps(columns, at + row, 4)),
                    to + j);
            }
    return packed;
}

ROPEWALK_TILES void multiply(std::size_t rows, std::size_t features, const float* a, std::size_t width,
                             const PackedMatrix& matrix, const float* bias, float* c) {
    const std::size_t pieces = features / depth, padded = rounded_up(rows, block);
    thread_local std::vector<TileRow> memory;
    TileRow* const left = at_least(memory, padded * 2 * pieces);
    for (std::size_t r = 0; r < padded; ++r) {
        TileRow* to = left + r / side * pieces * piece + r % side;
        for (std::size_t k = 0; k < features; k += depth, to += piece)
            store(r < rows ? pairs_along(a + r * width + k)
                           : Pairs{_mm512_setzero_si512(), _mm512_setzero_si512()},
                  to);
    }
    finish_stores();
    const TileUnit unit;
    alignas(64) float edge[block][block];
    constexpr std::size_t edge_stride = sizeof edge[0];
    for (std::size_t f = 0; f < features; f += block) {
        const TileRow* const columns = matrix.tiles.data() + f / side * pieces * piece;
        for (std::size_t r = 0; r < rows; r += block) {
            if (bias != nullptr)
                load_results(bias + f, bias + f, 0);
            else {
                _tile_zero(0);
                _tile_zero(1);
                _tile_zero(2);
                _tile_zero(3);
            }
            const TileRow* const of_rows = left + r / side * pieces * piece;
            add_products(pieces, {of_rows, of_rows + pieces * piece}, {columns, columns + pieces * piece});
            if (r + block <= rows) {
                store_results(c + r * width + f, c + (r + side) * width + f, width * sizeof(float));
                continue;
            }
            store_results(edge[0], edge[side], edge_stride);
            for (std::size_t i = r; i < rows; ++i) std::copy_n(edge[i - r], block, c + i * width + f);
        }
    }
}

ROPEWALK_TILES_INLINE __m512 row_or_zero(std::size_t row, std::size_t rows, const float* x,
                                         std::size_t width) {
    return row < rows ? _mm512_loadu_ps(x + row * width) : _mm512_setzero_ps();
}

/// Pairs of rows of x [rows, features], 16 features after another: pieces along the rows.
ROPEWALK_TILES_INLINE void pair_rows(std::size_t rows, std::size_t features, const float* x,
                                     std::size_t width, TileRow* to) {
    for (std::size_t f = 0; f < features; f += side)
        for (std::size_t r = 0; r < rows; r += depth, to += piece)
            for (std::size_t j = 0; j < side; ++j)
                store(pairs_of(row_or_zero(r + 2 * j, rows, x + f, width),
                               row_or_zero(r + 2 * j + 1, rows, x + f, width)),
                      to + j);
}

ROPEWALK_TILES void add_outer(std::size_t rows, std::size_t features, const float* left, const float* right,
                              std::size_t width, float* c) {
    const std::size_t pieces = rounded_up(rows, depth) / depth, count = features / side * pieces * piece;
    thread_local std::vector<TileRow> memory;
    TileRow* const of_left = at_least(memory, 2 * count);
    TileRow* const of_right = of_left + count;
    pair_rows(rows, features, left, width, of_left);
    for (std::size_t i = 0; i < count; i += side) transpose(of_left + i);
    pair_rows(rows, features, right, width, of_right);
    finish_stores();
    const TileUnit unit;
    const std::size_t stride = features * sizeof(float);
    for (std::size_t f = 0; f < features; f += block) {
        const TileRow* const columns = of_right + f / side * pieces * piece;
        for (std::size_t g = 0; g < features; g += block) {
            float* const to = c + g * features + f;
            load_results(to, to + side * features, stride);
            const TileRow* const of_rows = of_left + g / side * pieces * piece;
            add_products(pieces, {of_rows, of_rows + pieces * piece}, {columns, columns + pieces * piece});
            store_results(to, to + side * features, stride);
        }
    }
}

/// Whether the processor has what is used here and Linux lends it to this process.
bool has_matrix_unit() {
    unsigned a = 0, b = 0, c = 0, d = 0;
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) return false;
    constexpr unsigned avx512f = 1u << 16, avx512bw = 1u << 30, avx512vl = 1u << 31;
    constexpr unsigned amx_bf16 = 1u << 22, amx_tile = 1u << 24, avx512bf16 = 1u << 5;
    constexpr unsigned vectors = avx512f | avx512bw | avx512vl, tiles = amx_bf16 | amx_tile;
    if ((b & vectors) != vectors || (d & tiles) != tiles) return false;
    if (__get_cpuid_count(7, 1, &a, &b, &c, &d) == 0 || (a & avx512bf16) == 0) return false;
    constexpr long request_permission = 0x1023, tile_data = 18;
    return syscall(SYS_arch_prctl, request_permission, tile_data) == 0;
}

} // namespace

const MatrixProducts* tile_products() {
    static const MatrixProducts products{&pack, &multiply, &add_outer};
    static const bool is_usable = has_matrix_unit();
    return is_usable ? &products : nullptr;
}

} // namespace ropewalk::perception

#else

namespace ropewalk::perception {
const MatrixProducts* tile_products() { return nullptr; }
} // namespace ropewalk::perception

#endif
