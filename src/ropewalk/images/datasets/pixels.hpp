// Images as a network takes them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ropewalk/images/datasets/images.hpp"

namespace ropewalk::datasets {

/// Changes of the images of a batch that leave what they show: each image's are drawn for itself, uniformly.
struct Augmentation {
    /// Largest shift in pixels, each way, of images of 28 and more on the shorter side, and in proportion of smaller ones,
    /// rounded down; what comes into sight is black.
    int shift = 0;
    bool mirror = false; ///< left and right swapped, half of the time
    double turn = 0;     ///< largest angle in radians, each way, about the middle
    double stretch = 0;  ///< largest change of height and of width, as a share of them, each way
    double slant = 0;    ///< largest shift of a row to the side, in pixels for each row from the middle
};

/// Pixels of the images with these indices as a network takes them: [indices, channels, height, width], 0..1.
std::vector<float> pixels_of(const Images& images, std::span<const std::uint32_t> indices);

/// The same, changed at random.
std::vector<float> augmented_pixels(const Images& images, std::span<const std::uint32_t> indices,
                                    const Augmentation& augmentation, std::uint64_t seed, std::uint64_t step);

} // namespace ropewalk::datasets
