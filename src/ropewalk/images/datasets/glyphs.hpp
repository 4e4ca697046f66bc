// Digits drawn by our own strokes, so that a demonstration needs no download.
#pragma once

#include "ropewalk/images/datasets/images.hpp"

namespace ropewalk::datasets {

struct GlyphOptions {
    std::size_t train = 20'000; ///< images to learn from
    std::size_t test = 3'000;   ///< images to judge by
    std::uint64_t seed = 0;
    int threads = 0;
};

/// Images of 1 x 28 x 28: the digits 1..9 with labels 1..9, and 0 with label 10. Each has its own wobble of
/// the strokes, width of the pen, rotation, slant, size, place, contrast and noise. An image depends on the
/// seed and its own index only.
Dataset draw_glyphs(const GlyphOptions& options);

} // namespace ropewalk::datasets
